"""The whole journal at once: the same as `cache.fold_stored` for every item, some hundred times as fast.

Reads only the index that holds the packed events, item by item, into arrays. Items of more than one device, renamed
ones, and those with rare acts or odd numbers take the careful way. NumPy is needed here, so import this when asked to.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import Connection

from studyapp.memory import replay
from studyapp.memory.model import Parameters, Phase
from studyapp.memory.packed import NONE
from studyapp.memory.replay import EVENT, Events, Ints, Reviews
from studyapp.storage import cache
from studyapp.storage.bulk import many
from studyapp.storage.cache import VOID_ENTRIES
from studyapp.storage.database import driver
from studyapp.storage.entry import to_event
from studyapp.storage.projection import DAY_COLUMNS, MATURE_DAYS, Days, add
from studyapp.storage.schema import TRIGGERS, queue_case
from studyapp.storage.state import STATE_COLUMNS, row_of

READ = (
    "SELECT item, max(id), count(event), CAST(coalesce(group_concat(event, ''), '') AS BLOB) "
    "FROM journal WHERE item > '' GROUP BY item"
)
"""Of each item the id of its last entry, and its events end to end: by id, that is in the order of their time."""
_DEVICES = (
    "WITH RECURSIVE each(device) AS (SELECT min(device) FROM journal UNION ALL "
    "SELECT (SELECT min(device) FROM journal WHERE device > each.device) FROM each WHERE each.device IS NOT NULL) "
    "SELECT device FROM each WHERE device IS NOT NULL "
    "ORDER BY (SELECT max(seq) FROM journal j WHERE j.device = each.device) DESC"
)
# Of itself SQLite would go through all entries in the order of their items.
_ITEMS_OF = "SELECT DISTINCT item FROM journal INDEXED BY journal_device_seq WHERE device = ?"
_COLUMNS = ("item", "last_entry", *STATE_COLUMNS, "deck", "position")
_VALUE = {name: f"?{place}" for place, name in enumerate(_COLUMNS, 1)}
_INSERT = (
    f"INSERT INTO memory ({', '.join(_COLUMNS)}, queue) VALUES ({', '.join(_VALUE.values())}, "
    f"{queue_case(_VALUE['suspended'], _VALUE['deck'], _VALUE['phase'], _VALUE['due_at'])})"
)
_AT_ONCE = 20_000
_TABLE = 1 << 22
"""So many sums are counted in a plain table; days lie close together, unless a foreign entry's are in another age."""


class Replayed(NamedTuple):
    """What the journal adds up to."""

    columns: dict[str, list[Any]]
    """`item`, `last_entry` and each of `STATE_COLUMNS`: lists of one length."""
    days: Days


@dataclass(frozen=True)
class _Read:
    """The journal as arrays, and what does not fit into them."""

    names: list[str]
    """The items that the arrays hold, in order."""
    last: list[bytes]
    """For each of them the id of its last entry."""
    events: Events
    item: Ints
    """For each event the place of its item in `names`."""
    careful: set[str]
    """The items that have to be folded one by one."""


def replay_all(connection: Connection, parameters: Parameters) -> Replayed:
    """States, last entries and daily sums of everything in the journal."""
    with many():
        found = _read(connection)
        reviews = replay.reviews(found.events, found.item)
        states = replay.states(found.events, found.item, reviews, len(found.names), parameters)
        columns: dict[str, list[Any]] = {"item": found.names, "last_entry": found.last}
        columns |= {name: states[name] for name in STATE_COLUMNS}
        days = _days(reviews, found.events["number"], found.events["predicted"], found.names)
        for item in sorted(found.careful):
            folded = cache.fold_stored(connection, item, parameters)
            if folded.last_entry is not None:
                row = (item, UUID(folded.last_entry).bytes, *row_of(folded.state))
                for column, value in zip(columns.values(), row, strict=True):
                    column.append(value)
                for key, values in folded.days.items():
                    add(days, key, values)
        return Replayed(columns, days)


