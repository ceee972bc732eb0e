"""`studyapp class`: a teacher's commands for a class on a PostgreSQL server. What learners see is theirs alone."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from studyapp.cli.common import MISUSE, clean, desk, fail, print_json
from studyapp.cli.sync import has_password

if TYPE_CHECKING:
    from datetime import datetime

    from studyapp.storage.classroom import ClassReport, LearnerRow
    from studyapp.storage.server import Server

VARIABLE = "STUDYAPP_CLASS"


@click.group()
@click.option("--server", "url", help=f"postgresql+psycopg://you@host/database; or set {VARIABLE}.")
@click.pass_context
def command(ctx: click.Context, *, url: str | None) -> None:
    """Lead a class on a PostgreSQL server: add learners, assign decks, see how it goes.

    The server is named by --server or STUDYAPP_CLASS; the password belongs in ~/.pgpass or PGPASSWORD. Learners send
    what they did with `studyapp sync URL`, each under a role that sees and adds own entries only. Call them by
    pseudonyms: the server keeps no other names.
    """
    if url and has_password(url):
        fail(
            "A password must not stand on a command line: put it into ~/.pgpass or PGPASSWORD, or the URL into "
            f"{VARIABLE}.",
            MISUSE,
        )
    ctx.obj = url


@contextmanager
def _class(url: str | None) -> Iterator[Server]:
    import os

    from studyapp.storage.errors import SyncError  # help must not cost it
    from studyapp.storage.server import connected

    chosen = url or os.environ.get(VARIABLE, "")
    if not chosen:
        fail(f"Name the server with --server, or set {VARIABLE}.", MISUSE)
    try:
        with connected(chosen) as server:
            yield server
    except SyncError as error:
        fail(str(error))


@command.command(short_help="Make the class in an empty database.")
@click.pass_obj
def create(url: str | None) -> None:
    """Make the class in an empty database. Needs a role that may make roles; it becomes the teacher."""
    from studyapp.storage import classroom

    with _class(url) as server:
        classroom.create(server)
    click.echo("The class is there. Add learners with `studyapp class add NAME`.")


@command.command(short_help="Add a learner, or give one a new password.")
@click.argument("learner")
@click.option("--no-password", is_flag=True, help="The server knows the learner otherwise (certificate, peer).")
@click.pass_obj
def add(url: str | None, *, learner: str, no_password: bool) -> None:
    """Add LEARNER (a pseudonym), or give LEARNER a new password. Prints the line for the learner's ~/.pgpass."""
    import secrets

    from studyapp.storage import classroom

    password = None if no_password else secrets.token_urlsafe(15)
    with _class(url) as server:
        classroom.add(server, learner, password)
        info = server.connection.info
        host = info.host if not info.host.startswith("/") else "localhost"
        if password is not None:
            click.echo(f"{host}:{info.port}:{info.dbname}:{learner}:{password}")
        click.echo(
            f"{learner} puts that line into ~/.pgpass (mode 0600) and runs: "
            f"studyapp sync postgresql+psycopg://{learner}@{host}:{info.port}/{info.dbname}",
            err=True,
        )


@command.command(short_help="Delete a learner and all entries from the server.")
@click.argument("learner")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(url: str | None, *, learner: str, yes: bool) -> None:
    """Delete LEARNER and everything LEARNER sent from the server. What is on the learner's own machine stays."""
    from studyapp.storage import classroom

    if not yes:
        click.confirm(f"Delete {clean(learner)} and all entries of {clean(learner)} for good?", abort=True, err=True)
    with _class(url) as server:
        gone = classroom.remove(server, learner)
    click.echo(f"Removed {learner} with {gone} entries.")


@command.command(short_help="Want a deck learned until a date.")
@click.argument("deck")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), required=True, help="YYYY-MM-DD")
@click.pass_obj
def assign(url: str | None, *, deck: str, due: datetime) -> None:
    """Want DECK (its id) learned until a date; learners are told when they sync."""
    from studyapp.storage import classroom

    with _class(url) as server:
        classroom.assign(server, deck, due.date())
    click.echo(f"Assigned {deck} until {due:%Y-%m-%d}.")


