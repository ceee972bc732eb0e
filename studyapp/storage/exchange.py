"""Several machines, one history: entries go through a folder that something else carries (Syncthing, git, a stick).

Each machine writes one file, `DEVICE.jsonl`, and only ever adds lines to it; it reads every `*.jsonl*` there, so copies
that a synchroniser made of a file it found changed twice are read as well. The form of a line is in `wire`. What is
known afterwards is the union by id, replayed: the same on every machine, in any order, any number of times. A machine
writes what it knows and no file of the folder says, so that nothing depends on who wrote which file.

What others put there is not trusted: links and odd files are not opened, a bad line is named and left out, and the rest
is taken in.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from studyapp.storage import wire
from studyapp.storage.cache import ENTRY_COLUMNS
from studyapp.storage.database import driver
from studyapp.storage.entry import Entry
from studyapp.storage.errors import SyncError, in_words
from studyapp.storage.journal import CLOCK_MS
from studyapp.storage.store import Store

NAMED = 3
"""Bad lines of one file that are named; the rest are counted."""
COPY_MARKS = ("sync-conflict", "conflicted copy", "conflict", "(")


@dataclass
class Exchanged:
    """What an exchange did: entries that were new here, entries that were new there, and what is worth telling."""

    received: int = 0
    sent: int = 0
    files: int = 0
    told: list[str] = field(default_factory=list)
    """Sentences about what was left out, is missing or looks wrong. The rest was exchanged all the same."""
    assigned: list[tuple[str, str]] = field(default_factory=list)
    """Decks that a teacher wants learned, each with its date (YYYY-MM-DD); from a server only."""


def exchange(store: Store, folder: Path, *, now_ms: int) -> Exchanged:
    """Take in what the folder has, and add to this machine's file what the folder lacks.

    Args: `now_ms`: UTC epoch milliseconds, to notice clocks that run wrong.
    Raises: SyncError when the folder cannot be used; StorageError.
    """
    _prepare(folder)
    result, there, latest = Exchanged(), set[bytes](), dict[str, int]()
    here = _lines_here(store)

    def entries() -> Iterator[Entry]:
        for path in _files(folder, result):
            result.files += 1
            for entry in _read(path, result, here, there):
                there.add(UUID(entry.id).bytes)
                latest[entry.device] = max(latest.get(entry.device, entry.at), entry.at)
                yield entry

    merged = store.journal.merge(entries())
    result.received = merged.added
    take_in_names(store, merged.own, merged.conflicting, result.told)
    result.sent = _write(store, folder, there, result)
    result.told += [*gaps(store), *clocks(latest, store.journal.device, now_ms)]
    return result


def take_in_names(store: Store, own: int, conflicting: Iterable[str], told: list[str]) -> None:
    """Tell of entries under a known id that say something else; take another name where this one is used elsewhere."""
    ids = list(conflicting)
    if ids:
        told.append(f"{len(ids)} entries say something else than here under the same id ({ids[0]}, …); kept as here")
    if own:
        former, present = store.journal.device, store.machine.renew()
        told.append(
            f"another machine writes as {former}, probably a copy of this one (or what you had before a restore came "
            f"back); this machine is {present} from now on"
        )


def gaps(store: Store) -> list[str]:
    """A sentence for each device of whose entries some have not arrived."""
    told = []
    with store.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT device, count(DISTINCT seq), max(seq) FROM journal GROUP BY device HAVING count(DISTINCT seq) < "
            "max(seq) ORDER BY device"
        ).all()
        for device, count, last in rows:
            after, before = connection.exec_driver_sql(
                "SELECT seq, next FROM (SELECT seq, lead(seq) OVER (ORDER BY seq) AS next FROM "
                "(SELECT 0 AS seq UNION SELECT seq FROM journal WHERE device = ?)) WHERE next > seq + 1 LIMIT 1",
                (device,),
            ).one()
            first = f"{after + 1}" if before == after + 2 else f"{after + 1} to {before - 1}"
            told.append(
                f"{last - count} entries of {device} have not arrived yet (number {first}"
                f"{'' if last - count == before - after - 1 else ', …'}); what is here counts as it is"
            )
    return told


def clocks(latest: dict[str, int], own: str, now_ms: int) -> list[str]:
    """A sentence for each other device that wrote in our future."""
    return [
        f"the clock of {device} was {in_words(at - now_ms)} ahead of this one (or this one is behind); nothing is lost "
        "by it, but what is due follows the clock: set the wrong one right"
        for device, at in sorted(latest.items())
        if device != own and at > now_ms + CLOCK_MS
    ]


def _prepare(folder: Path) -> None:
    try:
        if not folder.exists() and folder.parent.is_dir():
            folder.mkdir(mode=0o700)
        elif not folder.is_dir():
            reason = "is no folder" if folder.exists() else "is not there (is the disk mounted?)"
            raise SyncError(f"{folder}: this {reason}; name the folder that your machines share")
    except OSError as error:
        raise _refused(folder, error) from None


def _files(folder: Path, result: Exchanged) -> list[Path]:
    """The files to read, in a fixed order; what is no file of ours is told."""
    found, copies = [], []
    try:
        names = sorted(path for path in folder.iterdir() if ".jsonl" in path.name and path.name[0] not in ".~")
        for path in names:
            if stat.S_ISREG(path.lstat().st_mode):
                found.append(path)
                copies += [path.name] if any(mark in path.name for mark in COPY_MARKS) else []
            else:
                result.told.append(f"{path.name}: a link or no ordinary file; left out")
    except OSError as error:
        raise _refused(folder, error) from None
    if copies:
        result.told.append(
            f"{', '.join(copies[:NAMED])}{', …' if len(copies) > NAMED else ''}: copies that a synchroniser made; they "
            "were read too, and you can delete them"
        )
    return found


def _lines_here(store: Store) -> dict[bytes, bytes]:
    """Digest of an entry's line → its id, for all that is here: most lines of a folder are known word for word."""
    with store.database.read() as connection:
        rows = driver(connection).execute(f"SELECT {ENTRY_COLUMNS} FROM journal j")  # noqa: S608
        return {_digest(wire.encode(row)): row[0] for row in rows}


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=16).digest()


