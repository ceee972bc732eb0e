"""Whether the open database is still where it was.

SQLite writes on into a file that was moved or deleted meanwhile, and nobody would find what it wrote; so whoever writes
a review asks here first. Reads the folder's entry, nothing else.
"""

from __future__ import annotations

from pathlib import Path

from studyapp.storage.errors import Unreadable


class Presence:
    """Remembers which file stood at a path."""

    def __init__(self, path: Path) -> None:
        """The file at `path` is the right one."""
        self._path, self._file = path, _identity(path)

    def check(self) -> None:
        """Raises: Unreadable when the path leads to another file by now, or to none."""
        now = _identity(self._path)
        if now is None or now != self._file:
            what = "is not there any more" if now is None else "was replaced by another file"
            raise Unreadable(
                f"{self._path}: the database {what}, so nothing was written. Put the file back and do it again; or "
                "leave, and `studyapp restore` brings back a backup."
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
