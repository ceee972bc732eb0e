"""`studyapp solve`: a forward program with its numbers, worked out. Reads a file, asks `engine`, prints."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.common import MISUSE, fail, print_json

if TYPE_CHECKING:
    from engine.solution import Entry, Solution, Step

WIDTH = 79
INDENT = 4
MAX_ROWS = 12


@click.command("solve")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON: values, gradients, steps, mistakes.")
@click.option("--steps", "steps_only", is_flag=True, help="Print the steps without the summary at the end.")
@click.option("--latex", is_flag=True, help="Print formulas as LaTeX source.")
def command(file: Path, as_json: bool, steps_only: bool, latex: bool) -> None:
    """Work out a forward program: values, gradients and updates, step by step.

    FILE is TOML with `forward`, `loss` and [given]; [update], [state], ask and [symbols] are optional. `-` reads the
    standard input. Exit code 2 when the program or its numbers are wrong.
    """
    from engine.errors import EngineError  # noqa: PLC0415 - help is there before NumPy is
    from engine.tasks import load  # noqa: PLC0415

    try:
        source: str | Path = sys.stdin.read(1_000_001) if str(file) == "-" else file
        task = load(source)
        solution = task.solve()
        if as_json:
            data = solution.data()
        else:
            lines = _summary(solution) if not steps_only else []
            lines = [*_steps(solution, latex), *lines]
    except EngineError as error:
        fail(f"{file}: {error}", MISUSE)
    if as_json:
        print_json(data)
    else:
        click.echo("\n".join(lines))


def _steps(solution: Solution, latex: bool) -> list[str]:
    lines: list[str] = []
    for count, step in enumerate(solution.steps, 1):
        lines += textwrap.wrap(f"{count:2}. {step.prompt}", WIDTH, subsequent_indent=" " * INDENT)
        lines += [_cut(" " * INDENT + line) for line in _formulas(step, latex)]
        lines.append("")
    return lines


def _formulas(step: Step, latex: bool) -> list[str]:
    if step.entries:
        rows = _set(step.formula, latex)
        for entry in step.entries[:MAX_ROWS]:
            rows += _entry(entry, latex)
        if len(step.entries) > MAX_ROWS:
            rows.append(f"... and {len(step.entries) - MAX_ROWS} more")
        return rows
    value = _value(step.value, latex)
    told = step.formula.endswith(step.substituted) or _set(step.substituted, latex) == value
    whole = step.formula if told else f"{step.formula} = {step.substituted}"
    rows = _set(whole, latex)
    if len(rows) > 1 or len(rows[0]) + len(value[0]) + 3 > WIDTH - INDENT or len(value) > 1:
        middle = [] if told else _equals(_set(step.substituted, latex))
        return [*_set(step.formula, latex), *middle, *_equals(value)]
    return [f"{rows[0]} = {value[0]}"]


def _entry(entry: Entry, latex: bool) -> list[str]:
    from engine.notation import number  # noqa: PLC0415

    result = number(entry.value)
    middle = "" if entry.substituted == result else f"{entry.substituted} = "
    rows = _set(f"{entry.symbol} = {middle}{result}", latex)
    if len(rows) == 1 and len(rows[0]) <= WIDTH - INDENT - 2:
        return ["  " + rows[0]]
    return [f"  {row}" for row in [*_set(f"{entry.symbol} = {entry.substituted}", latex), f"= {_plain(entry.value)}"]]


def _equals(rows: list[str]) -> list[str]:
    return [("  = " if i == 0 else "    ") + row for i, row in enumerate(rows)] if len(rows) == 1 else ["  =", *rows]


def _value(value: Any, latex: bool) -> list[str]:
    import numpy as np  # noqa: PLC0415

    from engine.notation import array, number  # noqa: PLC0415

    if np.shape(value) == ():
        return _set(number(float(value)), latex)
    text = array(value)
    if text is not None:
        return _set(text, latex)
    return [f"(an array of shape {np.shape(value)}; --json has its numbers)"]


def _set(tex: str, latex: bool) -> list[str]:
    """A formula as lines that fit: on one line, in two dimensions, or as its source."""
    from studyapp import typeset  # noqa: PLC0415

    room = WIDTH - INDENT - 4
    if not latex:
        try:
            one = typeset.inline(tex)
            if typeset.cells(one) <= room and "pmatrix" not in tex:
                return [one]
            return [line.text.rstrip() for line in typeset.display(tex, room).lines]
        except typeset.TexError:
            pass
    return textwrap.wrap(tex, room, break_long_words=False) or [tex]


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH + 1 else line[: WIDTH - 1] + "…"


def _plain(value: object) -> str:
    import numpy as np  # noqa: PLC0415

    values = np.asarray(value)
    if values.size > MAX_ROWS:
        return f"an array of shape {values.shape}"
    return np.array2string(values, precision=6, separator=", ", max_line_width=WIDTH - 16).replace(
        "\n", "\n" + " " * 12
    )


def _summary(solution: Solution) -> list[str]:
    lines: list[str] = []
    if solution.updated:
        count = len(solution.trajectory)
        lines.append(f"After {count} updates" if count > 1 else "Updated")
        for name, value in solution.updated.items():
            lines.append(f"    {name + chr(39):<6}= {_plain(value)}")
    elif solution.gradients:
        lines.append("Gradients")
        lines += [f"    {name:<6}= {_plain(value)}" for name, value in solution.gradients.items()]
    else:
        lines.append("Values")
        lines += [f"    {name:<6}= {_plain(value)}" for name, value in solution.values.items()]
    return lines
