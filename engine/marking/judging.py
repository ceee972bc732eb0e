"""One number against one true value: the asked digit's unit, and the lines 1 to 7 that decide. Pure float arithmetic.

Symbols as in the rule: t true value, r response, u = 10^k the unit of the asked digit at t, u_r the smaller of u and
the unit at |r|, f and c the units of the typed digits, ε = 1e-12·max(1, |t|), R the one or two values of t
rounded to u. Comparisons with a unit allow a relative 1e-9, because t is binary and the response decimal.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from engine.marking.model import Number, Precision

RIGHT = frozenset({"correct", "correct_extra_digits_off"})
CLOSE = frozenset({"close", "close_truncated"})
SHORT = frozenset({"too_few_digits", "too_few_digits_truncated"})
NOT_RIGHT = ""

_SMALLEST_EXPONENT = -300
"""Below, a float64 power of ten loses digits; ε has long decided for such values."""
_LARGEST_KEY = 1e16
"""No answer may be above 1e15, so nothing near a larger key can be typed."""
_SLACK = 1e-9
_REACH = 2.001
_ROUNDING = 1e-15


class Ask(NamedTuple):
    """What counts as right: the asked precision, or a plain interval `± tolerance`, `± relative·|t|` instead."""

    precision: Precision
    tolerance: float | None = None
    relative: float | None = None

    @property
    def interval(self) -> bool:
        """Whether a plain interval is asked, without any talk of digits."""
        return self.tolerance is not None or self.relative is not None


def margin(true: float) -> float:
    """ε: how far two float64 values may lie apart and still be the same number."""
    return 1e-12 * max(1.0, abs(true))


def unit_exponent(true: float, precision: Precision) -> int | None:
    """k, where 10^k is the unit of the asked digit at `true`; None where there is none (`int`, `exact`, zero)."""
    if precision.kind == "dp":
        return -precision.digits
    if precision.kind != "sf" or true == 0.0:
        return None
    exponent = math.floor(math.log10(abs(true)) + 1e-12) - precision.digits + 1
    return max(exponent, _SMALLEST_EXPONENT)


@cache
def power_of_ten(exponent: int) -> float:
    """10^exponent for -308 <= exponent <= 308, correctly rounded."""
    return float(f"1e{exponent}")


def units(value: float, exponent: int) -> float:
    """How many units of 10^exponent are in |value|."""
    return abs(value) / power_of_ten(exponent) if exponent >= 0 else abs(value) * power_of_ten(-exponent)


def in_units(count: float, exponent: int, sign: float) -> float:
    """`count` units of 10^exponent with the sign of `sign`."""
    size = count * power_of_ten(exponent) if exponent >= 0 else count / power_of_ten(-exponent)
    return math.copysign(size, sign)


def differ(first: float, second: float, ask: Ask) -> bool:
    """Whether two values lie more than a unit of the asked digit apart; for `int`, `exact` and intervals, see below.

    `int` and `exact`: whether they differ at all; a plain interval: by more than its half width.
    """
    distance = abs(first - second)
    if ask.interval:
        return distance > _half_width(ask, first) + margin(first)
    exponent = unit_exponent(first, ask.precision)
    if exponent is None:
        return distance > margin(first)
    return distance > power_of_ten(exponent) * (1 + _SLACK) + _ROUNDING * abs(first)


def judge(number: Number, true: float, ask: Ask) -> str:  # noqa: PLR0911  one return per line of the rule
    """The verdict over one number: `correct…`, `close…`, `too_few_digits…`, or `""` where it is not right."""
    response = number.value
    distance = abs(response - true)
    same = margin(true)
    if distance <= same:  # line 1
        return "correct"
    if ask.interval:
        return "correct" if distance <= _half_width(ask, true) + same else NOT_RIGHT
    precision = ask.precision
    if not precision.rounds or abs(true) > _LARGEST_KEY:  # line 2
        return NOT_RIGHT
    last, least = number.last, number.least
    # No line below reaches further than two units, and a unit is at most so large; a short cut only.
    largest = (
        power_of_ten(-precision.digits) if precision.kind == "dp" else abs(true) * power_of_ten(1 - precision.digits)
    )
    if distance > _REACH * largest and (least is None or distance > _REACH * power_of_ten(least)):
        return NOT_RIGHT
    exponent = unit_exponent(true, precision)
    if exponent is None:  # line 3, sf
        return NOT_RIGHT
    unit = power_of_ten(exponent)
    slack = _SLACK * unit + _ROUNDING * abs(true)
    if true == 0.0:  # line 3, dp
        right = distance <= unit / 2 + slack and (last is None or last <= exponent)
        return "correct" if right else NOT_RIGHT
    rounded = rounded_values(true, exponent)
    if any(abs(response - value) <= same for value in rounded):  # line 4
        return "correct"
    if last is None or last <= exponent:
        verdict = _with_enough_digits(number, true, precision, exponent, rounded)
        if verdict:
            return verdict
    return _with_too_few_digits(number, true, exponent)


def _with_enough_digits(
    number: Number, true: float, precision: Precision, exponent: int, rounded: tuple[float, ...]
) -> str:
    """Lines 5a and 5b: all asked digits are there."""
    response, last = number.value, number.last
    distance = abs(response - true)
    unit = power_of_ten(exponent)
    slack = _SLACK * unit + _ROUNDING * abs(true)
    at_response = unit_exponent(response, precision)
    below = at_response is None or at_response < exponent  # r is on the lower side of a power of ten
    half = 0.0 if at_response is None else power_of_ten(min(exponent, at_response)) / 2
    if distance <= half * (1 + _SLACK) + _ROUNDING * abs(true):
        if last is None or last == exponent:
            return "correct"
        typed_half = power_of_ten(last) / 2 * (1 + _SLACK) + _ROUNDING * abs(true)
        return "correct" if distance <= typed_half else "correct_extra_digits_off"
    if number.figures >= 2 and not below and any(abs(response - value) <= unit + slack for value in rounded):
        return "close_truncated" if abs(response - cut_off(true, exponent)) <= margin(true) else "close"
    return NOT_RIGHT


def _with_too_few_digits(number: Number, true: float, exponent: int) -> str:
    """Lines 6a and 6b: the digits that are there are right."""
    least = number.least
    if least is None or least <= exponent or number.value == 0.0:
        return NOT_RIGHT
    if abs(number.value - true) <= power_of_ten(least) / 2 * (1 + _SLACK):
        return "too_few_digits"
    if abs(number.value - cut_off(true, least)) <= margin(true):
        return "too_few_digits_truncated"
    return NOT_RIGHT


def _half_width(ask: Ask, true: float) -> float:
    """The half width of a plain interval; with both bounds given, the wider one."""
    return max(ask.tolerance or 0.0, (ask.relative or 0.0) * abs(true))


def rounded_values(true: float, exponent: int) -> tuple[float, ...]:
    """R: `true` rounded to the unit 10^exponent; both neighbours where it lies within 1e-9 units of a tie."""
    count = units(true, exponent)
    below = math.floor(count)
    part = count - below
    if abs(part - 0.5) <= _SLACK + _ROUNDING * count:
        return in_units(below, exponent, true), in_units(below + 1, exponent, true)
    return (in_units(below if part < 0.5 else below + 1, exponent, true),)


def cut_off(true: float, exponent: int) -> float:
    """`true` with every digit below the unit 10^exponent dropped."""
    count = units(true, exponent)
    return in_units(math.floor(count * (1 + _ROUNDING) + _SLACK), exponent, true)
