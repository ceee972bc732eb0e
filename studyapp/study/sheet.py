"""The sheet of an exercise: givens, what form an answer has, the worked solution. Pure.

Typeset lines and Markdown, for the screen and for the plain mode; knows variants and sittings, no journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studyapp.typeset import Line, inline_line
from studyapp.typeset.runs import wrap

if TYPE_CHECKING:
    from engine.exercises import Variant, VariantStep
    from engine.solution import Step

MOST_ENTRIES = 6
"""Numbers of an array whose own formulas are written out; of a larger one the value stands alone."""
LARGEST = 8
"""Rows or columns up to which an array is written out."""
ENDS = 3
"""Numbers with which a long vector is begun."""
INDENT = 4


@dataclass(frozen=True)
class Given:
    """A given of a variant: its name as TeX, and its value as the rows it is written in."""

    name: str
    rows: tuple[str, ...]
    line: str
    """The value in one line, for where lines are read one after another."""


def numeral(value: float) -> str:
    """A number with up to six figures and a proper minus; a very small one with a power of ten."""
    from engine.notation import number  # the engine loads when an exercise is opened

    return inline_line(number(float(value))).text


def rows_of(value: Any) -> tuple[str, ...]:
    """A value as it is written: a number, a vector in round brackets, a matrix as rows in square ones.

    The columns of a matrix are aligned. Square brackets are those of matrices in formulas, and of answers.
    """
    shape = getattr(value, "shape", ())
    if not shape:
        return (numeral(value),) if not isinstance(value, list | tuple) else (_bracket(value),)
    if len(shape) == 1:
        return (_bracket(value),)
    if len(shape) > 2:  # a stack of matrices, one below another
        return tuple(row for part in value for row in rows_of(part))
    columns = [_on_the_point([numeral(row[column]) for row in value]) for column in range(shape[1])]
    return tuple("[" + "  ".join(row) + "]" for row in zip(*columns, strict=True))


def in_a_line(value: Any) -> str:
    """A value in one line, as formulas write it and as it may be typed: −0.5, (1, 2), [1, 2; 3, 4]."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(value, list | tuple):
        return numeral(value)
    if not value or not isinstance(value[0], list | tuple):
        return _bracket(value)
    if isinstance(value[0][0], list | tuple):
        return ", ".join(map(in_a_line, value))  # a stack of matrices
    return "[" + "; ".join(", ".join(map(numeral, row)) for row in value) + "]"


def _on_the_point(texts: list[str]) -> list[str]:
    """Numbers below one another, aligned on the decimal point."""
    before = max(len(text.partition(".")[0]) for text in texts)
    set_off = [" " * (before - len(text.partition(".")[0])) + text for text in texts]
    width = max(map(len, set_off))
    return [text.ljust(width) for text in set_off]


def _bracket(value: Any) -> str:
    return "(" + ", ".join(numeral(one) for one in value) + ")"


def brief_rows(value: Any) -> tuple[str, ...]:
    """As `rows_of`; of a long vector the beginning and the end, of a large matrix its shape."""
    if _small(value):
        return rows_of(value)
    if len(value.shape) > 1:
        return _shape(value)
    first = ", ".join(numeral(one) for one in value[:ENDS])
    return (f"({first}, …, {numeral(value[-1])}), {len(value)} numbers",)


def givens(variant: Variant) -> tuple[Given, ...]:
    """What is given, in the template's order; of an array its shape where only shapes are asked, or it is large."""
    kinds = {step.kind for step in variant.steps}
    numbers = "shape" not in kinds or bool(kinds & {"number", "line"})
    made = []
    for name, value in variant.given.items():
        whole = numbers and _small(value)
        rows = rows_of(value) if whole else _shape(value)
        made.append(Given(_symbol(variant, name), rows, in_a_line(value) if whole else "; ".join(rows)))
    return tuple(made)


def _small(value: Any) -> bool:
    return all(side <= LARGEST for side in getattr(value, "shape", ()))


def _shape(value: Any) -> tuple[str, ...]:
    shape: tuple[int, ...] = getattr(value, "shape", ())
    if not shape:
        return rows_of(value)
    return (f"{shape[0]} numbers",) if len(shape) == 1 else (f"{'×'.join(map(str, shape))}",)


def _symbol(variant: Variant, name: str) -> str:
    """A given's TeX, written as the formulas write it: a number behind an array's name is its layer."""
    from engine.notation import Style, symbol

    arrays = {one for one, value in variant.given.items() if getattr(value, "shape", ())}
    layered = frozenset(one for one in arrays if one[-1:].isdigit() and "_" not in one)
    return symbol(name, Style(variant.template.symbols, frozenset(), layered))


_FORMS = {"shape": "the sides, as in 2×3", "choose": "pick one"}


