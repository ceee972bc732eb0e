"""Keeps the tables made from the journal: `memory` (a row per item) and `day` (a row per study day and deck).

Functions on a connection inside a transaction of `Database`; the SQL of the hot path has names here.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection

from studyapp.memory.fsrs import fill
from studyapp.memory.model import Event, ItemState, Parameters
from studyapp.storage.database import driver
from studyapp.storage.entry import PARAMETERS, Entry, dump, id_bytes, id_text, to_event, whole
from studyapp.storage.projection import DAY_COLUMNS, Days, Folded, fold_item, packed_event
from studyapp.storage.schema import queue_case
from studyapp.storage.state import STATE_COLUMNS, row_of, state_of

ENTRY_COLUMNS = "j.id, j.device, j.seq, j.at, j.item, j.kind, j.grade, j.duration_ms, j.body"
VOID = (
    "EXISTS (SELECT 1 FROM journal u WHERE u.voids = coalesce(j.act, j.id) AND u.kind = 'undo' "
    "AND NOT EXISTS (SELECT 1 FROM journal r WHERE r.voids = u.id AND r.kind = 'redo'))"
)
"""Whether entry `j` is void: its act is undone, and that undo is not redone."""
_VOID_ACTS = (
    "SELECT voids FROM journal u WHERE voids IS NOT NULL AND kind = 'undo' "
    "AND NOT EXISTS (SELECT 1 FROM journal r WHERE r.voids = u.id AND r.kind = 'redo')"
)
VOID_ENTRIES = (
    f"SELECT j.n FROM ({_VOID_ACTS}) v CROSS JOIN journal j ON j.id = v.voids WHERE j.act IS NULL "
    f"UNION SELECT j.n FROM ({_VOID_ACTS}) v CROSS JOIN journal j ON j.act = v.voids"
)
"""The entries that were undone, each once, found from the undos."""

_STATE = ", ".join(STATE_COLUMNS)
_NEW_STATE = ", ".join(f"{name} = excluded.{name}" for name in (*STATE_COLUMNS, "last_entry"))
SAVE_STATE = (
    f"INSERT INTO memory (item, {_STATE}, last_entry) VALUES (?{', ?' * (len(STATE_COLUMNS) + 1)}) "
    f"ON CONFLICT (item) DO UPDATE SET {_NEW_STATE}, "
    f"queue = {queue_case('excluded.suspended', 'deck', 'excluded.phase', 'excluded.due_at')}"
)
SAVE_DAY = (
    f"INSERT INTO day (day, deck, {', '.join(DAY_COLUMNS)}) VALUES (?, ?{', ?' * len(DAY_COLUMNS)}) "
    f"ON CONFLICT (day, deck) DO UPDATE SET {', '.join(f'{name} = {name} + excluded.{name}' for name in DAY_COLUMNS)}"
)
INSERT_ENTRY = (
    "INSERT INTO journal (id, device, seq, at, item, kind, grade, duration_ms, body, act, voids, mistake, confidence, "
    "correct, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
LOAD_STATES = f"SELECT item, last_entry, {_STATE} FROM memory WHERE item IN "
COPIES = ("mistake", "confidence", "correct", "event")
CHUNK = 500
"""Values in one IN list, far below SQLite's limit of 32 766."""

Known = tuple[ItemState, str | None]
"""An item's state, and the id of its last entry."""


def entry_row(entry: Entry, event: Event | None) -> tuple[Any, ...]:
    """The row of the journal that holds `entry`. Args: `event`: what `to_event` says of it."""
    act, voids = entry.act, entry.voids
    return (
        id_bytes(entry.id), entry.device, entry.seq, entry.at, entry.item, entry.kind, entry.grade, entry.duration_ms,
        dump(entry.body), None if act == entry.id else id_bytes(act), id_bytes(voids) if voids else None,
        *copies(entry, event),
    )  # fmt: skip


def copies(entry: Entry, event: Event | None) -> tuple[str | None, int | None, int | None, bytes | None]:
    """What the columns `COPIES` hold of an entry's body: the one place that makes them.

    Args: `event`: what `to_event` says of it.
    """
    look = entry.body.get
    mistake, confidence, credit = look("mistake"), whole(look("confidence")), look("credit")
    correct = None if confidence is None else int(isinstance(credit, int | float) and credit >= 1)
    return mistake if isinstance(mistake, str) and mistake else None, confidence, correct, packed_event(entry, event)


def entry_of(row: Sequence[Any]) -> Entry:
    """The entry in a row of `ENTRY_COLUMNS`."""
    id_, device, seq, at, item, kind, grade, duration_ms, body = row[:9]
    return Entry(id_text(id_), device, seq, at, item, kind, grade, duration_ms, json.loads(body))


