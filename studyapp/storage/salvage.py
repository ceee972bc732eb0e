"""Saves the entries out of a damaged database into a new one, and says how many could not be saved.

Rows are read in ranges of their number; a range that fails is halved until the unreadable rows stand alone (SQLite's
own `.recover` is missing from many builds). The damaged file is only read, in a copy.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studyapp.storage.cache import ENTRY_COLUMNS, entry_of
from studyapp.storage.entry import Entry, is_id
from studyapp.storage.errors import Damaged, Unreadable
from studyapp.storage.header import MAGIC
from studyapp.storage.store import Store

CHUNK = 2_000
ROWS_PER_PAGE = 60
"""More entries than this do not fit on a page: bounds the search where the highest number cannot be read."""


@dataclass(frozen=True)
class Salvaged:
    """What became of the entries: `saved` are in the new file at `path`, `lost` could not be read."""

    saved: int
    lost: int
    exact: bool
    """Whether the file could still say how many there were; otherwise `lost` is the least."""
    path: Path


def salvage(damaged: Path, target: Path) -> Salvaged:
    """Make a new database at `target` from what can be read of `damaged`; states and days are made anew.

    The decks are read from their files at the next start, so nothing of them needs saving.

    Raises: Unreadable when there is nothing to read, or `target` exists; Damaged when not even the list of tables can
    be read.
    """
    if target.exists():
        raise Unreadable(f"{target}: there is a file already; name another")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "damaged.db"
        try:
            for suffix in ("", "-wal"):
                source = damaged.with_name(damaged.name + suffix)
                if not suffix or source.exists():
                    shutil.copyfile(source, copy.with_name(copy.name + suffix))
        except OSError as error:
            raise Unreadable(f"{damaged}: {error.strerror}") from None
        _mend_length(copy, damaged)
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            try:
                names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
                last, exact = _highest(connection)
            except sqlite3.DatabaseError as error:
                names, reason = set(), str(error)
            else:
                reason = "it has no journal"
            if "journal" not in names:
                raise Damaged(f"{damaged}: nothing can be saved from this file ({reason}); `studyapp restore` a backup")
            entries = _sensible(list(_rows(connection, 1, last)))
    with Store.open(target) as store:
        saved = store.journal.merge(entries).added
    # Rows are numbered without gaps, because none is ever deleted; so are the entries of each device.
    return Salvaged(saved, last - saved if exact else _gaps(entries), exact, target)


def _mend_length(path: Path, original: Path) -> None:
    """Fill the copy of a file that was cut off with zeros, without which SQLite refuses all of it."""
    with path.open("rb+") as file:
        head = file.read(100)
        if len(head) < 100 or not head.startswith(MAGIC):
            raise Damaged(f"{original}: the beginning of the file is gone, nothing can be saved; `studyapp restore`")
        page = int.from_bytes(head[16:18], "big")
        wanted = int.from_bytes(head[28:32], "big") * (65_536 if page == 1 else page)
        if file.seek(0, 2) < wanted:
            file.truncate(wanted)


def _highest(connection: sqlite3.Connection) -> tuple[int, bool]:
    """The highest row number, or a bound for it; and whether it is exact."""
    try:
        return int(connection.execute("SELECT max(n) FROM journal").fetchone()[0] or 0), True
    except sqlite3.DatabaseError:
        return int(connection.execute("PRAGMA page_count").fetchone()[0]) * ROWS_PER_PAGE, False


def _rows(connection: sqlite3.Connection, first: int, last: int) -> Iterator[Any]:
    """The readable rows numbered from `first` to `last`."""
    pending = [(start, min(start + CHUNK - 1, last)) for start in range(first, last + 1, CHUNK)][::-1]
    while pending:
        start, end = pending.pop()
        try:
            yield from connection.execute(
                f"SELECT {ENTRY_COLUMNS} FROM journal j NOT INDEXED WHERE n BETWEEN ? AND ?",  # noqa: S608
                (start, end),
            ).fetchall()
        except sqlite3.DatabaseError:
            if start < end:
                middle = (start + end) // 2
                pending += [(middle + 1, end), (start, middle)]


def _sensible(rows: list[Any]) -> list[Entry]:
    """The entries in rows that hold what they should; a damaged page can also be read as nonsense."""
    entries = []
    for row in rows:
        try:
            entry = entry_of(row)
        except (ValueError, TypeError, AttributeError):
            continue
        texts = (entry.device, entry.item, entry.kind)
        numbers = (entry.seq, entry.at)
        if (
            is_id(entry.id)
            and all(isinstance(one, str) for one in texts)
            and all(isinstance(one, int) for one in numbers)
            and isinstance(entry.body, dict)
        ):
            entries.append(entry)
    return entries


def _gaps(entries: list[Entry]) -> int:
    """How many numbers of the devices are missing among what was saved: each was an entry."""
    newest: dict[str, int] = {}
    for entry in entries:
        newest[entry.device] = max(newest.get(entry.device, 0), entry.seq)
    return sum(newest.values()) - len({(entry.device, entry.seq) for entry in entries})
