"""A first look at the database with the standard library's sqlite3 alone: for `studyapp due` and the first paint.

Reads what must be there at once, while SQLAlchemy loads; never writes, never makes a file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studyapp.memory.model import ItemState
from studyapp.storage import due
from studyapp.storage.due import DeckCounts, counts
from studyapp.storage.errors import explain
from studyapp.storage.header import check_version, examine
from studyapp.storage.kept import CARD
from studyapp.storage.state import state_of

BUSY_MS = 1_000


@dataclass(frozen=True)
class FirstItem:
    """The item that comes first, with all that is needed to ask it."""

    key: str
    deck: str
    kind: str
    card: str
    """JSON text, as the catalogue keeps it."""
    state: ItemState


@dataclass(frozen=True)
class Glance:
    """What is there at a glance."""

    decks: tuple[DeckCounts, ...] = ()
    first: FirstItem | None = None


def glance(
    path: Path,
    *,
    today: int,
    now_ms: int,
    next_day_at: int,
    new_left: int = 1,
    with_first: bool = True,
    with_waiting: bool = True,
) -> Glance | None:
    """Look at the database at `path`. None when there is none yet.

    Args: `today`: the study day; `now_ms`, `next_day_at`: epoch milliseconds; `new_left`: with 0 the first item is
    never a new one; `with_first=False` leaves it out; `with_waiting=False` counts only what was done today.
    Raises: StorageError when the file cannot be read; it is left as it is.
    """
    if examine(path) is None:
        return None
    values = {"today": today, "now": now_ms, "next_day_at": next_day_at, "until": now_ms, "limit": 1}
    try:
        with closing(_open(path)) as connection:
            connection.execute("BEGIN")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:  # another process is just making it
                return None
            check_version(path, version)
            first = _first(connection, values, new_left, version) if with_first else None
            return Glance(
                counts(lambda query: connection.execute(query, values).fetchall(), waiting=with_waiting), first
            )
    except sqlite3.Error as error:
        raise explain(error, path) from error


def lines(path: Path) -> Iterator[bytes]:
    """Every entry of the journal as a line of `wire`, oldest first. Nothing is written, so a read-only disk will do.

    Raises: StorageError when the file cannot be read.
    """
    from studyapp.storage import wire  # a first look does without

    examine(path)
    try:
        # Where writing is allowed another program may write meanwhile, and SQLite must be able to keep them apart.
        if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        else:
            connection = _open(path)
        with closing(connection):
            connection.execute("PRAGMA query_only=ON")
            check_version(path, connection.execute("PRAGMA user_version").fetchone()[0])
            for row in connection.execute(
                "SELECT id, device, seq, at, item, kind, grade, duration_ms, body FROM journal ORDER BY n"
            ):
                yield wire.encode(row)
    except sqlite3.Error as error:
        raise explain(error, path) from error


def _open(path: Path) -> sqlite3.Connection:
    # With no log there is nothing but the file, and SQLite is told so: otherwise even a reader makes two files.
    log = path.with_name(path.name + "-wal")
    alone = not log.exists() or log.stat().st_size == 0
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}", uri=True, isolation_level=None
    )
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA query_only=ON")
    return connection


def _first(connection: sqlite3.Connection, values: dict[str, int], new_left: int, version: int) -> FirstItem | None:
    for query in (due.LEARNING, due.REVIEWS, *((due.NEW,) if new_left > 0 else ())):
        known = query if version >= 2 else query.replace("m.level", "NULL")  # a writer will bring it up to date
        row: Any = connection.execute(known.format(decks=""), values).fetchone()
        if row is not None:
            item = connection.execute(
                f"SELECT d.id, i.kind, {CARD} FROM item i JOIN deck d ON d.n = i.deck WHERE i.key = ?",  # noqa: S608  our own
                (row[0],),
            ).fetchone()
            if item is not None:
                deck, kind, card = item
                return FirstItem(row[0], deck, kind, card, state_of(row[3:]))
    return None
