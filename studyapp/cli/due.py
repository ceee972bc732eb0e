"""`studyapp due`: what is to be done now, later today and tomorrow. For prompts and status bars, so it must be quick.

Looks at the database with sqlite3 alone; never makes or changes a file.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from studyapp.cli.common import DATABASE, clean, fail, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from studyapp.memory.model import Preset
    from studyapp.storage.due import DeckCounts

COLUMNS = ("due now", "later today", "tomorrow", "unseen")


@click.command()
@click.option("--count", is_flag=True, help="Print only the number due now (without new ones), for a prompt.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, count: bool, as_json: bool) -> None:
    """Say what is due: in all and by deck, now, later today and tomorrow."""
    if count and as_json:
        raise click.UsageError("--count and --json exclude each other")
    from studyapp.memory import days  # help must not cost them
    from studyapp.storage import places
    from studyapp.storage.errors import StorageError
    from studyapp.storage.glance import glance

    home = places.home()
    preset, now, zone = _preset(home), time.time_ns() // 1_000_000, days.local_zone()
    try:
        today = days.study_day(now, zone, preset.rollover_hour)
        tomorrow = days.day_start(today + 1, zone, preset.rollover_hour)
    except (ValueError, OverflowError, OSError):  # no calendar has that day
        fail("This machine's clock is beyond the year 9999; set it right.")
    try:
        seen = glance(places.database(home), today=today, now_ms=now, next_day_at=tomorrow, with_first=False)
    except StorageError as error:
        fail(str(error), DATABASE)
    decks = seen.decks if seen is not None else ()
    left = max(0, preset.new_per_day - sum(deck.introduced for deck in decks))
    totals = [sum(column) for column in zip(*map(_numbers, decks), strict=True)] or [0, 0, 0, 0]
    fresh = min(left, totals[3])
    if count:
        click.echo(str(totals[0]))
    elif as_json:
        names = ("due_now", "later_today", "tomorrow", "unseen")
        print_json(
            {
                "started": seen is not None,
                "date": days.date_of(today).isoformat(),
                **dict(zip(names, totals, strict=True)),
                "new_now": fresh,
                "decks": [
                    {"deck": deck.deck, "title": deck.title, **dict(zip(names, _numbers(deck), strict=True))}
                    for deck in decks
                ],
            }
        )
    elif seen is None:
        click.echo("Nothing yet: start with `studyapp`.")
    else:
        due_now, later_today, due_tomorrow, _ = totals
        more = f" and up to {fresh} new" if fresh else ""
        click.echo(f"{due_now} due now{more}, {later_today} later today, {due_tomorrow} tomorrow.")
        _table(decks)


def _numbers(deck: DeckCounts) -> tuple[int, int, int, int]:
    """The columns of a deck: due now, later today, tomorrow, never asked."""
    return deck.learning + deck.review, deck.later_today, deck.tomorrow, deck.new


def _table(decks: tuple[DeckCounts, ...]) -> None:
    click.echo("")
    click.echo("  ".join(COLUMNS) + "  deck")
    for deck in decks:
        cells = [f"{number:>{len(name)}}" for name, number in zip(COLUMNS, _numbers(deck), strict=True)]
        click.echo("  ".join(cells) + f"  {clean(deck.title)} ({deck.deck})")


def _preset(home: Path) -> Preset:
    """How the learner schedules; the settings' reader is loaded only where there is a file to read."""
    if not (home / "config.toml").exists():
        from studyapp.memory.model import Preset

        return Preset()
    from studyapp.study import settings

    try:
        return settings.load(home).preset
    except settings.SettingsError as error:
        fail(str(error))
