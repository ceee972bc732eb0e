"""The whole journal at once: the same as `cache.fold_stored` for every item, some hundred times as fast.

Items of more than one device, renamed ones, and those with rare acts or odd numbers take the careful way. What is made
from the journal is compared with what stands, and only what differs is written: mostly little or nothing does. NumPy is
needed here, so import this when asked to.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from studyapp.memory import replay
from studyapp.memory.fsrs import Memory
from studyapp.memory.model import ItemState, Parameters
from studyapp.storage import cache
from studyapp.storage.bulk import many
from studyapp.storage.database import driver
from studyapp.storage.day_sums import DaySums
from studyapp.storage.entry import Entry, to_event
from studyapp.storage.parts import parts
from studyapp.storage.projection import DAY_COLUMNS, Days, add
from studyapp.storage.schema import TRIGGERS, queue_case
from studyapp.storage.state import STATE_COLUMNS, row_of

_MEMORY = ("stability", "difficulty")
COLUMNS = ("last_entry", *(name for name in STATE_COLUMNS if name not in _MEMORY), *_MEMORY)
"""What the journal says of an item. What new parameters change stands last."""
_NEW = tuple({"last_entry": None, **dict(zip(STATE_COLUMNS, row_of(ItemState()), strict=True))}[one] for one in COLUMNS)
_VALUE = {name: f"?{place}" for place, name in enumerate(COLUMNS, 1)}
_KEY = f"?{len(COLUMNS) + 1}"
_UPDATE = (
    f"UPDATE memory SET {', '.join(f'{name} = {value}' for name, value in _VALUE.items())}, "
    f"queue = {queue_case(_VALUE['suspended'], 'deck', _VALUE['phase'], _VALUE['due_at'])} WHERE rowid = {_KEY}"
)
_UPDATE_MEMORY = "UPDATE memory SET stability = ?, difficulty = ? WHERE rowid = ?"
_INSERT = (
    f"INSERT INTO memory ({', '.join(COLUMNS)}, item, deck, position, queue) SELECT {', '.join(_VALUE.values())}, "
    f"{_KEY}, i.deck, i.position, {queue_case(_VALUE['suspended'], 'i.deck', _VALUE['phase'], _VALUE['due_at'])} "
    f"FROM (SELECT 1) LEFT JOIN item i ON i.key = {_KEY}"
)
# Looked for in an index that holds all of it; to see the cards themselves would take ten times as long.
_PLACE = (
    f"UPDATE memory SET deck = p.deck, position = p.position, queue = "
    f"{queue_case('suspended', 'p.deck', 'phase', 'due_at')} FROM (SELECT m.n, i.deck, i.position FROM "
    f"(SELECT rowid AS n, item FROM memory o WHERE queue IS NOT {queue_case('suspended', 'deck', 'phase', 'due_at')} "
    "OR (deck IS NOT NULL OR EXISTS (SELECT 1 FROM item WHERE key = o.item)) "
    "AND NOT EXISTS (SELECT 1 FROM item i INDEXED BY item_deck_position "
    "WHERE i.deck = o.deck AND i.position = o.position AND i.key = o.item)) m "
    "LEFT JOIN item i ON i.key = m.item) p WHERE memory.rowid = p.n"
)
_UPDATE_COPIES = f"UPDATE journal SET {', '.join(f'{name} = ?' for name in cache.COPIES)} WHERE n = ?"
_COPIES = (
    f"SELECT n, id, device, seq, at, item, kind, grade, duration_ms, body, {', '.join(cache.COPIES)} FROM journal "
    "WHERE n > ? ORDER BY n LIMIT ?"
)
AT_ONCE = 20_000
"""Entries that are looked at before the next word is said."""

Copies = tuple[str | None, int | None, int | None, bytes | None]
"""What the columns `cache.COPIES` hold."""


class Replayed(NamedTuple):
    """What the journal adds up to."""

    columns: dict[str, list[Any]]
    """`item`, `last_entry` and each of `STATE_COLUMNS`: lists of one length."""
    days: Days


def replay_all(connection: Connection, parameters: Parameters) -> Replayed:
    """States, last entries and daily sums of everything in the journal."""
    columns: dict[str, list[Any]] = {name: [] for name in ("item", "last_entry", *STATE_COLUMNS)}
    days: Days = {}
    with many():
        for found in _replayed(connection, parameters, days):
            for name, column in columns.items():
                column.extend(found[name])
    return Replayed(columns, days)


def _replayed(connection: Connection, parameters: Parameters, days: Days) -> Generator[dict[str, list[Any]]]:
    """The columns of `replay_all`, part by part. Args: `days`: filled when the last part is taken."""
    careful: list[str] = []
    sums = DaySums()
    with closing(parts(connection)) as found:
        for part in found:
            careful += part.careful
            if part.names:
                reviews = replay.reviews(part.events, part.item)
                sums.add(reviews, part.events, part.names)
                states = replay.states(part.events, part.item, reviews, len(part.names), parameters)
                yield {"item": part.names, "last_entry": part.last, **states}
    days.update(sums.total())
    yield _folded(connection, careful, parameters, days)


def _folded(connection: Connection, items: list[str], parameters: Parameters, days: Days) -> dict[str, list[Any]]:
    """The same for items that have to be folded one by one."""
    columns: dict[str, list[Any]] = {name: [] for name in ("item", "last_entry", *STATE_COLUMNS)}
    for item in sorted(items):
        folded = cache.fold_stored(connection, item, parameters)
        if folded.last_entry is not None:
            row = (item, UUID(folded.last_entry).bytes, *row_of(folded.state))
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
            for key, values in folded.days.items():
                add(days, key, values)
    return columns


def rebuild(connection: Connection) -> int:
    """Make `memory` and `day` what the journal says, with its newest parameters.

    Returns: how many items have a history.
    """
    parameters = cache.read_parameters(connection)
    cache.remember_parameters(connection, parameters)
    raw, days = driver(connection), Days()
    with many(), closing(_replayed(connection, parameters, days)) as replayed:
        count = _mend(raw, replayed)
    _put_in_place(raw)
    stored = {(row[0], row[1]): row[2:] for row in raw.execute(f"SELECT day, deck, {', '.join(DAY_COLUMNS)} FROM day")}
    if stored != days:
        raw.execute("DELETE FROM day")
        cache.book(connection, days)
    return count


def _mend(raw: sqlite3.Connection, replayed: Iterator[dict[str, list[Any]]]) -> int:
    """Write the states that differ from those that stand. Returns: how many items have a history."""
    query = f"SELECT item, rowid, {', '.join(COLUMNS)} FROM memory ORDER BY item"
    standing = {row[0]: row for row in raw.execute(query).fetchall()}
    count, missing, changed, faded = 0, [], [], []
    for columns in replayed:
        rows = zip(*(columns[name] for name in COLUMNS), strict=True)
        for item, row in zip(columns["item"], rows, strict=True):
            old = standing.pop(item, None)
            if old is None:
                missing.append((*row, item))
            elif old[2:] != row:
                if old[2:-2] == row[:-2]:
                    faded.append((*row[-2:], old[1]))
                else:
                    changed.append((*row, old[1]))
        count += len(columns["item"])
    changed += [(*_NEW, old[1]) for old in standing.values() if old[2:] != _NEW]
    raw.executemany(_UPDATE_MEMORY, faded)
    raw.executemany(_UPDATE, changed)
    raw.executemany(_INSERT, missing)
    return count


def _put_in_place(raw: sqlite3.Connection) -> None:
    """Let every item of a deck, and no other, stand in the queues, in its place."""
    raw.execute(_PLACE)
    raw.execute("DELETE FROM memory WHERE deck IS NULL AND last_entry IS NULL")
    # Each row that is in a deck stands for another item, so that counting tells whether one is missing.
    items, placed = raw.execute("SELECT (SELECT count(*) FROM item), count(deck) FROM memory").fetchone()
    if items != placed:
        raw.execute(
            "INSERT INTO memory (item, deck, position, queue) SELECT key, deck, position, 0 FROM item "
            "WHERE key NOT IN (SELECT item FROM memory)"
        )


def recalculate(connection: Connection) -> None:
    """Calculate every stability and difficulty anew, with the journal's newest parameters.

    Nothing else in `memory`, and nothing in `day`, depends on parameters: days that were chosen stay.
    """
    parameters = cache.read_parameters(connection)
    cache.remember_parameters(connection, parameters)
    names: list[str] = []
    memories: list[Memory] = []
    careful: list[str] = []
    with many():
        with closing(parts(connection)) as found:
            for part in found:
                careful += part.careful
                reviews = replay.reviews(part.events, part.item)
                names += [part.names[place] for place in reviews.item[reviews.first].tolist()]
                memories += replay.memories(reviews, parameters)
        driver(connection).executemany(
            "UPDATE memory SET stability = ?, difficulty = ? WHERE item = ?",
            ((*memory, name) for memory, name in zip(memories, names, strict=True)),
        )
        folded = {item: cache.fold_stored(connection, item, parameters) for item in careful}
        cache.save(connection, {item: (one.state, one.last_entry) for item, one in folded.items() if one.last_entry})


def copy_again(connection: Connection, tell: Callable[[float], None] = lambda _: None) -> int:
    """Put into the journal's columns what they should hold of the bodies: after a migration, which may have added some.

    Args: `tell`: called now and then with the share that is done, 0 to 1.
    Returns: how many entries had something else there.
    """
    raw = driver(connection)
    changed, indices = 0, list[str]()
    raw.execute("DROP TRIGGER IF EXISTS journal_no_update")
    for share, found in differing_copies(raw):
        wrong = [(*copies, n) for n, _, copies in found if copies is not None]  # an unreadable body: the doctor tells
        if len(wrong) > AT_ONCE // 2 and not indices:
            indices = _without_indices(raw)
        raw.executemany(_UPDATE_COPIES, wrong)
        changed += len(wrong)
        tell(share)
    for statement in indices:
        raw.execute(statement)
    raw.execute(TRIGGERS[0])
    return changed


def differing_copies(raw: sqlite3.Connection) -> Iterator[tuple[float, list[tuple[int, bytes, Copies | None]]]]:
    """Compare the whole journal's columns with its bodies, some thousand entries at a time.

    Yields the share that is done, and of the entries that have something else there `n`, the id and what it should be;
    None where the body is unreadable.
    """
    total = raw.execute("SELECT count(*) FROM journal").fetchone()[0]
    done, after = 0, -(1 << 63)
    while done < total:
        with many():
            rows = raw.execute(_COPIES, (after, AT_ONCE)).fetchall()
            found = list(_differing(rows))
        if not rows:
            return
        done, after = done + len(rows), rows[-1][0]
        yield done / total, found


def _differing(rows: list[Any]) -> Iterator[tuple[int, bytes, Copies | None]]:
    for n, id_, device, seq, at, item, kind, grade, duration_ms, body, *stored in rows:
        try:
            entry = Entry("", device, seq, at, item, kind, grade, duration_ms, json.loads(body))  # no copy has the id
            copies = cache.copies(entry, to_event(entry))
        except (ValueError, TypeError, AttributeError):
            yield n, id_, None
        else:
            if copies != tuple(stored):
                yield n, id_, copies


def _without_indices(raw: sqlite3.Connection) -> list[str]:
    """Drop the indices that hold copies: made again at the end they cost a tenth of what a million changes do.

    Returns: the statements that make them.
    """
    made = raw.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'journal' AND type = 'index' AND sql > ''")
    found = [(name, sql) for name, sql in made.fetchall() if _indexed(raw, name) & set(cache.COPIES)]
    for name, _ in found:
        raw.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _indexed(raw: sqlite3.Connection, index: str) -> set[str]:
    return {row[2] for row in raw.execute(f"PRAGMA index_info({index})")}
