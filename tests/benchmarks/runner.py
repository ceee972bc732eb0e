"""Runs rows: each side in a process of its own, ours and the peer in turn, on one machine in one run."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks import anki_peer, data
from tests.benchmarks.model import SCALES, Measured, MissingError, Row, Scale, Setting
from tests.benchmarks.rows import BY_NAME
from tests.benchmarks.terminal import peak_mb

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Result:
    """All rounds of one side."""

    rounds: list[list[float]] = field(default_factory=list)
    rss_mb: float = 0.0
    facts: dict[str, float] = field(default_factory=dict)
    missing: str = ""
    """What this side would need to run here."""
    failure: str = ""
    """What went wrong, in full."""

    @property
    def samples(self) -> list[float]:
        """Every sample of every round, in order of size."""
        return sorted(one for each in self.rounds for one in each)

    def figure(self, name: str) -> float:
        """`p50`, `p99`, `max`, or one of the facts."""
        return self.facts[name] if name in self.facts else figure(self.samples, name)


def figure(ordered: Sequence[float], name: str) -> float:
    """A statistic of samples in order of size; percentiles by nearest rank."""
    share = {"p50": 0.5, "p99": 0.99, "max": 1.0}[name]
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass
class Compared:
    """A row at a scale, measured."""

    row: Row
    scale: Scale
    ours: Result
    peer: Result | None
    loads: tuple[float, float]
    """Load average of the last minute before and after."""

    def ratio(self, name: str = "p50") -> float | None:
        """Ours over the peer's; None without a peer."""
        if self.peer is None or not self.peer.rounds or not self.ours.rounds:
            return None
        return self.ours.figure(name) / self.peer.figure(name)

    def spread(self) -> tuple[float, float] | None:
        """The lowest and the highest ratio of medians of a round."""
        if self.peer is None or not self.peer.rounds or not self.ours.rounds:
            return None
        ratios = [
            figure(sorted(mine), "p50") / figure(sorted(theirs), "p50")
            for mine, theirs in zip(self.ours.rounds, self.peer.rounds, strict=False)
        ]
        return min(ratios), max(ratios)

    @property
    def a_second(self) -> float | None:
        """Pieces of work a second."""
        samples = self.ours.samples
        return 1_000 * len(samples) / sum(samples) if samples else None

    def targets(self) -> list[tuple[str, bool]]:
        """Each target in words, and whether it is met."""
        if not self.ours.rounds:
            return []
        found = []
        for name, most in self.row.ratios.items():
            ratio = self.ratio(name)
            if ratio is not None:
                found.append((f"{name} ≤ {most:g}×", ratio <= most))
        found += [(f"{name} ≤ {most:g} ms", self.ours.figure(name) <= most) for name, most in self.row.limits.items()]
        if self.row.a_second is not None:
            found.append((f"≥ {self.row.a_second:,.0f}/s", (self.a_second or 0) >= self.row.a_second))
        return found


def prepare(folder: Path, scale: Scale, rows: Iterable[Row], say: Callable[[str], None]) -> Path:
    """The collections of a scale, made where they are not there yet. Returns: their folder."""
    place = folder / scale.name
    place.mkdir(parents=True, exist_ok=True)
    if any(row.grows for row in rows):
        begun = time.perf_counter()
        data.build_ours(place, scale)
        try:
            anki_peer.build(place, scale)
        except MissingError as error:
            say(str(error))
        say(f"{scale.items:,} items ready after {time.perf_counter() - begun:.0f} s")
    return place


def compare(row: Row, scale: Scale, place: Path, rounds: int | None = None) -> Compared:
    """Measure a row: ours and the peer in turn, the order changing from round to round."""
    ours, peer = Result(), Result() if row.peer else None
    before = os.getloadavg()[0]
    for number in range(rounds or row.rounds):
        sides = [("ours", ours)] + ([("peer", peer)] if peer is not None else [])
        for side, result in sides if number % 2 == 0 else reversed(sides):
            if not (result.missing or result.failure):
                _round(row, side, scale, place, result)
        if ours.missing or ours.failure:
            break
    return Compared(row, scale, ours, peer, (before, os.getloadavg()[0]))


def _round(row: Row, side: str, scale: Scale, place: Path, result: Result) -> None:
    with tempfile.TemporaryDirectory(prefix="studyapp-benchmark-", dir=place) as scratch:
        command = [sys.executable, "-m", "tests.benchmarks", "--side", side, row.name]
        command += ["--scale", scale.name, "--data", str(place), "--scratch", scratch]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        result.failure = f"{row.name} ({side}) failed:\n{done.stdout[-3_000:]}{done.stderr[-6_000:]}"
        return
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    result.missing = told["missing"]
    if not result.missing:
        result.rounds.append(told["samples"])
        result.rss_mb = max(result.rss_mb, told["rss_mb"] or 0.0)
        for name, value in told["facts"].items():
            result.facts[name] = max(result.facts.get(name, 0.0), value)


def one_side(name: str, side: str, scale: str, place: Path, scratch: Path) -> str:
    """What a child process does: one round of one side, as a line of JSON."""
    row = BY_NAME[name]
    work = row.ours if side == "ours" else row.peer
    assert work is not None
    try:
        measured = work(Setting(place, scratch, SCALES[scale], ROOT))
    except MissingError as error:
        return json.dumps({"missing": str(error)})
    return json.dumps({"missing": "", "samples": measured.samples, "rss_mb": _peak(measured), "facts": measured.facts})


def _peak(measured: Measured) -> float | None:
    return measured.rss_mb if measured.rss_mb is not None else peak_mb()


def clear(folder: Path) -> None:
    """Throw the collections away."""
    shutil.rmtree(folder, ignore_errors=True)
