"""The file itself: found, examined, opened with our settings, written in transactions that nobody else can tear.

The only place where connections are made for writing. `header.examine` comes before, so that a file that cannot be used
stays as it is.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from studyapp.storage.errors import StorageError, Unreadable, explain
from studyapp.storage.header import BUSY_MS

Result = TypeVar("Result")

WAL_PAGES = 250
"""A write-ahead log longer than this is worth a checkpoint between two answers; a long one slows every answer."""
OLDEST_SQLITE = (3, 38, 0)  # the first with STRICT tables and JSON built in

_SETTINGS = (
    "PRAGMA busy_timeout={busy_ms}",  # first: the others may meet another process
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-20000",
    "PRAGMA trusted_schema=OFF",  # a file from elsewhere runs no functions of its own
)
_WRITER_SETTINGS = (
    "PRAGMA synchronous=FULL",  # one fsync an answer: a grade shown is a grade on disk, power cut or not
    "PRAGMA wal_autocheckpoint=10000",  # a safety net; our own checkpoints run while nobody waits
    "PRAGMA recursive_triggers=ON",  # else INSERT OR REPLACE deletes from the journal unseen by its trigger
)


def prepare(path: Path) -> None:
    """Make the folder (0700) and an empty file (0600) where there are none.

    Raises: Unreadable.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        for suffix in ("", "-wal", "-shm"):  # SQLite gives the log the mode of the file
            beside = path.with_name(path.name + suffix)
            if beside.exists() and beside.stat().st_mode & 0o077:
                beside.chmod(0o600)
    except OSError as error:
        raise Unreadable(
            f"{path}: {error.strerror}; studying needs to write there (`studyapp due` and `studyapp export` do not): "
            "allow it, or choose another folder with STUDYAPP_HOME"
        ) from None


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, in the same transaction.

    For the statements of the answer path, where SQLAlchemy's result objects would cost more than SQLite does.
    """
    raw: Any = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _data_version(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return found


class Written(NamedTuple):
    """What has been written: as long as two of these are equal, nothing has changed between them."""

    elsewhere: int
    """SQLite's own number, another one after every transaction of another connection: windows, machines, programs."""
    here: int
    """Transactions written through this `Database`."""


