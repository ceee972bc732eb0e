"""Putting a file in its place in one step. Knows no deck; imports the standard library only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Make `content` the file `path`, with that mode: whatever happens meanwhile, it is the old file or the new one.

    It is written beside the file and flushed to the disk before it takes the place; a link is not followed.

    Raises: OSError when the folder or the disk refuses; nothing has changed then.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
