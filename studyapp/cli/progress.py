"""`studyapp progress` and the figures behind `studyapp stats`: the same numbers as the screen's, in words or JSON."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.common import clean, complete_decks, decks_for_screen, decks_on, desk, interactive, print_json
from studyapp.cli.plain import Talk, plain_option

if TYPE_CHECKING:
    from studyapp.study.progress import Progress, Retention

deck_option = click.option("--deck", help="Only this deck.", shell_complete=complete_decks)
days_option = click.option(
    "--days", type=click.IntRange(1, 36_500), default=90, show_default=True, help="Days to look back on."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON.")


@click.command()
@deck_option
@days_option
@plain_option
@json_option
def command(*, deck: str | None, days: int, plain: bool, as_json: bool) -> None:
    """See how far you have come: reviews, time, retention, what is ahead, hard cards and slips."""
    if plain or as_json or not interactive():
        tell(deck, days, as_json=as_json)
        return
    from studyapp.cli.tui import run  # the screens are imported only where they are shown

    run("progress", decks_for_screen([] if deck is None else [deck]), days=days)


def tell(deck: str | None, days: int, *, as_json: bool) -> None:
    """Print the progress of `days` days, of one deck or of all."""
    with desk(reading=True) as opened:
        chosen = decks_on(opened, [] if deck is None else [deck])
        progress = opened.progress(chosen[0] if chosen else None, days)
    if as_json:
        print_json(as_data(progress))
    else:
        in_words(progress)


def as_data(progress: Progress) -> dict[str, Any]:
    """Every figure, for other programs: dates as YYYY-MM-DD, durations in milliseconds, shares from 0 to 1."""
    from studyapp.memory.days import date_of
    from studyapp.study.progress import sentences

    data = {field.name: _plain(getattr(progress, field.name)) for field in dataclasses.fields(progress)}
    data["days"] = [{**_plain(day), "day": date_of(day.day).isoformat()} for day in progress.days]
    for name, retention in (("young", progress.young), ("mature", progress.mature), ("both", progress.both)):
        data[name] = _retention(retention)
    data["sentences"] = sentences(progress)
    return data


def in_words(progress: Progress) -> None:
    """The sentences of the page, then the decks."""
    from studyapp.study.progress import sentences

    talk = Talk()
    talk.say(f"From {progress.first} to {progress.last}.")
    for sentence in sentences(progress).values():
        talk.say(talk.text(sentence))
    if progress.states:
        talk.say()
    for one in progress.states:
        states = f"{one.new} new, {one.learning} learning, {one.young} young, {one.mature} mature"
        suspended = f", {one.suspended} suspended" if one.suspended else ""
        talk.say(f"{clean(one.title)} ({one.deck}): {states}{suspended}.")


def _retention(retention: Retention) -> dict[str, Any]:
    return {**_plain(retention), "share": retention.share, "margin": retention.margin}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {str(name): _plain(entry) for name, entry in value.items()}
    return value.isoformat() if isinstance(value, date) else value
