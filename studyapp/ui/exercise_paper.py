"""What is seen of a sitting: title, sheet of givens, the steps before and after the open one; where the page stands.

The base of the sitting's screen; it draws and scrolls, and does nothing that would be written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studyapp.study import working
from studyapp.study.sitting import Status
from studyapp.ui import cells
from studyapp.ui import exercise_sheet as paper
from studyapp.ui.base import Notice, Overlay, Page, StudyScreen
from studyapp.ui.exercise_step import OpenStep
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.grades import Grades

if TYPE_CHECKING:
    from studyapp.study.exercises import Practice
    from studyapp.study.sitting import StepView

STEPS = 11
"""Rows that are kept for the steps, title and footer; the rest may show the givens."""
WIDE = 72
"""Cells from which the title says the seed, too."""


class SheetScreen(Overlay):
    """The whole sheet: drawing, weights, givens, conventions."""

    def __init__(self, practice: Practice) -> None:
        """Show what stands above the steps of `practice`."""
        super().__init__()
        self._practice = practice

    def draw(self, width: int) -> Content:
        """Everything, whatever its height."""
        return paper.whole(self._practice.sitting.variant, width)


class PaperScreen(StudyScreen):
    """A sheet with steps."""

    practice: Practice | None = None
    """The sitting; None until it is open."""
    folded = False
    """Whether the sheet shows the givens alone, to leave more room for the steps."""

    def body(self) -> ComposeResult:
        """Title, sheet, steps, what is said, and the grades at the end."""
        yield Drawn(id="where")
        yield Drawn(id="sheet")
        with Page(id="page"):
            yield Drawn(id="before", classes="part")
            yield OpenStep(id="open")
            yield Drawn(id="after", classes="part")
        yield Notice(id="notice")
        yield Grades(id="grades")

    @property
    def begun(self) -> bool:
        """Whether anything has been answered or shown."""
        return any(view.tries or view.hints for view in self.sat.sitting.steps)

    @property
    def sat(self) -> Practice:
        """The sitting. Raises: RuntimeError before it is open."""
        if self.practice is None:
            raise RuntimeError("the sitting is not open yet")
        return self.practice

    @property
    def step(self) -> StepView | None:
        """The step to answer."""
        return None if self.practice is None else working.current(self.practice)

    def draw(self) -> None:
        """Title, sheet and steps as they stand."""
        views, variant = self.sat.sitting.steps, self.sat.sitting.variant
        numbers = [view.number for view in views if view.number]
        at = self.step.number if self.step else max(numbers, default=0)
        number = "published example" if variant.example else f"seed {variant.seed}"
        where = f"step {at} of {max(numbers, default=0)}" if self.step else "worked solution"
        if self.step and variant.level == 0:
            where = "worked example"
            number = "published numbers" if variant.example else number
        title = Content.styled(cells.one_line(variant.title), "bold")

        def line(width: int) -> Content:
            parts = [f"level {variant.level}", number, where] if width >= WIDE else [f"level {variant.level}", where]
            return cells.spread(title, Content.styled(" · ".join(parts), cells.MUTED), width)

        self.query_one("#where", Drawn).show(line)
        rows = max(4, self.size.height - STEPS) if self.step and not self.folded else 1
        self.query_one("#sheet", Drawn).show(lambda width: paper.head(variant, min(width, 76), rows))
        if self.step is None:
            self.query_one("#before", Drawn).show(lambda width: paper.solution(views, width))
            self.query_one("#after", Drawn).show()
            return
        at = self.step.index
        before = [view for view in views if view.index < at and view.status is not Status.WAITING]
        airy = variant.level == 0
        self.query_one("#before", Drawn).show(
            (lambda width: paper.steps_before(before, width, airy=airy)) if before else ""
        )
        shown = any(not view.current and view.status is Status.OPEN and view.step.name_shown for view in views)
        self.query_one("#after", Drawn).show((lambda width: paper.steps_after(views, width)) if shown else "")

    def on_resize(self) -> None:
        """The sheet takes what the height leaves it."""
        if self.practice is not None:
            self.draw()

    @property
    def paper(self) -> OpenStep:
        """The step that is open."""
        return self.query_one(OpenStep)

    @property
    def reads_first(self) -> bool:
        """Whether a worked example is to be read before its question."""
        return self.step is not None and self.sat.sitting.variant.level == 0 and not self.paper.typing

    def bring_into_sight(self, *, end: bool = False) -> None:
        """Scroll so that the question with all that stands below it is seen, and above it as much as there is room for.

        Where it is longer than what the page shows, its beginning is seen; with `end`, or once there is a verdict or a
        hint, its end: what was said last, and the place where one types.
        """
        if not self.is_mounted or self.step is None or (self.reads_first and not self.paper.choices.has_focus):
            return
        first = self.paper.virtual_region.y
        last = first + self.paper.virtual_region.height - self.page.size.height
        newest = end or bool(self.step.tries or self.step.hints)
        self.page.scroll_to(y=max(0, last if newest else min(first, last)), animate=False)

    def on_open_step_grown(self) -> None:
        """A verdict or a hint has opened below the answer, and has its place now."""
        self.make_room()

    def make_room(self) -> None:
        """Fold the sheet where the open step would not fit below it; then bring the step into sight."""
        if self.is_mounted and not self.folded and self.paper.size.height > self.page.size.height:
            self.folded = True
            self.draw()
        self.call_after_refresh(self.bring_into_sight)

    def read_to_the_end(self) -> None:
        """At level 0 the options take the keys once everything above them has been in sight."""
        page = self.page
        if page.scroll_offset.y >= page.max_scroll_y - 1:
            self.paper.focus_answer()
            self.refresh_bindings()
            self.offer_keys()

    def action_fold(self) -> None:
        """The drawing and the conventions away, or back."""
        self.folded = not self.folded
        self.draw()
        self.call_after_refresh(self.bring_into_sight)

    def action_sheet(self) -> None:
        """Everything that stands above the steps."""
        self.app.push_screen(SheetScreen(self.sat))
