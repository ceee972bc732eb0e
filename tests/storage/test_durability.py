"""A grade shown is a grade on disk. Real processes, killed and starved; `python -m tests.faults` does it for longer."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and limits are what breaks things here")
@pytest.mark.parametrize(
    ("fault", "rounds"),
    [
        ("killed", 24),
        ("made", 4),
        ("together", 1),
        ("full", 8),
        ("locked", 3),
        ("torn", 4),
        ("restore", 4),
        ("clock", 50),
        ("sync", 30),
    ],
)
def test_nothing_that_was_acknowledged_is_lost(fault: str, rounds: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", fault, "--rounds", str(rounds)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    row = re.search(rf" {rounds} +(\d+) +(\d+) +(\d+) +(\w+)$", done.stdout, re.MULTILINE)
    assert row is not None, done.stdout
    entries, destroyed, lost, sound = row.groups()
    assert destroyed == "0" or fault == "torn"
    assert int(entries) >= rounds or fault == "made"
    assert (lost, sound) == ("0", "yes")
