"""A sitting of an exercise: a sheet of paper with a patient teacher beside it.

Givens and drawing stay above; below, one step after another opens its field, is marked at once, and stays in sight. Esc
leaves at any moment, and the same step is there the next time. At the end stands the whole worked solution.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual import work
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from studyapp.memory.model import Grade
from studyapp.storage.errors import StorageError
from studyapp.study import working
from studyapp.study.exercises import NoExerciseError
from studyapp.study.sitting import TELLS
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice
from studyapp.ui.exercise_paper import TALL, PaperScreen
from studyapp.ui.widgets.choices import Choices
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.grades import Button, Grades

if TYPE_CHECKING:
    from engine.marking import Mark
    from studyapp.study.desk import Desk
    from studyapp.study.practice import Practice
    from studyapp.study.sitting import StepView

PAUSE = 2.0
"""Seconds before the hint that tells the result; long enough to think once more, too short to punish."""
SECOND = 0.5
"""Seconds after a wrong answer in which the same answer is a key pressed twice, and does not keep it."""


class Stage(StrEnum):
    """How far the person is."""

    OPENING = "opening"
    WORKING = "working"
    GRADING = "grading"
    """Everything is answered; the grade is proposed."""
    DONE = "done"
    """Written."""


class SittingScreen(PaperScreen):
    """One sitting, from the first step to the worked solution."""

    TITLE = "Exercise"
    ACTIONS = (
        Action("read-on", "space", "Read on", "Read on; at the end of the page as Enter.", "read on", "Space"),
        Action("go-on", "enter", "Go on", "Take the grade that is marked ▸; leave.", "go on", "Enter"),
        Action("answer", "", "Mark", "Have the answer marked.", "mark", "Enter", palette=False),
        Action("hint", "h,ctrl+t", "Hint", "The next hint: goal, formula, numbers, result.", "hint", "Ctrl+T"),
        Action("worked", "w,ctrl+o", "Worked step", "Show this step worked out.", "worked", "Ctrl+O"),
        Action("scratch", "", "Scratch", "Behind = the field only calculates; nothing is marked.", "scratch", "="),
        Action("empty", "", "Empty the field", "Take away what stands in the field.", shown="Ctrl+U"),
        Action("again", "a", "Other numbers", "The same exercise again with other numbers.", "other numbers"),
        Action(
            "same", "r", "Same numbers", "The same numbers once more, as practice.", "same again", call="again(True)"
        ),
        Action("keep", "ctrl+g", "Go on with it", "Keep the wrong answer; later steps follow from it."),
        Action("sheet", "v,f2", "Whole sheet", "Drawing, weights, givens and conventions at full length."),
        Action("fold", "d,f3", "Fold the sheet", "Drawing and conventions away, for more room, or back."),
        Action("grade-1", "1", "Again", "Grade it Again.", "grade", "1–4", call="number(1)", palette=False),
        Action("grade-2", "2", "Hard", "Grade it Hard.", call="number(2)", palette=False),
        Action("grade-3", "3", "Good", "Grade it Good.", call="number(3)", palette=False),
        Action("grade-4", "4", "Easy", "Grade it Easy.", call="number(4)", palette=False),
        Action("back", "escape", "Leave", "Leave; everything answered is kept, and goes on next time.", "leave (kept)"),
        Action("quit", "q", "Quit", "Leave the program; everything answered is kept.", call="leave_program"),
    )

    stage = Stage.OPENING
    graded: Grade | None = None
    """The grade that was written as a review by this screen; None while there is none."""
    left_half_way = False
    """Whether the person left before the end."""
    _timer: Timer | None = None
    _marked_at = 0.0

    def __init__(self, opener: Callable[[], Practice], name: str) -> None:
        """`opener` makes the sitting (it may take a moment); `name` is the template's name or path."""
        super().__init__()
        self._opener, self.template_name = opener, name

    # opening

    def arrived(self, desk: Desk) -> None:
        """Make the sitting; the numbers are drawn and proved meanwhile."""
        self.query_one("#where", Drawn).show(Content.styled("Laying out the sheet …", cells.MUTED))
        self.open(self._opener)

    @work(thread=True, exit_on_error=False, group="exercise", description="Laying out the exercise")
    def open(self, opener: Callable[[], Practice]) -> None:
        """Make a sitting in a thread: drawing and proving the numbers may take longer than a frame."""
        try:
            practice = opener()
            working.rehearse(practice)
        except (NoExerciseError, StorageError, OSError) as error:
            self.app.call_from_thread(self._not_opened, str(error))
            return
        self.app.call_from_thread(self._opened, practice)

    def _not_opened(self, sentence: str) -> None:
        if self.is_mounted:
            self.query_one("#where", Drawn).show(Content.styled("This exercise cannot be opened", "bold"))
            self.query_one("#notice", Notice).warn(sentence)

    def _opened(self, practice: Practice) -> None:
        if not self.is_mounted:
            return
        self.practice, self.stage = practice, Stage.WORKING
        self.query_one(Grades).display = False
        self.draw()
        self.page.scroll_home(animate=False)
        begun = "You go on where you left it." if self.begun else working.counts(practice)
        how = f" {working.how(practice.sitting, self.step)}" if self.step is not None else ""
        self.query_one("#notice", Notice).say(begun + how)
        self._next()

    def _next(self) -> None:
        """Open the current step below what is settled; at the end, the grades."""
        view = self.step
        if view is None:
            self._finish_steps()
            return
        self.paper.open(view, tall=self.size.height >= TALL, can_keep=self.sat.sitting.can_keep())
        self.draw_sheet()
        if self.reads_first:
            self.set_focus(None)
            self.call_after_refresh(self.read_to_the_end)
        else:
            self.paper.focus_answer()
            self.call_after_refresh(self.make_room)
        self._offer()

    def _offer(self) -> None:
        self.refresh_bindings()
        self.offer_keys()

    def has_worked(self, key: str) -> bool:
        """Whether the exercise of that item was worked to its end here, and written."""
        over = self.graded is not None or self.stage is Stage.DONE
        return over and self.sat.item is not None and self.sat.item.key == key

    # answering

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter in the field."""
        message.stop()
        self._hand_in(message.value)

    def on_choices_picked(self, message: Choices.Picked) -> None:
        """An option was picked."""
        self._hand_in(str(message.picks[0] + 1))

    def _hand_in(self, typed: str) -> None:
        if self.step is not None and not self.too_small:
            self.app.call_later(self._submit, typed, self.step.index)

    def on_input_changed(self, message: Input.Changed) -> None:
        """Once the person types, what was said at the bottom is no longer news."""
        if message.value != self.paper.written:
            self._wait_no_more()
            self.query_one("#notice", Notice).say()
            self.bring_into_sight(typing=self.paper.size.height > self.page.size.height)

    def _wait_no_more(self) -> None:
        """The result is not told: the person answers."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self.offer_keys()

    async def _submit(self, typed: str, index: int) -> None:
        if self.stage is not Stage.WORKING or self.step is None or self.step.index != index:
            return  # an Enter too many: that step is settled
        self._wait_no_more()
        notice = self.query_one("#notice", Notice)
        if not typed.strip():
            notice.say("Type an answer; Ctrl+T opens a hint.")
            return
        if typed.strip().startswith("="):
            self.paper.calculated(self.sat.sitting.scratch(typed.strip()[1:]))
            self.call_after_refresh(self.bring_into_sight)
            return
        if working.repeated(self.sat, typed):
            if monotonic() - self._marked_at >= SECOND:
                await self.action_keep()
            return
        before = self.step
        told: list[Mark] = []
        if await self._do(lambda: told.append(self.sat.answer(typed))):
            self._marked_at = monotonic()
            self._after(before, told[0])
        elif self.is_attached:
            self.paper.reopen()

    def _after(self, before: StepView | None, mark: Mark) -> None:
        """Go on after a mark: to the next step, or back into the same field with what there is to say."""
        notice = self.query_one("#notice", Notice)
        notice.say()
        now = self.step
        self.draw()
        if now is None or before is None or now.index != before.index:
            self._next()
            if now is not None and before is not None and now.index < before.index:
                why = working.said(mark, before.step.kind)
                notice.say(f"Not yet. {why} So step by step: the steps that lead there have opened.")
                self.draw_sheet()
            return
        self.paper.reopen()
        self.paper.say(now, mark, can_keep=self.sat.sitting.can_keep())
        self.draw_sheet()
        self._offer()
        self.call_after_refresh(self.bring_into_sight)

    async def _do(self, act: Callable[[], object]) -> bool:
        """Run an act that writes. When the disk refuses, say so; nothing has happened then, and nothing is lost."""

        def kept() -> None:
            with working.kept_or_undone(self.sat):
                act()

        return await self.save(kept, refused="Not saved: {error} What you typed is still here; try again.")

    # acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what makes sense now."""
        if self.study.desk is None or self.practice is None or self.too_small:
            return action in ("back", "help", "scroll_page", "leave_program")
        busy, over = self.stage is Stage.WORKING, self.stage in (Stage.GRADING, Stage.DONE)
        reading = busy and not self.paper.typing and not self.paper.choices.has_focus
        possible = {
            "read_on": over or reading,
            "go_on": over or reading,
            "answer": busy and not reading,
            "hint": busy and not reading and self._timer is None,
            "worked": busy and not reading,
            "scratch": busy and self.paper.typing,
            "empty": busy and self.paper.typing,
            "keep": busy and self.practice.sitting.can_keep(),
            "again": over,
            "number": self.stage is Stage.GRADING and self.practice.scheduled,
        }
        return possible.get(action, True)

    async def action_answer(self) -> None:
        """As Enter."""
        await self.paper.submit()

    def action_scratch(self) -> None:
        """Begin a calculation in the field."""
        self.paper.write(f"= {self.paper.field.value.lstrip('= ')}")
        self.paper.focus_answer()

    def action_empty(self) -> None:
        """Begin the answer anew."""
        self.paper.write("")
        self.paper.focus_answer()

    async def action_hint(self) -> None:
        """The next hint; a moment's pause before the one that tells the result, ended by whoever answers after all."""
        view = self.step
        if view is not None and self.sat.sitting.next_hint == TELLS:
            self.query_one("#notice", Notice).say("The result comes in a moment: look once more, or type your answer.")
            self._timer = self.set_timer(PAUSE, partial(self.app.call_later, self._open_hint, view.index))
            self.offer_keys()
        elif view is not None:
            await self._open_hint(view.index)

    async def _open_hint(self, index: int) -> None:
        self._timer = None
        if self.step is None or self.step.index != index or self.stage is not Stage.WORKING:
            return
        if await self._do(self.sat.hint):
            self._hinted(index)

    async def action_worked(self) -> None:
        """Show the step worked out, the result included."""
        if self.step is not None and await self._do(self.sat.tell):
            self._hinted(None)

    def _hinted(self, index: int | None) -> None:
        """Show the hint below the step; when it told the result, go on to the next step than `index`."""
        self.query_one("#notice", Notice).say()
        self.draw()
        if self.step is None or self.step.index != index:
            self._next()
            return
        self.paper.hint(self.step)
        self.draw_sheet()
        self.call_after_refresh(self.bring_into_sight)

    async def action_keep(self) -> None:
        """Go on with the wrong answer."""
        if await self._do(self.sat.keep):
            self.draw()
            self._next()

    async def action_read_on(self) -> None:
        """Read on; at the end of the worked solution take the proposed grade and leave."""
        if self.stage is Stage.WORKING or self.page.scroll_offset.y < self.page.max_scroll_y - 1:
            self.page.scroll_relative(y=max(1, self.page.size.height - 2), animate=False)
            if self.stage is Stage.WORKING:
                self.call_after_refresh(self.read_to_the_end)
        else:
            await self.action_go_on()

    async def action_go_on(self) -> None:
        """Read on at level 0; take the proposed grade; leave."""
        if self.stage is Stage.WORKING:
            await self.action_read_on()
        elif self.stage is Stage.DONE or await self._finish(None):
            self.leave()

    def action_scroll_page(self, direction: int, whole: bool) -> None:
        """As everywhere; at level 0 the options wake up at the end."""
        super().action_scroll_page(direction, whole)
        if self.stage is Stage.WORKING and self.reads_first:
            self.call_after_refresh(self.read_to_the_end)

    # the end

    def _finish_steps(self) -> None:
        self.stage = Stage.GRADING
        self.paper.clear()
        self.set_focus(None)
        self.page.scroll_home(animate=False)
        notice, result = self.query_one("#notice", Notice), self.sat.result
        said = working.summed_up(self.sat) + (" a: once more with other numbers." * working.missed_the_end(self.sat))
        by_when = working.labels(self.desk, self.sat)
        if by_when:
            buttons = [Button(int(grade), grade.name.capitalize(), by_when[grade]) for grade in Grade]
            self.query_one(Grades).display = True
            self.query_one(Grades).offer(buttons, int(result.grade))
            notice.say(f"{result.grade.name.capitalize()}: {said}")
        else:
            self.app.call_later(self._finish_practice, f"{said[:1].upper()}{said[1:]}")
        self._offer()

    async def _finish_practice(self, said: str) -> None:
        """Nothing is graded, so nothing is waited for."""
        if self.stage is Stage.GRADING and await self._finish(None):
            self.query_one("#notice", Notice).say(said)
            self._offer()

    async def _finish(self, grade: Grade | None) -> bool:
        """Write the sitting: as a review with this grade (None: the proposed one), or as practice."""
        scheduled, chosen = self.sat.scheduled, grade or self.sat.result.grade
        refused = "Not saved: {error} Nothing is lost; Enter tries again."
        if not await self.save(lambda: self.sat.finish(grade), refused=refused):
            return False
        self.stage = Stage.DONE
        if scheduled:
            self.graded = chosen
        self.study.idle()
        self.query_one(Grades).display = False
        return True

    async def action_number(self, number: int) -> None:
        """Take another grade than the proposed one."""
        if self.stage is Stage.GRADING and await self._finish(Grade(number)):
            self.leave()

    def on_grades_chosen(self, message: Grades.Chosen) -> None:
        """A grade was clicked."""
        self.app.call_later(self.action_number, message.number)

    async def action_again(self, same: bool = False) -> None:
        """Write this sitting, then begin another one, with other numbers or with the same."""
        if self.stage is Stage.DONE or await self._finish(None):
            practice, desk = self.sat, self.desk
            self.stage = Stage.OPENING
            self.open(lambda: working.again(desk, practice, self.template_name, same=same))

    async def action_back(self) -> None:
        """Leave; a sitting that is at its end is written with the proposed grade."""
        if self.stage is Stage.GRADING and not await self._finish(None):
            return
        self.left_half_way = self.stage is Stage.WORKING and self.begun
        self.leave()

    async def action_leave_program(self) -> None:
        """Leave the program; as for leaving the screen."""
        if self.stage is not Stage.GRADING or await self._finish(None):
            self.app.exit()
