"""Finds in the journal what an undo or a redo is about. Reads only, inside a transaction of `Database`."""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from studyapp.storage.cache import ENTRY_COLUMNS, VOID, entry_of
from studyapp.storage.entry import REDO, UNDO, UNDOABLE, Entry, id_bytes
from studyapp.storage.errors import NothingToUndo

BY_ID = f"SELECT {ENTRY_COLUMNS} FROM journal j WHERE j.id = ?"
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(UNDOABLE))
LAST_UNDOABLE = (
    f"SELECT {ENTRY_COLUMNS} FROM journal j WHERE j.device = ? AND j.kind IN ({_KINDS}) AND NOT {VOID} "
    "ORDER BY j.seq DESC LIMIT 1"
)
_ANY = f"SELECT 1 FROM journal j WHERE j.device = ? AND j.kind IN ({_KINDS}) LIMIT 1"
LAST_UNDO = (
    f"SELECT {ENTRY_COLUMNS} FROM journal j WHERE j.device = :device AND j.kind = 'undo' "
    "AND NOT EXISTS (SELECT 1 FROM journal r WHERE r.voids = j.id AND r.kind = 'redo') "
    f"AND j.seq > coalesce((SELECT seq FROM journal WHERE device = :device AND kind IN ({_KINDS}) "
    "ORDER BY seq DESC LIMIT 1), 0) ORDER BY j.seq DESC LIMIT 1"
)


def last_undoable(connection: Connection, devices: Iterable[str]) -> Entry | None:
    """The newest entry that an undo takes back. Args: `devices`: this machine's names, the newest first."""
    for device in devices:
        if row := connection.exec_driver_sql(LAST_UNDOABLE, (device,)).first():
            return entry_of(row)
    return None


def last_undo(connection: Connection, devices: Iterable[str]) -> Entry | None:
    """The newest undo, unless something else was done since."""
    for device in devices:
        if row := connection.exec_driver_sql(LAST_UNDO, {"device": device}).first():
            return entry_of(row)
        if connection.exec_driver_sql(_ANY, (device,)).first():
            break  # something was done since
    return None


def voidable(connection: Connection, entry_id: str) -> Entry:
    """The entry of that id. Raises: NothingToUndo when there is none that stands."""
    row = connection.exec_driver_sql(
        f"SELECT {ENTRY_COLUMNS}, {VOID} FROM journal j WHERE j.id = ?", (UUID(entry_id).bytes,)
    ).first()
    if row is None:
        raise NothingToUndo(f"the journal has no entry {entry_id}")
    if row[9] or row[5] in (UNDO, REDO):
        raise NothingToUndo(f"the entry {entry_id} is undone already, or is itself an undo")
    return entry_of(row)


def entries_of(connection: Connection, act: str) -> list[Entry]:
    """The entries that were written as one act, in order; none for an empty text."""
    if not act:
        return []
    value = id_bytes(act)
    rows = connection.exec_driver_sql(
        f"SELECT {ENTRY_COLUMNS} FROM journal j WHERE j.id = ? OR j.act = ? ORDER BY j.n", (value, value)
    )
    return [entry_of(row) for row in rows]


def concerned(connection: Connection, target: str) -> list[Entry]:
    """The entries that an undo of `target` voids, or that a redo of the undo `target` brings back."""
    row = connection.exec_driver_sql(BY_ID, (id_bytes(target),)).first()
    entry = None if row is None else entry_of(row)
    return entries_of(connection, target if entry is None or entry.kind != UNDO else entry.voids or "")
