"""What was measured, as a table for people and as JSON for programs."""

from __future__ import annotations

import math
import os
import platform
import sqlite3
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.benchmarks.model import Row
from tests.benchmarks.runner import Compared, Result

PACKAGES = ("textual", "sqlalchemy", "numpy", "fsrs-rs-python", "anki", "torch")


def machine() -> dict[str, Any]:
    """The machine and the programs that take part."""
    return {
        "processor": _processor(),
        "processors": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: found for name in PACKAGES if (found := _version(name))},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def heading() -> str:
    """The machine in two lines."""
    facts = machine()
    programs = ", ".join(f"{name} {facts[name]}" for name in ("python", "sqlite", *PACKAGES) if name in facts)
    return f"{facts['processor']}, {facts['processors']} processors, {facts['system']}\n{programs}"


COLUMNS = ("p50 ms", "p99 ms", "max ms", "peer p50", "p99", "max", "ratio p50", "p99", "max", "MB", "load")


def table_head() -> str:
    """The head of the table."""
    return f"{'row':<16}" + "".join(f"{name:>11}" for name in COLUMNS)


def line(one: Compared) -> str:
    """A row of the table, and beneath it what it is and which targets it meets."""
    name = one.row.name if one.scale.name == "100k" or not one.row.grows else f"{one.row.name} {one.scale.name}"
    if one.ours.missing:
        return f"{name:<16}  not measured: {one.ours.missing}"
    if one.ours.failure:
        return f"{name:<16}  {one.ours.failure}"
    cells = _figures(one.ours) + (_figures(one.peer) if one.peer and one.peer.rounds else ["–"] * 3)
    ratios = [one.ratio(each) for each in ("p50", "p99", "max")]
    cells += ["–" if ratio is None else f"{ratio:.2f}×" for ratio in ratios]
    cells += [f"{one.ours.rss_mb:.0f}", f"{one.loads[0]:.1f}–{one.loads[1]:.1f}"]
    lines = [f"{name:<16}" + "".join(f"{cell:>11}" for cell in cells), f"  {_words(one)}"]
    if one.peer and (one.peer.missing or one.peer.failure):
        lines.append(f"  no peer: {one.peer.missing or one.peer.failure}")
    return "\n".join(lines)


def _words(one: Compared) -> str:
    parts = [one.row.work + (f", against {one.row.against}" if one.row.against else "")]
    parts.append(f"{len(one.ours.samples)} samples in {len(one.ours.rounds)} rounds")
    if (spread := one.spread()) is not None and len(one.ours.rounds) > 1:
        parts.append(f"ratio of a round {spread[0]:.2f} to {spread[1]:.2f}")
    if one.row.a_second is not None and one.a_second:
        parts.append(f"{one.a_second:,.0f} a second")
    for name, value in one.ours.facts.items():
        beside = one.peer.facts.get(name) if one.peer else None
        parts.append(f"{name} {value:.1f} ms" + (f" ({value / beside:.2f}× the peer's)" if beside else ""))
    if one.peer and one.peer.rss_mb:
        parts.append(f"peer {one.peer.rss_mb:.0f} MB")
    parts += [f"{words} {'met' if met else 'MISSED'}" for words, met in one.targets()]
    return "; ".join(parts)


def _figures(result: Result) -> list[str]:
    return [_short(result.figure(name)) for name in ("p50", "p99", "max")]


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.0f}" if milliseconds >= 1_000 else f"{milliseconds:.3g}"


def growth(measured: Sequence[Compared]) -> str:
    """Medians at each scale, and the exponent between them: 0 does not grow, 1 grows with the collection."""
    rows: dict[str, tuple[Row, list[Compared]]] = {}
    for one in measured:
        if one.ours.rounds and one.row.grows:
            rows.setdefault(one.row.name, (one.row, []))[1].append(one)
    scales = sorted({one.scale.items for one in measured})
    lines = ["", f"{'growth':<16}" + "".join(f"{items:>11,}" for items in scales) + f"{'exponent':>11}{'peer':>11}"]
    for name, (_, found) in rows.items():
        by_size = {one.scale.items: one for one in found}
        cells = [_short(by_size[items].ours.figure("p50")) if items in by_size else "–" for items in scales]
        mine = exponent([(items, one.ours.figure("p50")) for items, one in by_size.items()])
        theirs = exponent([(n, one.peer.figure("p50")) for n, one in by_size.items() if one.peer and one.peer.rounds])
        cells += ["–" if value is None else f"{value:.2f}" for value in (mine, theirs)]
        lines.append(f"{name:<16}" + "".join(f"{cell:>11}" for cell in cells))
    return "\n".join(lines)


def exponent(points: Sequence[tuple[int, float]]) -> float | None:
    """The slope of a straight line through the logarithms (least squares); None with fewer than two points."""
    if len(points) < 2:
        return None
    xs, ys = [math.log(n) for n, _ in points], [math.log(value) for _, value in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def as_json(measured: Sequence[Compared]) -> dict[str, Any]:
    """Everything, for another program."""
    return {"machine": machine(), "rows": [_row_json(one) for one in measured]}


def _row_json(one: Compared) -> dict[str, Any]:
    return {
        "name": one.row.name,
        "work": one.row.work,
        "items": one.scale.items,
        "against": one.row.against,
        "ours": _side_json(one.ours),
        "peer": None if one.peer is None else _side_json(one.peer),
        "ratio": {each: one.ratio(each) for each in ("p50", "p99", "max")},
        "a_second": one.a_second,
        "targets": [{"target": words, "met": met} for words, met in one.targets()],
        "load": list(one.loads),
    }


def _side_json(result: Result) -> dict[str, Any]:
    if not result.rounds:
        return {"missing": result.missing, "failure": result.failure}
    figures = {each: result.figure(each) for each in ("p50", "p99", "max")}
    return {"ms": figures, "samples": len(result.samples), "rss_mb": result.rss_mb, "facts": result.facts}
