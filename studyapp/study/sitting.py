"""A sitting of an exercise: step by step, marked at once, hints on demand, earlier slips carried forward. Pure.

    sitting.current → answer / hint / keep → current … → finished → result

The sitting holds no database and no clock; `studyapp.study.practice` records what it tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine.exercises import Variant, VariantStep
from engine.marking import Mark, UnreadableError, evaluate, evaluate_list
from studyapp.memory import grading
from studyapp.memory.model import Grade
from studyapp.study import sheet

TELLS = 4
"""The hint that tells the result."""
FREE_HINTS = 2
"""Hints that leave the grade alone."""


class Status(StrEnum):
    """Where a step stands."""

    SHOWN = "shown"
    """Worked out for the learner."""
    WAITING = "waiting"
    """Not asked unless the last answer is missed (level 5)."""
    OPEN = "open"
    RIGHT = "right"
    FOLLOWS = "follows"
    """Right as a consequence of an earlier slip."""
    KEPT = "kept"
    """Left wrong; later steps are marked against what follows from it."""
    TOLD = "told"


SETTLED = (Status.RIGHT, Status.FOLLOWS, Status.KEPT, Status.TOLD)


@dataclass(frozen=True)
class Try:
    """One answer to a step and its mark."""

    typed: str
    mark: Mark


@dataclass
class _Progress:
    """What has happened at one step."""

    status: Status
    tries: list[Try] = field(default_factory=list)
    hints: int = 0
    diagnosed: str = ""
    """What was said of a recognised mistake, where that stood in for the first hint."""
    read: Any = None
    """The number that the last answer was read as."""
    value: Any = None
    """What later steps are marked with: the learner's own number where it was accepted or kept, the one told."""


@dataclass(frozen=True)
class StepView:
    """A step as it is to be drawn."""

    index: int
    number: int
    step: VariantStep
    status: Status
    current: bool
    tries: tuple[Try, ...]
    hints: tuple[str, ...]
    """Those opened so far, Markdown."""
    formula: str
    """TeX; empty where the level hides it and the step is not settled."""
    yours: str
    """The learner's own answer that stands; empty where there is none."""


@dataclass(frozen=True)
class Result:
    """What a finished sitting came to."""

    grade: Grade
    reason: str
    credit: float
    clean: bool
    missed: bool
    hints: int


