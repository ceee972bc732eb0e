"""`studyapp export --journal`: every act ever written, one JSON object a line."""

from __future__ import annotations

import json

import click

from studyapp.cli.common import DATABASE, fail


@click.command()
@click.option("--journal", is_flag=True, required=True, help="Every entry, undone ones too, oldest first (JSON lines).")
def command(*, journal: bool) -> None:
    """Print everything you have done, one JSON object a line.

    Each has id, device, seq, at (UTC epoch milliseconds), item, kind, grade, duration_ms and body, as kept in the
    database; `undo` entries name in body.voids what they take back.
    """
    from studyapp.storage import places  # noqa: PLC0415  help must not cost the database
    from studyapp.storage.errors import StorageError  # noqa: PLC0415
    from studyapp.storage.store import Store  # noqa: PLC0415

    assert journal
    path = places.database()
    if not path.exists():
        fail("Nothing has been done yet.")
    try:
        with Store.open(path) as store:
            entries = store.journal.entries()
    except StorageError as error:
        fail(str(error), DATABASE)
    for entry in entries:
        row = {
            "id": entry.id,
            "device": entry.device,
            "seq": entry.seq,
            "at": entry.at,
            "item": entry.item,
            "kind": entry.kind,
            "grade": entry.grade,
            "duration_ms": entry.duration_ms,
            "body": dict(entry.body),
        }
        click.echo(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
