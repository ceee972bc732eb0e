"""`studyapp exercise check`: the question tests of templates, as a table. Asks `engine.exercises`, prints."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import groupby
from operator import add
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.common import print_json
from studyapp.cli.exercise_new import opened

if TYPE_CHECKING:
    from engine.exercises import Report

HEAD = (
    f"{'template':<23}{'kept':>5}{'a second':>9}{'keys':>8}{'mistakes':>9}{'unique':>7}{'tied':>7}"
    f"{'carried':>8}{'faults':>7}"
)
CHUNK = 250
"""Seeds that one process tries before it takes the next piece of work."""

Piece = tuple[str, int, int]
"""Template, first seed, seed behind the last."""


@click.command("check")
@click.argument("templates", nargs=-1)
@click.option("--seeds", type=click.IntRange(1, 100_000), default=100, help="Seeds 0 to N - 1.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Processes that share the work.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON.")
def check(templates: tuple[str, ...], seeds: int, jobs: int, as_json: bool) -> None:
    """Try TEMPLATES (names or files; without any, all bundled ones) with many seeds.

    Every variant is drawn, proved and marked with its own key in every notation, with every known mistake, with a wrong
    first step and a consistent rest, and with answers that cannot be read. Exits 1 when there are faults.
    """
    import content

    names = templates or tuple(sorted(p.stem for p in (content.bundled() / "exercises").glob("*.toml")))
    for name in names:
        opened(name)  # a file that cannot be read ends the command before any work is done
    begun = time.perf_counter()
    reports = []
    if not as_json:
        click.echo(HEAD)
    for report in _reports(names, seeds, jobs):
        reports.append(report)
        if as_json:
            click.echo(f"{len(reports)} of {len(names)}: {report.template}", err=True)
            continue
        click.echo(_row(report))
        for fault in report.faults:
            click.echo(f"  {fault}")
    if as_json:
        print_json([_data(r) for r in reports])
    click.echo(f"{_summary(reports)}, {time.perf_counter() - begun:.0f} s", err=True)
    if any(r.count for r in reports):
        raise SystemExit(1)


def _reports(names: Sequence[str], seeds: int, jobs: int) -> Iterator[Report]:
    """One report for each template, in order."""
    pieces = [(n, start, min(start + CHUNK, seeds)) for n in names for start in range(0, seeds, CHUNK)]
    found = map(_tried, pieces) if jobs == 1 else _shared(pieces, jobs)
    for _, parts in groupby(zip(pieces, found, strict=True), key=lambda pair: pair[0][0]):
        yield reduce(add, (report for _, report in parts))


def _shared(pieces: Sequence[Piece], jobs: int) -> Iterator[Report]:
    from concurrent.futures import ProcessPoolExecutor  # only where several processes are asked for
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        yield from pool.map(_tried, pieces)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # after Ctrl-C nothing new is begun


def _tried(piece: Piece) -> Report:
    """The question tests of one template on some seeds."""
    from engine.exercises import check_template  # help is there before NumPy is

    name, start, stop = piece
    return check_template(opened(name), range(start, stop))


def _row(report: Report) -> str:
    return (
        f"{report.template:<23}{report.kept:>5.0%}{_rate(report):>9.0f}{report.answers:>8}{report.mistakes:>9}"
        f"{_unique(report):>7.0%}{report.tied:>7}{report.carried:>8}{report.count:>7}"
    )


def _rate(report: Report) -> float:
    return report.seeds / report.seconds if report.seconds else 0.0


def _unique(report: Report) -> float:
    return report.unique / report.mistakes if report.mistakes else 1.0


def _data(report: Report) -> dict[str, Any]:
    return {**dataclasses.asdict(report), "kept": report.kept}


def _summary(reports: list[Report]) -> str:
    seeds, mistakes = sum(r.seeds for r in reports), sum(r.mistakes for r in reports)
    unique, tied = sum(r.unique for r in reports), sum(r.tied for r in reports)
    faults, keys = sum(r.count for r in reports), sum(r.answers for r in reports)
    share = "no mistakes"
    if mistakes:
        alone, equal = unique / mistakes, tied / mistakes
        share = f"{_number(mistakes, 'mistake')}: {alone:.1%} recognised alone, {equal:.1%} with their equals"
    told = _number(faults, "fault") if faults else "no faults"
    counts = ((len(reports), "template"), (seeds, "variant"), (keys, "key"))
    return ", ".join([*(_number(*count) for count in counts), share, told])


def _number(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