@command.command(short_help="For learners: what your class wants learned.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def assigned(*, as_json: bool) -> None:
    """For learners: what your class wants learned, as of the last sync, and how far you are. Asks no server."""
    from studyapp.study.assignments import assignments  # help must not cost it

    with desk(reading=True) as opened:
        found = assignments(opened)
    if as_json:
        rows = [
            {"deck": one.deck, "title": one.title, "due": one.due.isoformat(), "items": one.items, "begun": one.begun}
            for one in found
        ]
        print_json(rows)
        return
    for one in found:
        click.echo(clean(one.words))
    if not found:
        click.echo("Nothing is assigned to you.", err=True)


@command.command(short_help="Show how the learners are doing.")
@click.option("--csv", "as_csv", is_flag=True, help="One line per learner, for a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_obj
def report(url: str | None, *, as_csv: bool, as_json: bool) -> None:
    """Show each learner's activity, backlog and accuracy, the hardest cards and the commonest mistakes.

    Accuracy counts machine-marked first answers only; how people grade themselves is theirs.
    """
    from studyapp.memory import days
    from studyapp.memory.model import Preset
    from studyapp.storage import classroom

    now = time.time_ns() // 1_000_000
    today = days.study_day(now, days.local_zone(), Preset().rollover_hour)
    with _class(url) as server:
        found = classroom.report(server, today=today, now_ms=now)
    if as_json:
        print_json(_data(found))
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow([*HEAD, *(f"begun: {deck}" for deck, _ in found.assignments)])
        writer.writerows([[_cell(value) for value in _values(row, found)] for row in found.learners])
    else:
        _in_words(found)


HEAD = (
    "learner", "last active", "reviews", "a day", "overdue", "first tries", "right at first", "quizzes",
    "unreadable",
)  # fmt: skip


def _values(row: LearnerRow, found: ClassReport) -> list[object]:
    return [
        row.learner,
        row.last_active.isoformat() if row.last_active else "",
        row.reviews,
        round(row.reviews_a_day, 1),
        row.overdue,
        row.first_tries,
        "" if row.accuracy is None else round(row.accuracy, 3),
        row.quizzes,
        row.unreadable,
        *(row.begun.get(deck, 0) for deck, _ in found.assignments),
    ]


def _cell(value: object) -> object:
    """A spreadsheet must not take a text for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value


def _data(found: ClassReport) -> dict[str, object]:
    return {
        "learners": [
            dict(zip((name.replace(" ", "_") for name in HEAD), _values(row, found), strict=False))
            | {"begun": row.begun}
            for row in found.learners
        ],
        "hardest": [{"item": card.item, "tries": card.tries, "right": card.right} for card in found.hardest],
        "mistakes": [{"mistake": mistake, "count": count} for mistake, count in found.mistakes],
        "assignments": [{"deck": deck, "due": due.isoformat()} for deck, due in found.assignments],
    }


def _in_words(found: ClassReport) -> None:
    for deck, due in found.assignments:
        begun = sum(row.begun.get(deck, 0) > 0 for row in found.learners)
        click.echo(f"{clean(deck)}, until {due}: begun by {begun} of {len(found.learners)}")
    width = max([len(row.learner) for row in found.learners] + [7])
    click.echo(f"{'learner':{width}}  last active  reviews  a day  overdue  right at first")
    for row in found.learners:
        last = row.last_active.isoformat() if row.last_active else "never"
        right = "–" if row.accuracy is None else f"{row.accuracy * 100:.0f} % of {row.first_tries}"
        click.echo(
            f"{row.learner:{width}}  {last:11}  {row.reviews:7}  {row.reviews_a_day:5.1f}  {row.overdue:7}  {right}"
        )
    if found.hardest:
        click.echo("\nHardest (machine-marked first answers):")
        for card in found.hardest:
            click.echo(f"  {card.right} of {card.tries} right  {clean(card.item)}")
    if found.mistakes:
        click.echo("\nCommonest mistakes:")
        for mistake, count in found.mistakes:
            click.echo(f"  {count:4} × {clean(mistake)}")
