"""Which mistakes explain a value: all that agree at the asked precision, never one picked from several."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.solution import Mistaken, Solution


def diagnose(solution: Solution, step: str, answer: Any, digits: int = 3) -> tuple[Mistaken, ...]:
    """The mistakes whose value at a step agrees with an answer to so many significant digits, entry for entry.

    Each id is named once. None are named for an answer that agrees with the truth.
    """
    right = solution.step_values[step]
    if _near(answer, right, digits):
        return ()
    matching = [m for m in solution.mistakes if m.step == step and _near(answer, m.value, digits)]
    return tuple({m.id: m for m in reversed(matching)}.values())[::-1]


def _near(a: Any, b: Any, digits: int) -> bool:
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        return False
    size = np.where(b == 0, 1.0, np.abs(b))
    unit = 10.0 ** (np.floor(np.log10(size)) - digits + 1)
    return bool((np.abs(a - b) <= 0.5000001 * unit).all())
