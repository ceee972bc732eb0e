"""The answer path: acts become entries of the journal, with all that follows from each of them at once.

A person waits for it, so it goes by the driver's own cursor and asks no more than it must. Runs inside a transaction of
`Database`; what it leaves in `memory` and `day` is what a replay of the journal gives.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from studyapp.memory.model import ItemState, Parameters
from studyapp.storage import cache
from studyapp.storage.drafting import Expanded
from studyapp.storage.entry import Entry, Ids, id_bytes, id_text, to_event
from studyapp.storage.projection import DAY_COLUMNS, Sums, step
from studyapp.storage.schema import queue_case
from studyapp.storage.state import STATE_COLUMNS, row_of, state_of

HEAD = "SELECT (SELECT max(seq) FROM journal WHERE device = ?), (SELECT value FROM meta WHERE name = 'parameters')"
"""The number of a device's last entry, and the parameters (see `cache.remember_parameters`)."""
FIRST = (
    f"{HEAD}, m.rowid, m.last_entry, {', '.join(f'm.{name}' for name in STATE_COLUMNS)} "
    "FROM (SELECT 1) LEFT JOIN memory m ON m.item = ?"
)
"""That, and the state of an item, in one look."""
STATE = f"SELECT rowid, last_entry, {', '.join(STATE_COLUMNS)} FROM memory WHERE item = ?"
PLACE = "SELECT id FROM journal WHERE item = ? ORDER BY id DESC LIMIT 1"
DUE = (
    "SELECT d.rowid FROM memory m JOIN memory d INDEXED BY memory_due ON d.queue = 2 AND d.due_day = m.due_day "
    "AND d.deck = m.deck AND d.buried_until IS m.buried_until AND d.rowid >= m.rowid WHERE m.item = ? LIMIT 1"
)
"""Where an item stands among those that are due, from which an answer takes it away."""
CHANGE_STATE = (
    # An upsert would work the row out twice, for the insert that fails and for the update.
    f"UPDATE memory SET {', '.join(f'{name} = ?' for name in (*STATE_COLUMNS, 'last_entry'))}, "
    f"queue = {queue_case('?', 'deck', '?', '?')} WHERE rowid = ?"
)
_MOVING = ("stability", "difficulty", "due_day", "last_at", "last_day", "reps")
MOVE_ON = f"UPDATE memory SET {', '.join(f'{name} = ?' for name in (*_MOVING, 'last_entry'))} WHERE rowid = ?"
"""Where nothing else has changed, as after most answers: the item keeps its queue, and SQLite looks at one index."""


def _columns(*names: str) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Picks these out of a row of `STATE_COLUMNS`."""
    return itemgetter(*(STATE_COLUMNS.index(name) for name in names))


_moving = _columns(*_MOVING)
_staying = _columns(*(name for name in STATE_COLUMNS if name not in _MOVING))
_queueing = _columns("suspended", "phase", "due_at")
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
    found: tuple[Any, ...]
    """What stood in that row, the columns of `STATE_COLUMNS`."""
    state: ItemState
    last_entry: str | None


def append(
    raw: sqlite3.Connection,
    drafts: Expanded,
    *,
    device: str,
    ids: Ids,
    noted: Callable[[str | None], Parameters],
    together: bool,
    act: str | None = None,
) -> tuple[Recorded, ...]:
    """Write entries for drafts, in order.

    Args: `device`: whose entries they are; `noted`: gives the parameters for the text that `meta` has of them;
    `together`: whether they are one act; `act`: which, where it was begun earlier.
    Returns: for each the entry, and the state it led to.
    """
    cursor = raw.cursor()
    first = drafts[0][0].item
    seq, text, *row = cursor.execute(FIRST, (device, first)).fetchone()
    parameters = noted(text)
    known = {first: _known(row)}
    days: dict[tuple[int, str], Sums] = {}
    recorded: list[Recorded] = []
    for number, (draft, goes_with_last) in enumerate(drafts, (seq or 0) + 1):
        item = known.get(draft.item)
        if item is None:
            item = known[draft.item] = _known(cursor.execute(STATE, (draft.item,)).fetchone())
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
    for looked_at in (STATE, PLACE, DUE):
        cursor.execute(looked_at, (item,)).fetchone()


def _known(row: Sequence[Any] | None) -> _Known:
    if row is None or row[0] is None:
        return _Known(None, (), ItemState(), None)
    found = row[2:]
    return _Known(row[0], tuple(found), state_of(found), id_text(row[1]) if row[1] else None)


def _save(cursor: sqlite3.Cursor, key: str, item: _Known) -> None:
    now = row_of(item.state)
    last = id_bytes(item.last_entry) if item.last_entry else None
    if item.row is None:
        cursor.execute(cache.SAVE_STATE, (key, *now, last))
    elif _staying(now) == _staying(item.found):
        cursor.execute(MOVE_ON, (*_moving(now), last, item.row))
    else:
        cursor.execute(CHANGE_STATE, (*now, last, *_queueing(now), item.row))


def _book(cursor: sqlite3.Cursor, day: int, deck: str, sums: Sequence[float]) -> None:
    numbers = [+value for value in sums]  # the driver is slow to see that a bool is a number
    cursor.execute(CHANGE_DAY, (*numbers, day, deck))
    if cursor.rowcount == 0:
        cursor.execute(cache.SAVE_DAY, (day, deck, *numbers))
