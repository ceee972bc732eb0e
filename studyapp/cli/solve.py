"""`studyapp solve`: a forward program with its numbers, worked out. Reads a file, asks `engine`, prints."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.common import MISUSE, fail, print_json, shows_mathematics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.solution import Entry, Solution, Step

WIDTH = 79
INDENT = 4
MAX_ROWS = 12
ROOM = WIDTH - INDENT - 4
GOES_ON = "    "
"""What a line begins with that goes on with the formula above."""


@click.command("solve")
@click.argument("file", type=click.Path(readable=False, path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON: values, gradients, steps, mistakes.")
@click.option("--steps", "steps_only", is_flag=True, help="Print the steps without the summary at the end.")
@click.option("--latex", is_flag=True, help="Print formulas as LaTeX source.")
def command(file: Path, as_json: bool, steps_only: bool, latex: bool) -> None:
    """Work out a forward program: values, gradients and updates, step by step.

    FILE is TOML with `forward`, `loss` and [given]; [update], [state], ask and [symbols] are optional. `-` reads the
    standard input. Exit code 2 when the program or its numbers are wrong.
    """
    from engine.errors import EngineError  # help is there before NumPy is
    from engine.tasks import load

    try:
        # The line end makes it a text, whatever it is; a word alone would be taken for a path.
        source: str | Path = sys.stdin.read(1_000_001) + "\n" if str(file) == "-" else file
        task = load(source)
        solution = task.solve()
        if as_json:
            data = solution.data()
        else:
            lines = _summary(solution) if not steps_only else []
            lines = [*_steps(solution, latex), *lines]
    except EngineError as error:
        told = str(error)
        fail(told if told.startswith(str(file)) else f"{file}: {told}", MISUSE)
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
    if len(rows) > 1 or len(rows[0]) + len(value[0]) + 3 > ROOM or len(value) > 1:
        middle = [] if told else _equals(_set(step.substituted, latex, ROOM - 4))
        return [*_set(step.formula, latex), *middle, *_equals(value)]
    return [f"{rows[0]} = {value[0]}"]


def _entry(entry: Entry, latex: bool) -> list[str]:
    from engine.notation import number

    result = number(entry.value)
    middle = "" if entry.substituted == result else f"{entry.substituted} = "
    rows = _set(f"{entry.symbol} = {middle}{result}", latex, ROOM - 2)
    if len(rows) > 1:
        numbers = _set(entry.substituted, latex, ROOM - 6)
        rows = [*_set(entry.symbol, latex), *_equals(numbers), *_equals(_set(result, latex))]
        rows = [f"{rows[0]}{rows[1][1:]}", *rows[2:]] if len(rows[0]) + len(rows[1]) <= ROOM - 2 else rows
    return [f"  {row}" for row in rows]


def _equals(rows: list[str]) -> list[str]:
    """`rows` behind an equals sign: the lines of one formula beside it, a drawing of several lines below it."""
    if len(rows) == 1 or rows[1].startswith(GOES_ON):
        return [f"  = {rows[0]}", *(f"  {row}" for row in rows[1:])]
    return ["  =", *rows]


def _value(value: Any, latex: bool) -> list[str]:
    import numpy as np

    from engine.notation import array, number

    if np.shape(value) == ():
        return _set(number(float(value)), latex)
    text = array(value)
    if text is not None:
        return _set(text, latex)
    return [f"(an array of shape {np.shape(value)}; --json has its numbers)"]


def _set(tex: str, latex: bool, room: int = ROOM) -> list[str]:
    """A formula as lines that fit: on one line, broken at its signs, in two dimensions, or as its source."""
    from studyapp import typeset

    rich = shows_mathematics()
    inline, display = (typeset.inline, typeset.display) if rich else (typeset.ascii_inline, typeset.ascii_display)
    if not latex:
        try:
            if "pmatrix" not in tex:
                return _broken(inline(tex), room)
            return [line.text.rstrip() for line in display(tex, room).lines]
        except typeset.TexError:
            pass
    return textwrap.wrap(tex, room, break_long_words=False) or [tex]


def _broken(text: str, room: int) -> list[str]:
    """One line of mathematics as several, each begun by the sign it was broken at: outside all brackets if possible."""
    lines: list[str] = []
    while len(text) > room:
        at = _break(text, room)
        if at is None:
            break
        lines.append(text[:at].rstrip())
        text = GOES_ON + text[at:].lstrip()
    return [*lines, text]


def _break(text: str, room: int) -> int | None:
    """Where to end a line of at most `room` characters: behind as few brackets and as weak a sign as there is."""
    found: dict[tuple[int, int], int] = {}
    depth = 0
    for at, char in enumerate(text[: room + 1]):
        depth += (char in "([⎛{") - (char in ")]⎞}")
        weakness = next((i for i, signs in enumerate(("=", "+−-", "·⊙*/")) if char in signs), None)
        spaced = text[at - 1 : at] == " " or char in "·*/"
        if weakness is not None and spaced and at > len(GOES_ON) + 1 and text[at - 1 : at] not in "(":
            found[depth, weakness] = at
    return found[min(found)] if found else None


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH + 1 else line[: WIDTH - 1] + "…"


def _plain(value: object) -> list[str]:
    """A value as rows of numbers in columns."""
    import numpy as np

    values = np.asarray(value)
    if values.size > MAX_ROWS or values.ndim > 2:
        return [f"an array of shape {values.shape}"]
    texts = [[f"{entry:.6g}" for entry in row] for row in np.atleast_2d(values)]
    if not values.shape:
        return texts[0]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    rows = ["[" + ", ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) + "]" for row in texts]
    if values.ndim == 1:
        return rows
    return [("[" if at == 0 else " ") + row + ("]" if at == len(rows) - 1 else ",") for at, row in enumerate(rows)]


def _summary(solution: Solution) -> list[str]:
    if solution.updated:
        count = len(solution.trajectory)
        return _table(
            f"After {count} updates" if count > 1 else "Updated", {f"{n}'": v for n, v in solution.updated.items()}
        )
    if solution.gradients:
        return _table("Gradients", solution.gradients)
    return _table("Values", solution.values)


def _table(title: str, values: Mapping[str, object]) -> list[str]:
    wide = max(map(len, values), default=0)
    lines = [title]
    for name, value in values.items():
        first, *rest = _plain(value)
        lines += [f"    {name:<{wide}} = {first}", *(" " * (wide + 7) + row for row in rest)]
    return [_cut(line) for line in lines]