def _read(path: Path, result: Exchanged, here: dict[bytes, bytes], there: set[bytes]) -> Iterator[Entry]:
    """The entries of one file that are not known word for word; the ids of those that are go into `there`.

    Stops at a last line that is not finished: it comes with the next exchange.
    """
    bad: list[str] = []
    count = 0
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | _NO_FOLLOW), "rb") as file:
            for number, line in _lines(file):
                if (known := here.get(_digest(line))) is not None:
                    there.add(known)
                    continue
                try:
                    if number == 1 and wire.is_header(line):
                        continue
                    yield wire.decode(line)
                except wire.BadLine as error:
                    count += 1
                    bad += [f"line {number}: {error}"] if count <= NAMED else []
    except wire.Newer:
        result.told.append(f"{path.name}: a newer studyapp wrote it; left out, update studyapp here")
    except OSError as error:
        result.told.append(f"{path.name}: {error.strerror}; left out")
    if bad:
        more = f", and {count - NAMED} more lines" if count > NAMED else ""
        result.told.append(f"{path.name}: {'; '.join(bad)}{more}; left out, the rest was taken in")


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Finished lines with their numbers; of one that is too long only the beginning, which is too long as well."""
    number = 0
    while line := file.readline(wire.LONGEST + 1):
        number += 1
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(wire.LONGEST + 1)
        if rest:
            yield number, line


def _write(store: Store, folder: Path, there: set[bytes], result: Exchanged) -> int:
    """Add to this machine's file every entry that no file says; all in one write, durable when this returns."""
    lines = []
    with store.database.read() as connection:
        cursor = driver(connection).execute(f"SELECT {ENTRY_COLUMNS} FROM journal j ORDER BY n")  # noqa: S608
        for row in cursor:
            if row[0] not in there:
                line = wire.encode(row)
                try:
                    wire.decode(line)
                    lines.append(line)
                except wire.BadLine as error:
                    result.told.append(f"the entry {UUID(bytes=row[0])} stays here: {error}")
    path = folder / f"{store.journal.device}.jsonl"
    if lines or not path.exists():
        try:
            _append(path, wire.header(store.journal.device), b"".join(lines))
        except OSError as error:
            raise _refused(path, error) from None
    return len(lines)


_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _append(path: Path, header: bytes, lines: bytes) -> None:
    """Write `lines` after the file's last finished line. Nothing of them stays when there is no room for all."""
    new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o600)
    with os.fdopen(handle, "rb+", buffering=0) as file:
        _lock(handle)
        end = _finished(file)
        file.truncate(end)  # a last line that a power cut tore; its entry is among `lines`
        file.seek(end)
        pending = lines if end else header + lines
        try:
            while pending:
                pending = pending[file.write(pending) :]
            os.fsync(handle)
        except OSError:
            file.truncate(end)
            raise
    if new and os.name == "posix":
        above = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(above)
        finally:
            os.close(above)


def _finished(file: BinaryIO) -> int:
    """Where the last finished line ends."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - 65_536)
        file.seek(start)
        if (last := file.read(end - start).rfind(b"\n")) >= 0:
            return start + last + 1
        end = start
    return 0


def _lock(handle: int) -> None:
    """Let two commands of this machine write one after the other; without locks, lines come twice at worst."""
    try:
        import fcntl  # not on Windows

        fcntl.flock(handle, fcntl.LOCK_EX)
    except (ImportError, OSError):
        pass


def _refused(path: Path, error: OSError) -> SyncError:
    return SyncError(f"{error.filename or path}: {error.strerror}; make room or allow writing there, and sync again")
