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
