"""The same entries on a PostgreSQL server, where a class lives or a person's machines are always online.

The only importer of psycopg, which comes with `studyapp[postgres]`. The server keeps, per learner, the union by id of
what that learner's machines sent; it lets nobody change or delete (see `classroom`). What is pulled goes through the
same gate as a line of a file. Passwords come from libpq's own places (~/.pgpass, PGPASSWORD, PGSERVICE) or from a URL
that was not typed on a command line, and are never shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from studyapp.storage import assigned, wire
from studyapp.storage.cache import ENTRY_COLUMNS
from studyapp.storage.database import driver
from studyapp.storage.entry import Entry, dump
from studyapp.storage.errors import SyncError
from studyapp.storage.exchange import Exchanged, clocks, gaps, take_in_names
from studyapp.storage.store import Store

if TYPE_CHECKING:
    import psycopg

DRIVERS = ("postgresql+psycopg", "postgresql")
COLUMNS = "id, device, seq, at, item, kind, grade, duration_ms, body"
_PULL = f"SELECT n, {COLUMNS} FROM studyapp.journal WHERE learner = current_user AND n > %s ORDER BY n"  # noqa: S608
_PUSH = (
    f"INSERT INTO studyapp.journal ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) "  # noqa: S608
    "ON CONFLICT (learner, id) DO NOTHING"
)
CONNECT_SECONDS = 10


@dataclass(frozen=True)
class Server:
    """An open connection, and the URL as it may be shown."""

    connection: psycopg.Connection[Any]
    shown: str


@contextmanager
def connected(url: str) -> Iterator[Server]:
    """Connect to `url`, postgresql+psycopg://learner@host/database?sslmode=….

    Other hosts than this one must prove who they are (sslmode=verify-full with the system's authorities) unless the
    URL or PGSSLMODE says otherwise. Raises: SyncError in words, also for whatever goes wrong inside the block.
    """
    try:
        import psycopg  # an extra
    except ImportError:
        said = "a server needs one more package where studyapp is installed: python -m pip install 'psycopg[binary]'"
        raise SyncError(said) from None
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SyncError("this is no URL of a server; it looks like postgresql+psycopg://you@host/database") from None
    shown = parsed.set(query={}).render_as_string(hide_password=True)
    if parsed.drivername not in DRIVERS:
        raise SyncError(f"{shown}: only postgresql+psycopg:// is known")
    given: dict[str, Any] = {**parsed.query, **parsed.translate_connect_args(username="user", database="dbname")}
    try:
        with psycopg.connect(autocommit=True, **_with_defaults(given)) as connection:
            yield Server(connection, shown)
    except psycopg.Error as error:
        raise SyncError(f"{shown}: {_in_words(error)}") from error


def _with_defaults(given: dict[str, Any]) -> dict[str, Any]:
    import os

    host = str(given.get("host") or os.environ.get("PGHOST", ""))
    near = host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")
    safe = {} if near or "PGSSLMODE" in os.environ else {"sslmode": "verify-full", "sslrootcert": "system"}
    if "sslmode" in given:
        safe = {}
    return {"connect_timeout": CONNECT_SECONDS, "application_name": "studyapp", **safe, **given}


def _in_words(error: psycopg.Error) -> str:
    sentence = str(error).strip().partition("\n")[0] or type(error).__name__
    remedies = {
        "3F000": "there is no class on this server yet: `studyapp class create`",
        "42P01": "there is no class on this server yet: `studyapp class create`",
        "42501": f"not allowed ({sentence}); the teacher adds learners with `studyapp class add`",
    }
    return remedies.get(error.sqlstate or "", sentence)


@dataclass
class _Cursor:
    """How far this database and the server have come with each other."""

    pulled: int = 0
    pushed: int = 0
    bad: int = 0
    """Rows of the server that were left out here."""
    held: int = 0
    """Entries that stay here because nobody could read them there."""


def exchange(store: Store, server: Server, *, now_ms: int, with_answers: bool = False) -> Exchanged:
    """Send what the server lacks, take in what it has, compare the counts; once more from the start if they differ.

    Args: `with_answers`: send also what the person typed and wrote (see `wire.without_answers`).
    Raises: SyncError; StorageError.
    """
    row = server.connection.execute("SELECT id, current_user FROM studyapp.class").fetchone()
    if row is None:
        raise SyncError(f"{server.shown}: there is no class on this server yet: `studyapp class create`")
    name = f"server:{row[0]}:{row[1]}"
    result = Exchanged()
    latest: dict[str, int] = {}
    cursor = _load(store, name)
    if not _once(store, server, cursor, result=result, latest=latest, with_answers=with_answers):
        cursor = _Cursor()  # a server or a database that was brought back from a backup
        if not _once(store, server, cursor, result=result, latest=latest, with_answers=with_answers):
            result.told.append(
                f"{server.shown} holds another number of entries than are here; nothing is lost here, but tell the "
                "teacher that the server refuses some"
            )
    _save(store, name, cursor)
    result.assigned = [
        (str(deck), due.isoformat())
        for deck, due in server.connection.execute("SELECT deck, due FROM studyapp.assignment ORDER BY due, deck")
    ]
    assigned.remember(store.database, name.removeprefix("server:"), result.assigned)
    result.told += [*gaps(store), *clocks(latest, store.journal.device, now_ms)]
    return result


def _once(
    store: Store,
    server: Server,
    cursor: _Cursor,
    *,
    result: Exchanged,
    latest: dict[str, int],
    with_answers: bool,
) -> bool:
    """One exchange from `cursor` on. Returns: whether both sides then hold the same number of entries."""
    rows, here, last = _to_send(store, cursor, result, with_answers)
    with server.connection.transaction():
        # One machine of a learner at a time: numbers are given before they are committed, and one that is committed
        # late would be behind a cursor that has passed it.
        server.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(current_user::text, 0))")
        found = server.connection.execute(_PULL, (cursor.pulled,)).fetchall()
        with server.connection.cursor() as sending:
            if rows:
                sending.executemany(_PUSH, rows)
                result.sent += max(0, sending.rowcount)
        counted = server.connection.execute(
            "SELECT count(*), coalesce(max(n), 0) FROM studyapp.journal WHERE learner = current_user"
        ).fetchone()
    assert counted is not None
    entries = list(_taken(found, cursor, result))
    for entry in entries:
        latest[entry.device] = max(latest.get(entry.device, entry.at), entry.at)
    merged = store.journal.merge(entries)
    take_in_names(store, merged.own, merged.conflicting, result.told)
    result.received += merged.added
    cursor.pulled, cursor.pushed = counted[1], last
    return bool(counted[0] == here - cursor.held + merged.added + cursor.bad)


def _to_send(
    store: Store, cursor: _Cursor, result: Exchanged, with_answers: bool
) -> tuple[list[tuple[Any, ...]], int, int]:
    """Rows that the server may lack; how many entries there are here; the number of the last."""
    sending: list[tuple[Any, ...]] = []
    with store.database.read() as connection:
        raw = driver(connection)
        here, last = raw.execute("SELECT count(*), coalesce(max(n), 0) FROM journal").fetchone()
        query = f"SELECT {ENTRY_COLUMNS} FROM journal j WHERE n > ? ORDER BY n"  # noqa: S608
        for row in raw.execute(query, (cursor.pushed,)):
            try:
                entry = wire.decode(wire.encode(row))
            except wire.BadLine as error:
                cursor.held += 1
                result.told.append(f"the entry {UUID(bytes=row[0])} stays here: {error}")
                continue
            body = row[8] if with_answers else dump(wire.without_answers(entry.body))
            sending.append((UUID(bytes=row[0]), *row[1:8], body))
    return sending, here, last


def _taken(found: list[Any], cursor: _Cursor, result: Exchanged) -> Iterator[Entry]:
    bad = 0
    for _, id_, *rest in found:
        try:
            yield wire.decode(wire.encode((id_.bytes, *rest)))
        except wire.BadLine as error:
            bad += 1
            result.told += [f"the server's entry {id_}: {error}; left out"] if bad == 1 else []
    cursor.bad += bad


def _load(store: Store, name: str) -> _Cursor:
    with store.database.read() as connection:
        text = connection.exec_driver_sql("SELECT value FROM meta WHERE name = ?", (name,)).scalar()
    return _Cursor(**json.loads(text)) if text else _Cursor()


def _save(store: Store, name: str, cursor: _Cursor) -> None:
    with store.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, dump(vars(cursor))),
        )
