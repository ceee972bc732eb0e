"""`studyapp exercise check`: the question tests of templates, as a table. Asks `engine.exercises`, prints."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.common import print_json
from studyapp.cli.exercise_new import opened

if TYPE_CHECKING:
    from engine.exercises import Report

HEAD = f"{'template':<23}{'kept':>5}{'a second':>9}{'keys':>7}{'mistakes':>9}{'unique':>7}{'carried':>8}{'faults':>7}"


@click.command("check")
@click.argument("templates", nargs=-1)
@click.option("--seeds", type=click.IntRange(1, 100_000), default=100, help="Seeds 0 to N - 1.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON.")
def check(templates: tuple[str, ...], seeds: int, as_json: bool) -> None:
    """Try TEMPLATES (names or files; without any, all bundled ones) with many seeds.

    Every variant is drawn, proved and marked with its own key in every notation, with every known mistake, with a wrong
    first step and a consistent rest, and with answers that cannot be read. Exits 1 when there are faults.
    """
    import content  # noqa: PLC0415
    from engine.exercises import check_template  # noqa: PLC0415 - help is there before NumPy is

    names = templates or tuple(sorted(p.stem for p in (content.bundled() / "exercises").glob("*.toml")))
    reports = []
    if not as_json:
        click.echo(HEAD)
    for name in names:
        report = check_template(opened(name), range(seeds))
        reports.append(report)
        if not as_json:
            click.echo(_row(report))
            for fault in report.faults:
                click.echo(f"  {fault}")
    if as_json:
        print_json([_data(r) for r in reports])
    else:
        click.echo(_summary(reports), err=True)
    if any(r.count for r in reports):
        raise SystemExit(1)


def _row(report: Report) -> str:
    return (
        f"{report.template:<23}{report.kept:>5.0%}{_rate(report):>9.0f}{report.answers:>7}{report.mistakes:>9}"
        f"{_unique(report):>7.0%}{report.carried:>8}{report.count:>7}"
    )


def _rate(report: Report) -> float:
    return report.seeds / report.seconds if report.seconds else 0.0


def _unique(report: Report) -> float:
    return report.unique / report.mistakes if report.mistakes else 1.0


def _data(report: Report) -> dict[str, Any]:
    return {**dataclasses.asdict(report), "kept": report.kept}


def _summary(reports: list[Report]) -> str:
    seeds, mistakes = sum(r.seeds for r in reports), sum(r.mistakes for r in reports)
    unique, faults = sum(r.unique for r in reports), sum(r.count for r in reports)
    share = f"{unique / mistakes:.1%} of {mistakes} mistakes recognised alone" if mistakes else "no mistakes"
    return f"{len(reports)} templates, {seeds} variants, {share}, {faults or 'no'} fault{'s' if faults != 1 else ''}"
