"""The grade a machine-marked answer earns, with the reason in words; and the grades behind confidence 1 to 5.

FSRS learns from the line between Again and the rest, so that line is drawn strictly: wrong, told or given up is Again,
and nothing else is, except a guess that was right by the chance of one half. Time only ever raises a grade. The rule:

| what happened | grade |
|---|---|
| wrong (credit below one half), told the answer, gave up, two or more steps failed | Again |
| right only after a third hint, a repaired step, a follow-on answer, or in part | Hard |
| right with confidence 1, a guess: Again on true/false, elsewhere | Hard |
| right at the first try, at most two hints | Good |
| the same without a hint, confidence 5, faster than usual, and an exercise at level 4 or 5 | Easy |

What has no effect (a slip of the finger, too few digits, an entry that cannot be read) is asked again and never comes
here.
"""

from __future__ import annotations

from studyapp.memory.model import Grade, SchedulingError

MANY_HINTS = 3
HARD_LEVEL = 4
_TRUE_FALSE, _EXERCISE = "true-false", "exercise"
_WHOLE = 1 - 1e-9


_OF_CONFIDENCE = {1: Grade.AGAIN, 2: Grade.HARD, 3: Grade.GOOD, 4: Grade.GOOD, 5: Grade.EASY}


def of_confidence(confidence: int) -> Grade:
    """The grade of a self-marked answer rated 1 (did not recall) to 5 (perfectly)."""
    return _OF_CONFIDENCE[_check_confidence(confidence)]


def derive(
    *,
    credit: float,
    kind: str,
    hints: int = 0,
    told: bool = False,
    attempts: int = 1,
    failed_steps: int = 0,
    followed_on: bool = False,
    duration_ms: int | None = None,
    median_ms: int | None = None,
    confidence: int | None = None,
    level: int | None = None,
) -> tuple[Grade, str]:
    """Grade of a machine-marked answer and the reason, a phrase for the learner.

    More credit, more confidence, fewer hints, attempts and failed steps, and less time never lower the grade.

    Args:
        credit: share of the answer that was right, 0 to 1.
        kind: the card's kind as decks name them; "true-false" and "exercise" have rules of their own.
        hints: hints opened before the answer.
        told: the answer was shown, by the last hint or because the learner asked for it.
        attempts: tries until it was right; 1 the first.
        failed_steps: steps of an exercise that were not solved.
        followed_on: right only as a consequence of an earlier wrong answer (error carried forward).
        duration_ms: time to the answer; None when it means nothing (the terminal was out of focus).
        median_ms: the learner's own median for this kind; None before there is one.
        confidence: 1 (a guess) to 5, given before checking; None when it was not asked.
        level: an exercise's level, 0 to 5.

    Raises:
        SchedulingError: credit or confidence out of range.
    """
    if not 0 <= credit <= 1:
        raise SchedulingError(f"credit lies between 0 and 1, not {credit}")
    if confidence is not None:
        _check_confidence(confidence)
    if lapse := _why_again(credit, kind, told, failed_steps, confidence):
        return Grade.AGAIN, lapse
    flaws = (
        (failed_steps > 0, "one step was not solved"),
        (followed_on, "right as a consequence of an earlier slip"),
        (credit < _WHOLE, "right in part"),
        (attempts > 1, f"right at attempt {attempts}"),
        (hints >= MANY_HINTS, f"right after {hints} hints"),
        (confidence == 1, "right, but a guess"),
    )
    if flaw := next((words for holds, words in flaws if holds), ""):
        return Grade.HARD, flaw
    hard_enough = kind != _EXERCISE or (level is not None and level >= HARD_LEVEL)
    quick = duration_ms is not None and median_ms is not None and duration_ms < median_ms
    if confidence == 5 and quick and hard_enough and hints == 0:
        return Grade.EASY, "right, sure of it and quicker than usual"
    if hints:
        return Grade.GOOD, f"right with {hints} hint{'s' if hints > 1 else ''}"
    return Grade.GOOD, "right at the first try"


def _why_again(credit: float, kind: str, shown: bool, failed_steps: int, confidence: int | None) -> str:
    if shown:
        return "the answer was shown"
    if failed_steps >= 2:
        return f"{failed_steps} steps were not solved"
    if credit < 0.5:
        return "wrong" if credit == 0 else "less than half of it was right"
    if confidence == 1 and kind == _TRUE_FALSE:
        return "a guess, and chance alone is right half the time"
    return ""


def _check_confidence(confidence: int) -> int:
    if confidence not in _OF_CONFIDENCE:
        raise SchedulingError(f"confidence is 1 to 5, not {confidence}")
    return confidence
