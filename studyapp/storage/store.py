"""`Store`: an open database with everything that can be asked of it. What the use cases hold."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import TracebackType

from studyapp.storage import backup, places, schema
from studyapp.storage.catalogue import Catalogue
from studyapp.storage.database import Database, prepare
from studyapp.storage.device import Machine
from studyapp.storage.errors import StorageError, Unreadable
from studyapp.storage.header import APPLICATION_ID, BUSY_MS, VERSION, check_version, examine
from studyapp.storage.journal import Journal
from studyapp.storage.queue import Queue
from studyapp.storage.search import Search
from studyapp.storage.statistics import Statistics


class Store:
    """An open database. Close it, or use it in a `with` block."""

    def __init__(self, database: Database, machine: Machine, *, only_looking: bool = False) -> None:
        self.database = database
        self.path = database.path
        self.machine = machine
        self.only_looking = only_looking
        """Whether nothing can be written: see `look`."""
        self.journal = Journal(database, machine)
        self.catalogue = Catalogue(database)
        self.queue = Queue(database)
        self.search = Search(database)
        self.statistics = Statistics(database)
        self.warning = places.warning(database.path)
        """A sentence when the file lies in a synced folder or on a network, else None."""

    @classmethod
    def open(cls, path: Path | None = None, *, device: str | None = None, busy_ms: int = BUSY_MS) -> Store:
        """Open the database at `path` (by default the learner's own), made now where there is none.

        Args: `device`: this machine's id, by default from the file beside the database; `busy_ms`: how long to wait for
        another program.
        Raises: StorageError: Unreadable, NotOurs, Damaged, TooNew, Locked, ReadOnly or DiskFull; the file is left as
        it was.
        """
        path = places.database() if path is None else path
        examine(path)
        prepare(path)
        try:
            machine = Machine(path.parent, device)
        except OSError as error:
            raise Unreadable(f"{path.parent}: {error.strerror}; allow writing there") from None
        database = Database(path, busy_ms=busy_ms)
        try:
            _bring_up_to_date(database)
        except BaseException:
            database.close()
            raise
        return cls(database, machine)

    @classmethod
    def look(cls, path: Path | None = None) -> Store:
        """Open the database for reading alone, where nothing may be written; every act raises ReadOnly.

        Raises: StorageError when that cannot be done either.
        """
        from studyapp.storage.looking import LookedAt  # rarely needed

        path = places.database() if path is None else path
        return cls(LookedAt(path), Machine(path.parent, "looking"), only_looking=True)

    def idle(self) -> bool:
        """Housekeeping for moments when nobody waits, such as after a frame is painted; takes a few milliseconds."""
        return self.database.idle()

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards. What was written is backed up every now and then."""
        written = self.database.written
        self.database.close()
        if written:
            # No reason to keep a person from leaving; the doctor says when the last backup is old.
            with suppress(StorageError):
                backup.automatic(self.path)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _bring_up_to_date(database: Database) -> None:
    with database.raw() as connection:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        database.use_log()  # a restored backup has none
        return
    check_version(database.path, version)
    if version == 0:
        _create(database)
        return
    from studyapp.storage.migrate import migrate  # Alembic is slow to import and rarely needed

    migrate(database)


def _create(database: Database) -> None:
    database.use_log()
    with database.write() as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar():
            return  # another process was first
        schema.create_all(connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (schema.REVISIONS[VERSION],))
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")
    with database.raw() as raw:  # so that the file's own header says whose it is
        raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
