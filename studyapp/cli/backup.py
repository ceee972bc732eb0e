"""`studyapp backup`: make a verified copy of the database now, or list those there are."""

from __future__ import annotations

import click

from studyapp.cli.common import DATABASE, fail, print_json


@click.command()
@click.option("--list", "listing", is_flag=True, help="List the backups instead, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, listing: bool, as_json: bool) -> None:
    """Back up everything you have done.

    Backups are also made by themselves while you study, before restores, imports and upgrades; older ones are thinned.
    Those made by this command are kept until you delete them.
    """
    from studyapp.storage import backup, places  # help must not cost the database
    from studyapp.storage.errors import StorageError

    path = places.database()
    try:
        if not listing:
            if not path.exists():
                fail(f"{path}: there is nothing to back up yet")
            made = backup.make(path)
            if as_json:
                print_json(as_row(1, made))
            else:
                click.echo(f"{made.path}  {in_words(made.entries(), 'entry', 'entries')}, {size(made.size)}")
            return
        print_backups(backup.backups(path), as_json=as_json)
    except StorageError as error:
        fail(str(error), DATABASE)


def print_backups(known: tuple[object, ...], *, as_json: bool) -> None:
    """Print backups with the numbers that `studyapp restore` takes."""
    rows = [as_row(number, one) for number, one in enumerate(known, 1)]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        entries = "damaged" if row["entries"] is None else in_words(int(str(row["entries"])), "entry", "entries")
        when, big = local(str(row["at"])), size(int(str(row["size"])))
        click.echo(f"{row['number']:>3}  {when}  {entries:>16}  {big:>8}  {row['reason']}")
    if not rows:
        click.echo("There are no backups yet; `studyapp backup` makes one.", err=True)


def as_row(number: int, one: object) -> dict[str, object]:
    """A backup as plain values; `entries` is None when the file turned out to be damaged."""
    from studyapp.storage.backup import Backup
    from studyapp.storage.errors import StorageError

    assert isinstance(one, Backup)
    try:
        entries: int | None = one.entries()
    except StorageError:
        entries = None
    return {
        "number": number,
        "at": one.at.isoformat(timespec="seconds"),
        "reason": one.reason,
        "entries": entries,
        "size": one.size,
        "path": str(one.path),
    }


def in_words(count: int, singular: str, plural: str) -> str:
    """A count with its noun."""
    return f"{count} {singular if count == 1 else plural}"


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1_000:.0f} kB"


def local(at: str) -> str:
    """An ISO instant in the machine's own time."""
    from datetime import datetime

    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
