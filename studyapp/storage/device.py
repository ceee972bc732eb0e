"""Which machine this is: a short id in a file beside the database.

It is no part of the database, so that a restored or copied database is not a copied machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

FILE = "device"
_FORM = re.compile(r"[a-z0-9-]{8,64}")


def device_ids(folder: Path) -> tuple[str, ...]:
    """The id kept in `folder`, made at the first call, and the former ones it still answers to.

    Two processes that ask at once get the same. Raises: OSError when the folder cannot be read or written.
    """
    path = folder / FILE
    while True:
        if known := _read(path):
            return known
        _write_new(path, (os.urandom(8).hex(),))


def device_id(folder: Path) -> str:
    """The id that this machine writes under; see `device_ids`."""
    return device_ids(folder)[0]


def renew(folder: Path, *, keep: bool, also: Iterable[str] = ()) -> str:
    """Give this machine another id.

    Args: `keep`: what stands under the old one is still this machine's own to undo (a restore); otherwise a copy of
    this machine writes under it; `also`: ids that nobody writes under any more, to be undone here from now on.
    """
    path = folder / FILE
    former = _read(path) if keep else ()
    path.unlink(missing_ok=True)
    _write_new(path, (os.urandom(8).hex(), *dict.fromkeys((*former, *filter(_FORM.fullmatch, also)))))
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
        self._ids = (fixed,) if fixed else device_ids(folder)

    @property
    def id(self) -> str:
        """The id as it is now."""
        return self.ids[0]

    @property
    def ids(self) -> tuple[str, ...]:
        """That, and those it had before a restore."""
        if self._fixed is None and (stamp := self._look()) != self._stamp:
            self._ids, self._stamp = device_ids(self._folder), stamp
        return self._ids

    def renew(self) -> str:
        """Give this machine another id, because a copy of it writes under the old one."""
        if self._fixed is None:
            renew(self._folder, keep=False)
        else:
            self._fixed = os.urandom(8).hex()
            self._ids = (self._fixed,)
        return self.id

    def _look(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)


def _read(path: Path) -> tuple[str, ...]:
    try:
        ids = path.read_text(encoding="ascii", errors="replace").split()
    except FileNotFoundError:
        return ()
    if ids and all(map(_FORM.fullmatch, ids)):
        return tuple(ids)
    path.unlink(missing_ok=True)  # a torn file names nobody: entries already written keep the id they have
    return ()


def _write_new(path: Path, ids: tuple[str, ...]) -> None:
    temporary = path.with_name(f".{FILE}-{ids[0]}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write("".join(f"{one}\n" for one in ids))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # unlike rename, fails when another process was first
        except FileExistsError:
            pass
        except OSError:  # a disk without links, such as a USB stick's; a full one ends above
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