def wanted(step: VariantStep) -> str:
    """The form an answer has: how many numbers, how they are typed, how exact."""
    if step.kind in _FORMS:
        return _FORMS[step.kind]
    if step.kind == "order":
        return f"the numbers 1 to {len(step.options)} in the right order"
    if step.kind == "line":
        return f"the number of the wrong line, 1 to {len(step.lines)}"
    from engine.marking import Precision

    exact = Precision.parse(step.precision).words
    shape: tuple[int, ...] = getattr(step.value, "shape", ())
    if not shape:
        return exact
    if len(shape) == 1:
        return f"{shape[0]} numbers, {exact}"
    return f"{'×'.join(map(str, shape))} numbers, a ; between rows, {exact}"


def answer_rows(step: VariantStep) -> tuple[str, ...]:
    """The key of a step as it is written."""
    match step.kind:
        case "choose":
            return (step.options[step.value],)
        case "order":
            return (" ".join(map(str, step.value)),)
        case "shape":
            return ("×".join(map(str, step.value)) or "a single number",)
        case "line":
            return (f"line {step.value}",)
    return rows_of(step.value)


def misworked(step: VariantStep, *, found: bool = False) -> tuple[tuple[int, bool, Line, tuple[str, ...]], ...]:
    """The solution in which the wrong line is sought: number, whether it is known to be wrong, left side, value.

    All lines where the line is asked for; where the right number is asked for that line alone. A line is known to be
    wrong once it is `found`.
    """
    sought = step.kind == "line"
    return tuple(
        (
            row.number,
            found and row.number == step.value if sought else True,
            inline_line(row.formula),
            rows_of(row.value),
        )
        for row in step.lines
        if sought or (not found and row.name == step.name)
    )


def told(step: VariantStep) -> str:
    """The key of a step that is no number, in words; for a wrong line what was done in it."""
    return step.hints[3] if step.kind == "line" else "  ".join(answer_rows(step))


def worked_lines(step: VariantStep, width: int) -> list[Line]:
    """A step worked out: symbolic = substituted = result, on one line where it fits, else below one another.

    The formula of an array stands in symbols first; then the quantities that were not asked but are needed, then the
    array's own numbers.
    """
    if not step.formula:
        return []
    array = bool(getattr(step.value, "shape", ()))
    lines = _chain(inline_line(step.formula), [], width) if array else []
    for helper in step.helpers:
        lines += _numbers(helper, width)
    lines += _numbers(step, width)
    return [part for line in lines for part in _fitted(line, width)]


def _numbers(step: VariantStep | Step, width: int) -> list[Line]:
    """The lines with the numbers in them; those of an array entry by entry where they are few."""
    if not getattr(step.value, "shape", ()):
        return _chain(inline_line(step.formula), _ended(step.substituted, step.value), width)
    if not 0 < len(step.entries) <= MOST_ENTRIES:
        rows = brief_rows(step.value)
        lead = inline_line(step.symbol if " = " in step.formula else step.formula) + Line(" = ")
        return [(lead if place == 0 else Line(" " * lead.width)) + Line(row) for place, row in enumerate(rows)]
    lines = []
    for one in step.entries:
        lines += _chain(inline_line(one.symbol), _ended(one.substituted, one.value), width)
    return lines


def _ended(substituted: str, value: float) -> list[Line]:
    """The numbers put in, then the result; once where they are the same."""
    result = Line(numeral(value))
    return [part for part in (inline_line(substituted),) if part.text and part.text != result.text] + [result]


def _chain(first: Line, others: list[Line], width: int) -> list[Line]:
    """`first = other = other` in one line, else each `=` below the first one of `first`."""
    whole = first
    for other in others:
        whole = whole + Line(" = ") + other
    if whole.width <= width or not others:
        return [whole]
    at = first.text.find(" = ")
    column = Line(first.text[:at]).width if at >= 0 else min(first.width, INDENT)
    return [first, *((Line(" " * column + " = ") + other) for other in others)]


def _fitted(line: Line, width: int) -> list[Line]:
    if line.width <= width:
        return [line]
    indent = len(line.text) - len(line.text.lstrip(" "))
    pieces = wrap(Line(line.text[indent:]), max(10, width - indent))
    return [piece.indented(indent) for piece in pieces]


def worked_markdown(step: VariantStep) -> str:
    """A step worked out, as Markdown: the formula in symbols, then with the numbers in it, then why."""
    if step.kind != "number":
        return told(step)
    result = step.hints[3]
    return result if not step.formula or result.startswith(f"${step.formula} =") else f"${step.formula}$\n\n{result}"


def why(step: VariantStep) -> str:
    """What the author adds to the result; empty where there is nothing."""
    parts = [part for part in step.hints[3].split("\n\n") if part.strip()]
    return "\n\n".join(part for part in parts if not part.lstrip().startswith("$")) if step.kind == "number" else ""