class Database:
    """Two ways to the file: `write()`, one at a time over all processes, and `read()`, which never waits for it."""

    def __init__(self, path: Path, *, busy_ms: int = BUSY_MS) -> None:
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StorageError(f"SQLite {sqlite3.sqlite_version} is too old: 3.38 or later is needed; update Python")
        self.path = path
        self._busy_ms = busy_ms
        self._lock = threading.RLock()
        self._shortening = threading.Lock()
        self._writer_engine = self._engine("IMMEDIATE", _WRITER_SETTINGS)
        self._reader_engine = self._engine("DEFERRED", ("PRAGMA query_only=ON",))
        self._writer: Connection | None = None
        self._raw: sqlite3.Connection | None = None
        """The driver's own connection of the writer."""
        self._file: tuple[int, int] | None = None
        """Which file the writer has open."""
        self._commits = 0
        """Since the log was last shortened."""
        self._transactions = 0
        self.written = False
        """Whether anything was written since the file was opened."""
        self.last_written: Written | None = None
        """What `written_so_far` would have said at the end of the last transaction written through this `Database`."""

    def _engine(self, transaction: str, settings: tuple[str, ...]) -> Engine:
        engine = create_engine(
            f"sqlite:///{self.path}",
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": self._busy_ms / 1000},
        )

        @event.listens_for(engine, "connect")
        def _configure(connection: sqlite3.Connection, _record: object) -> None:
            for statement in (*_SETTINGS, *settings):
                connection.execute(statement.format(busy_ms=self._busy_ms))

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            # The driver's own transactions lose updates: two that read, then write, both commit (notes of SQLAlchemy's
            # SQLite dialect). IMMEDIATE takes the write lock before the first read.
            driver(connection).execute(f"BEGIN {transaction}")

        return engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One durable transaction: everything in it is on disk when the block ends, or nothing is.

        Raises: StorageError of the kind that fits; Unreadable where the file was moved, deleted or replaced;
        RuntimeError inside another transaction.
        """
        with self.raw() as raw:
            self._may_write(raw)
            assert self._writer is not None
            with self._writer.begin():
                elsewhere = _data_version(raw)
                yield self._writer
                if not raw.in_transaction:  # the driver's commit would say nothing
                    raise sqlite3.OperationalError("the transaction was ended before its time")
            self._wrote(elsewhere)

    def write_directly(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """As `write`, begun and ended on the driver's own connection as well. Returns: what `work` returned.

        For an answer, which a person waits for: SQLAlchemy's transaction would cost as much as a third of its
        statements.
        """
        with self._lock:
            try:
                raw = self._open()
                self._may_write(raw)
                try:
                    raw.execute("BEGIN IMMEDIATE")  # see `_begin`
                    elsewhere = _data_version(raw)
                    result = work(raw)
                    raw.execute("COMMIT")
                except BaseException:
                    if raw.in_transaction:  # not where SQLite has ended it, as it does on a full disk
                        raw.rollback()
                    raise
                self._wrote(elsewhere)
            except sqlite3.Error as error:
                raise explain(error, self.path) from error
        return result

    def _open(self) -> sqlite3.Connection:
        """The writer's own connection, made at the first call. Belongs to whoever holds the lock."""
        if self._raw is None:
            self._writer = self._writer_engine.connect()
            self._raw = driver(self._writer)
        return self._raw

    def _may_write(self, raw: sqlite3.Connection) -> None:
        if raw.in_transaction:
            raise RuntimeError("a transaction inside another one: what is to be written belongs in the outer one")
        self._still_there()

    def _wrote(self, elsewhere: int) -> None:
        self._commits += 1
        self._transactions += 1
        self.written = True
        self.last_written = Written(elsewhere, self._transactions)

    def _still_there(self) -> None:
        """SQLite writes on into a file that was moved or deleted, where nobody would find what it wrote."""
        try:
            found = self.path.stat()
        except OSError:
            now = None
        else:
            now = found.st_dev, found.st_ino
        self._file = self._file or now
        if now is None or now != self._file:
            what = "is not there any more" if now is None else "was replaced by another file"
            raise Unreadable(
                f"{self.path}: the database {what}, so nothing was written. Put the file back and do it again; or "
                "leave, and `studyapp restore` brings back a backup."
            )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of what is committed. Keep it short: the log grows while it is open.

        Raises: StorageError of the kind that fits.
        """
        try:
            with self._reader_engine.connect() as connection, connection.begin():
                yield connection
        except (DBAPIError, sqlite3.Error) as error:
            raise explain(error, self.path) from error

    @contextmanager
    def raw(self) -> Iterator[sqlite3.Connection]:
        """The writer's own connection outside a transaction, for PRAGMAs and the backup API."""
        with self._lock:
            try:
                yield self._open()
            except (DBAPIError, sqlite3.Error) as error:
                raise explain(error, self.path) from error

    def written_so_far(self) -> Written:
        """How far the database has been written, by whomever; takes a few microseconds. Raises: StorageError."""
        with self.raw() as connection:
            return Written(_data_version(connection), self._transactions)

    def use_log(self) -> None:
        """Switch the file to write-ahead logging, once; it stays so.

        Two processes that open a new file at once can meet here, where SQLite does not wait by itself.
        """
        deadline = time.monotonic() + self._busy_ms / 1000
        with self.raw() as connection:
            while True:
                try:
                    if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal":
                        return
                    raise StorageError(f"{self.path}: this disk allows no write-ahead log; choose another folder")
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                        raise
                time.sleep(0.01)

    def idle(self) -> bool:
        """Shorten the log if it is long. To be called when a person reads, not when they wait; never blocks anybody.

        It goes by a connection that does not write: with the writer's own, an answer would wait for the disk.
        Returns: whether there was anything to do.
        """
        if self._commits < WAL_PAGES // 8 or not self._shortening.acquire(blocking=False):  # about six pages an answer
            return False
        try:
            self._commits = 0
            with closing(self._reader_engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except (DBAPIError, sqlite3.Error) as error:
            raise explain(error, self.path) from error
        finally:
            self._shortening.release()
        return True

    def close(self) -> None:
        """Leave a single file behind, where no other process still uses it. The object cannot be used afterwards."""
        with self._lock:
            try:
                if self._writer is not None:
                    with self.raw() as connection:
                        connection.execute("PRAGMA busy_timeout=0")
                        connection.execute("PRAGMA optimize")
                        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except StorageError:
                pass  # somebody else is writing, or the disk is full: the log stays, and is as good as the file
            finally:
                if self._writer is not None:
                    self._writer.close()
                    self._writer = self._raw = None
                self._reader_engine.dispose()
                self._writer_engine.dispose()
