"""The whole journal at once: the same as `cache.fold_stored` for every item, some hundred times as fast.

Reads only the index that holds the packed events, item by item, into arrays. Items of more than one device, renamed
ones, and those with rare acts or odd numbers take the careful way. NumPy is needed here, so import this when asked to.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

import gc
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from studyapp.memory import replay
from studyapp.memory.model import Parameters, Phase
from studyapp.memory.replay import Acts, Ints, Reviews
from studyapp.storage import cache, packed
from studyapp.storage.cache import VOID_ENTRIES
from studyapp.storage.database import driver
from studyapp.storage.entry import MS_PER_DAY
from studyapp.storage.projection import DAY_COLUMNS, MATURE_DAYS, Days, add
from studyapp.storage.schema import TRIGGERS, queue_case
from studyapp.storage.state import STATE_COLUMNS, row_of

READ = (
    "SELECT g.item, g.events, g.data, j.id FROM (SELECT item, max(n) last, count(event) events, "
    "CAST(coalesce(group_concat(event, ''), '') AS BLOB) data FROM journal WHERE item > '' GROUP BY item) g "
    "JOIN journal j ON j.n = g.last"
)
"""Of each item its events end to end in the order of the journal, and the id of its last entry."""
_DEVICES = (
    "WITH RECURSIVE each(device) AS (SELECT min(device) FROM journal UNION ALL "
    "SELECT (SELECT min(device) FROM journal WHERE device > each.device) FROM each WHERE each.device IS NOT NULL) "
    "SELECT device FROM each WHERE device IS NOT NULL "
    "ORDER BY (SELECT max(seq) FROM journal j WHERE j.device = each.device) DESC"
)
_AT_ONCE = 20_000
_EVENT = np.dtype([(name, f"<{kind}") for name, kind in packed.FIELDS.items()])
_COLUMNS = ("item", "deck", "position", *STATE_COLUMNS, "last_entry")
_VALUE = {name: f"?{place}" for place, name in enumerate(_COLUMNS, 1)}
_INSERT = (
    f"INSERT INTO memory ({', '.join(_COLUMNS)}, queue) VALUES ({', '.join(_VALUE.values())}, "
    f"{queue_case(_VALUE['suspended'], _VALUE['deck'], _VALUE['phase'], _VALUE['due_at'])})"
)


class Replayed(NamedTuple):
    """What the journal adds up to."""

    rows: dict[str, tuple[Any, ...]]
    """Item → its row of `STATE_COLUMNS`, with the id of its last entry after it."""
    days: Days


def replay_all(connection: Connection, parameters: Parameters) -> Replayed:
    """States, last entries and daily sums of everything in the journal."""
    collecting = gc.isenabled()
    gc.disable()  # millions of small objects that all live on: looking through them again and again takes a third
    try:
        aliases, careful = _set_apart(connection)
        found = [row for row in driver(connection).execute(READ) if row[0] not in aliases and row[0] not in careful]
        plain, acts, item, events = _plain(found, _void(connection))
        careful.update(row[0] for row, fits in zip(found, plain, strict=True) if not fits)
        names = [row[0] for row, fits in zip(found, plain, strict=True) if fits]
        last = [row[3] for row, fits in zip(found, plain, strict=True) if fits]
        reviews = replay.reviews(acts, item)
        columns = replay.states(acts, item, reviews, len(names), parameters)
        states = zip(*(columns[name] for name in STATE_COLUMNS), last, strict=True)
        rows: dict[str, tuple[Any, ...]] = dict(zip(names, states, strict=True))
        days = _days(reviews, events[reviews.place], names)
        _fold_carefully(connection, careful, parameters, rows, days)
        return Replayed(rows, days)
    finally:
        if collecting:
            gc.enable()


def _set_apart(connection: Connection) -> tuple[set[str], set[str]]:
    """Former keys, which are no items; and the items that only the careful way can do, as far as they are known yet."""
    raw = driver(connection)
    aliases = dict(raw.execute("SELECT former, item FROM alias").fetchall())
    careful = set(aliases.values()) - aliases.keys()
    for (device,) in raw.execute(_DEVICES).fetchall()[1:]:  # all but the one that wrote most
        careful.update(row[0] for row in raw.execute("SELECT DISTINCT item FROM journal WHERE device = ?", (device,)))
    return set(aliases), careful - aliases.keys() - {""}


def _void(connection: Connection) -> Ints:
    """The numbers (`seq`) of undone entries. Those of another device's entries do no harm: its items are set apart."""
    raw = driver(connection)
    main = raw.execute(f"{_DEVICES} LIMIT 1").fetchone()
    query = f"SELECT j.seq FROM ({VOID_ENTRIES}) v CROSS JOIN journal j ON j.n = v.n WHERE j.device = ?"
    return np.array([row[0] for row in raw.execute(query, main)] if main else [], np.int64)


