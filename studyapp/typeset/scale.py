"""What charts share: round tick values, numbers in few characters, labels that never touch. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from studyapp.typeset.width import cells

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_LEAST = 1e-300
"""A range below this is a point: powers of ten end here."""


def round_step(span: float, most: int) -> float:
    """The smallest step of 1, 2 or 5 times a power of ten that divides `span` into at most `most` parts."""
    if not (math.isfinite(span) and span > _LEAST) or most < 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    for factor in (1, 2, 5, 10, 20):
        if span / (factor * power) <= most * (1 + 1e-12):
            return factor * power
    return 50 * power


def ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round values that enclose the range from `low` to `high`, at most `most` steps apart where that can be."""
    if not high - low > _LEAST:
        low, high = (low - 0.5, high + 0.5) if low else (0.0, 1.0)
    step = round_step(high - low, most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if last - first > most:
        step = round_step((last - first) * step, most)
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(n * step for n in range(first, last + 1))


def number(value: float, step: float = 0.0) -> str:
    """A number in few characters, with the decimals that its `step` needs and a true minus sign."""
    if step and 1e-4 <= step < 1:
        text = f"{value:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"
    elif abs(value) >= 1e6 or 0 < abs(value) < 1e-4:
        text = f"{value:.2g}"
    else:
        text = f"{value:.10g}" if step else f"{value:.4g}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−", 1) if text.startswith("-") else text


def label_line(labels: Iterable[tuple[int, str]], width: int) -> str:
    """Labels at their cells on one line; one that would touch the one before or the edge is left out."""
    line = ""
    for place, label in labels:
        if not label or place < 0 or place + cells(label) > width:
            continue
        if line and place < cells(line) + 1:
            continue
        line += " " * (place - cells(line)) + label
    return line


def listed(parts: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
