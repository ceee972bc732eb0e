"""The journal in parts: some thousand items at a time, all entries of each, as arrays. Reads only.

SQLite puts each part together in one step, from the one index that holds all of it, and lets go of the interpreter
meanwhile: so another thread reads the next part while the last is worked on. NumPy is needed here.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from studyapp.memory import replay
from studyapp.memory.packed import NONE
from studyapp.memory.replay import EVENT, Bools, Events, Ints
from studyapp.storage.cache import VOID_ENTRIES
from studyapp.storage.database import driver

ITEMS = 8_000
"""In one part. So many keep SQLite busy long enough, and fit into the processor's cache when each has ten reviews."""
_ENTRY = np.dtype([("id", "V16"), *EVENT.descr])
READ = (
    "SELECT json_group_array(item), json_group_array(n), json_group_array(length(entries)), "
    "CAST(group_concat(entries, '') AS BLOB) FROM (SELECT item, count(*) AS n, "
    "CAST(coalesce(group_concat(id || event, ''), '') AS BLOB) AS entries "
    "FROM journal WHERE item > ? GROUP BY item LIMIT ?)"
)
"""The items after one, how many entries each has, how many bytes these take, and the entries end to end: by id, that is
in the order of their time, each as its id and its event."""
_DEVICES = (
    "WITH RECURSIVE each(device) AS (SELECT min(device) FROM journal UNION ALL "
    "SELECT (SELECT min(device) FROM journal WHERE device > each.device) FROM each WHERE each.device IS NOT NULL) "
    "SELECT device FROM each WHERE device IS NOT NULL "
    "ORDER BY (SELECT max(seq) FROM journal j WHERE j.device = each.device) DESC"
)
# Of itself SQLite would go through all entries in the order of their items.
_ITEMS_OF = "SELECT DISTINCT item FROM journal INDEXED BY journal_device_seq WHERE device = ?"


@dataclass(frozen=True)
class Part:
    """Some of the items, and what does not fit into arrays."""

    names: list[str]
    """The items that the arrays hold, in order."""
    last: list[bytes]
    """For each of them the id of its last entry."""
    events: Events
    """What stands of their entries."""
    item: Ints
    """For each event the place of its item in `names`."""
    careful: list[str]
    """The items found here that have to be folded one by one."""


@dataclass(frozen=True)
class _Apart:
    """What is known before the entries are read."""

    items: frozenset[str]
    """Items that only the careful way can do, and former keys, which are no items."""
    void: Ints
    """The numbers (`seq`) of undone entries of the device that wrote most; items of the others are set apart."""


def parts(connection: Connection) -> Generator[Part]:
    """The whole journal. Close the iterator before the connection does anything else.

    The first part holds no arrays, but the items that are set apart from the start.
    """
    raw = driver(connection)
    aliases = dict(raw.execute("SELECT former, item FROM alias").fetchall())
    careful = {*aliases.values(), *_of_other_devices(raw)} - aliases.keys() - {""}
    yield Part([], [], np.zeros(0, EVENT), np.zeros(0, np.int64), sorted(careful))
    apart = _Apart(frozenset(careful | aliases.keys()), _void(raw))
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(_read, raw, "")
        while (found := coming.result())[0]:
            coming = reader.submit(_read, raw, found[0][-1])
            yield _part(*found, apart)


def _read(raw: sqlite3.Connection, after: str) -> tuple[list[str], Ints, Ints, bytes]:
    names, counts, lengths, entries = raw.execute(READ, (after, ITEMS)).fetchone()
    return json.loads(names), np.array(json.loads(counts)), np.array(json.loads(lengths)), entries


def _part(names: list[str], counts: Ints, lengths: Ints, data: bytes, apart: _Apart) -> Part:
    sound: Bools = lengths == counts * _ENTRY.itemsize  # else the numbers of some entry are beyond all measure
    known = np.array([name in apart.items for name in names]) if apart.items else np.zeros(len(names), np.bool_)
    careful = _those(names, ~sound & ~known)
    if not (usable := sound & ~known).all():
        starts = np.cumsum(lengths) - lengths
        data = b"".join(data[start : start + size] for start, size in zip(starts[usable], lengths[usable], strict=True))
        names, counts = _those(names, usable), counts[usable]
    entries = np.frombuffer(data, _ENTRY)
    item = np.repeat(np.arange(len(names)), counts)
    last = entries["id"][np.cumsum(counts) - 1]

    plain = np.ones(len(names), np.bool_)
    seq = entries["seq"]
    plain[item[1:][(seq[1:] <= seq[:-1]) & (item[1:] == item[:-1])]] = False  # the clock was set back between them
    stands = entries["kind"] != NONE
    if len(apart.void):
        stands &= ~np.isin(seq, apart.void)
    if not stands.all():
        entries, item = entries[stands], item[stands]
    plain[item[~replay.plain(entries)]] = False
    if not plain.all():
        careful += _those(names, ~plain)
        names, last = _those(names, plain), last[plain]
        entries, item = entries[plain[item]], (np.cumsum(plain) - 1)[item[plain[item]]]
    return Part(names, last.tolist(), entries, item, careful)


def _those(names: list[str], which: NDArray[np.bool_]) -> list[str]:
    return [names[place] for place in np.flatnonzero(which).tolist()]


def _of_other_devices(raw: sqlite3.Connection) -> set[str]:
    """The items of all devices but the one that wrote most."""
    found: set[str] = set()
    for (device,) in raw.execute(_DEVICES).fetchall()[1:]:
        found.update(row[0] for row in raw.execute(_ITEMS_OF, (device,)))
    return found


def _void(raw: sqlite3.Connection) -> Ints:
    main: Any = raw.execute(f"{_DEVICES} LIMIT 1").fetchone()
    query = f"SELECT j.seq FROM ({VOID_ENTRIES}) v CROSS JOIN journal j ON j.n = v.n WHERE j.device = ?"
    return np.array([row[0] for row in raw.execute(query, main)] if main else [], np.int64)
