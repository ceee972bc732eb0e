"""The whole journal at once: the same as `cache.fold_stored` for every item, some ten times as fast.

Walks the entries item by item, takes the daily sums on the way, and leaves stability and difficulty to batch calls of
`memory.replay`. Items of more than one device, renamed ones and those with an odd body take the careful way.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from studyapp.memory import replay
from studyapp.memory.model import Act, Parameters
from studyapp.storage import cache
from studyapp.storage.cache import Known
from studyapp.storage.database import driver
from studyapp.storage.entry import ACTS, MS_PER_DAY
from studyapp.storage.projection import DAY_COLUMNS, LONGEST_ANSWER_MS, MATURE_DAYS, Days, add

ITEMS_AT_ONCE = 5_000
_ROWS = (
    "SELECT item, id, act, device, seq, at, kind, grade, duration_ms, body FROM journal "
    "WHERE item <> '' ORDER BY item, n"
)
_VOID_ACTS = (
    "SELECT voids FROM journal u WHERE voids IS NOT NULL AND kind = 'undo' "
    "AND NOT EXISTS (SELECT 1 FROM journal r WHERE r.voids = u.id AND r.kind = 'redo')"
)
_REVIEW, _FORGET, _SET_DUE = Act.REVIEW.value, Act.FORGET.value, Act.SET_DUE.value
_PLACE = {name: place for place, name in enumerate(DAY_COLUMNS)}


class Replayed(NamedTuple):
    """What the journal adds up to."""

    known: dict[str, Known]
    days: Days


class _Body(msgspec.Struct):
    """What a replay needs of an entry's body; anything of another type sends the item the careful way."""

    day: int | None = None
    due_day: int | None = None
    due_at: int | None = None
    phase: int | None = None
    step: int = 0
    leech: bool = False
    value: int = 0
    level: int | None = None
    predicted: float | None = None


class _OddError(Exception):
    """This item needs the careful way."""


_decode = msgspec.json.Decoder(_Body).decode


def replay_all(connection: Connection, parameters: Parameters) -> Replayed:
    """States, last entries and daily sums of everything in the journal."""
    collecting = gc.isenabled()
    gc.disable()  # millions of small objects that all live on: looking through them again and again takes a third
    try:
        return _replay_all(connection, parameters)
    finally:
        if collecting:
            gc.enable()


def _replay_all(connection: Connection, parameters: Parameters) -> Replayed:
    raw = driver(connection)
    void = {row[0] for row in raw.execute(_VOID_ACTS)}
    aliases = dict(raw.execute("SELECT former, item FROM alias").fetchall())
    sums: dict[tuple[int, str], list[float]] = {}
    careful = set(aliases.values()) - aliases.keys()
    known: dict[str, Known] = {}
    items = _items(raw, careful | aliases.keys())
    while chunk := list(islice(items, ITEMS_AT_ONCE)):
        histories: list[list[replay.Row]] = []
        plain: list[tuple[str, bytes]] = []
        for item, rows in chunk:
            try:
                histories.append(_history(rows, void, item.partition("/")[0], sums))
                plain.append((item, rows[-1][1]))
            except (_OddError, msgspec.MsgspecError):
                careful.add(item)
        states = replay.replay_rows(histories, parameters)
        for (item, last), state in zip(plain, states, strict=True):
            known[item] = (state, str(UUID(bytes=last)))
    days: Days = {key: tuple(values) for key, values in sums.items()}
    for item in sorted(careful):
        folded = cache.fold_stored(connection, item, parameters)
        if folded.last_entry is not None:
            known[item] = (folded.state, folded.last_entry)
            for key, values in folded.days.items():
                add(days, key, values)
    return Replayed(known, days)


def _items(raw: sqlite3.Connection, without: set[str]) -> Iterator[tuple[str, list[Any]]]:
    for item, group in groupby(raw.execute(_ROWS), key=lambda row: row[0]):
        if item not in without:
            yield item, list(group)


def _history(
    rows: Sequence[Any], void: set[bytes], deck: str, sums: dict[tuple[int, str], list[float]]
) -> list[replay.Row]:
    """The rows that `memory.replay` takes of one item, and its part of the daily sums.

    The sums are `projection.sums` again, on the three values that they need of the state before a review: whether the
    item was new or in review, the day of its last review and the day it was due.
    """
    device, last_seq = rows[0][3], -1
    history: list[replay.Row] = []
    booked: list[tuple[int, Any]] = []
    phase, last_day, due_day = 0, None, None
    for _, id_, act, of_device, seq, at, kind, grade, duration_ms, text in rows:
        if of_device != device or seq <= last_seq:
            raise _OddError
        last_seq = seq
        if (act or id_) in void or kind not in ACTS:
            continue
        body = _decode(text)
        day = at // MS_PER_DAY if body.day is None else body.day
        chosen = body.phase if body.phase in (0, 1, 2, 3) else None
        if kind == _REVIEW and body.level is not None:
            raise _OddError
        if kind == _REVIEW:
            if grade not in (1, 2, 3, 4):
                continue
            booked.append((day, (grade, duration_ms, body.predicted, phase, last_day, due_day)))
            phase, last_day, due_day = 2 if chosen is None else chosen, day, body.due_day
        elif kind == _FORGET:
            phase, last_day, due_day = 0, None, None
        elif kind == _SET_DUE:
            phase, due_day = 2, body.due_day
        given = grade if kind == _REVIEW else None  # a foreign entry of another kind may have one all the same
        history.append(
            (kind, at, day, given, body.due_day, body.due_at, chosen, body.step, body.leech, body.value, body.level)
        )
    for day, review in booked:  # only now, when nothing can send the item the careful way any more
        _book(sums, (day, deck), review)
    return history


def _book(sums: dict[tuple[int, str], list[float]], key: tuple[int, str], review: tuple[Any, ...]) -> None:
    grade, duration_ms, predicted, phase, last_day, due_day = review
    values = sums.get(key)
    if values is None:
        values = sums[key] = [0] * len(DAY_COLUMNS)
    values[0] += 1
    values[1] += min(max(duration_ms or 0, 0), LONGEST_ANSWER_MS)
    values[1 + grade] += 1
    if phase == 0:
        values[_PLACE["introduced"]] += 1
    elif phase == 2 and last_day is not None and key[0] > last_day:
        mature = (due_day or 0) - last_day >= MATURE_DAYS
        values[_PLACE["mature_passed" if mature else "young_passed"] + (grade == 1)] += 1
        if predicted is not None and 0 <= predicted <= 1:
            values[_PLACE["predicted_count"]] += 1
            values[_PLACE["predicted"]] += predicted


def rebuild(connection: Connection, parameters: Parameters) -> int:
    """Make `memory` and `day` anew from the journal. Returns: how many items have a history."""
    known, days = replay_all(connection, parameters)
    for table in ("memory", "day"):
        connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    connection.exec_driver_sql(
        "INSERT INTO memory (item, deck, position, queue) "
        "SELECT key, deck, position, 0 FROM item ORDER BY deck, position"
    )
    cache.save(connection, known)
    cache.book(connection, days)
    return len(known)
