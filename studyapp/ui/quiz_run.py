"""A quiz under way: question, answer, verdict, and at the end the score with every question to open again.

It can be left at any moment: what has been answered is scored and kept, even when the program is quit in the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from studyapp.storage.errors import StorageError
from studyapp.study import words
from studyapp.study.asking import Question, Way
from studyapp.study.checking import Checked, Verdict
from studyapp.study.quiz import Answered, Quiz
from studyapp.study.words import SURE_WORDS
from studyapp.ui import cells, wording
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice
from studyapp.ui.question_screen import QuestionScreen
from studyapp.ui.quiz_score import AnsweredScreen, line, result
from studyapp.ui.widgets.bar import SessionBar
from studyapp.ui.widgets.choices import Choices
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.grades import Grades
from studyapp.ui.widgets.question import QuestionView, sources
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.desk import Desk


class Stage(StrEnum):
    """How far the person is."""

    ASKING = "asking"
    SURE = "sure"
    """Answered, and asked how sure they are before it is checked."""
    JUDGING = "judging"
    """The answer is open and the person says whether they knew it."""
    ANSWERED = "answered"
    SCORE = "score"


class QuizRun(QuestionScreen):
    """A quiz under way, and its score."""

    TITLE = "Quiz"
    ACTIONS = (
        Action("go-on", "space,enter", "Go on", "Show the answer; go to the next question.", "go on", "Space"),
        Action("answer", "", "Answer", "Have the answer marked.", "answer", "Enter", palette=False),
        Action(
            "how-sure",
            "",
            "How sure",
            "How sure you are; the answer is checked then.",
            "how sure",
            "1–5",
            palette=False,
            call="help",
        ),
        *(
            Action(
                f"sure-{number}",
                str(number),
                word.capitalize(),
                f"{number} of 5: the answer is checked then.",
                call=f"sure({number})",
            )
            for number, word in SURE_WORDS.items()
        ),
        Action("judge-right", "y", "I knew it", "Your own word: right.", "knew it", call="judge(True)"),
        Action("judge-wrong", "n", "I did not", "Your own word: not right.", "did not", call="judge(False)"),
        Action(
            "i-was-right", "o", "I was right", "The machine was wrong: count it.", "I was right", call="judge(True)"
        ),
        Action("open", "", "Open", "The question with its answer.", "open", "Enter", palette=False),
        Action("resume", "c", "Go on with the quiz", "The questions that are left.", "go on"),
        Action("retry", "r", "Retry the missed", "A quiz of the questions you missed.", "retry missed"),
        Action("back", "escape,q", "Leave", "The score so far; once more leaves the quiz.", "leave", "Esc"),
    )

    stage = Stage.ASKING
    _submit: Callable[[int | None], Checked] | None = None
    """The answer that waits for "how sure?"."""
    _begun = 0
    _took = 0
    """Milliseconds to the answer."""
    _kept = False

    def __init__(self, quiz: Quiz, *, record: bool, label: str = "Quiz", told: str = "") -> None:
        """Ask `quiz`. Args: `record`: keep the score in the journal; `told`: a sentence for the score page."""
        super().__init__()
        self.quiz, self._record, self._label, self._told = quiz, record, label, told

    @property
    def unfinished(self) -> Quiz | None:
        """A quiz of the questions that are left; None at the end, and of a retry, which is practice."""
        return self.quiz.rest() if self._record and self.quiz.current is not None else None

    def body(self) -> ComposeResult:
        """Progress, where the question comes from, question and answer; at the end the score and its lines."""
        yield SessionBar(id="bar")
        yield Drawn(id="where")
        yield QuestionView()
        with Vertical(id="score"):
            yield Drawn(id="result")
            yield Rows(id="lines")
        yield Notice(id="notice")
        yield Grades(id="grades")

    def arrived(self, desk: Desk) -> None:
        """The first question."""
        self.ask()

    # drawing

    def ask(self) -> None:
        """Show the present question, or the score when there is none."""
        question = self.quiz.current
        if question is None:
            self.show_score()
            return
        self.stage = Stage.ASKING
        self._begun = self.desk.clock.now()
        self._show_question(True)
        self.query_one("#bar", SessionBar).set_to(len(self.quiz.answers), len(self.quiz.questions))
        self._place(question)
        self.set_focus(None)
        self.view.ask(question)
        self.page.scroll_home(animate=False)
        self.query_one("#notice", Notice).say()
        self.query_one(Grades).say(wording.how_to_answer(question.way))
        self.renew()

    def _place(self, question: Question) -> None:
        title = cells.one_line(self.desk.deck_title(question.card.deck))
        said = self._label.lower()
        self.query_one("#where", Drawn).show(
            lambda width: cells.spread(Content.styled(title, cells.MUTED), Content.styled(said, cells.MUTED), width)
        )

    def _say_next(self, key: str, what: str) -> None:
        self.query_one(Grades).say(Content.assemble((key, cells.ACCENT), f"  {what}"))

    def _show_question(self, there: bool) -> None:
        self.query_one("#where", Drawn).display = there
        self.page.display = there
        self.query_one("#score").display = not there

    def _open(self, checked: Checked | None) -> None:
        """The answer below the question."""
        self.set_focus(None)
        pending = self.quiz.pending
        said = wording.notes(checked, pending.confidence if pending else None)
        self.view.answer(checked, sources(self.desk, self.view.question), said)
        yours = checked is None or checked.verdict is Verdict.YOURS
        self.stage = Stage.JUDGING if yours else Stage.ANSWERED
        if yours:
            self.query_one(Grades).say(
                Content.assemble(("y", cells.ACCENT), "  I knew it      ", ("n", cells.ACCENT), "  I did not")
            )
        else:
            last = len(self.quiz.answers) + 1 == len(self.quiz.questions)
            self._say_next("Space", "the score" if last else "next question")
        self.renew()

    def show_score(self) -> None:
        """The score, and a line for each question answered."""
        self.stage = Stage.SCORE
        self._show_question(False)
        score = self.quiz.score()
        total = len(self.quiz.questions)
        self.query_one("#bar", SessionBar).set_to(score.total, total, f"{score.total} of {total} answered")
        self.query_one("#result", Drawn).show(partial(result, score))
        lines = self.query_one("#lines", Rows)
        lines.fill(
            (Row(str(place), partial(line, one)) for place, one in enumerate(self.quiz.answers)),
            next((str(place) for place, one in enumerate(self.quiz.answers) if not one.checked.right), None),
        )
        lines.focus()
        left = total - score.total
        if left:
            self._say_next("c", f"goes on with the {words.plural(left, 'question')} that are left")
        elif score.missed:
            self._say_next("r", f"asks the {len(score.missed)} missed again")
        else:
            self._say_next("Esc", "back")
        if self._told:
            self.query_one("#notice", Notice).say(self._told)
        self.renew()

    # answering

    def on_choices_picked(self, message: Choices.Picked) -> None:
        """The options picked stand."""
        if self.stage is Stage.ASKING:
            self._answer(lambda sure: self.quiz.answer_picks(message.picks, self._took, sure))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter in the field."""
        message.stop()
        if self.stage is Stage.ASKING:
            self._answer(
                lambda sure: self.quiz.answer_text(message.value, self._took, sure), empty=not message.value.strip()
            )

    def _answer(self, submit: Callable[[int | None], Checked], *, empty: bool = False) -> None:
        """Have an answer checked; where the settings say so, ask first how sure the person is."""
        self._stop_the_watch()
        if self.desk.settings.ask_confidence and not empty:
            self.stage, self._submit = Stage.SURE, submit
            self.ask_how_sure()
        else:
            self._checked(submit(None))

    def action_sure(self, number: int) -> None:
        """How sure the person is: now the answer is checked."""
        if self.stage is Stage.SURE and self._submit is not None:
            self._checked(self._submit(number))

    def on_grades_chosen(self, message: Grades.Chosen) -> None:
        """A button was clicked."""
        self.action_sure(message.number)

    def _stop_the_watch(self) -> None:
        self._took = max(0, self.desk.clock.now() - self._begun)

    def _reopen(self) -> None:
        """Back to the unanswered question, with what was typed or picked."""
        self.stage, self._submit = Stage.ASKING, None
        self.reopen(wording.how_to_answer(self.quiz.questions[len(self.quiz.answers)].way))

    def _checked(self, checked: Checked) -> None:
        if checked.verdict is Verdict.RETRY:
            self._reopen()
            self.query_one("#notice", Notice).warn(cells.one_line(checked.reason))
            return
        self.query_one("#notice", Notice).say()
        self._open(checked)

    # acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what makes sense at this stage."""
        if self.study.desk is None or self.too_small:
            return action in ("back", "help", "scroll_page")
        if action == "scroll_page":
            return self.stage is not Stage.SCORE
        itself = self.quiz.current is not None and self.quiz.current.way is not Way.RECALL
        pending = self.quiz.pending
        missed = bool(self.quiz.score().missed)
        return {
            "go_on": self.stage is Stage.ANSWERED or (self.stage is Stage.ASKING and not itself),
            "answer": self.stage is Stage.ASKING and itself,
            "sure": self.stage is Stage.SURE,
            "open": self.stage is Stage.SCORE and bool(self.quiz.answers),
            "resume": self.stage is Stage.SCORE and self.quiz.current is not None,
            "retry": self.stage is Stage.SCORE and self.quiz.current is None and missed,
        }.get(action, True) and self._may_judge(action, parameters, pending)

    def _may_judge(self, action: str, parameters: tuple[object, ...], pending: Answered | None) -> bool:
        if action != "judge":
            return True
        if self.stage is Stage.JUDGING:
            return True
        return (
            self.stage is Stage.ANSWERED and parameters == (True,) and pending is not None and not pending.checked.right
        )

    def offered(self) -> Iterator[Action]:
        """As everywhere; from "how sure?" Esc goes back to the answer."""
        for action in super().offered():
            sure = action.id == "back" and self.stage is Stage.SURE
            yield replace(action, footer="change the answer") if sure else action

    def possible(self, action: Action) -> bool:
        """`y` and `n` where the person judges, `o` where the machine did, numbers where it is asked how sure."""
        if action.id == "how-sure":
            return self.stage is Stage.SURE
        if action.id in ("judge-right", "judge-wrong"):
            return self.stage is Stage.JUDGING
        if action.id == "i-was-right":
            return self.stage is Stage.ANSWERED and super().possible(action)
        return super().possible(action)

    async def action_go_on(self) -> None:
        """Show the answer; leave the question."""
        if self.stage is Stage.ASKING:
            self._stop_the_watch()
            self._open(None)
        elif self.stage is Stage.ANSWERED:
            await self._next()

    async def _next(self) -> None:
        """The next question, or at the end the score."""
        if await self.save(lambda: self.desk.next_question(self.quiz)):
            self.ask()
            if self.quiz.current is None:
                await self.keep()

    async def action_answer(self) -> None:
        """Answer with what stands in the field, or with the options picked."""
        await self.view.submit()

    async def action_judge(self, right: bool) -> None:
        """The person's own word; where they judge it, the next question follows at once."""
        judging = self.stage is Stage.JUDGING
        self.quiz.judge(right=right, duration_ms=self._took)
        if judging:
            await self._next()
        elif self.quiz.pending is not None:
            pending = self.quiz.pending
            self.view.say(pending.checked, notes=wording.notes(pending.checked, pending.confidence))
            self.renew()

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """A line of the score."""
        one = self.quiz.answers[int(message.key)]
        self.app.push_screen(AnsweredScreen(one))

    def action_open(self) -> None:
        """The question under the cursor."""
        self.query_one("#lines", Rows).action_choose()

    def action_resume(self) -> None:
        """Back to the questions."""
        self.ask()

    def action_retry(self) -> None:
        """The missed ones once more; nothing of it is kept."""
        self.quiz, self._record, self._label = self.quiz.retry(), False, "Retry"
        self.ask()

    async def action_back(self) -> None:
        """From "how sure?" to the question; else to the score so far, and from there to where the quiz began."""
        if self.stage is Stage.SURE:
            self._reopen()
        elif self.stage is Stage.ANSWERED and not await self.save(self._settle):
            pass  # the disk refused: it is told, and the answer is still there
        elif self.stage is not Stage.SCORE and self.quiz.answers:
            self.show_score()
            if self.quiz.current is None:
                await self.keep()
        elif await self.keep():
            self.leave()

    def on_unmount(self) -> None:
        """Keep the answers of somebody who quits the program in the middle."""
        if self.study.desk is not None:
            with suppress(StorageError):  # nobody is left to be told
                self._settle()
                self._write()

    def _settle(self) -> None:
        """Count the answer on the screen, if it has a verdict."""
        if self.stage is Stage.ANSWERED and self.quiz.settled() is not None:
            self.desk.next_question(self.quiz)

    async def keep(self) -> bool:
        """Write the score, once. Returns False when the disk refuses."""
        if self._kept or not await self.save(self._write):
            return self._kept
        self.study.forget_session()
        return True

    def _write(self) -> None:
        if self._record and not self._kept and self.quiz.answers:
            self.desk.record_quiz(self.quiz)
            self._kept = True
