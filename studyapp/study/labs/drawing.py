"""How a lab looks: its curves, and an update worked out. Width in, lines out; knows no screen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studyapp.study import sheet
from studyapp.study.labs.model import Curve, Experiment, Outcome, Standing, Worked
from studyapp.study.words import plural
from studyapp.typeset import inline_line
from studyapp.typeset.lines import Series
from studyapp.typeset.lines import curves as draw
from studyapp.typeset.model import Drawing, Line
from studyapp.typeset.runs import wrap
from studyapp.typeset.scale import number

if TYPE_CHECKING:
    from engine import Step
    from engine.exercises import VariantStep

INDENT = 4
"""Cells before a formula."""


def chart(experiment: Experiment, curves: Sequence[Curve], width: int, height: int) -> Drawing:
    """The curves on the axes that the experiment wants, `height` lines of plot; the legend has their last values."""
    one_only = max((one.xs[-1] for one in curves if one.xs), default=0.0) == 1
    return draw(
        [Series(one.name, one.ys, one.xs) for one in curves],
        width=max(12, width),
        height=max(2, height),
        log=experiment.log,
        x_name=experiment.unit if one_only and experiment.x_name == f"{experiment.unit}s" else experiment.x_name,
        title="Curve" if [one.name for one in curves] == [experiment.y_name] else experiment.y_name.capitalize(),
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
    """Every step of a unit of work as symbolic = substituted = result, under what is sought; or its figures."""
    lines: list[Line] = []
    for one in worked:
        if one.name:
            lines += [Line(one.name).styled("bold"), Line("")]
        lines += [inline_line(tex).indented(INDENT) for tex in one.figures]
        for place, step in enumerate(one.solution.steps if one.solution else (), 1):
            lead = f"{place:>2}  "
            prompt = wrap(Line(step.prompt), max(10, width - INDENT))
            lines += [Line((lead if row == 0 else " " * INDENT) + part.text) for row, part in enumerate(prompt)]
            drawn = sheet.worked_lines(_shown(step), max(20, width - INDENT))
            lines += [line.indented(INDENT) for line in drawn]
            lines.append(Line(""))
    return tuple(lines[:-1] if lines and not lines[-1].text else lines)


def _shown(step: Step) -> VariantStep:
    """A step of a solution as an exercise shows it: solved for the learner."""
    from engine.exercises import VariantStep  # the list of the labs must not cost the engine

    return VariantStep(
        name=step.name,
        kind="number",
        role="shown",
        prompt=step.prompt,
        precision="",
        symbol=step.symbol,
        formula=step.formula,
        substituted=step.substituted,
        value=step.value,
        mistakes=(),
        hints=("", "", "", ""),
        entries=step.entries,
    )
