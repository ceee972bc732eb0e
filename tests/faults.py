"""Breaks the journal on purpose and counts what is lost: `python -m tests.faults [--rounds N] [--seed S]`.

Real processes write reviews and say on their standard output when one is acknowledged; meanwhile they are killed, run
out of space or get in each other's way. Every fault prints one row: rounds, acknowledged entries; *destroyed*, those
whose only copy the fault itself wiped out (the end of a log that is cut off, a line that is dropped from a file);
*lost*, those that are missing beyond that; and whether the database was sound afterwards. Lost must be 0 everywhere.
Exit code 1 when it is not.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from studyapp.storage import backup, doctor
from studyapp.storage.entry import Draft
from studyapp.storage.errors import DiskFull, Locked
from studyapp.storage.exchange import exchange
from studyapp.storage.store import Store

WRITER = """
import sys
from pathlib import Path
from studyapp.storage.entry import Draft
from studyapp.storage.store import Store

path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with Store.open(path, device=name, busy_ms=60_000) as store:
    print("open", flush=True)
    for number in range(count):
        draft = Draft(number, f"d/{number % 9}", "review", 1 + number % 4, 5, {"day": number, "due_day": number + 2})
        entry = store.journal.append(draft).entry if number % 5 < 4 else store.journal.undo().entry
        print(entry.id, flush=True)
        if len(sys.argv) < 5:
            store.idle()
"""

RESTORER = """
import sys
from pathlib import Path
from studyapp.storage import backup
from studyapp.storage.store import Store

path = Path(sys.argv[1])
print("open", flush=True)
for number in range(10_000):
    backup.restore(path, Path(sys.argv[2 + number % 2]))
    with Store.open(path) as store:
        store.journal.rebuild()
"""


@dataclass
class Result:
    """What became of one fault."""

    fault: str
    rounds: int
    acknowledged: int = 0
    destroyed: int = 0
    lost: int = 0
    sound: bool = True

    def count(self, path: Path, acknowledged: list[str]) -> None:
        """Compare what was acknowledged with what a new process finds."""
        with Store.open(path) as store:
            stored = {entry.id for entry in store.journal.entries()}
        self.acknowledged += len(acknowledged)
        self.lost += len(set(acknowledged) - stored)
        self.sound = self.sound and not doctor.examine(path).problems


def writer(path: Path, name: str, count: int, *options: str) -> subprocess.Popen[str]:
    """Start a process that writes `count` entries and names each when it is acknowledged."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count), *options], stdout=subprocess.PIPE, text=True
    )


def acknowledged_by(process: subprocess.Popen[str]) -> list[str]:
    """What the process has said, without a last line that it did not finish."""
    assert process.stdout is not None
    with process:
        text = process.stdout.read()
    return [line for line in text.splitlines(keepends=True) if line.endswith("\n") and line != "open\n"]


def ids(lines: list[str]) -> list[str]:
    """The ids in finished lines."""
    return [line.strip() for line in lines]


def killed(path: Path, rounds: int, rng: random.Random) -> Result:
    """SIGKILL at a random moment, in the middle of writing."""
    result = Result("killed while writing", rounds)
    said: list[str] = []
    for number in range(rounds):
        process = writer(path, f"device{number:04}", 100_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, 0.08))
        process.kill()
        said += ids(acknowledged_by(process))
        result.acknowledged = 0
        result.lost = 0
        result.count(path, said)
    return result


def killed_while_made(path: Path, rounds: int, rng: random.Random) -> Result:
    """SIGKILL while the database is being made; the next start must find a whole one or none."""
    result = Result("killed while the file is made", rounds)
    begun = time.monotonic()
    acknowledged_by(writer(path, "device00", 5))
    whole = time.monotonic() - begun  # how long it takes here and now when nobody is killed
    for number in range(rounds):
        fresh = path.parent / f"fresh{number}" / "studyapp.db"
        process = writer(fresh, "device00", 5)
        time.sleep(rng.uniform(0.4, 1.1) * whole)
        process.kill()
        result.count(fresh, ids(acknowledged_by(process)))
    return result


def together(path: Path, rounds: int, _rng: random.Random) -> Result:
    """Four processes write at once."""
    result = Result("four writers at once", rounds)
    said: list[str] = []
    for number in range(rounds):
        processes = [writer(path, f"round{number:03}-{name}", 100) for name in "abcd"]
        said += [one for process in processes for one in ids(acknowledged_by(process))]
    result.count(path, said)
    return result


