"""The answer path: acts become entries of the journal, with all that follows from each of them at once.

A person waits for it, so it goes by the driver's own cursor and asks no more than it must. Runs inside a transaction of
`Database`; what it leaves in `memory` and `day` is what a replay of the journal gives.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from studyapp.memory.model import ItemState, Parameters
from studyapp.storage import cache
from studyapp.storage.drafting import Expanded
from studyapp.storage.entry import Entry, Ids, id_bytes, id_text, to_event
from studyapp.storage.projection import DAY_COLUMNS, Sums, step
from studyapp.storage.schema import queue_case
from studyapp.storage.state import STATE_COLUMNS, row_of, state_of

STATE = f"SELECT rowid, last_entry, {', '.join(STATE_COLUMNS)} FROM memory WHERE item = ?"
PLACE = "SELECT id FROM journal WHERE item = ? ORDER BY id DESC LIMIT 1"
CHANGE_STATE = (
    # An upsert would work the row out twice, for the insert that fails and for the update.
    f"UPDATE memory SET {', '.join(f'{name} = ?' for name in (*STATE_COLUMNS, 'last_entry'))}, "
    f"queue = {queue_case('?', 'deck', '?', '?')} WHERE rowid = ?"
)
INSERT_PLAIN = (
    "INSERT INTO journal (id, device, seq, at, item, kind, grade, duration_ms, body, event) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
"""For an entry whose other columns are NULL, as they mostly are: the driver is slow to take a None."""
_NONE = (None,) * 5
CHANGE_DAY = f"UPDATE day SET {', '.join(f'{name} = {name} + ?' for name in DAY_COLUMNS)} WHERE day = ? AND deck = ?"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written for one draft, and the item's state now."""

    entry: Entry
    state: ItemState


@dataclass(slots=True)
class _Known:
    """Where an item stands, and in which row of `memory` (None: in none yet)."""

    row: int | None
    state: ItemState
    last_entry: str | None


def append(
    raw: sqlite3.Connection,
    drafts: Expanded,
    *,
    device: str,
    seq: int,
    ids: Ids,
    parameters: Parameters,
    together: bool,
    act: str | None = None,
) -> tuple[Recorded, ...]:
    """Write entries for drafts, in order.

    Args: `device`: whose entries they are; `seq`: the number of its last one; `together`: whether they are one act;
    `act`: which, where it was begun earlier.
    Returns: for each the entry, and the state it led to.
    """
    cursor = raw.cursor()
    known: dict[str, _Known] = {}
    days: dict[tuple[int, str], Sums] = {}
    recorded: list[Recorded] = []
    for number, (draft, goes_with_last) in enumerate(drafts, seq + 1):
        item = known.get(draft.item)
        if item is None:
            item = known[draft.item] = _look_up(cursor, draft.item)
        new_id = ids.next()
        body = {key: value for key, value in draft.body.items() if key not in ("buries", "act", "prev")}
        if act is not None and (together or goes_with_last):
            body["act"] = act
        else:
            act = new_id
        if item.last_entry is not None:
            body["prev"] = item.last_entry
        entry = Entry(new_id, device, number, draft.at, draft.item, draft.kind, draft.grade, draft.duration_ms, body)
        event = to_event(entry)
        state, sums = step(item.state, entry, event, parameters)
        if draft.item:
            item.state, item.last_entry = state, new_id
        if sums is not None:
            day = (entry.day, entry.deck)
            days[day] = tuple(map(sum, zip(days[day], sums, strict=True))) if day in days else sums
        row = cache.entry_row(entry, event)
        if row[9:14] == _NONE:
            cursor.execute(INSERT_PLAIN, row[:9] + row[14:])
        else:
            cursor.execute(cache.INSERT_ENTRY, row)
        recorded.append(Recorded(entry, state))
    for key, item in known.items():
        if key:
            _save(cursor, key, item)
    for (day_number, deck), sums in days.items():
        _book(cursor, day_number, deck, sums)
    return tuple(recorded)


def fetch(raw: sqlite3.Connection, item: str) -> None:
    """Bring the pages about `item` into the connection's cache, where `append` will look for them."""
    cursor = raw.cursor()
    cursor.execute(STATE, (item,)).fetchone()
    cursor.execute(PLACE, (item,)).fetchone()


def _look_up(cursor: sqlite3.Cursor, key: str) -> _Known:
    row = cursor.execute(STATE, (key,)).fetchone() if key else None
    if row is None:
        return _Known(None, ItemState(), None)
    return _Known(row[0], state_of(row[2:]), id_text(row[1]) if row[1] else None)


def _save(cursor: sqlite3.Cursor, key: str, item: _Known) -> None:
    state = item.state
    values = *row_of(state), id_bytes(item.last_entry) if item.last_entry else None
    if item.row is None:
        cursor.execute(cache.SAVE_STATE, (key, *values))
    else:
        cursor.execute(CHANGE_STATE, (*values, int(state.suspended), int(state.phase), state.due_at, item.row))


def _book(cursor: sqlite3.Cursor, day: int, deck: str, sums: Sequence[float]) -> None:
    numbers = [+value for value in sums]  # the driver is slow to see that a bool is a number
    cursor.execute(CHANGE_DAY, (*numbers, day, deck))
    if cursor.rowcount == 0:
        cursor.execute(cache.SAVE_DAY, (day, deck, *numbers))
