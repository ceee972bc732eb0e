"""How a lab looks before and after: controls, predictions, what was asked, what came out. Width in, text out."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.content import Content
from textual.style import Style

from studyapp.study.labs import Control, Lab, Outcome
from studyapp.ui import cells
from studyapp.ui.widgets.choices import Choices


class Predictions(Choices):
    """The predictions; once one is picked, Space and Enter are left to the screen, which starts."""

    def on_key(self, event: events.Key) -> None:
        """Let the screen have what starts."""
        if event.key in ("space", "enter") and self.picked == {self.cursor}:
            event.prevent_default()


def controls(lab: Lab, chosen: Mapping[str, str], marked: int, width: int) -> Content:
    """One line a control with its options, the chosen one in ‹ ›; the control at place `marked` has the cursor."""
    labels = max(len(control.label) for control in lab.controls)
    return Content("\n").join(
        _control(control, place, labels, chosen[control.name], here=place == marked).truncate(width, ellipsis=True)
        for place, control in enumerate(lab.controls)
    )


def _control(control: Control, place: int, labels: int, value: str, *, here: bool) -> Content:
    parts = [Content.assemble(("▸ " if here else "  ", "$text-accent"), f"{control.label:<{labels}}  ")]
    for number, option in enumerate(control.options):
        taken = option == value
        look = cells.ACCENT if taken and here else "bold" if taken else cells.MUTED
        drawn = Content.styled(f"‹{option}›" if taken else f" {option} ", look)
        parts.append(drawn.stylize(Style.from_meta({"@click": f"screen.choose({place}, {number})"})))
    return Content(" ").join(parts)


def said(lab: Lab, chosen: Mapping[str, str], prediction: int | None, width: int) -> Content:
    """What stays in sight while the lab runs: the controls, the question, the prediction."""
    values = " · ".join(f"{one.label} {chosen[one.name]}" for one in lab.controls)
    predicted = "passed" if prediction is None else lab.predictions[prediction]
    lines = [
        *Content.styled(values, cells.MUTED).wrap(width),
        *Content(lab.question).wrap(width),
        *Content.assemble(("Your prediction  ", cells.MUTED), predicted).wrap(width),
    ]
    return Content("\n").join(lines)


def result(lab: Lab, prediction: int | None, outcome: Outcome, width: int) -> Content:
    """The prediction against what came out, with its figures."""
    from studyapp.study.labs.drawing import against  # the list of the labs does without

    if prediction is None:
        sign, style = "· ", cells.MUTED
    else:
        sign, style = ("✓ ", cells.RIGHT) if prediction == outcome.right else ("✗ ", cells.WRONG)
    told = Content(against(lab.predictions, prediction, outcome)).wrap(max(10, width - 2))
    figures = cells.prose(outcome.sentence, max(10, width - 2)).split("\n", allow_blank=True)
    lines = [
        Content.assemble((sign if row == 0 else "  ", style), part.stylize("bold")) for row, part in enumerate(told)
    ]
    return Content("\n").join([*lines, *(Content.assemble("  ", part) for part in figures)])