def _plain(found: list[Any], void: Ints) -> tuple[list[bool], Acts, Ints, NDArray[Any]]:
    """Which of the rows of `READ` the arrays can do; their acts that stand, each one's item, and the events whole."""
    sound = [len(data) == events * _EVENT.itemsize for _, events, data, _ in found]
    events = np.frombuffer(b"".join(row[2] for row, good in zip(found, sound, strict=True) if good), _EVENT)
    item = np.repeat(np.arange(len(found)), [row[1] if good else 0 for row, good in zip(found, sound, strict=True)])
    seq = events["seq"].astype(np.int64)
    plain = np.array(sound, np.bool_)
    plain[item[1:][(seq[1:] <= seq[:-1]) & (item[1:] == item[:-1])]] = False  # came in another order than written
    if len(void):
        stands = ~np.isin(seq, void)
        events, item = events[stands], item[stands]
    acts = _acts(events)
    plain[item[~replay.plain(acts)]] = False
    if not plain.all():
        events, item = events[plain[item]], (np.cumsum(plain) - 1)[item[plain[item]]]
        acts = _acts(events)
    return plain.tolist(), acts, item, events


def _acts(events: NDArray[Any]) -> Acts:
    column = {name: events[name].astype(np.int64) for name in packed.FIELDS if name not in ("seq", "predicted")}
    start = column["day"] * MS_PER_DAY

    def optional(name: str, none: int, added: Ints | int = 0) -> Ints:
        return np.where(column[name] == none, replay.ABSENT, column[name] + added)

    return Acts(
        kind=column["kind"],
        at=column["at"] + start,
        day=column["day"],
        grade=column["grade"],
        due_day=optional("due_day", packed.ABSENT),
        due_at=optional("due_at", packed.ABSENT, start),
        phase=optional("phase", packed.NONE),
        step=column["step"],
        leech=column["leech"] > 0,
        value=np.where(column["leech"] == packed.SUSPENDED, 1, column["number"]),
        level=optional("level", packed.NONE),
    )


def _days(reviews: Reviews, events: NDArray[Any], names: list[str]) -> Days:
    """The daily sums of the reviews: `projection.sums` again. `events` are theirs, `names` those of the items."""
    decks: dict[str, int] = {}
    deck = np.array([decks.setdefault(name.partition("/")[0], len(decks)) for name in names], np.int64)
    if not len(reviews.place):
        return {}
    first = int(reviews.day.min())
    span = int(reviews.day.max()) - first + 1
    keys, place = np.unique(deck[reviews.item] * span + reviews.day - first, return_inverse=True)
    grade, passed = reviews.grade, reviews.grade > 1
    mature, young = reviews.later & (reviews.interval >= MATURE_DAYS), reviews.later & (reviews.interval < MATURE_DAYS)
    predicted = np.where(reviews.later, events["predicted"].astype(np.float64), np.nan)
    noted = ~np.isnan(predicted)
    counted = {
        "reviews": np.ones(len(place)), "duration_ms": events["number"].astype(np.float64),
        "again": grade == 1, "hard": grade == 2, "good": grade == 3, "easy": grade == 4,
        "introduced": reviews.before == Phase.NEW,
        "young_passed": young & passed, "young_failed": young & ~passed,
        "mature_passed": mature & passed, "mature_failed": mature & ~passed,
        "predicted_count": noted, "predicted": np.where(noted, predicted, 0),
    }  # fmt: skip
    sums = {name: np.bincount(place, weights, len(keys)) for name, weights in counted.items()}
    columns = [sums[name] if name == "predicted" else sums[name].astype(np.int64) for name in DAY_COLUMNS]
    known = tuple(decks)
    where = [(key % span + first, known[key // span]) for key in keys.tolist()]
    return dict(zip(where, zip(*(column.tolist() for column in columns), strict=True), strict=True))


def _fold_carefully(
    connection: Connection, items: set[str], parameters: Parameters, rows: dict[str, tuple[Any, ...]], days: Days
) -> None:
    for item in sorted(items):
        folded = cache.fold_stored(connection, item, parameters)
        if folded.last_entry is not None:
            rows[item] = (*row_of(folded.state), UUID(folded.last_entry).bytes)
            for key, values in folded.days.items():
                add(days, key, values)


def rebuild(connection: Connection) -> int:
    """Make `memory` and `day` anew from the journal, with its newest parameters.

    Returns: how many items have a history.
    """
    parameters = cache.read_parameters(connection)
    cache.remember_parameters(connection, parameters)
    rows, days = replay_all(connection, parameters)
    raw = driver(connection)
    places = {key: (deck, position) for key, deck, position in raw.execute("SELECT key, deck, position FROM item")}
    raw.execute("DELETE FROM memory")
    raw.execute("DELETE FROM day")
    raw.executemany(_INSERT, ((item, *places.pop(item, (None, None)), *row) for item, row in rows.items()))
    raw.executemany(
        "INSERT INTO memory (item, deck, position, queue) VALUES (?, ?, ?, 0)",
        ((item, *place) for item, place in places.items()),
    )
    cache.book(connection, days)
    return len(rows)


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
                copies = cache.copies(cache.entry_of(row))
                if copies != row[10:]:
                    wrong.append((*copies, row[9]))
        raw.executemany(f"UPDATE journal SET ({', '.join(cache.COPIES)}) = (?, ?, ?, ?) WHERE n = ?", wrong)
        changed += len(wrong)
    raw.execute(TRIGGERS[0])
    return changed
