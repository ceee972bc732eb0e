"""`studyapp history`: every act that the journal holds, newest last, with what was undone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from studyapp.cli.common import DATABASE, clean, fail, print_json, read_only, told

if TYPE_CHECKING:
    from studyapp.storage.entry import Entry

GRADES = ("", "Again", "Hard", "Good", "Easy")


@click.command()
@click.argument("item", required=False)
@click.option("--limit", "-n", type=click.IntRange(min=1), default=50, show_default=True, help="The newest so many.")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, item: str | None, limit: int, everything: bool, as_json: bool) -> None:
    """Show what you did, or what happened to ITEM (such as backprop/chain-rule). Undone acts stay and are marked."""
    from studyapp.storage import places  # help must not cost the database
    from studyapp.storage.errors import StorageError
    from studyapp.storage.store import Store

    path = places.database()
    if not path.exists() and item is not None:
        fail(f"{item}: nothing has been done yet")
    if not path.exists() and item is None:
        _tell_nothing(as_json=as_json)
        return
    try:
        with told(), Store.look(path) if read_only() else Store.open(path) as store:
            lines = store.journal.history(item=item, limit=None if everything else limit)
    except StorageError as error:
        fail(str(error), DATABASE)
    if not lines and item is not None:
        fail(f"{item}: the journal has nothing about it; `studyapp history` shows the keys")
    if as_json:
        print_json(
            [
                {
                    "id": line.entry.id,
                    "at": line.entry.at,
                    "device": line.entry.device,
                    "seq": line.entry.seq,
                    "item": line.entry.item or None,
                    "kind": line.entry.kind,
                    "grade": line.entry.grade,
                    "duration_ms": line.entry.duration_ms,
                    "undone": line.void,
                    "body": dict(line.entry.body),
                }
                for line in lines
            ]
        )
        return
    if not lines:
        _tell_nothing(as_json=False)
    for line in lines:
        entry = line.entry
        act = GRADES[entry.grade] if entry.kind == "review" and entry.grade in (1, 2, 3, 4) else entry.kind
        when = datetime.fromtimestamp(entry.at / 1000)
        what = clean(entry.item or _brought(entry))
        click.echo(f"{when:%Y-%m-%d %H:%M}  {'undone ' if line.void else ''}{act:14}  {what}".rstrip())


def _tell_nothing(*, as_json: bool) -> None:
    if as_json:
        print_json([])
    else:
        click.echo("Nothing has been done yet.", err=True)


def _brought(entry: Entry) -> str:
    """What an import brought."""
    from studyapp.study.undoing import import_in_words  # few histories have one

    return import_in_words(entry).removeprefix("import of ") if entry.kind == "import" else ""
