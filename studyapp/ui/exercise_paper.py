"""What is seen of a sitting: title, sheet of givens, the steps before and after the open one; where the page stands.

The base of the sitting's screen; it draws and scrolls, and does nothing that would be written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from studyapp.study import working
from studyapp.study.sitting import Status
from studyapp.ui import cells
from studyapp.ui import exercise_sheet as paper
from studyapp.ui.base import Notice, Overlay, Page, StudyScreen
from studyapp.ui.exercise_step import OpenStep, rows_of
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.grades import Grades

if TYPE_CHECKING:
    from studyapp.study.practice import Practice
    from studyapp.study.sitting import StepView

AROUND = 5
"""Rows that are neither sheet nor steps: the title, the empty lines, the footer."""
READ = 8
"""Rows of what stands before the open step that are kept in sight; the sheet gives way to them."""
EXAMPLE = 12
"""Rows that a worked example is read in, at least."""
TALL = 30
"""Rows of the terminal from which formulas are set in two dimensions, and the sheet stays at the end."""
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


class Steps(Page):
    """The page of the steps."""

    class Fitted(Message):
        """The page has another size."""

    def on_resize(self) -> None:
        """Say so."""
        self.post_message(self.Fitted())


class PaperScreen(StudyScreen):
    """A sheet with steps."""

    DEFAULT_CSS = """
    PaperScreen #keys { margin: 1 0 0 0; }
    PaperScreen #notice { margin: 1 0 0 0; }
    """

    practice: Practice | None = None
    """The sitting; None until it is open."""
    folded = False
    """Whether the person wants the givens alone, to leave more room for the steps."""
    _once_fitted: tuple[int, Callable[[], None]] | None = None
    """The height that the page had, and what is done once it has another."""
    _room: tuple[int, int, int] | None = None
    """For which step and height of the window the rows of the sheet were last settled, and how many they are."""

    def body(self) -> ComposeResult:
        """Title, sheet, steps, what is said, and the grades at the end."""
        yield Drawn(id="where")
        yield Drawn(id="sheet")
        yield Drawn(id="asked")
        with Steps(id="page"):
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
        if self.step and self.sat.sitting.level == 0:
            where = "worked example"
            number = "published numbers" if variant.example else number
        title = Content.styled(cells.one_line(variant.title), "bold")
        level = f"level {self.sat.sitting.level}"

        def line(width: int) -> Content:
            parts = [level, number, where] if width >= WIDE else [level, where]
            return cells.spread(title, Content.styled(" · ".join(parts), cells.MUTED), width)

        self.query_one("#where", Drawn).show(line)
        if self.step is None:
            self.draw_sheet()
            self.query_one("#before", Drawn).show(lambda width: paper.solution(views, width))
            self.query_one("#after", Drawn).show()
            return
        at = self.step.index
        before = [view for view in views if view.index < at and view.status is not Status.WAITING]
        airy = self.sat.sitting.level == 0
        self.query_one("#before", Drawn).show(
            (lambda width: paper.steps_before(before, width, airy=airy)) if before else ""
        )
        shown = any(not view.current and view.status is Status.OPEN and view.step.name_shown for view in views)
        self.query_one("#after", Drawn).show((lambda width: paper.steps_after(views, width)) if shown else "")

    def on_mount(self) -> None:
        """Whatever scrolls the page, the question stays in sight."""
        super().on_mount()
        self.watch(self.page, "scroll_y", self._keep_asked, init=False)

    def _keep_asked(self) -> None:
        top = self.paper.virtual_region
        self._ask_above(gone=top.height > 0 and self.page.scroll_offset.y > top.y)

    def _ask_above(self, *, gone: bool) -> bool:
        """Show the question in a line above the page where it is `gone` from it. Returns whether that is a change."""
        line, step = self.query_one("#asked", Drawn), self.step
        changed = line.display != (gone and step is not None)
        if gone and step is not None:
            line.show(partial(paper.asked, step))
        elif changed:
            line.show()
        return changed

    def draw_sheet(self) -> None:
        """Givens, drawing and conventions in the rows that the steps leave them."""
        variant, step, rows = self.sat.sitting.variant, self.step, self._sheet_rows()
        about = step.step if step else None
        self.query_one("#sheet", Drawn).show(lambda width: paper.head(variant, min(width, 76), rows, about))

    def _sheet_rows(self) -> int:
        """Rows for the sheet: what the open step, and some of what stands before it, do not need.

        While a step is open the sheet only gives way, so that nothing moves to and fro.
        """
        height, step = self.size.height, self.step
        if step is None:
            return max(1, height - TALL)
        if self.folded:
            return 1
        width = self.page.scrollable_content_region.width or min(self.size.width, 76)
        before = rows_of(self.query_one("#before", Drawn), width)
        read = min(before + 1, READ) if before else 0
        needed = EXAMPLE if self.sat.sitting.level == 0 else self.paper.rows(width) + read
        said = rows_of(self.query_one("#notice", Notice), width)
        rows = max(1, height - AROUND - (said + 1 if said else 0) - needed)
        if self._room is not None and self._room[:2] == (step.index, height):
            rows = min(rows, self._room[2])
        self._room = step.index, height, rows
        return rows

    def on_resize(self) -> None:
        """The sheet takes what the height leaves it."""
        if self.practice is not None:
            self.draw()
            self.draw_sheet()

    @property
    def paper(self) -> OpenStep:
        """The step that is open."""
        return self.query_one(OpenStep)

    @property
    def reads_first(self) -> bool:
        """Whether a worked example is to be read before its question."""
        return self.step is not None and self.sat.sitting.level == 0 and not self.paper.typing

    def bring_into_sight(self, *, typing: bool = False) -> None:
        """Scroll so that the question with all that stands below it is seen, and above it as much as there is room for.

        Where it is longer than what the page shows, its beginning is seen; once there is a verdict or a hint, its end:
        what was said last. While one is `typing`, the field is seen, and as much of what stands below it.
        """
        if not self.is_mounted or self.step is None or (self.reads_first and not self.paper.choices.has_focus):
            return
        first = self.paper.virtual_region.y
        last = first + self.paper.virtual_region.height - self.page.size.height
        newest = bool(self.step.tries or self.step.hints)
        if typing:
            last, newest = min(last, first + self.paper.field.virtual_region.y), True
        place = max(0, last if newest else min(first, last))
        if self._ask_above(gone=place > first):  # which takes a row of the page, or gives it back
            self._once_fitted = self.page.size.height, partial(self.bring_into_sight, typing=typing)
        else:
            self.page.scroll_to(y=place, animate=False)

    def on_steps_fitted(self) -> None:
        """The page has another height: scroll now if that was waited for. A person who scrolls is left alone."""
        if self._once_fitted is not None and self._once_fitted[0] != self.page.size.height:
            again, self._once_fitted = self._once_fitted[1], None
            again()

    def on_open_step_grown(self) -> None:
        """A verdict or a hint has opened below the answer, and has its place now."""
        self.make_room()

    def make_room(self) -> None:
        """Let the sheet give way to the open step; then bring the step into sight."""
        if self.is_mounted and self.step is not None:
            self.draw_sheet()
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
        self.folded, self._room = not self.folded, None
        self.draw_sheet()
        self.call_after_refresh(self.bring_into_sight)

    def action_sheet(self) -> None:
        """Everything that stands above the steps."""
        self.app.push_screen(SheetScreen(self.sat))