def full(path: Path, rounds: int, rng: random.Random) -> Result:
    """No room at a random moment: the act is refused in a sentence, and done again it succeeds."""
    result = Result("disk full", rounds)
    said: list[str] = []
    for _ in range(rounds):
        with Store.open(path) as store:
            refused = False
            said.append(store.journal.append(draft(0)).entry.id)  # now the log is there
            with little_room(path, rng.randrange(4_096, 120_000)):
                for number in range(400):
                    try:
                        said.append(store.journal.append(draft(number)).entry.id)
                    except DiskFull:
                        refused = True
                        break
            said.append(store.journal.append(draft(1)).entry.id)
            result.sound = result.sound and refused
    result.count(path, said)
    return result


def locked(path: Path, rounds: int, _rng: random.Random) -> Result:
    """Another program holds the database: the act is refused in a sentence, and done again it succeeds."""
    result = Result("locked by another program", rounds)
    said: list[str] = []
    with Store.open(path, busy_ms=20) as store:
        for number in range(rounds):
            said.append(store.journal.append(draft(number)).entry.id)
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            try:
                store.journal.append(draft(number))
                result.sound = False
            except Locked:
                pass
            other.close()
    result.count(path, said)
    return result


def commits(log: bytes) -> int:
    """How many whole transactions a write-ahead log holds, read as SQLite's file format describes it (section 4).

    A header of 32 bytes (page size at 8, salts at 16); frames of 24 bytes and a page, with the salts at 8 and, in the
    last frame of a transaction, the size of the database at 4.
    """
    if len(log) < 32:
        return 0
    size, found = struct.unpack(">I", log[8:12])[0], 0
    for start in range(32, len(log) - 24 - size + 1, 24 + size):
        if log[start + 8 : start + 16] != log[16:24]:
            break
        found += log[start + 4 : start + 8] != bytes(4)
    return found


def torn_log(path: Path, rounds: int, rng: random.Random) -> Result:
    """The end of the write-ahead log is cut off. What was only there is gone; all before it is left, and sound.

    The log is not copied into the file meanwhile: a log that is cut after that can tear the file itself, which the
    doctor finds, and only a backup mends.
    """
    result = Result("log cut off", rounds)
    for number in range(rounds):
        folder = path.parent / f"torn{number}"
        process = writer(path, f"torn{number:04}", 100_000, "leave the log")
        assert process.stdout is not None
        for _ in range(20):
            process.stdout.readline()
        process.kill()
        process.wait()
        process.stdout.close()
        folder.mkdir()
        for suffix in ("", "-wal"):
            shutil.copy(path.with_name(path.name + suffix), folder / f"studyapp.db{suffix}")
        log = folder / "studyapp.db-wal"
        whole_log = log.read_bytes()
        end = rng.randrange(len(whole_log))
        with log.open("rb+") as file:
            file.truncate(end)
        destroyed = commits(whole_log) - commits(whole_log[:end])  # the writer writes one entry a transaction
        with Store.open(path) as whole, Store.open(folder / "studyapp.db") as left:
            all_entries, entries = whole.journal.entries(), left.journal.entries()
        result.acknowledged += len(all_entries)
        result.destroyed += destroyed
        result.lost += max(0, len(all_entries) - destroyed - len(entries))
        result.sound = result.sound and all_entries[: len(entries)] == entries
        result.sound = result.sound and not doctor.examine(folder / "studyapp.db").problems
    return result