def _read(connection: Connection) -> _Read:
    aliases, careful = _set_apart(connection)
    found = [row for row in driver(connection).execute(READ) if row[0] not in aliases and row[0] not in careful]
    sound = [len(data) == events * EVENT.itemsize for _, _, events, data in found]
    events = np.frombuffer(b"".join(row[3] for row, good in zip(found, sound, strict=True) if good), EVENT)
    item = np.repeat(np.arange(len(found)), [row[2] if good else 0 for row, good in zip(found, sound, strict=True)])
    plain = np.array(sound, np.bool_)
    seq = events["seq"]
    plain[item[1:][(seq[1:] <= seq[:-1]) & (item[1:] == item[:-1])]] = False  # the clock was set back between them
    stands = events["kind"] != NONE
    void = _void(connection)
    if len(void):
        stands &= ~np.isin(seq, void)
    if not stands.all():
        events, item = events[stands], item[stands]
    plain[item[~replay.plain(events)]] = False
    if not plain.all():
        careful.update(found[place][0] for place in np.flatnonzero(~plain))
        found = [row for row, good in zip(found, plain.tolist(), strict=True) if good]
        events, item = events[plain[item]], (np.cumsum(plain) - 1)[item[plain[item]]]
    return _Read([row[0] for row in found], [row[1] for row in found], events, item, careful)


def _set_apart(connection: Connection) -> tuple[set[str], set[str]]:
    """Former keys, which are no items; and the items that only the careful way can do, as far as they are known yet."""
    raw = driver(connection)
    aliases = dict(raw.execute("SELECT former, item FROM alias").fetchall())
    careful = set(aliases.values())
    for (device,) in raw.execute(_DEVICES).fetchall()[1:]:  # all but the one that wrote most
        careful.update(row[0] for row in raw.execute(_ITEMS_OF, (device,)))
    return set(aliases), careful - aliases.keys() - {""}


def _void(connection: Connection) -> Ints:
    """The numbers (`seq`) of undone entries of the device that wrote most; items of the others are set apart."""
    raw = driver(connection)
    main = raw.execute(f"{_DEVICES} LIMIT 1").fetchone()
    query = f"SELECT j.seq FROM ({VOID_ENTRIES}) v CROSS JOIN journal j ON j.n = v.n WHERE j.device = ?"
    return np.array([row[0] for row in raw.execute(query, main)] if main else [], np.int64)


