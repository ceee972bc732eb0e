"""What the first bytes of a database file say, read without SQLite: a file that cannot be used stays as it is."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path

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
    """What the first hundred bytes of the file say. `version` 0 is an empty file."""

    version: int
    application: int


def examine(path: Path) -> Header | None:
    """Look at the file's first bytes, without SQLite, so that nothing is changed; None when there is no file.

    Raises: Unreadable, NotOurs, Damaged or TooNew.
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}; look at the file and its permissions") from None
    if not head:
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
    return Header(version, application)


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
