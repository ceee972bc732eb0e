"""Finding cards by their words: FTS5 where SQLite has it, LIKE where not, and for what FTS5 cannot see.

What a person types is never read as query syntax. A very large deck that came in at once is put into the index by the
first search after it, so that nobody waits for it before.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from studyapp.storage.database import Database
from studyapp.storage.errors import StorageError

LARGE = 20_000
"""Items of a deck from which on the index waits."""

_CREATE = (
    "CREATE VIRTUAL TABLE search USING fts5(text, content='item', content_rowid='n', "
    "tokenize='unicode61 remove_diacritics 2')"
)


@dataclass(frozen=True)
class Hit:
    """One item found."""

    key: str
    front: str


class Search:
    """The search over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, words: str, *, limit: int = 50) -> tuple[Hit, ...]:
        """Items whose text has all of `words`, the best first; the last word may be unfinished.

        Where the index finds nothing, any place in the text counts: parts of words, signs, scripts without spaces.
        """
        terms = words.replace("\x00", " ").split()
        if not terms:
            return ()
        with self._database.read() as connection:
            waiting = bool(_behind(connection))
        complete = not waiting or self._catch_up()
        with self._database.read() as connection:
            if complete and _has_index(connection):
                rows = connection.exec_driver_sql(
                    "SELECT i.key, i.front FROM search s JOIN item i ON i.n = s.rowid WHERE search MATCH ? "
                    "ORDER BY rank, i.n LIMIT ?",
                    (_query(terms), limit),
                ).all()
                if rows:
                    return tuple(Hit(key, front) for key, front in rows)
            condition = " AND ".join(["text LIKE ? ESCAPE '\\'"] * len(terms))
            rows = connection.exec_driver_sql(
                f"SELECT key, front FROM item WHERE {condition} ORDER BY n LIMIT ?",
                (*(f"%{_escaped(term)}%" for term in terms), limit),
            ).all()
            return tuple(Hit(key, front) for key, front in rows)

    def _catch_up(self) -> bool:
        """Put into the index what waits for it. Returns: whether that could be done."""
        try:
            with self._database.write() as connection:
                catch_up(connection)
        except StorageError:
            return False  # a read-only disk, or somebody else is writing: then every text is looked through
        return True


def _query(terms: list[str]) -> str:
    quoted = ['"' + term.replace('"', '""') + '"' for term in terms]
    return " ".join(quoted) + "*"


def _escaped(term: str) -> str:
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _has_index(connection: Connection) -> bool:
    return bool(
        connection.exec_driver_sql(
            "SELECT sqlite_compileoption_used('ENABLE_FTS5') "
            "AND EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'search')"
        ).scalar()
    )


def _behind(connection: Connection) -> list[int]:
    """The decks that wait for being put into the index."""
    text = connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'search-behind'").scalar()
    found: list[int] = json.loads(text) if text else []
    return found


def _wait(connection: Connection, decks: list[int]) -> None:
    connection.exec_driver_sql("DELETE FROM meta WHERE name = 'search-behind'")
    if decks:
        connection.exec_driver_sql("INSERT INTO meta (name, value) VALUES ('search-behind', ?)", (json.dumps(decks),))


def forget(connection: Connection, deck: int) -> None:
    """Take a deck's items out of the index, while `item` still holds the text that went in."""
    behind = _behind(connection)
    if deck in behind:
        _wait(connection, [one for one in behind if one != deck])
    elif _has_index(connection):
        connection.exec_driver_sql(
            "INSERT INTO search (search, rowid, text) SELECT 'delete', n, text FROM item WHERE deck = ?", (deck,)
        )


def learn(connection: Connection, deck: int) -> None:
    """Put a deck's items into the index, which is made at the first call; let it wait where they are very many."""
    count = connection.exec_driver_sql("SELECT count(*) FROM item WHERE deck = ?", (deck,)).scalar_one()
    if count >= LARGE:
        _wait(connection, [*_behind(connection), deck])
    elif _has_index(connection):
        connection.exec_driver_sql("INSERT INTO search (rowid, text) SELECT n, text FROM item WHERE deck = ?", (deck,))
    else:
        _make(connection)


def catch_up(connection: Connection) -> None:
    """Put into the index all that waits for it."""
    behind = _behind(connection)
    _wait(connection, [])
    if not _has_index(connection):
        _make(connection)
        return
    for deck in behind:
        connection.exec_driver_sql("INSERT INTO search (rowid, text) SELECT n, text FROM item WHERE deck = ?", (deck,))


def _make(connection: Connection) -> None:
    if connection.exec_driver_sql("SELECT sqlite_compileoption_used('ENABLE_FTS5')").scalar():
        connection.exec_driver_sql(_CREATE)
        rebuild(connection)


def rebuild(connection: Connection) -> None:
    """Make the index anew from `item`."""
    if _has_index(connection):
        _wait(connection, [])
        connection.exec_driver_sql("INSERT INTO search (search) VALUES ('rebuild')")


def check(connection: Connection) -> None:
    """Raise sqlalchemy.exc.DatabaseError when the index does not fit `item`."""
    if _has_index(connection):
        catch_up(connection)
        connection.exec_driver_sql("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
