"""Every row of the benchmark runs, at the smallest scale. Nothing here looks at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_every_row_of_the_benchmark_runs_at_the_smallest_scale(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--scale", "tiny", "--rounds", "1", "--json"]
    done = subprocess.run(
        [*command, "--data", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-4_000:]
    rows = json.loads(done.stdout)["rows"]
    assert {"answer", "first-card", "keys", "due", "progress", "rebuild", "step"} <= {row["name"] for row in rows}
    for row in rows:
        # What is not there (a peer that is not installed) is named; everything else was measured.
        assert row["ours"].get("missing") or row["ours"]["samples"] > 0, row["name"]


def test_a_row_that_does_not_exist_is_answered_with_those_that_do() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "anwser"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "answer" in done.stderr
