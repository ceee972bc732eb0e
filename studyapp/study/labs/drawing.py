"""How a lab looks: its curves, and an update worked out. Width in, lines out; knows no screen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from studyapp.study import sheet
from studyapp.study.labs.model import Curve, Experiment, Outcome, Standing, Worked
from studyapp.study.words import plural
from studyapp.typeset.lines import Series
from studyapp.typeset.lines import curves as draw
from studyapp.typeset.model import Drawing, Line
from studyapp.typeset.runs import wrap
from studyapp.typeset.scale import number

if TYPE_CHECKING:
    from engine.exercises import VariantStep

INDENT = 4
"""Cells before a formula."""


def chart(experiment: Experiment, curves: Sequence[Curve], width: int, height: int) -> Drawing:
    """The curves on the axes that the experiment wants, `height` lines of plot, with their last values in the legend."""
    return draw(
        [Series(one.name, one.ys, one.xs) for one in curves],
        width=max(12, width),
        height=max(2, height),
        log=experiment.log,
        x_name=experiment.x_name,
        title=experiment.y_name.capitalize(),
        finals=True,
    )


def figures(standing: Standing) -> str:
    """The last value of every curve: `loss 0.0123`."""
    return ", ".join(f"{one.name} {number(float(f'{one.ys[-1]:.3g}'))}" for one in standing.curves if one.ys)


def made(experiment: Experiment, standing: Standing) -> str:
    """How far the experiment is: `526 updates`."""
    return plural(standing.made, experiment.unit)


def against(predictions: Sequence[str], predicted: int | None, outcome: Outcome) -> str:
    """The prediction against what came out, in a sentence."""
    right = predictions[outcome.right]
    if predicted is None:
        return f"It is: {right}."
    if predicted == outcome.right:
        return f"As you predicted: {right}."
    return f"You predicted: {predictions[predicted]}. It is: {right}."


def worked_lines(worked: Sequence[Worked], width: int) -> tuple[Line, ...]:
    """Every step of an update as symbolic = substituted = result, under what is sought."""
    lines: list[Line] = []
    for one in worked:
        if one.name:
            lines += [Line(one.name).styled("bold"), Line("")]
        for place, step in enumerate(one.solution.steps, 1):
            lead = f"{place:>2}  "
            prompt = wrap(Line(step.prompt), max(10, width - INDENT))
            lines += [Line((lead if row == 0 else " " * INDENT) + part.text) for row, part in enumerate(prompt)]
            # A step of a solution has everything of an exercise's step that is drawn here.
            drawn = sheet.worked_lines(cast("VariantStep", step), max(20, width - INDENT))
            lines += [line.indented(INDENT) for line in drawn]
            lines.append(Line(""))
    return tuple(lines[:-1])