class Sitting:
    """One variant being worked."""

    def __init__(self, variant: Variant, level: int | None = None) -> None:
        """Begin with nothing answered. `level` is the skill's, where the variant is laid out like another one."""
        self.variant = variant
        self.level = variant.level if level is None else level
        self.last_hint = 0
        """The number of the hint that was opened last, from 1."""
        role = {"shown": Status.SHOWN, "asked": Status.OPEN, "waiting": Status.WAITING}
        self._progress = [_Progress(role[step.role]) for step in variant.steps]

    # what stands

    @property
    def steps(self) -> tuple[StepView, ...]:
        """Every step, in order."""
        current = self.current
        return tuple(self._view(index, current) for index in range(len(self._progress)))

    @property
    def current(self) -> int | None:
        """The place of the step to answer; None when all are settled."""
        return next((at for at, one in enumerate(self._progress) if one.status is Status.OPEN), None)

    @property
    def finished(self) -> bool:
        """Whether every asked step is settled."""
        return self.current is None

    @property
    def names(self) -> dict[str, Any]:
        """Values that may be used by name in an answer: those that stand on the sheet, givens and settled steps.

        Where a slip is carried forward these are the learner's own, as later steps are marked with them.
        """
        found = {}
        for step, one in zip(self.variant.steps, self._progress, strict=True):
            if step.kind == "number":
                if one.status in (Status.KEPT, Status.FOLLOWS) and one.value is not None:
                    found[step.name] = one.value
                elif one.status in (*SETTLED, Status.SHOWN):
                    found[step.name] = step.value
        return self.variant.names(found)

    # acts

    def answer(self, typed: str) -> Mark:
        """Mark an answer to the current step. A right one settles it; one that cannot be read costs nothing.

        At level 5 a miss opens the steps that lead to the result.
        """
        index = self._need()
        step, mine = self.variant.steps[index], self._progress[index]
        mark = self.variant.mark(index, typed, self._carried(index), names=self.names)
        if not mark.attempt:
            return mark
        mine.tries.append(Try(typed, mark))
        mine.read = self._number(step, typed)
        if mark.accepted:
            mine.status = Status.FOLLOWS if mark.verdict == "correct_ecf" else Status.RIGHT
            mine.value = mine.read
        elif any(one.status is Status.WAITING for one in self._progress):
            for place in self.variant.opened():
                self._progress[place].status = Status.OPEN
        return mark

    def can_keep(self) -> bool:
        """Whether the last answer to the current step was wrong and can be gone on with."""
        index = self.current
        if index is None or not self._progress[index].tries:
            return False
        step, mine = self.variant.steps[index], self._progress[index]
        return not mine.tries[-1].mark.accepted and (step.kind != "number" or mine.read is not None)

    def keep(self) -> None:
        """Leave the current step wrong and go on: what follows from it is marked as such.

        Raises: RuntimeError when there is no wrong answer to keep.
        """
        if not self.can_keep():
            raise RuntimeError("there is no wrong answer to go on with")
        mine = self._progress[self._need()]
        mine.status, mine.value = Status.KEPT, mine.read

    @property
    def next_hint(self) -> int:
        """The number of the hint that `hint` would open, from 1; `TELLS` is the one with the result."""
        index = self._need()
        step, mine = self.variant.steps[index], self._progress[index]
        number = mine.hints + 1
        if number == 1 and mine.tries and mine.tries[-1].mark.mistake:
            number = 2
        said = [step.prompt, *([f"${step.formula}$"] if step.formula_shown else [])]
        while number < TELLS and step.hints[number - 1] in (*said, *step.hints[: number - 1]):
            number += 1
        return number

    def hint(self, number: int | None = None) -> str:
        """Open the next hint of the current step: goal, formula, numbers, then the result, which settles it.

        After a recognised mistake its own sentence, which has been said, stands for the goal, and the formula comes.
        What would only say the question, an earlier hint, or the formula beside the field once more is passed over.
        With `number` (from 1) that hint is opened, with those before it.
        """
        index = self._need()
        step, mine = self.variant.steps[index], self._progress[index]
        number = min(TELLS, number or self.next_hint)
        if mine.hints == 0 and mine.tries and mine.tries[-1].mark.mistake and number != 1:
            mine.diagnosed = mine.tries[-1].mark.reason
        self.last_hint = mine.hints = number
        if mine.hints == TELLS:
            mine.status = Status.TOLD
            mine.value = step.value if step.kind == "number" else None
        return step.hints[mine.hints - 1]

    def tell(self) -> str:
        """Open all hints of the current step at once, the result included."""
        return self.hint(TELLS)

    def scratch(self, typed: str) -> str:
        """The value of an expression over the givens and settled values, or why it cannot be read."""
        names = self.names
        try:
            return sheet.in_a_line(evaluate(typed, names))
        except UnreadableError:
            pass
        try:
            return sheet.in_a_line(evaluate_list(typed, names))
        except UnreadableError as error:
            return str(error)

    # the end

    def result(self, *, duration_ms: int | None = None, median_ms: int | None = None) -> Result:
        """Grade and figures of the finished sitting.

        Raises: RuntimeError while a step is open.
        """
        if not self.finished:
            raise RuntimeError("a step is still open")
        asked = [one for one in self._progress if one.status in SETTLED]
        failed = sum(one.status in (Status.KEPT, Status.TOLD) for one in asked)
        repaired = any(len(one.tries) > 1 and one.status in (Status.RIGHT, Status.FOLLOWS) for one in asked)
        hints = max((one.hints for one in asked), default=0)
        followed = any(one.status is Status.FOLLOWS for one in asked)
        credit = (len(asked) - failed) / len(asked) if asked else 1.0
        grade, reason = grading.derive(
            credit=1.0 if failed == 1 else credit,
            kind="exercise",
            hints=hints,
            told=any(one.status is Status.TOLD for one in asked),
            attempts=2 if repaired else 1,
            failed_steps=failed,
            followed_on=followed,
            duration_ms=duration_ms,
            median_ms=median_ms,
            level=self.level,
        )
        clean = not failed and not repaired and not followed and hints <= FREE_HINTS
        return Result(grade, reason, round(credit, 3), clean, bool(failed or repaired), hints)

    def record(self) -> dict[str, Any]:
        """What the journal keeps: the variant's identity, its givens, every answer, mark and hint."""
        mistakes = [one.mark.mistake for progress in self._progress for one in progress.tries if one.mark.mistake]
        kept: dict[str, Any] = {
            "template": self.variant.template.id,
            "version": self.variant.version,
            "seed": self.variant.seed,
            "level": self.level,
            "given": {name: _plain(value) for name, value in self.variant.given.items()},
            "steps": [
                {
                    "name": step.name,
                    "status": str(one.status),
                    "hints": one.hints,
                    "tries": [[entry.typed, entry.mark.verdict] for entry in one.tries],
                }
                for step, one in zip(self.variant.steps, self._progress, strict=True)
                if one.status is not Status.SHOWN
            ],
        }
        return kept | ({"mistake": "|".join(dict.fromkeys(mistakes))} if mistakes else {})

    # inside

    def _need(self) -> int:
        if self.current is None:
            raise RuntimeError("every step is settled")
        return self.current

    def _carried(self, index: int) -> dict[str, Any]:
        """What stands at earlier settled steps: the learner's own values, and those that were told."""
        return {
            step.name: one.value
            for step, one in zip(self.variant.steps[:index], self._progress[:index], strict=True)
            if one.status in SETTLED and one.value is not None
        }

    def _number(self, step: VariantStep, typed: str) -> Any:
        if step.kind != "number":
            return None
        names = self.names
        try:
            return evaluate(typed, names) if _is_scalar(step.value) else evaluate_list(typed, names)
        except UnreadableError:
            return None

    def _view(self, index: int, current: int | None) -> StepView:
        step, mine = self.variant.steps[index], self._progress[index]
        settled = mine.status in (*SETTLED, Status.SHOWN)
        asked = [at for at, one in enumerate(self._progress) if one.status is not Status.WAITING]
        return StepView(
            index=index,
            number=asked.index(index) + 1 if index in asked else 0,
            step=step,
            status=mine.status,
            current=index == current,
            tries=tuple(mine.tries),
            hints=(mine.diagnosed or step.hints[0], *step.hints[1:])[: mine.hints],
            formula=step.formula if settled or step.formula_shown else "",
            yours=mine.tries[-1].typed if mine.tries and mine.status is not Status.TOLD else "",
        )


def _is_scalar(value: Any) -> bool:
    return isinstance(value, int | float) or getattr(value, "shape", (1,)) == ()


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value