def load(connection: Connection, items: Sequence[str]) -> dict[str, Known]:
    """State and last entry of those of `items` that are known."""
    found: dict[str, Known] = {}
    for start in range(0, len(items), CHUNK):
        part = tuple(items[start : start + CHUNK])
        for row in driver(connection).execute(f"{LOAD_STATES} ({', '.join('?' * len(part))})", part):
            found[row[0]] = (state_of(row[2:]), id_text(row[1]) if row[1] else None)
    return found


def save(connection: Connection, known: dict[str, Known]) -> None:
    """Store states; where the item stands in its deck is left as it is."""
    if known:
        driver(connection).executemany(
            SAVE_STATE,
            [(item, *row_of(state), id_bytes(last) if last else None) for item, (state, last) in known.items()],
        )


def book(connection: Connection, days: Days) -> None:
    """Add sums to their days."""
    if days:
        driver(connection).executemany(SAVE_DAY, [(*key, *values) for key, values in days.items()])
        if any(values[0] < 0 for values in days.values()):
            connection.exec_driver_sql("DELETE FROM day WHERE reviews = 0")


def insert(connection: Connection, entries: Iterable[Entry]) -> None:
    """Append entries to the journal."""
    driver(connection).executemany(INSERT_ENTRY, [entry_row(entry, to_event(entry)) for entry in entries])


def current_key(connection: Connection, key: str) -> str:
    """The key under which an item goes now; an author may have renamed it."""
    found = connection.exec_driver_sql("SELECT item FROM alias WHERE former = ?", (key,)).scalar()
    return key if found is None else str(found)


def has_entries(connection: Connection, key: str) -> bool:
    """Whether the journal says anything about an item under exactly this key."""
    return bool(connection.exec_driver_sql("SELECT EXISTS (SELECT 1 FROM journal WHERE item = ?)", (key,)).scalar())


def fold_stored(connection: Connection, item: str, parameters: Parameters) -> Folded:
    """Fold what the journal holds about `item` (its present key) under all its names."""
    rows = connection.exec_driver_sql(
        f"SELECT {ENTRY_COLUMNS}, {VOID} FROM journal j "
        "WHERE j.item IN (SELECT ? WHERE NOT EXISTS (SELECT 1 FROM alias WHERE former = ?) "
        "UNION ALL SELECT former FROM alias WHERE item = ?)",
        (item, item, item),
    ).all()
    entries = [entry_of(row) for row in rows]
    void = {entry.id for entry, row in zip(entries, rows, strict=True) if row[9]}
    return fold_item(entries, void, item.partition("/")[0], parameters)


def read_parameters(connection: Connection) -> Parameters:
    """The newest parameter set that stands in the journal and can be calculated with, or the defaults."""
    rows = connection.exec_driver_sql(
        # They belong to no item; by the kind alone SQLite would read the whole journal.
        f"SELECT {ENTRY_COLUMNS} FROM journal j WHERE j.item = '' AND j.kind = ? AND NOT {VOID} "
        "ORDER BY j.at DESC, j.id DESC",
        (PARAMETERS,),
    )
    for row in rows:
        # A newer program's, or a foreign one's, that this one cannot calculate with is passed over, not stumbled on.
        with suppress(ValueError, TypeError):
            found = parameters_of(entry_of(row).body)
            fill(found.values, found.version)
            return found
    return Parameters()


def parameters_of(body: Any) -> Parameters:
    """The parameter set in the body of an entry.

    Raises: ValueError when it holds none.
    """
    version, values = body.get("version"), body.get("values")
    if not isinstance(version, str) or not isinstance(values, list | tuple) or not values:
        raise ValueError("an entry of kind `parameters` needs `version` and `values` in its body")
    return Parameters(version, tuple(float(value) for value in values))


def current_parameters(connection: Connection) -> Parameters:
    """The parameters that the projections were made with."""
    text = connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'parameters'").scalar()
    return Parameters() if text is None else parameters_of(json.loads(text))


def remember_parameters(connection: Connection, parameters: Parameters) -> None:
    """Store which parameters the projections were made with."""
    connection.exec_driver_sql(
        "INSERT INTO meta (name, value) VALUES ('parameters', ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (parameters_text(parameters),),
    )


def parameters_text(parameters: Parameters) -> str:
    """The form in which `meta` holds them."""
    return dump({"version": parameters.version, "values": list(parameters.values)})


def items_of(entries: Iterable[Entry]) -> list[str]:
    """The items that `entries` are about, each once, in order."""
    return list(dict.fromkeys(entry.item for entry in entries if entry.item))
