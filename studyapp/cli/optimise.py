"""`studyapp optimise`: fit the scheduler to your own reviews, and say what it brought."""

from __future__ import annotations

import click

from studyapp.cli.common import desk, fail, print_json

LONGEST = 600
"""Seconds after which training is ended."""


@click.command()
@click.option("--try", "only_try", is_flag=True, help="Say what it would bring, and keep the parameters as they are.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, only_try: bool, as_json: bool) -> None:
    """Fit the scheduler to your memory, from your own reviews.

    The new parameters are kept only when they predict your reviews better than the present ones; due dates that stand
    are not moved. Ctrl-C ends it and changes nothing.
    """
    from studyapp.memory.model import SchedulingError  # help must not cost the scheduler
    from studyapp.study import optimising

    with desk() as opened:
        click.echo("Reading your reviews …", err=True)
        try:
            with optimising.start(opened) as job:
                click.echo("Training; Ctrl-C ends it and changes nothing …", err=True)
                fit = job.wait(LONGEST)
        except SchedulingError as error:
            fail(str(error))
        if not only_try:
            optimising.keep(opened, fit)
    if as_json:
        print_json(
            {
                "improved": fit.improved,
                "kept": fit.improved and not only_try,
                "predictions": fit.predictions,
                "old_log_loss": fit.old_log_loss,
                "new_log_loss": fit.new_log_loss,
                "version": fit.parameters.version,
                "parameters": list(fit.parameters.values),
            }
        )
        return
    click.echo(fit.summary)
    if fit.improved and not only_try:
        click.echo("The new parameters are in use.")
