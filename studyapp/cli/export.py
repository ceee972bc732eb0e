"""`studyapp export --journal`: every act ever written, one JSON object a line. Works on a read-only disk too."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from studyapp.cli.backup import in_words
from studyapp.cli.common import DATABASE, clean, fail


@click.command()
@click.option("--journal", is_flag=True, required=True, help="Every entry, undone ones too, oldest first (JSON lines).")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def command(*, journal: bool, file: Path | None) -> None:
    """Print everything you have done, one JSON object a line, or write it to FILE (which must not exist yet).

    Each has id, device, seq, at (UTC epoch milliseconds), item, kind, grade, duration_ms and body, as kept in the
    database; `undo` entries name in body.voids what they take back. FILE is readable by you alone. Put as NAME.jsonl
    into a folder for `studyapp sync`, it is taken in there.
    """
    from studyapp.storage import places, wire  # help must not cost the database
    from studyapp.storage.errors import StorageError
    from studyapp.storage.glance import lines

    assert journal
    path = places.database()
    if not path.exists():
        fail("Nothing has been done yet.")
    try:
        if file is None:
            for line in lines(path):
                sys.stdout.write(line.decode())
            return
        count = _write(file, wire.header("export"), lines(path))
    except StorageError as error:
        fail(str(error), DATABASE)
    except OSError as error:
        if file is None:
            raise
        fail(f"{file}: {error.strerror}; name another file")
    click.echo(clean(f"Wrote {in_words(count, 'entry', 'entries')} to {file}."), err=True)


def _write(path: Path, header: bytes, lines: Iterator[bytes]) -> int:
    """Write a new file, readable by its owner alone; nothing of it stays when it cannot be written whole."""
    count = 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(header)
            for count, line in enumerate(lines, 1):  # noqa: B007  the last count is what is wanted
                file.write(line)
            file.flush()
            os.fsync(handle)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return count
