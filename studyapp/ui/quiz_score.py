"""What a quiz came to: the score, its lines, and each question with the answer that was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studyapp.study import words
from studyapp.study.quiz import Answered, Score
from studyapp.ui import cells, wording
from studyapp.ui.actions import Action
from studyapp.ui.question_screen import QuestionScreen
from studyapp.ui.widgets.question import VERDICTS, QuestionView, sources

if TYPE_CHECKING:
    from studyapp.study.desk import Desk


def result(score: Score, width: int) -> Content:
    """Right answers, share, points where they differ, and what being sure was worth."""
    share = words.percent(score.share) if score.total else "–"
    extra = f"    {score.points:g} points" if score.points != score.right else ""
    right = f"{score.right} of {score.total} right"
    lines = [Content.assemble((right, "bold"), (f"    {share}{extra}", cells.MUTED)).truncate(width)]
    lines += Content.styled(score.sure_words, cells.MUTED).wrap(max(10, width)) if score.sure_words else []
    return Content("\n").join(lines)


def line(one: Answered, width: int) -> Content:
    """A question of the score: what became of it, and how sure the person was of a slip."""
    sign, word, style = VERDICTS[one.checked.verdict]
    if not one.checked.right and (one.confidence or 0) >= words.SURE:
        word = f"{word} · {words.SURE_WORDS[one.confidence or 0]}"
    start = Content.assemble((f"{sign} ", style), cells.title(one.question.prompt) or one.question.card.id)
    return cells.spread(start, Content.styled(word, style), width)


class AnsweredScreen(QuestionScreen):
    """One question of a quiz with the answer given, the right one, and the explanation."""

    TITLE = "Question"
    ACTIONS = (Action("back", "escape,enter,space,q", "Back", "Back to the score.", "back to the score", "Esc"),)

    def __init__(self, one: Answered) -> None:
        """Show `one`."""
        super().__init__()
        self._one = one

    def body(self) -> ComposeResult:
        """The question and all below it."""
        yield QuestionView()

    def arrived(self, desk: Desk) -> None:
        """Everything at once."""
        view = self.view
        view.ask(self._one.question, answerable=False)
        one = self._one
        said = wording.notes(one.checked, one.confidence)
        view.answer(one.checked, sources(desk, one.question), said)
        if not one.question.choices:
            view.say(one.checked, one.checked.given, said)
        self.set_focus(None)
        self.renew()

    def action_back(self) -> None:
        """To the score."""
        self.leave()
