"""The keys of a review: which there are, at which stage each makes sense, and what it is called then. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from studyapp.memory.model import Grade
from studyapp.study.asking import Question, Way
from studyapp.ui import wording
from studyapp.ui.actions import UNDO, Action

if TYPE_CHECKING:
    from studyapp.study.review import ReviewSession


class Stage(StrEnum):
    """How far the person is with the item."""

    ASKING = "asking"
    SURE = "sure"
    """Answered, and asked how sure they are before it is checked."""
    ANSWERED = "answered"
    OVER = "over"


ACTIONS = (
    Action("go-on", "space,enter", "Go on", "Show the answer; then take the grade that is marked ▸.", "go on", "Space"),
    Action("answer", "", "Answer", "Have the answer marked.", "answer", "Enter", palette=False),
    Action("grades", "", "Grade", "How well you knew it.", "grade", "1–4", palette=False, call="help"),
    Action("grade-1", "1", "Again", "Not remembered.", call="number(1)"),
    Action("grade-2", "2", "Hard", "Remembered with much effort.", call="number(2)"),
    Action("grade-3", "3", "Good", "Remembered.", call="number(3)"),
    Action("grade-4", "4", "Easy", "Remembered at once.", call="number(4)"),
    Action("grade-5", "5", "Perfectly", "Where you grade from 1 to 5.", call="number(5)"),
    Action("hint", "h,ctrl+t", "Hint", "A hint; it is noted with the answer.", "hint", "h"),
    Action("i-was-right", "o", "I was right", "Good, and what you typed counts as right from now on.", "I was right"),
    Action("undo", "u,ctrl+z", "Undo", UNDO.help, "undo", "u"),
    Action("bury", "b", "Not today", "Bury: asked again tomorrow.", "bury"),
    Action("suspend", "s", "Suspend", "Asked no more until you resume it.", "suspend"),
    Action("flag", "exclamation_mark", "Flag", "Set or take away a flag.", "flag"),
    Action("edit", "e", "Edit", "Open the card in your editor.", "edit"),
    Action("source", "v", "Show source", "The card as it stands in its file."),
)
"""The most important first."""


def answers_itself(question: Question) -> bool:
    """Whether Enter belongs to the question's options or its field."""
    return question.way not in (Way.RECALL, Way.WORK)


def possible(act: str, stage: Stage, session: ReviewSession) -> bool:
    """Whether an act makes sense now; those that are not named here always do."""
    asking, answered = stage is Stage.ASKING, stage is Stage.ANSWERED
    asked, checked = session.current, session.checked
    itself = asked is not None and answers_itself(asked.question)
    hint = asked is not None and bool(asked.question.card.hint) and not session.answering.hints
    return {
        "go_on": stage is Stage.OVER or answered or (asking and not itself),
        "answer": asking and itself,
        "number": answered or stage is Stage.SURE,
        "hint": asking and hint,
        "i_was_right": answered and checked is not None and not checked.right,
        **dict.fromkeys(("bury", "suspend", "flag", "edit", "source"), asking or answered),
    }.get(act, True)


def named(action: Action, stage: Stage, letters: str, wait: Callable[[Grade], str] | None) -> Action:
    """An action, named after what it does now.

    Args: `letters`: the last option's letter while a letter answers; `wait`: where the person grades from 1 to 5, how
    long until the item comes back.
    """
    sure, number = stage is Stage.SURE, action.id.startswith("grade-")
    if action.id == "answer" and letters:
        return replace(action, shown=f"a–{letters}")
    if action.id == "grades" and (sure or wait):
        return replace(action, shown="1–5", footer="how sure" if sure else "grade")
    if number and sure:
        return wording.sureness_key(action)
    if number and wait:
        return wording.recall_key(action, wait)
    if action.id == "back" and sure:
        return replace(action, footer="change the answer")
    return action
