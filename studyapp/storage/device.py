"""Which machine this is: a short id in a file beside the database.

It is no part of the database, so that a restored or copied database is not a copied machine.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

FILE = "device"
_FORM = re.compile(r"[a-z0-9-]{8,64}")


def device_id(folder: Path) -> str:
    """The id kept in `folder`, made at the first call. Two processes that ask at once get the same.

    Raises: OSError when the folder cannot be read or written.
    """
    path = folder / FILE
    while True:
        if (known := _read(path)) is not None:
            return known
        _write_new(path, os.urandom(8).hex())


def renew(folder: Path) -> str:
    """Give this machine another id, because a copy of it writes under the old one."""
    (folder / FILE).unlink(missing_ok=True)
    return device_id(folder)


class Machine:
    """The id of this machine for as long as a database is open.

    Looked at before every write, which costs a microsecond: a restore or a sync in another window may have renewed it,
    and a number must never be given twice under one id.
    """

    def __init__(self, folder: Path, fixed: str | None = None) -> None:
        """The id kept in `folder`, or `fixed`. Raises: OSError as `device_id`."""
        self._folder, self._path = folder, folder / FILE
        self._fixed = fixed
        self._stamp = (0, 0)
        self._id = fixed or device_id(folder)

    @property
    def id(self) -> str:
        """The id as it is now."""
        if self._fixed is None and (stamp := self._look()) != self._stamp:
            self._id, self._stamp = device_id(self._folder), stamp
        return self._id

    def renew(self) -> str:
        """Give this machine another id, because a copy of it writes under the old one."""
        if self._fixed is None:
            renew(self._folder)
        else:
            self._fixed = self._id = os.urandom(8).hex()
        return self.id

    def _look(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)


def _read(path: Path) -> str | None:
    try:
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    if _FORM.fullmatch(text):
        return text
    path.unlink(missing_ok=True)  # a torn file names nobody: entries already written keep the id they have
    return None


def _write_new(path: Path, text: str) -> None:
    temporary = path.with_name(f".{FILE}-{text}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)  # unlike rename, fails when another process was first
    except FileExistsError:
        pass
    except OSError:  # a disk without links, such as a USB stick's
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
