"""From the start of a process to what a person sees, measured from outside; and the commands for shell prompts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks.data import database
from tests.benchmarks.model import Measured, Setting
from tests.benchmarks.terminal import Terminal, environment

STUDYAPP = [sys.executable, "-c", "from studyapp.cli.main import main; main()"]
BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("Q000000 is on the screen")

Bare().run()
"""
PROCESSOR = "processor time"
"""Name of the fact that says how long the processor was busy: the figure to compare on a machine that others use."""
CARD = rb"Q\d{6}"
TODAY = rb"Due now(?:\x1b\[[0-9;]*m|\s)*\d"


def _until(setting: Setting, command: Sequence[str], sign: bytes, home: Path, *, cold: bool = False) -> Measured:
    """Start the command several times and wait for the sign. `cold`: no byte-code, of the standard library neither."""
    samples, peaks, processor = [], [], []
    for number in range(-(setting.scale.starts > 1), setting.scale.starts):
        variables = {"STUDYAPP_HOME": str(home)}
        if cold:
            variables |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(setting.scratch / "none")}
        with Terminal(command, variables, setting.root) as terminal:
            seen, _ = terminal.wait(sign)
            taken = (seen - terminal.begun) * 1_000
            if number >= 0:  # the first one only makes the files warm
                processor.append(terminal.processor_ms() or 0.0)
                samples.append(taken)
                peaks.append(terminal.peak_mb() or 0.0)
    return Measured(samples, max(peaks) or None, {PROCESSOR: median(processor)})


def first_card(setting: Setting) -> Measured:
    """`studyapp review` → the first card on the screen."""
    return _until(setting, [*STUDYAPP, "review"], CARD, database(setting))


def first_card_cold(setting: Setting) -> Measured:
    """The same without any byte-code."""
    return _until(setting, [*STUDYAPP, "review"], CARD, database(setting), cold=True)


def first_counts(setting: Setting) -> Measured:
    """`studyapp` → what is due now on the screen."""
    return _until(setting, STUDYAPP, TODAY, database(setting))


def bare(setting: Setting) -> Measured:
    """A Textual application with one line of text."""
    return _until(setting, [sys.executable, "-c", BARE], CARD, setting.scratch)


def bare_cold(setting: Setting) -> Measured:
    """The same without any byte-code."""
    return _until(setting, [sys.executable, "-c", BARE], CARD, setting.scratch, cold=True)


# commands


def _run(setting: Setting, command: Sequence[str], home: Path, times: int) -> Measured:
    samples, peak, processor = [], 0.0, []
    variables = environment({"STUDYAPP_HOME": str(home)})
    for number in range(-(times > 2), times):
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=setting.root, env=variables, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.stdout.close()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
        if number >= 0:
            samples.append((time.perf_counter() - begun) * 1_000)
            processor.append((usage.ru_utime + usage.ru_stime) * 1_000)
            peak = max(peak, usage.ru_maxrss / 1_024)
    return Measured(samples, peak, {PROCESSOR: median(processor)})


def due(setting: Setting) -> Measured:
    """`studyapp due`."""
    return _run(setting, [*STUDYAPP, "due"], database(setting), 2 * setting.scale.starts)


def stats(setting: Setting) -> Measured:
    """`studyapp stats --json` over all time."""
    return _run(setting, [*STUDYAPP, "stats", "--json", "--days", "3650"], database(setting), setting.scale.starts)


def python(setting: Setting) -> Measured:
    """`python -c pass`."""
    return _run(setting, [sys.executable, "-c", "pass"], setting.scratch, 2 * setting.scale.starts)
