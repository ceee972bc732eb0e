"""Benchmarks: ours and a peer side by side, in one run, on one machine.

    python -m tests.benchmarks                     every row at 100 000 items and a million reviews
    python -m tests.benchmarks answer due --scale 10k
    python -m tests.benchmarks --growth            each row at 1 000, 10 000 and 100 000 items
    python -m tests.benchmarks due --scale 1k,10k  at several sizes, with the exponent of the growth

Peers come with `pip install --group benchmark`; without one, ours is measured alone. Quiet machines tell more: the load
is printed with each row, and ratios say more than milliseconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import report, runner
from tests.benchmarks.model import SCALES
from tests.benchmarks.rows import BY_NAME, ROWS

GROWTH = ("1k", "10k", "100k")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"rows, by default all: {', '.join(BY_NAME)}")
    sizes = ", ".join(SCALES)
    parser.add_argument("--scale", default="100k", help=f"how many items: {sizes}, or several (default 100k)")
    parser.add_argument("--growth", action="store_true", help=f"the same as --scale {','.join(GROWTH)}")
    parser.add_argument("--json", action="store_true", help="print JSON at the end instead of a table")
    parser.add_argument("--rounds", type=int, help="rounds of each row")
    parser.add_argument("--data", type=Path, help="keep the collections in this folder and use them again")
    parser.add_argument("--side", choices=("ours", "peer"), help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.names if name not in BY_NAME]:
        parser.error(f"there is no row {unknown[0]!r}; there are {', '.join(BY_NAME)}")
    names = list(GROWTH) if chosen.growth else chosen.scale.split(",")
    if unknown := [name for name in names if name not in SCALES]:
        parser.error(f"there is no scale {unknown[0]!r}; there are {sizes}")
    if chosen.side:
        print(runner.one_side(chosen.names[0], chosen.side, chosen.scale, chosen.data, chosen.scratch))
        return
    rows = [BY_NAME[name] for name in chosen.names] or list(ROWS)
    scales = sorted({SCALES[name] for name in names}, key=lambda scale: scale.items)
    folder = chosen.data or Path(tempfile.mkdtemp(prefix="studyapp-benchmark-"))
    try:
        _measure(rows, scales, folder.resolve(), chosen)
    finally:
        if chosen.data is None:
            runner.clear(folder)


def _measure(rows: list[runner.Row], scales: list[runner.Scale], folder: Path, chosen: argparse.Namespace) -> None:
    def say(text: str) -> None:
        print(text, file=sys.stderr if chosen.json else sys.stdout, flush=True)

    say(f"{report.heading()}\n\n{report.table_head()}")
    measured = []
    for scale in scales:
        place = runner.prepare(folder, scale, rows, say)
        for row in rows:
            if not row.grows and scale is not scales[-1]:
                continue
            measured.append(runner.compare(row, scale, place, chosen.rounds))
            say(report.line(measured[-1]))
    if len(scales) > 1:
        say(report.growth(measured))
    if chosen.json:
        print(json.dumps(report.as_json(measured), ensure_ascii=False, indent=2))
    if any(side.failure for one in measured for side in (one.ours, one.peer) if side is not None):
        sys.exit(1)


if __name__ == "__main__":
    main()