def synced(path: Path, rounds: int, rng: random.Random) -> Result:
    """Two machines meet in a folder whose files are cut, spoilt, doubled and put back; in the end both have all."""
    result = Result("folder spoilt between two machines", rounds)
    folder = path.parent / "shared"
    folder.mkdir(parents=True)
    said: list[str] = []
    with Store.open(path.parent / "a" / "s.db") as one, Store.open(path.parent / "b" / "s.db") as two:
        for number in range(rounds):
            for store in (one, two):
                said += [store.journal.append(draft(number, rng.randrange(9))).entry.id for _ in range(3)]
                said += [store.journal.undo().entry.id] if rng.random() < 0.3 else []
                exchange(store, folder, now_ms=0)
            spoilt = rng.choice(sorted(folder.iterdir()))
            content = spoilt.read_bytes()
            lines = content.splitlines(keepends=True)
            match rng.randrange(5):
                case 0:
                    spoilt.write_bytes(content[: rng.randrange(len(content))])
                case 1:
                    spoilt.write_bytes(b"".join(lines[:1] + lines[2:]))
                case 2:
                    at = rng.randrange(len(content))
                    spoilt.write_bytes(content[:at] + rng.randbytes(8) + content[at + 8 :])
                case 3:
                    shutil.copy(spoilt, folder / f"{spoilt.stem[:16]} ({number}).jsonl")
                case _:
                    spoilt.unlink()
        for store in (one, two, one, two):
            exchange(store, folder, now_ms=0)
        for store in (one, two):
            stored = {entry.id for entry in store.journal.entries()}
            result.lost += len(set(said) - stored)
            result.sound = result.sound and not doctor.examine(store.path).problems
        known = [set(map(repr, store.journal.entries())) for store in (one, two)]
        result.sound = result.sound and known[0] == known[1]
    result.acknowledged = len(said)
    return result


def restore_killed(path: Path, rounds: int, rng: random.Random) -> Result:
    """SIGKILL while a backup is brought back or all is calculated anew: the one or the other stands, whole."""
    result = Result("killed while restoring or rebuilding", rounds)
    saved, contents = [], []
    for _ in range(2):
        with Store.open(path) as store:
            store.journal.append_many([draft(number, number) for number in range(300)], together=False)
            contents.append({entry.id for entry in store.journal.entries()})
        saved.append(str(backup.make(path).path))
    for _ in range(rounds):
        process = subprocess.Popen(
            [sys.executable, "-c", RESTORER, str(path), *saved], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, 0.4))
        process.kill()
        with process:
            pass
        with Store.open(path) as store:
            found = {entry.id for entry in store.journal.entries()}
        result.acknowledged += len(found)
        result.sound = result.sound and found in contents and not doctor.examine(path).problems
    return result


def clock_back(path: Path, rounds: int, rng: random.Random) -> Result:
    """The clock jumps by years between two acts: the order is that in which they were done."""
    result = Result("clock set back and forth", rounds)
    said = []
    with Store.open(path) as store:
        for number in range(rounds):
            said.append(store.journal.append(draft(rng.randrange(0, 4_000_000_000_000), number)).entry.id)
        result.sound = [entry.id for entry in store.journal.entries(kinds=["review"])][-rounds:] == said
    result.count(path, said)
    return result


def draft(at: int, number: int = 0) -> Draft:
    """A review."""
    return Draft(at, f"d/{number % 9}", "review", 3, 5, {"day": 1, "due_day": 3, "answer": "x" * 300})


@contextmanager
def little_room(path: Path, room: int) -> Iterator[None]:
    """Let no file of this process grow beyond what the database's log has now, plus `room` bytes.

    The file itself may be longer: it is not written until the log is copied into it, which is later.
    """
    size = path.with_name(path.name + "-wal").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    handler = (
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN) if threading.current_thread() is threading.main_thread() else None
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        if handler is not None:
            signal.signal(signal.SIGXFSZ, handler)


FAULTS: dict[str, Callable[[Path, int, random.Random], Result]] = {
    "killed": killed,
    "made": killed_while_made,
    "together": together,
    "full": full,
    "locked": locked,
    "torn": torn_log,
    "restore": restore_killed,
    "clock": clock_back,
    "sync": synced,
}


def run(name: str, rounds: int, seed: int) -> Result:
    """Run one fault in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return FAULTS[name](Path(folder) / "home" / "studyapp.db", rounds, random.Random(seed))


def main() -> int:
    """Run the faults and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("faults", nargs="*", choices=[*FAULTS, []], help="which; all by default")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(f"{'fault':38} {'rounds':>6} {'entries':>8} {'destroyed':>9} {'lost':>5}  sound")
    bad = 0
    for name in chosen.faults or FAULTS:
        result = run(name, chosen.rounds, chosen.seed)
        bad += result.lost + (not result.sound)
        print(
            f"{result.fault:38} {result.rounds:6} {result.acknowledged:8} {result.destroyed:9} {result.lost:5}",
            "  yes" if result.sound else "  NO",
            flush=True,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
