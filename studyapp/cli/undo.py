"""`studyapp undo` and `studyapp redo`: take acts back and do them again, as far as you like, after any restart."""

from __future__ import annotations

import click

from studyapp.cli.common import desk, fail
from studyapp.cli.plain import Talk


@click.command()
@click.argument("act", required=False, metavar="[ID]")
def command(act: str | None) -> None:
    """Take back the newest act, or that of ID (see `studyapp history --json`), whenever it was done.

    Reviews, suspensions, burials, flags, resets, accepted answers and imports; the journal keeps both.
    """
    from studyapp.storage.entry import is_id  # help must not cost it

    if act is not None and not is_id(act):
        fail(f"{act}: this is no id of an act; `studyapp history --json` shows them")
    with desk() as opened:
        done = opened.undo(act)
    if done is None:
        fail("there is nothing to undo" if act is None else f"{act}: there is no such act, or it is undone already")
    click.echo(f"{Talk().one_line(done.words)}.")
    click.echo("To do it again: studyapp redo", err=True)


@click.command()
def redo() -> None:
    """Bring back what the newest undo took back, as long as nothing else was done since."""
    with desk() as opened:
        done = opened.redo()
    if done is None:
        fail("there is nothing to redo")
    click.echo(f"{Talk().one_line(done.words)}.")
