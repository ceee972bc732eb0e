"""Working an exercise, for the screen and the plain mode alike: acts that are kept or undone, what a line means.

Stands between `Practice` and whoever draws it; opens no database of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING

from studyapp.memory.model import Grade
from studyapp.storage.errors import StorageError
from studyapp.study import exercises, recording, words
from studyapp.study.levels import MEANINGS

if TYPE_CHECKING:
    from engine.marking import Mark
    from studyapp.study.desk import Desk
    from studyapp.study.exercises import ExerciseRow
    from studyapp.study.practice import Practice
    from studyapp.study.sitting import Sitting, StepView

PLAIN_RIGHT = {"Right.", ""}
_MINUS = re.compile(r"(?<![\w)])-(?=[\d.])")
"""A minus sign before a number, typed as a hyphen."""
_CODE = re.compile(r" \([A-Z]\d\d\)")
"""A mistake's number in the catalogue, which says nothing to who made it."""


@contextmanager
def kept_or_undone(practice: Practice) -> Iterator[None]:
    """An act of a sitting is on disk, or it has not happened: the sitting is as before when the disk refuses.

    Raises: StorageError, after the sitting has been put back.
    """
    sitting = practice.sitting
    before = deepcopy(sitting, {id(sitting.variant): sitting.variant})
    try:
        yield
    except StorageError:
        practice.sitting = before
        raise


def current(practice: Practice) -> StepView | None:
    """The step to answer."""
    at = practice.sitting.current
    return None if at is None else practice.sitting.steps[at]


def rehearse(practice: Practice) -> None:
    """Lay the steps out and mark nothing once, so that the first answer need not wait for what that loads."""
    sitting = practice.sitting
    at = sitting.current
    if at is not None:
        sitting.variant.mark(at, "0", {step.name: step.value for step in sitting.variant.steps[:at]})


def repeated(practice: Practice, typed: str) -> bool:
    """Whether this is the wrong answer that stands already: giving it again means going on with it."""
    step = current(practice)
    if step is None or not step.tries or not practice.sitting.can_keep():
        return False
    return " ".join(step.tries[-1].typed.split()) == " ".join(typed.split())


def how(sitting: Sitting, view: StepView) -> str:
    """What to do with the step on the screen, at the beginning of a sitting."""
    from studyapp.study.sitting import Status  # the engine is loaded where there is a sitting

    if sitting.level == 0:
        return "Read every line; the question comes at the end."
    if any(one.status is Status.WAITING for one in sitting.steps):
        return "Work it all out on paper; only the result is asked. After a miss the steps open."
    if view.step.kind == "choose":
        return "Press a letter, or ↑ ↓ and Enter."
    if view.step.kind in ("line", "order", "shape"):
        return "Enter marks it; = in front only calculates; ↑ ↓ scroll."
    exact = view.step.precision in ("exact", "int")
    return f"You may type arithmetic, and names of values.{'' if exact else ' Carry at least 4 figures.'}"


def said(mark: Mark, kind: str = "number") -> str:
    """What a mark of a step of that kind has to say beyond right or not yet; empty where that is all.

    An option's own text is for those who picked it wrongly; where it is right it would contradict itself.
    """
    if mark.reason in PLAIN_RIGHT or (kind == "choose" and mark.accepted):
        return ""
    return _MINUS.sub("\u2212", _CODE.sub("", mark.reason.removeprefix("Not yet.")).strip())


def read_back(mark: Mark, typed: str) -> str:
    """How an answer was read, where that is not plain to see from what was typed; else empty."""
    figures = re.findall(r"[-\d.]+", typed)
    return "" if not mark.read or re.findall(r"[-\d.]+", mark.read) == figures else as_written(mark.read)


def as_written(text: str) -> str:
    """A typed number, or how one was read, in the manner of the sheet: −0.5, (1, 2), [1, 2; 3, 4]."""
    if text.startswith("[["):
        text = re.sub(r"\]\s*,\s*\[", "; ", f"[{text.strip('[]')}]")
    elif text.startswith("[") and text.count("[") == 1 and ";" not in text:
        text = f"({text.strip('[]')})"
    return _MINUS.sub("\u2212", text)


def labels(desk: Desk, practice: Practice) -> dict[Grade, str]:
    """Grade → how long until the exercise comes back; empty where the sitting is practice alone."""
    if practice.item is None or not practice.scheduled:
        return {}
    _item, state = desk.item_with_state(practice.item.key)
    outcomes = recording.look_ahead(desk, practice.item, state, desk.moment(), practice.sitting.level)
    return {grade: words.wait(outcomes[grade].wait_seconds) for grade in Grade}


def again(desk: Desk, practice: Practice, name: str, *, same: bool) -> Practice:
    """The exercise once more: with other numbers at the level that follows, or with the same numbers and level.

    Raises: NoExerciseError.
    """
    return exercises.once_more(desk, practice, name) if same else desk.practice(name, item=practice.item)


def opened(desk: Desk, row: ExerciseRow, *, level: int | None = None, fresh: bool = False) -> Practice:
    """A sitting of an exercise of the list; `fresh` leaves the one that was begun.

    Raises: NoExerciseError.
    """
    name = str(row.path)
    item = desk.item(row.item) if row.item else None
    return desk.practice(name, item=item, level=row.level if fresh and level is None else level)


def summed_up(practice: Practice) -> str:
    """What a finished sitting came to, in sentences: why this grade, whether it counts, at which level the next is."""
    return " ".join(filter(None, (f"{practice.result.reason}.", counts(practice), moved(practice))))


def moved(practice: Practice) -> str:
    """At which level the next sitting is, in a sentence; empty where it is the same again."""
    level = practice.next_level
    return "" if level == practice.sitting.level else f"Next time at level {level}: {MEANINGS[level]}."


def missed_the_end(practice: Practice) -> bool:
    """Whether the last answer of a finished sitting was not found: then it is tried with other numbers."""
    from studyapp.study.sitting import Status  # the engine is loaded where there is a sitting

    return practice.sitting.steps[-1].status in (Status.KEPT, Status.TOLD)


def counts(practice: Practice) -> str:
    """Whether the sitting counts, in a sentence."""
    if practice.scheduled:
        return "This counts as a review."
    return "Practice only: it is not due." if practice.item else "Practice only: no deck schedules it."
