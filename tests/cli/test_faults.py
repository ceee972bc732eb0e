"""A disk that fills up, a log that is cut, a clock that runs back: said in a sentence, and nothing more is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.storage.entry import Draft
from studyapp.storage.store import Store

Process = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits and signals")

LITTLE_ROOM = """
import resource, signal, sys
from studyapp.cli.main import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
main()
"""

KILLED = """
import os, signal, sys
from pathlib import Path
from studyapp.storage.entry import Draft
from studyapp.storage.store import Store
store = Store.open(Path(sys.argv[1]))
for number in range(20):
    store.journal.append(Draft(number, "d/a", "note", body={"text": "x" * 500}))
os.kill(os.getpid(), signal.SIGKILL)
"""


def acts(process: Process) -> int:
    return len(json.loads(process("history", "--all", "--json").stdout))


def with_room(room: int, *words: str, lines: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a command that may make no file longer than `room` bytes."""
    return subprocess.run(
        [sys.executable, "-c", LITTLE_ROOM, str(room), *words],
        input="".join(f"{line}\n" for line in lines), capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "lines"), [(("review", "small", "--plain"), ("", "3") * 5), (("import",), ()), (("backup",), ())]
)
def test_a_full_disk_is_named_and_with_room_the_same_works(
    learner: Path, process: Process, words: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    assert process("review", "small", "--plain", lines=("", "1", "q")).returncode == 0
    before = acts(process)
    table = learner.parent / "w.tsv"
    table.write_text("".join(f"question {number}\tanswer {number}\n" for number in range(3_000)))
    words += (str(table),) if words == ("import",) else ()

    full = with_room(40_000, *words, lines=lines)

    assert full.returncode == 3, full.stdout + full.stderr
    assert "make room" in full.stdout + full.stderr
    assert "Traceback" not in full.stderr
    assert acts(process) == before + full.stdout.count(": again in"), "what was acknowledged is there, and nothing else"
    assert not (learner / "decks" / "w.md").exists()
    assert process(*words, lines=lines).returncode == 0
    assert process("doctor").returncode == 0


def test_a_log_that_is_cut_off_costs_only_what_stood_behind_the_cut(learner: Path, process: Process) -> None:
    assert process("review", "small", "--plain", lines=("", "1", "q")).returncode == 0
    before = acts(process)
    path = learner / "studyapp.db"
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    log = path.with_name("studyapp.db-wal")
    with log.open("rb+") as file:
        file.truncate(log.stat().st_size // 2)

    found = acts(process)

    assert before < found < before + 20
    assert process("doctor").returncode == 0
    assert process("review", "small", "--plain", lines=("", "1", "q")).returncode == 0
    assert acts(process) == found + 1


def test_a_clock_that_was_set_back_is_named_and_studying_goes_on(learner: Path, process: Process) -> None:
    ahead = time.time_ns() // 1_000_000 + 3 * 86_400_000
    with Store.open(learner / "studyapp.db") as store:
        store.journal.append(Draft(ahead, "small/delta", "note"))

    for words in ((), ("doctor",)):
        done = process(*words)
        assert done.returncode == 0
        assert "behind your last act" in done.stdout
    assert process("review", "small", "--plain", lines=("", "1", "q")).returncode == 0
    assert acts(process) == 2