def _days(reviews: Reviews, duration: Any, predicted: Any, names: list[str]) -> Days:
    """The daily sums of the reviews: `projection.sums` again.

    Args: `duration`, `predicted`: of every event; `names`: those of the items.
    """
    if not len(reviews.place):
        return {}
    decks: dict[str, int] = {}
    deck = np.array([decks.setdefault(name.partition("/")[0], len(decks)) for name in names], np.int64)
    first = int(reviews.day.min())
    span = int(reviews.day.max()) - first + 1
    place = deck[reviews.item] * span + (reviews.day - first)
    if len(decks) * span <= _TABLE:
        keys = np.flatnonzero(np.bincount(place))
        place = np.searchsorted(keys, np.arange(keys[-1] + 1))[place]
    else:
        keys, place = np.unique(place, return_inverse=True)

    def count(which: Any = None) -> list[int]:
        return np.bincount(place if which is None else place[which], minlength=len(keys)).tolist()  # type: ignore[no-any-return]

    failed, later = reviews.grade == 1, reviews.later
    mature = later & (reviews.interval >= MATURE_DAYS)
    young = later & ~mature
    expected = predicted[reviews.place]
    noted = np.flatnonzero(later & ~np.isnan(expected))
    sums: dict[str, list[Any]] = {
        "reviews": count(),
        "duration_ms": np.bincount(place, duration[reviews.place], len(keys)).astype(np.int64).tolist(),
        **{name: count(np.flatnonzero(reviews.grade == grade)) for grade, name in enumerate(_GRADES, 1)},
        "introduced": count(np.flatnonzero(reviews.before == Phase.NEW)),
        "young_passed": count(np.flatnonzero(young & ~failed)),
        "young_failed": count(np.flatnonzero(young & failed)),
        "mature_passed": count(np.flatnonzero(mature & ~failed)),
        "mature_failed": count(np.flatnonzero(mature & failed)),
        "predicted_count": count(noted),
        "predicted": np.bincount(place[noted], expected[noted], len(keys)).tolist(),
    }
    known = tuple(decks)
    where = [(key % span + first, known[key // span]) for key in keys.tolist()]
    return dict(zip(where, zip(*(sums[name] for name in DAY_COLUMNS), strict=True), strict=True))


_GRADES = ("again", "hard", "good", "easy")


def rebuild(connection: Connection) -> int:
    """Make `memory` and `day` anew from the journal, with its newest parameters.

    Returns: how many items have a history.
    """
    parameters = cache.read_parameters(connection)
    cache.remember_parameters(connection, parameters)
    columns, days = replay_all(connection, parameters)
    raw = driver(connection)
    places = {key: (deck, position) for key, deck, position in raw.execute("SELECT key, deck, position FROM item")}
    known = [places.pop(item, (None, None)) for item in columns["item"]]
    raw.execute("DELETE FROM memory")
    raw.execute("DELETE FROM day")
    raw.executemany(_INSERT, zip(*columns.values(), *zip(*known, strict=True), strict=True))
    raw.executemany(
        "INSERT INTO memory (item, deck, position, queue) VALUES (?, ?, ?, 0)",
        ((item, *place) for item, place in places.items()),
    )
    cache.book(connection, days)
    return len(known)


def recalculate(connection: Connection) -> None:
    """Calculate every stability and difficulty anew, with the journal's newest parameters.

    Nothing else in `memory`, and nothing in `day`, depends on parameters: days that were chosen stay.
    """
    parameters = cache.read_parameters(connection)
    cache.remember_parameters(connection, parameters)
    with many():
        found = _read(connection)
        reviews = replay.reviews(found.events, found.item)
        names = (found.names[place] for place in reviews.item[reviews.first].tolist())
        memories = replay.memories(reviews, parameters)
        driver(connection).executemany(
            "UPDATE memory SET stability = ?, difficulty = ? WHERE item = ?",
            ((*memory, name) for memory, name in zip(memories, names, strict=True)),
        )
        folded = {item: cache.fold_stored(connection, item, parameters) for item in found.careful}
        cache.save(connection, {item: (one.state, one.last_entry) for item, one in folded.items() if one.last_entry})


def copy_again(connection: Connection) -> int:
    """Put into the journal's columns what they should hold of the bodies: after a migration, which may have added some.

    Returns: how many entries had something else there.
    """
    raw = driver(connection)
    changed, newest = 0, raw.execute("SELECT max(n) FROM journal").fetchone()[0] or 0
    raw.execute("DROP TRIGGER IF EXISTS journal_no_update")
    columns = ", ".join(f"j.{name}" for name in cache.COPIES)
    for start in range(0, newest + 1, _AT_ONCE):
        query = f"SELECT {cache.ENTRY_COLUMNS}, j.n, {columns} FROM journal j WHERE j.n BETWEEN ? AND ?"
        wrong = []
        for row in raw.execute(query, (start, start + _AT_ONCE - 1)):
            with suppress(ValueError, TypeError, AttributeError):  # an unreadable body: the doctor tells
                entry = cache.entry_of(row)
                copies = cache.copies(entry, to_event(entry))
                if copies != row[10:]:
                    wrong.append((*copies, row[9]))
        raw.executemany(f"UPDATE journal SET ({', '.join(cache.COPIES)}) = (?, ?, ?, ?) WHERE n = ?", wrong)
        changed += len(wrong)
    raw.execute(TRIGGERS[0])
    return changed
