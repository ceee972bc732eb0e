"""`studyapp stats`: every figure of the progress, for scripts and for the eye."""

from __future__ import annotations

import click

from studyapp.cli.progress import days_option, deck_option, json_option, tell


@click.command()
@deck_option
@days_option
@json_option
def command(*, deck: str | None, days: int, as_json: bool) -> None:
    """Print every figure of your progress: sentences, or JSON with the numbers of each day."""
    tell(deck, days, as_json=as_json)
