"""What the first bytes of a database file say, read without SQLite: a file that cannot be used stays as it is."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from studyapp.storage import places
from studyapp.storage.errors import Damaged, NotOurs, TooNew, Unreadable

APPLICATION_ID = 0x53746479
"""Written into the file's header ("Stdy"), so that `file` and we ourselves know whose it is."""
VERSION = 2
"""`PRAGMA user_version`: the number of the newest migration."""
BUSY_MS = 5_000
"""How long to wait for another program before saying so."""
MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Header:
    """What the first hundred bytes of the file say. `version` 0 is an empty file that is still to be filled."""

    version: int
    application: int


def examine(path: Path) -> Header | None:
    """Look at the file's first bytes, without SQLite, so that nothing is changed; None when there is no file.

    An empty file is one that is just being made, unless something was in it: then there is a log, or a backup.

    Raises: Unreadable, NotOurs, Damaged or TooNew.
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        if _has_log(path):
            raise Damaged(f"{path}: the file is gone, though its log is there; {_way_back(path)}") from None
        return None
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}; look at the file and its permissions") from None
    if not head:
        if _has_log(path):  # SQLite would delete it
            raise Damaged(f"{path}: the file is empty, though its log is there; {_way_back(path)}")
        _refuse_emptied(path)
        return Header(0, 0)
    if not head.startswith(MAGIC) or len(head) < 100:
        raise Damaged(f"{path}: this is no database; move it away, or `studyapp restore` a backup")
    page_size, pages = struct.unpack(">H", head[16:18])[0], struct.unpack(">I", head[28:32])[0]
    application, version = struct.unpack(">I", head[68:72])[0], struct.unpack(">I", head[60:64])[0]
    if application != APPLICATION_ID and (application or pages > 1 or version):
        raise NotOurs(f"{path}: this database belongs to another program; choose another folder")
    check_version(path, version)
    if size < pages * (65_536 if page_size == 1 else page_size) and not _has_log(path):
        raise Damaged(
            f"{path}: the file is cut off after {size} bytes; `studyapp restore` brings back a backup, "
            "`studyapp doctor --salvage` saves what is left"
        )
    if not version and not _has_log(path):
        _refuse_emptied(path)
    return Header(version, application)


def _refuse_emptied(path: Path) -> None:
    """Raise Damaged where there are backups of what this empty file held."""
    if known := _backups(path):
        several = "is a backup" if known == 1 else f"are {known} backups"
        raise Damaged(f"{path}: the file is empty, though there {several} of it; {_way_back(path)}")


def _way_back(path: Path) -> str:
    what = "the file and its log" if _has_log(path) else "the file"
    back = "`studyapp restore 1` brings back the newest backup; " if _backups(path) else ""
    return f"{back}to begin anew, move {what} away"


def _backups(path: Path) -> int:
    return sum(1 for _ in places.backups(path).glob("[0-9]*.db"))


def check_version(path: Path, version: int) -> None:
    """Raise TooNew when a newer program wrote the file."""
    if version > VERSION:
        raise TooNew(
            f"{path}: a newer studyapp wrote this database (version {version}, this one knows {VERSION}); "
            "update studyapp; nothing was changed"
        )


def _has_log(path: Path) -> bool:
    try:
        return path.with_name(path.name + "-wal").stat().st_size > 0
    except OSError:
        return False
