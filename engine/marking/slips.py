"""What a wrong number may have come from: an earlier slip, a named mistake, a composition, a generic slip.

Works on one number and computed values; the sentences for named mistakes are the caller's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from engine.marking.judging import RIGHT, Ask, judge, margin
from engine.marking.model import Expected, Nested, Number, plain

COMPOSITIONS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("sign", lambda value: -value),
    ("factor2", lambda value: 2 * value),
    ("half", lambda value: value / 2),
)
TENS = (-3, -2, -1, 1, 2, 3)
_FITTING = RIGHT | {"too_few_digits"}


def may_carry(typed: Nested, true: Nested) -> bool:
    """Whether an earlier answer may replace its true value when later steps are marked.

    Refused are 0, 1, -1 and what is not finite or more than a factor 1000 off: these make the rest trivial, and one
    could type them for that reason. Entries that equal their true value are never in the way.
    """
    first, second = plain(typed), plain(true)
    if isinstance(first, list) or isinstance(second, list):
        if not (isinstance(first, list) and isinstance(second, list)) or len(first) != len(second):
            return False
        return all(may_carry(one, other) for one, other in zip(first, second, strict=True))
    return math.isfinite(first) and (first == second or _within_a_thousand(first, second))


def _within_a_thousand(typed: float, true: float) -> bool:
    if typed in (0.0, 1.0, -1.0) or true == 0.0:
        return False
    return abs(true) <= 1000 * abs(typed) and abs(typed) <= 1000 * abs(true)


def follows(number: Number, true: float, carried: float, ask: Ask) -> bool:
    """Whether the number is right for the value that follows from the learner's own earlier answers.

    The true value was tried before, so any difference between the two will do: also one of less than a unit, where an
    answer with more digits than asked is right for the one and just not for the other.
    """
    moved = math.isfinite(carried) and abs(carried - true) > margin(true)
    return moved and judge(number, carried, ask) in RIGHT


def fits(number: Number, value: float, ask: Ask) -> bool:
    """Whether the number is what a mistake's value would be typed as; one rounded digit proves nothing."""
    if not math.isfinite(value):
        return False
    if abs(number.value - value) <= margin(value):
        return True
    telling = number.figures >= 2 or number.last is None or ask.precision.kind == "int"
    return telling and judge(number, value, ask) in _FITTING


def named(number: Number, mistakes: Sequence[Expected], ask: Ask) -> tuple[Expected, ...]:
    """Every mistake whose value the number fits, each id once."""
    return _once(mistake for mistake in mistakes if fits(number, _scalar(mistake), ask))


def composed(number: Number, mistakes: Sequence[Expected], ask: Ask) -> tuple[Expected, ...]:
    """Every named mistake that fits with its sign turned, doubled or halved; only for three figures or more."""
    if number.figures < 3:
        return ()
    return _once(
        Expected(f"{mistake.id}+{name}", change(value), mistake.sentence, mistake.question)
        for mistake in mistakes
        if (value := _scalar(mistake)) != 0.0
        for name, change in COMPOSITIONS
        if fits(number, change(value), ask)
    )


def generic(number: Number, true: float, old: float | None, ask: Ask) -> str:
    """The first generic slip that the number fits, or ""."""
    if true == 0.0 or number.value == 0.0:
        return ""
    candidates = [("sign", -true), ("factor2", 2 * true), ("half", true / 2)]
    candidates += [("power10", true * 10.0**power) for power in TENS]
    candidates.append(("reciprocal", 1 / true))
    if old is not None:
        candidates.append(("unchanged", old))
    return next(
        (name for name, value in candidates if math.isfinite(value) and judge(number, value, ask) in RIGHT),
        "",
    )


def is_unchanged(number: Number, true: float, old: float | None) -> bool:
    """Whether the number is exactly the old value of a parameter that should have changed."""
    return old is not None and abs(number.value - old) <= margin(old) and abs(old - true) > margin(true)


def _scalar(mistake: Expected) -> float:
    value = plain(mistake.value)
    return value if isinstance(value, float) else math.nan


def _once(mistakes: Iterable[Expected]) -> tuple[Expected, ...]:
    found: dict[str, Expected] = {}
    for mistake in mistakes:
        found.setdefault(mistake.id, mistake)
    return tuple(found.values())
