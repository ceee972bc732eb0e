"""Whether a value can be asked and its mistakes told apart. Imports the marking rule's units, plain floats only."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from engine.exercises.template import Ask
from engine.marking import Expected, Precision
from engine.marking.digits import LARGEST_ANSWER
from engine.marking.judging import power_of_ten, unit_exponent
from engine.solution import Mistaken

APART = 5.0
"""Units of the asked digit between the truth and every mistake."""
MARGIN = 1e-9
"""Below this, two numbers are the same."""
SMALLEST = 1e-20
"""Below this a number is what rounding left of 0."""
_BESIDE = math.nextafter(MARGIN, 1.0)
TIE = 0.5000123
"""Rounds half up, but away from the halves on which decimal numbers lie: their last bits must not decide."""

Flat = Sequence[float]
"""The entries of a value, row by row."""


def flat(value: Any) -> Flat:
    """The entries of a number or an array as plain floats."""
    if isinstance(value, float):
        return (float(value),)
    return np.ravel(value).tolist()  # type: ignore[no-any-return]


def readable(values: Flat, ask: Ask) -> bool:
    """Whether every entry has a size that a person can work with."""
    if not ask.precision.rounds:
        return all(abs(v) < 1e9 for v in values)
    least, most = ask.least * (1 - MARGIN), ask.most * (1 - MARGIN)
    return all(least <= abs(v) < most or (ask.zero and v == 0.0) for v in values)


def apart(wrong: Flat, right: Flat, precision: Precision) -> bool:
    """Whether at least one entry of a mistake lies far enough from the truth to be told from it."""
    for w, r in zip(wrong, right, strict=False):
        off = abs(w - r)
        if off <= MARGIN:
            continue
        exponent = unit_exponent(r, precision)
        if exponent is None or off >= APART * power_of_ten(exponent) * (1 - MARGIN):
            return True
    return len(wrong) != len(right)


def typable(mistakes: Iterable[Mistaken]) -> list[Expected]:
    """Mistakes as answers: what rounding left of 0 is 0, and nobody types what it left of a division by 0."""
    made = []
    for m in mistakes:
        value: Any = np.where(np.abs(m.value) < SMALLEST, 0.0, m.value)[()]
        if np.max(np.abs(value)) <= LARGEST_ANSWER:
            made.append(Expected(m.id, value, m.sentence, m.question))
    return made


def distances(right: Flat, precision: Precision) -> list[float]:
    """How far a mistake's number must be off to be `apart`, number by number."""
    units = [unit_exponent(r, precision) for r in right]
    return [_BESIDE if k is None else max(APART * power_of_ten(k) * (1 - MARGIN), _BESIDE) for k in units]


def finer(precision: Precision) -> Precision | None:
    """One digit more, where digits are asked."""
    return Precision(precision.kind, precision.digits + 1) if precision.rounds else None


class Beside:
    """The mistakes at one step beside its right value; one with another number of entries is always told apart.

    Compared as one table, a row for each mistake: there are some dozens at every step of every draw.
    """

    def __init__(self, mistakes: Sequence[Mistaken], right: Flat) -> None:
        self._right = right
        comparable = [(m.id, row) for m in mistakes if len(row := flat(m.value)) == len(right)]
        self._ids = [id_ for id_, _ in comparable]
        self._numbers = np.array([row for _, row in comparable]).reshape(-1, len(right))

    def hidden(self, precision: Precision) -> str:
        """The first mistake that is not `apart` from the truth; empty where all are."""
        off = np.abs(self._numbers - np.array(self._right)) >= np.array(distances(self._right, precision))
        hidden = np.flatnonzero(~off.any(axis=1))
        return self._ids[hidden[0]] if hidden.size else ""

    def ties(self, precision: Precision) -> int:
        """How many mistakes have the same rounded value as another one."""
        exponents = [unit_exponent(r, precision) for r in self._right]
        units = np.array([1e-6 if k is None else power_of_ten(k) for k in exponents])
        rounded = np.where(np.abs(self._numbers) < 1e12, np.floor(self._numbers / units + TIE), 0.0) + 0.0
        seen: dict[bytes, set[str]] = {}
        for id_, row in zip(self._ids, rounded, strict=True):
            seen.setdefault(row.tobytes(), set()).add(id_)
        return sum(len(ids) for ids in seen.values() if len(ids) > 1)
