"""What can go wrong with the database, as sentences for the person at the keyboard. Knows SQLite's codes, no SQL."""
# ruff: noqa: N818  each name says what is wrong; "LockedError" would not say more

from __future__ import annotations

import sqlite3
from pathlib import Path


class StorageError(Exception):
    """The database cannot be used, or did not take what was given. The command line exits with 3."""


class Unreadable(StorageError):
    """The file or its folder cannot be opened."""


class NotOurs(Unreadable):
    """The file is no database of this program."""


class Locked(StorageError):
    """Another program holds the database."""


class ReadOnly(StorageError):
    """The file or its folder does not allow writing."""


class Damaged(StorageError):
    """The file is truncated or overwritten."""


class TooNew(StorageError):
    """A newer version of the program wrote the file."""


class DiskFull(StorageError):
    """There is no room; nothing was written."""


class NothingToUndo(StorageError):
    """There is no act to undo, or none to redo."""


class SyncError(Exception):
    """The folder or the server to exchange with cannot be used; the database is as it was. The command line exits 1."""


def explain(error: BaseException, path: Path) -> StorageError:
    """The typed error for what SQLite (or SQLAlchemy around it) raised about `path`."""
    original = getattr(error, "orig", None) or error
    code = getattr(original, "sqlite_errorcode", None) or 0
    reason = str(original)
    found = _BY_CODE.get(code) or _BY_CODE.get(code & 0xFF)
    if found is None:
        return StorageError(f"{path}: {reason}; `studyapp doctor` says more")
    kind, sentence = found
    return kind(f"{path}: {sentence} ({reason})")


_FULL = (DiskFull, "there is no room left on the disk, so nothing was written; make room and do it again")
_DAMAGED = (Damaged, "the file is damaged; `studyapp doctor` examines it, `studyapp restore` brings back a backup")
_BY_CODE: dict[int, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_BUSY: (Locked, "another program is writing to the database; close it, or wait and do it again"),
    sqlite3.SQLITE_LOCKED: (Locked, "another program is writing to the database; close it, or wait and do it again"),
    sqlite3.SQLITE_READONLY: (ReadOnly, "the file or its folder is read-only, so nothing was written; allow writing"),
    sqlite3.SQLITE_PERM: (ReadOnly, "the file or its folder is read-only, so nothing was written; allow writing"),
    sqlite3.SQLITE_CANTOPEN: (Unreadable, "the file cannot be opened; look at the folder and its permissions"),
    sqlite3.SQLITE_AUTH: (Unreadable, "the file cannot be opened; look at the folder and its permissions"),
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR_WRITE: _FULL,  # what a quota answers
    sqlite3.SQLITE_IOERR_FSYNC: _FULL,
    sqlite3.SQLITE_IOERR: (
        Unreadable,
        "the disk failed or is full; nothing was written; make room, or look at the disk",
    ),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}


def clock_behind(milliseconds: int) -> str:
    """The sentence about a clock that is behind the newest entry."""
    return (
        f"The clock is {in_words(milliseconds)} behind your last act. Nothing is lost, but what is due follows "
        "the clock: set it right, or undo what was done while it was wrong."
    )


def in_words(milliseconds: int) -> str:
    """A length of time, for a sentence."""
    minutes = milliseconds // 60_000
    for size, unit in ((1_440, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}s"
    return f"{minutes} minutes"
