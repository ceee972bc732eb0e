"""Key → paint with the real application: reveal, grade, next, and whether its thread ever stood still."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.data import database
from tests.benchmarks.model import Measured, Setting
from tests.benchmarks.starting import PROCESSOR
from tests.benchmarks.terminal import Terminal

READING = 0.06
"""Seconds between keys: a person who is in a great hurry."""


@contextmanager
def _busy() -> Iterator[None]:
    """Another program that takes all it can get of a processor."""
    burner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        burner.kill()
        burner.wait()


def keys(setting: Setting) -> Measured:
    """Space → the answer; a grade → the next question."""
    home, report = database(setting), setting.scratch / "watchdog.jsonl"
    report.touch()
    reveal, grade, busy = [], [], []
    command = [sys.executable, "-m", "tests.benchmarks.watched", str(report)]
    with Terminal(command, {"STUDYAPP_HOME": str(home)}, setting.root) as terminal:
        _, mark = terminal.wait(rb"Q\d{6}")
        shown = time.time()
        terminal.wait(rb"show the answer")  # the first card is there before it can be answered
        terminal.rest(1.0)
        ready = time.time()
        for _ in range(setting.scale.keys):
            before = terminal.processor_ms() or 0.0
            place, pressed = terminal.press(b" ")
            seen, _ = terminal.wait(b"A" + mark[1:], place)
            busy.append((terminal.processor_ms() or 0.0) - before)
            reveal.append((seen - pressed) * 1_000)
            terminal.rest(READING)
            before = terminal.processor_ms() or 0.0
            place, pressed = terminal.press(b"3")
            seen, mark = terminal.wait(rb"Q(?!" + mark[1:] + rb")\d{6}", place)
            busy.append((terminal.processor_ms() or 0.0) - before)
            grade.append((seen - pressed) * 1_000)
            terminal.rest(READING)
        peak = terminal.peak_mb()
    late = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    _keep(late, setting)
    facts = {
        "reveal p99": sorted(reveal)[int(0.99 * (len(reveal) - 1))],
        "grade p99": sorted(grade)[int(0.99 * (len(grade) - 1))],
        f"{PROCESSOR} of a key, p99": sorted(busy)[int(0.99 * (len(busy) - 1))],
        "stood still before the first card": _longest(late, 0.0, shown),
        "stood still while opening": _longest(late, shown, ready),
        "stood still in use": _longest(late, ready, math.inf),
    }
    return Measured(reveal + grade, peak, facts)


def _longest(late: list[dict[str, Any]], since: float, until: float) -> float:
    """Milliseconds for which nothing moved, at most, of the times that began between two instants."""
    return max((one["ms"] for one in late if since <= one["at"] < until), default=0.0)


def keys_busy(setting: Setting) -> Measured:
    """The same while another program takes a whole processor."""
    with _busy():
        return keys(setting)


def _keep(late: list[dict[str, Any]], setting: Setting) -> None:
    """Leave the watchdog's stacks where they can be read afterwards."""
    if late:
        with Path(setting.data / "watchdog.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(one) + "\n" for one in late)
