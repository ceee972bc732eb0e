"""Copies of the database that are known to be good: made with SQLite's backup API, reopened and checked, thinned.

Copying the file by other means loses what is still in the log, or tears pages; this does not, and other programs may go
on writing meanwhile. A backup counts only after it was reopened, checked and found to hold as many entries.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studyapp.storage import device, places
from studyapp.storage.errors import Damaged, StorageError, Unreadable, explain
from studyapp.storage.header import BUSY_MS, examine

AUTOMATIC = "auto"
ASKED = "asked"
BEFORE_MIGRATION = "before-migration"
BEFORE_RESTORE = "before-restore"
BEFORE_IMPORT = "before-import"
GIVEN_UP = "given-up-devices"
GAP = timedelta(minutes=30)
"""Between two automatic backups."""
KEEP_ALL, KEEP_DAYS, KEEP_WEEKS, KEEP_MONTHS, KEEP_LEAST = timedelta(days=2), 12, 10, 9, 3

_NAME = re.compile(r"(\d{8}T\d{6}\d{3})Z-([a-z-]+)\.db")
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Backup:
    """One backup: where it is, when and why it was made, how big it is."""

    path: Path
    at: datetime
    reason: str
    size: int

    def entries(self) -> int:
        """How many entries its journal holds, after checking the whole file.

        Raises: Damaged.
        """
        return verify(self.path)


def backups(database: Path) -> tuple[Backup, ...]:
    """The backups of `database`, newest first."""
    found = []
    folder = places.backups(database)
    for path in folder.iterdir() if folder.is_dir() else ():
        if match := _NAME.fullmatch(path.name):
            at = datetime.strptime(match[1][:15], _STAMP).replace(tzinfo=UTC, microsecond=int(match[1][15:]) * 1000)
            found.append(Backup(path, at, match[2], path.stat().st_size))
    return tuple(sorted(found, key=lambda one: (one.at, one.path.name), reverse=True))


def make(database: Path, reason: str = ASKED, *, now: datetime | None = None) -> Backup:
    """Back up `database` now, also while it is in use.

    Raises: StorageError when it cannot be read, there is no room, or the copy does not hold what the original does.
    """
    examine(database)  # SQLite would take an empty file for a database, and name the copy where a program is too old
    at = (now or datetime.now(UTC)).astimezone(UTC)
    folder = places.backups(database)
    target = folder / f"{at.strftime(_STAMP)}{at.microsecond // 1000:03}Z-{reason}.db"
    temporary = target.with_suffix(".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear_parts(database, at)
        os.close(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        count = _copy(database, temporary)
        if verify(temporary) != count:
            raise Damaged(f"{temporary}: the copy holds other entries than the original; nothing was replaced")
        _settle(temporary, target)
    except (sqlite3.Error, OSError) as error:
        raise _explain(error, database) from error
    finally:
        temporary.unlink(missing_ok=True)
    return Backup(target, at, reason, target.stat().st_size)


def automatic(database: Path, *, now: datetime | None = None) -> Backup | None:
    """Make a backup unless a recent one exists, and thin the old ones. Returns: the backup made, if any.

    Raises: StorageError.
    """
    at = now or datetime.now(UTC)
    known = backups(database)
    if known and known[0].at > at - GAP:
        return None
    made = make(database, AUTOMATIC, now=at)
    for old in superfluous(backups(database), at):
        old.path.unlink(missing_ok=True)
    return made


def _clear_parts(database: Path, now: datetime) -> None:
    """Delete what backups and restores that were killed left behind."""
    for part in (*places.backups(database).glob("*.part*"), *database.parent.glob(f"{database.stem}.part*")):
        with suppress(OSError):  # somebody else's file, or another program was first
            if part.stat().st_mtime < (now - GAP).timestamp():
                part.unlink()


def superfluous(known: Iterable[Backup], now: datetime) -> tuple[Backup, ...]:
    """The backups that thinning drops.

    Kept: what was asked for, all of two days, then the newest of each of 12 days, before those of each of 10 weeks,
    before those of each of 9 months, and the three newest of any age.
    """
    newest_first = sorted(known, key=lambda one: one.at, reverse=True)
    tiers = [["%Y-%m-%d"] * KEEP_DAYS, ["%G-%V"] * KEEP_WEEKS, ["%Y-%m"] * KEEP_MONTHS]
    periods = [form for tier in tiers for form in tier]
    dropped = []
    last_kept: datetime | None = None
    for place, one in enumerate(newest_first):
        if one.reason == ASKED or one.at > now - KEEP_ALL:
            continue
        form = periods[0] if periods else None
        if form and (last_kept is None or one.at.strftime(form) != last_kept.strftime(form)):
            periods.pop(0)
            last_kept = one.at
        elif place >= KEEP_LEAST:
            dropped.append(one)
    return tuple(dropped)


def verify(path: Path) -> int:
    """Check the whole of a closed database file. Returns: the number of entries in its journal.

    Raises: Damaged, NotOurs, TooNew or Unreadable.
    """
    if examine(path) is None:
        raise Unreadable(f"{path}: there is no such file")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise Damaged(f"{path}: the file is damaged ({found})")
            count: int = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
            return count
    except sqlite3.Error as error:
        raise explain(error, path) from error


def restore(database: Path, backup: Path, *, now: datetime | None = None) -> Backup | None:
    """Put the contents of `backup` in the place of `database`, which is backed up first.

    Other windows see the restored contents with their next question. What was done since the backup is in the backup
    made here, so a restore is undone by another. This machine gets a new id, since its count of entries starts again
    from an earlier number.

    Returns: the backup of what was there; None when there was nothing, or it was too damaged to be more than copied
    (the copy then lies beside the backups as `damaged-….db`).
    Raises: StorageError; `database` is then as it was.
    """
    verify(backup)
    before = _keep_present(database, now or datetime.now(UTC))
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        device.renew(
            database.parent, keep=True, also=_given_up(backup)
        )  # first: a name too many is harmless, a number given twice is not
        if before is None:
            temporary = database.with_suffix(".part")
            _clear_parts(database, now or datetime.now(UTC))
            try:
                shutil.copyfile(backup, temporary)
                temporary.chmod(0o600)
                for suffix in ("-wal", "-shm"):
                    database.with_name(database.name + suffix).unlink(missing_ok=True)
                _settle(temporary, database)
            finally:
                temporary.unlink(missing_ok=True)
        else:
            _copy(backup, database)
    except (sqlite3.Error, OSError) as error:
        raise _explain(error, database) from error
    return before


def give_up(copy: Path, ids: Iterable[str]) -> None:
    """Note in a copy of a database under which ids its machine wrote, which is about to forget them.

    Whoever restores the copy can undo what stands under them, and writes under an id of its own.
    """
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (GIVEN_UP, " ".join(ids)))


def _given_up(copy: Path) -> list[str]:
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        row = connection.execute("SELECT value FROM meta WHERE name = ?", (GIVEN_UP,)).fetchone()
    return str(row[0]).split() if row else []


def _keep_present(database: Path, now: datetime) -> Backup | None:
    try:
        if (header := examine(database)) is None or header.version == 0:
            return None
        return make(database, BEFORE_RESTORE, now=now)
    except StorageError:
        folder = places.backups(database)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = {suffix: database.with_name(database.name + suffix) for suffix in ("", "-wal")}
        there = {suffix: source for suffix, source in there.items() if source.exists()}
        if any(source.stat().st_size for source in there.values()):  # nobody misses an empty file
            for suffix, source in there.items():
                target = folder / f"damaged-{now.strftime(_STAMP)}.db{suffix}"
                shutil.copyfile(source, target)
                target.chmod(0o600)
        return None


def _copy(source: Path, target: Path) -> int:
    """Copy page by page in one snapshot. Returns: the number of entries in it."""
    # A reader that may not write leaves an empty log behind; one that may tidies up, and writes nothing else.
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as original,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        for connection in (original, copy):
            connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        logging = copy.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        original.execute("BEGIN")
        count: int = original.execute("SELECT count(*) FROM journal").fetchone()[0]
        original.backup(copy)
        original.execute("COMMIT")
        if not logging:
            copy.execute("PRAGMA journal_mode=DELETE")  # a backup is one file, and opens without making others
        return count


def _settle(temporary: Path, target: Path) -> None:
    """Make the file durable before it gets its name, and the name before anybody relies on it."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(target)
    if os.name == "posix":
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _explain(error: Exception, path: Path) -> StorageError:
    if isinstance(error, OSError):
        return Unreadable(f"{error.filename or path}: {error.strerror}; make room or allow writing, and do it again")
    return explain(error, path)
