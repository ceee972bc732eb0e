"""Labs: which experiments there are, and to which lesson each belongs. Enter opens the one under the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studyapp.study.labs import LABS, Lab
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

WIDE = 66
"""Cells from which a line has room for the lesson's title."""


class LabsScreen(StudyScreen):
    """The list of the labs."""

    TITLE = "Labs"
    ACTIONS = (
        Action("open", "", "Open", "Open the lab under the cursor.", "open", "Enter"),
        Action("lesson", "l", "Lesson", "Read the lesson to which the lab belongs.", "lesson"),
        Action("back", "escape", "Back", "Back to Today.", "today"),
    )

    def body(self) -> ComposeResult:
        """Title, labs, a sentence about the one under the cursor."""
        yield Drawn(_title, id="head")
        yield Rows(id="labs")
        yield Notice(id="notice")

    def arrived(self, desk: Desk) -> None:
        """List the labs; go straight to the one that the command line named."""
        self._titles = {row.deck: row.title for row in desk.lessons()}
        asked = self.study.asked_for()
        self.query_one(Rows).fill(
            [Row(lab.id, partial(_line, lab, self._titles.get(lab.lesson, ""))) for lab in LABS.values()],
            asked.get("lab"),
        )
        if asked:
            self.call_later(open_lab, self, asked["lab"], asked["chosen"])

    def resumed(self, desk: Desk) -> None:
        """Put the cursor to work."""
        del desk
        self.query_one(Rows).focus()
        self._explain()

    def on_rows_moved(self, _message: Rows.Moved) -> None:
        """Another lab."""
        self._explain()

    def _explain(self) -> None:
        row = self.query_one(Rows).current
        if row is not None:
            self.query_one("#notice", Notice).say(cells.one_line(LABS[row.key].about))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is."""
        if action == "lesson":
            row = self.query_one(Rows).current
            return self._arrived and row is not None and LABS[row.key].lesson in self._titles
        if action == "open":
            return self._arrived and not self.too_small
        return super().check_action(action, parameters)

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Enter or a click."""
        if not self.too_small:
            open_lab(self, message.key)

    def action_open(self) -> None:
        """Open."""
        self.query_one(Rows).action_choose()

    def action_lesson(self) -> None:
        """Read the lesson."""
        from studyapp.ui.lessons import open_lesson  # only for who reads it

        if (row := self.query_one(Rows).current) is not None:
            open_lesson(self, LABS[row.key].lesson)


def open_lab(screen: StudyScreen, lab: str, chosen: dict[str, str] | None = None) -> bool:
    """Open a lab over `screen`, with the controls `chosen`. False when there is no such lab."""
    from studyapp.ui.lab_run import LabScreen  # the list stands without it

    if lab not in LABS:
        return False
    screen.app.push_screen(LabScreen(LABS[lab], chosen))
    return True


def _title(width: int) -> Content:
    return cells.spread(Content.styled("Labs", "bold"), Content.styled("predict, watch, compare", cells.MUTED), width)


def _line(lab: Lab, lesson: str, width: int) -> Content:
    belongs = cells.one_line(lesson) if width >= WIDE else ""
    return cells.spread(Content(lab.title), Content.styled(cells.clip(belongs, width // 2), cells.MUTED), width)
