"""Review: one question after another, each grade on disk before the next one shows.

The person sees the question, answers or thinks, opens the answer below it, and grades, or takes the grade that a
machine-marked answer earned. Esc leaves at any moment with nothing lost; `u` takes back act by act, without limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from studyapp.memory.model import Grade
from studyapp.storage.errors import StorageError
from studyapp.study import words
from studyapp.study.asking import Way
from studyapp.study.checking import Checked, Verdict
from studyapp.ui import cells, editor, wording
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice
from studyapp.ui.question_screen import QuestionScreen
from studyapp.ui.review_keys import ACTIONS, Stage, answers_itself, named, possible
from studyapp.ui.summary import summary_lines
from studyapp.ui.widgets.bar import SessionBar
from studyapp.ui.widgets.choices import Choices
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.grades import CONFIDENCE_OF, Grades, grade_buttons
from studyapp.ui.widgets.question import QuestionView, sources

if TYPE_CHECKING:
    from studyapp.study.desk import Desk
    from studyapp.study.review import Asked, ReviewSession
    from studyapp.ui.exercise_sitting import SittingScreen


class ReviewScreen(QuestionScreen):
    """A review session."""

    TITLE = "Review"
    ACTIONS = ACTIONS

    stage = Stage.ASKING
    _submit: Callable[[int | None], Checked] | None = None
    """The answer that waits for "how sure?"."""

    def body(self) -> ComposeResult:
        """Progress, where we are, the question with everything that opens below it, the grades."""
        yield SessionBar(id="bar")
        yield Drawn(id="where")
        yield QuestionView(Drawn(id="summary"))
        yield Notice(id="notice")
        yield Grades(id="grades")

    # the use case

    @property
    def session(self) -> ReviewSession:
        """The session under way. Raises: RuntimeError when there is none."""
        if self.study.session is None:
            raise RuntimeError("no review has begun")
        return self.study.session

    @property
    def asked(self) -> Asked:
        """The item in front. Raises: RuntimeError when there is none."""
        if self.session.current is None:
            raise RuntimeError("nothing is left to answer")
        return self.session.current

    _shown: Asked | None = None
    _sitting: SittingScreen | None = None
    """The sitting that lies over this screen, when an exercise is being worked."""

    def on_screen_resume(self) -> None:
        """Show what is there now: before the desk is open the first card, which cannot be answered yet."""
        super().on_screen_resume()
        if self.study.desk is None and (card := self.study.first_card()) is not None:
            self._say_where(card.deck_title, card.lesson_title, card.phase_word)
            self.view.ask(card.question, answerable=False)
        if self.study.desk is None:
            self.query_one(Grades).say(Content.styled("Opening your decks …", cells.MUTED))
            self.call_after_refresh(self.study.open_desk)  # not before: its imports would hold up the first card

    def resumed(self, desk: Desk) -> None:
        """Show where the session is; what is half answered stays as it was left."""
        if self.study.session is None:  # it comes back here as soon as it is planned
            self.study.review_of(self.study.studied)
            return
        sitting = self._sitting
        if sitting is not None and self.session.current is not None and sitting.has_worked(self.asked.question.key):
            self.session.worked()
            self.ask()
        elif self.session.trouble is not None:
            self.session.look_again()
            self.ask()
        elif sitting is not None and sitting.left_half_way:
            self.query_one("#notice", Notice).say("Kept: Space goes on at the same step.")
        elif self._shown is None or self._shown is not self.session.current:
            self.ask()
        self._sitting = None

    # drawing

    def ask(self, said: str = "") -> None:
        """Show the present item as a question, or the summary when there is none; `said` is told below."""
        self.query_one("#notice", Notice).say(said)
        self._submit = None
        self._shown = asked = self.session.current
        if self.session.trouble is not None:
            self.study.tell_trouble(
                f"What you did last is kept, but the next card cannot be read. {self.session.trouble}"
            )
            return
        self.query_one("#bar", SessionBar).set_to(self.session.done, self.session.done + self.session.left)
        self.query_one("#summary", Drawn).show()
        self.set_focus(None)
        self.page.scroll_home(animate=False)
        if asked is None:
            self.view.clear()
            self._close()
            return
        self.stage = Stage.ASKING
        self._place()
        question = asked.question
        self.view.ask(question)
        self.query_one(Grades).say(wording.how_to_answer(question.way))
        self.renew()
        self.study.idle()

    def _place(self) -> None:
        asked = self.asked
        signs = [f"flag {asked.state.flag}"] if asked.state.flag else []
        signs += ["leech"] if asked.state.leech else []
        self._say_where(asked.deck_title, asked.lesson_title, " · ".join([*signs, asked.phase_word]))

    def _say_where(self, deck: str, lesson: str, right: str) -> None:
        where = " · ".join(cells.one_line(part) for part in (deck, lesson) if part)
        self.query_one("#where", Drawn).show(
            lambda width: cells.spread(Content.styled(where, cells.MUTED), Content.styled(right, cells.MUTED), width)
        )

    def _open_answer(self) -> None:
        """Everything that stands below the question once it is answered."""
        question, proposal = self.asked.question, self.session.proposal  # first, for it may look into the database
        checked, sure = self.session.checked, self.session.answering.confidence
        self.stage = Stage.ANSWERED
        self.set_focus(None)
        self.view.answer(checked, sources(self.desk, question), wording.notes(checked, sure, proposal))
        self._offer_grades()
        self.renew()

    def _offer_grades(self) -> None:
        proposal = self.session.proposal
        proposed = proposal[0] if proposal else Grade.GOOD
        self.query_one(Grades).offer(
            grade_buttons(self.asked.labels, confidence=self.by_confidence),
            CONFIDENCE_OF[proposed] if self.by_confidence else int(proposed),
        )

    def _close(self) -> None:
        self.stage = Stage.OVER
        summary = self.session.summary()
        self.query_one("#where", Drawn).show(Content.styled("End of this session", cells.MUTED))
        self.query_one("#bar", SessionBar).set_to(1, 1, f"{summary.reviews} done")
        self.query_one("#summary", Drawn).show(lambda width: summary_lines(summary, width))
        self.query_one(Grades).say(Content.assemble(("Space", cells.ACCENT), "  back to Today"))
        self.renew()

    @property
    def by_confidence(self) -> bool:
        """Whether the person grades from 1 to 5."""
        return self.study.desk is not None and self.desk.settings.grade_by == "confidence"

    # answering

    def on_choices_picked(self, message: Choices.Picked) -> None:
        """The options picked stand."""
        if self._can_answer:
            self._answer(lambda sure: self.session.check_picks(message.picks, sure))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter in the field."""
        message.stop()
        if self._can_answer:
            self._answer(lambda sure: self.session.check_text(message.value, sure), empty=not message.value.strip())

    @property
    def _can_answer(self) -> bool:
        return self.stage is Stage.ASKING and self.study.session is not None and not self.too_small

    def _answer(self, submit: Callable[[int | None], Checked], *, empty: bool = False) -> None:
        if self.desk.settings.ask_confidence and not empty:
            self.stage, self._submit = Stage.SURE, submit
            self.ask_how_sure()
        else:
            self._check(submit, None)

    def _check(self, submit: Callable[[int | None], Checked], sure: int | None) -> None:
        notice = self.query_one("#notice", Notice)
        try:
            checked = submit(sure)
            if checked.verdict is not Verdict.RETRY:
                notice.say()
                self._open_answer()
                return
        except StorageError as error:
            notice.warn(str(error))
            return
        self._reopen()
        notice.warn(cells.one_line(checked.reason))

    def _reopen(self) -> None:
        """Back to the unanswered question, with what was typed or picked."""
        self.stage, self._submit = Stage.ASKING, None
        self.reopen(Content.styled("Enter marks it.", cells.MUTED))

    # acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what makes sense at this stage."""
        if self.study.session is None or self.study.desk is None or self.too_small:
            return action in ("back", "help", "scroll_page")
        if action == "number" and parameters == (5,):
            return self.stage is Stage.SURE or (self.stage is Stage.ANSWERED and self.by_confidence)
        return possible(action, self.stage, self.session)

    def possible(self, action: Action) -> bool:
        """The footer speaks of grades where there are some."""
        if action.id == "grades":
            return self.study.session is not None and bool(self.check_action("number", (1,)))
        return super().possible(action)

    def offered(self) -> Iterator[Action]:
        """As everywhere, with the keys named after what they do at this stage."""
        choices = self.query_one(Choices)
        letters = choices.choices[-1].letter if choices.has_focus and choices.choices and not choices.many else ""
        asked = self.session.current if self.stage is Stage.ANSWERED and self.by_confidence else None
        wait = asked.labels.__getitem__ if asked is not None else None
        for action in super().offered():
            yield named(action, self.stage, letters, wait)

    def _answers_itself(self) -> bool:
        """Whether Enter belongs to the options or the field."""
        return self.session.current is not None and answers_itself(self.asked.question)

    async def action_go_on(self) -> None:
        """Show the answer; take the marked grade; leave the summary."""
        if self.stage is Stage.OVER:
            self.action_back()
        elif self.stage is Stage.ASKING and self.asked.question.way is Way.WORK:
            self._work()
        elif self.stage is Stage.ASKING and not self._answers_itself():
            self._open_answer()
        elif self.stage is Stage.ANSWERED:
            if self.session.proposal is not None:
                await self._grade(self.session.grade)
            elif self.by_confidence:
                await self._grade(lambda: self.session.grade(confidence=CONFIDENCE_OF[Grade.GOOD]))
            else:
                await self._grade(lambda: self.session.grade(Grade.GOOD))

    def _work(self) -> None:
        """Open the sitting of an exercise; `resumed` goes on when it is over."""
        from studyapp.ui.exercise_sitting import SittingScreen  # rarely needed, never at the first card

        item, desk = self.asked.question.item, self.desk
        name = item.card.exercise.template if item.card.exercise else ""
        self._sitting = SittingScreen(lambda: desk.practice(name, item=item), name)
        self.app.push_screen(self._sitting)

    async def action_answer(self) -> None:
        """Answer with what stands in the field, or with the options picked."""
        await self.view.submit()

    async def action_number(self, number: int) -> None:
        """A grade, or how sure the person is."""
        if self.stage is Stage.SURE and self._submit is not None:
            self._check(self._submit, number)
        elif self.stage is Stage.ANSWERED:
            if self.by_confidence:
                await self._grade(lambda: self.session.grade(confidence=number))
            else:
                await self._grade(lambda: self.session.grade(Grade(number)))

    def on_grades_chosen(self, message: Grades.Chosen) -> None:
        """A button was clicked."""
        self.app.call_later(self.action_number, message.number)

    async def _grade(self, act: Callable[[], None]) -> None:
        before = self.asked
        if await self.save(act):
            self.ask()
            with suppress(StorageError):  # the grade is kept; a word about it can wait
                self._tell_leech(before)

    def _tell_leech(self, before: Asked) -> None:
        """Say so when the item just graded has become a leech."""
        if before.outlook[Grade.AGAIN].event.leech and not before.state.leech:
            state = self.desk.item_with_state(before.question.key)[1]
            if state.leech:
                front = cells.title(before.question.prompt)
                self.query_one("#notice", Notice).warn(words.leech(front, state))

    async def action_i_was_right(self) -> None:
        """The machine was wrong: Good."""
        await self._grade(self.session.i_was_right)

    async def action_undo(self) -> None:
        """Take back the newest act; its item is in front again."""
        told: list[str | None] = []
        if await self.save(lambda: told.append(self.session.undo())):
            typing = self.session.current is not None and self.asked.question.way is Way.TYPE  # u is a letter there
            further = " Ctrl+Z takes back more." if typing else ""
            self.ask(f"{cells.one_line(told[0])}.{further}" if told[0] else "There is nothing to take back.")

    async def action_bury(self) -> None:
        """Not today."""
        if await self.save(self.session.bury):
            self.ask("Buried until tomorrow; u brings it back.")

    async def action_suspend(self) -> None:
        """No more."""
        if await self.save(self.session.suspend):
            self.ask("Suspended; u brings it back.")

    async def action_flag(self) -> None:
        """Set the flag, or take it away."""
        if await self.save(self.session.flag):
            self.query_one("#notice", Notice).say()
            self._shown = self.session.current
            self._place()

    def action_hint(self) -> None:
        """Show the hint below the question."""
        self.view.hint(self.session.show_hint())
        self.renew()

    def action_source(self) -> None:
        """Show the card's own text."""
        from studyapp.ui.help import SourceScreen

        try:
            view = self.session.source()
        except (OSError, StopIteration) as error:
            self.query_one("#notice", Notice).warn(f"The card's file cannot be read: {error}".rstrip(": "))
            return
        self.app.push_screen(SourceScreen(f"{view.path}:{view.line}", view.text))

    async def action_edit(self) -> None:
        """Open the card in the editor, then take it from its file again."""
        notice = self.query_one("#notice", Notice)
        try:
            view = self.session.source()
        except (OSError, StopIteration) as error:
            notice.warn(f"The card's file cannot be read: {error}".rstrip(": "))
            return
        if trouble := editor.edit(self.app, view.path, view.line, self.desk.settings.editor):
            notice.warn(trouble)
        else:
            await self._reread()

    async def _reread(self) -> None:
        """Show the card as it stands now; a recalled answer that was open is open again."""
        asked, was_open = self.asked, self.stage is Stage.ANSWERED and self.session.checked is None
        if await self.save(self.session.reread, refused="{error}"):
            self.ask("Read again from its file.")
            now = self.session.current
            if (
                was_open
                and now is not None
                and now.question.key == asked.question.key
                and now.question.way is Way.RECALL
            ):
                self._open_answer()

    def action_back(self) -> None:
        """To Today; from "how sure?" back to the answer."""
        if self.stage is Stage.SURE:
            self._reopen()
        else:
            super().action_back()
