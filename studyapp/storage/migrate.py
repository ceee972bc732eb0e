"""Brings an older database up to date with Alembic. Imported only when the stored version differs.

A verified backup comes first. Then everything happens in one transaction: a program that is killed half-way leaves the
old version whole. The journal table is never rebuilt; a migration may only add columns to it. What is copied or made
from the entries is made anew after it, because a new version may read them otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from studyapp.storage import backup, replaying, schema
from studyapp.storage.database import Database
from studyapp.storage.errors import Damaged
from studyapp.storage.header import VERSION
from studyapp.storage.telling import tell

SCRIPTS = Path(__file__).parent / "migrations"
WHAT = "Bringing your history up to date"


def migrate(
    database: Database,
    *,
    version: int = VERSION,
    revisions: Mapping[int, str] = schema.REVISIONS,
    versions: Path = SCRIPTS / "versions",
) -> None:
    """Upgrade to `version`.

    Args: `revisions`: user version → Alembic revision; `versions`: the folder of the migrations.
    Tells how far it is: see `telling`.
    Raises: StorageError; the database is then as it was. What a migration itself raises goes through, likewise.
    """
    # Shares as they were measured with a million entries.
    tell(WHAT, 0.0)
    backup.make(database.path, backup.BEFORE_MIGRATION)
    tell(WHAT, 0.05)
    try:
        # Inside a transaction this PRAGMA silently does nothing; with foreign keys on, rebuilding a table empties
        # those that refer to it.
        with database.raw() as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
        with database.write() as transaction:
            if transaction.exec_driver_sql("PRAGMA user_version").scalar_one() >= version:
                return  # another process was first
            _upgrade(transaction, database.path, version, revisions[version], versions)
            tell(WHAT, 0.97)  # what is left is to write it down for good
    finally:
        with database.raw() as connection:
            connection.execute("PRAGMA foreign_keys=ON")
    tell(WHAT, 1.0)


def _upgrade(connection: Connection, path: Path, version: int, revision: str, versions: Path) -> None:
    before = _count(connection)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    tell(WHAT, 0.15)
    replaying.copy_again(connection, lambda share: tell(WHAT, 0.15 + 0.55 * share))
    tell(WHAT, 0.75)
    replaying.rebuild(connection)
    tell(WHAT, 0.8)
    problems = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    state = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    if problems or state != "ok" or _count(connection) != before:
        raise Damaged(f"{path}: the upgrade to version {version} went wrong ({problems or state}); nothing was changed")
    connection.exec_driver_sql(f"PRAGMA user_version={version}")


def _count(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM journal").scalar_one())
