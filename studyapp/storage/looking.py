"""A database that can only be looked at: on a read-only disk, in somebody else's folder. Makes and changes no file."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from studyapp.storage.database import Database, driver
from studyapp.storage.errors import ReadOnly, Unreadable
from studyapp.storage.header import BUSY_MS, VERSION, examine


class LookedAt(Database):
    """The readers' way to a file, and none for writers."""

    def __init__(self, path: Path, *, busy_ms: int = BUSY_MS) -> None:
        """Raises: Unreadable when there is no file, or it must first be brought up to date; or as `examine`."""
        header = examine(path)
        if header is None or header.version == 0:
            raise Unreadable(f"{path}: there is no database yet, and none can be made here")
        if header.version != VERSION:
            raise Unreadable(
                f"{path}: an older studyapp wrote this; it has to be brought up to date, where writing is allowed"
            )
        super().__init__(path, busy_ms=busy_ms)

    def _engine(self, transaction: str, settings: tuple[str, ...]) -> Engine:
        engine = create_engine("sqlite://", creator=self._connect, poolclass=NullPool)

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            driver(connection).execute("BEGIN DEFERRED")

        return engine

    def _connect(self) -> sqlite3.Connection:
        # With no log there is nothing but the file, and SQLite is told so: otherwise even a reader makes two files.
        log = self.path.with_name(self.path.name + "-wal")
        alone = not log.exists() or log.stat().st_size == 0
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        for statement in (f"PRAGMA busy_timeout={self._busy_ms}", "PRAGMA query_only=ON", "PRAGMA trusted_schema=OFF"):
            connection.execute(statement)
        return connection

    def _open(self) -> NoReturn:
        raise ReadOnly(
            f"{self.path}: the file or its folder is read-only, so nothing was written; allow writing there, or choose "
            "another folder with STUDYAPP_HOME"
        )

    def idle(self) -> bool:
        """Nothing is ever to be done."""
        return False
