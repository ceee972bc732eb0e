"""What a review and a quiz say around a question: how to answer it, how sure one is, why this grade. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.content import Content

from studyapp.memory.grading import of_confidence
from studyapp.memory.model import Grade
from studyapp.study.asking import Way
from studyapp.study.checking import Checked
from studyapp.study.words import SURE, SURE_WORDS
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.widgets.grades import RECALL_WORDS, Button

HOW_SURE = "How sure are you? A number checks the answer; Esc changes it."
SURE_BUTTONS = tuple(Button(number, word) for number, word in SURE_WORDS.items())
OBVIOUS = {"right at the first try", "wrong", "right in part"}
"""Reasons of a grade that say no more than the verdict."""


def how_to_answer(way: Way) -> Content:
    """The line where the grades will stand."""
    if way in (Way.RECALL, Way.WORK):
        first, then = "think first, then", "show the answer"
        if way is Way.WORK:
            first, then = "an exercise, step by step", "work it"
        return Content.assemble((f"({first})  ", cells.MUTED), ("Space", cells.ACCENT), f"  {then}")
    told = {
        Way.PICK_ONE: "Press a letter, or ↑ ↓ and Enter.",
        Way.PICK_MANY: "All that apply: letters switch, Enter answers.",
        Way.TYPE: "Enter marks it. An empty field shows the answer.",
    }
    return Content.styled(told[way], cells.MUTED)


def notes(checked: Checked | None, sure: int | None, proposal: tuple[Grade, str] | None = None) -> list[str]:
    """What is said below the verdict: why this grade was proposed, and that the person had been sure of a slip."""
    if checked is None:
        return []
    said = []
    if proposal is not None and not checked.reason and proposal[1] not in OBVIOUS:
        said.append(proposal[1])
    if sure is not None and sure >= SURE and not checked.right:
        said.append(f"You were {SURE_WORDS[sure]}. Confident slips are worth a second look.")
    return said


def sureness_key(action: Action) -> Action:
    """The action of a number while it says how sure the person is."""
    number = int(action.keys)
    return replace(action, label=SURE_WORDS[number].capitalize(), help=f"{number} of 5: the answer is checked then.")


def recall_key(action: Action, wait: Callable[[Grade], str]) -> Action:
    """The action of a number where the person grades from 1 to 5. Args: `wait`: grade → until it comes back."""
    number = int(action.keys)
    grade = of_confidence(number)
    return replace(
        action,
        label=RECALL_WORDS[number].capitalize(),
        help=f"{number} of 5 counts as {grade.name.capitalize()}: again in {wait(grade).replace('<', 'under ')}.",
    )
