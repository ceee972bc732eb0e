"""The judging of one number against a second, slow implementation: rationals, read off the rule line by line."""

import math
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from engine.marking import Precision
from engine.marking.digits import plain_number
from engine.marking.judging import Ask, judge

NEARLY = Fraction(1, 10**9)


def unit_at(value: Fraction, precision: Precision) -> Fraction:
    if precision.kind == "dp":
        return Fraction(10) ** -precision.digits
    exponent = math.floor(math.log10(abs(value)) + 1e-12)
    return Fraction(10) ** (exponent - precision.digits + 1)


def cut(value: Fraction, unit: Fraction) -> Fraction:
    whole = math.floor(abs(value) / unit + NEARLY)
    return whole * unit if value > 0 else -whole * unit


def by_the_rule(typed: str, true: float, precision: Precision) -> str:  # noqa: PLR0911  as the rule has lines
    """Lines 1 to 7 of section 4, plain decimals only."""
    r, t = Fraction(Decimal(typed)), Fraction(true)
    digits = typed.lstrip("-")
    whole, point, fraction = digits.partition(".")
    f = Fraction(10) ** -len(fraction)
    c = f if point else Fraction(10) ** (len(whole) - len(whole.rstrip("0")))
    s = len((whole + fraction).lstrip("0")) or max(1, len(fraction))
    same = Fraction(1, 10**12) * max(1, abs(t))
    if abs(r - t) <= same:
        return "correct"
    if t == 0:
        u = unit_at(t, precision) if precision.kind == "dp" else None
        return "correct" if u and abs(r) <= u / 2 and f <= u else ""
    u = unit_at(t, precision)
    low = math.floor(abs(t) / u)
    part = abs(t) / u - low
    near = [low, low + 1] if abs(part - Fraction(1, 2)) <= NEARLY else [low if part < Fraction(1, 2) else low + 1]
    rounded = [count * u * (1 if t > 0 else -1) for count in near]
    if any(abs(r - value) <= same for value in rounded):
        return "correct"
    u_r = min(u, unit_at(r, precision)) if r != 0 or precision.kind == "dp" else Fraction(0)
    more = 1 + NEARLY
    if f <= u and abs(r - t) <= u_r / 2 * more:
        return "correct" if f == u or abs(r - t) <= f / 2 * more else "correct_extra_digits_off"
    if f <= u and s >= 2 and u_r == u and any(abs(r - value) <= u * more for value in rounded):
        return "close_truncated" if abs(r - cut(t, u)) <= same else "close"
    if c > u and r != 0 and abs(r - t) <= c / 2 * more:
        return "too_few_digits"
    if c > u and r != 0 and abs(r - cut(t, c)) <= same:
        return "too_few_digits_truncated"
    return ""


KEYS = st.one_of(
    st.decimals(-20, 20, places=3).map(float),
    st.floats(-2e4, 2e4, allow_subnormal=False),
    st.sampled_from([1.0, 0.1, 9.96, 99.95, 0.0995, 1234.5, 1000.4, 0.4985, 0.1667, 1e-4, 0.0, -1.0]),
)


@settings(max_examples=1500, deadline=None)
@given(
    KEYS,
    st.sampled_from(["1sf", "2sf", "3sf", "4sf", "6sf", "0dp", "1dp", "3dp"]),
    st.integers(-3, 6),
    st.sampled_from([0, 0, 1, -1, 2, -2, 3, -3, 7]),
    st.booleans(),
)
@example(0.498, "3sf", 4, 5, False)
@example(1.0, "3sf", 2, -1, False)
def test_the_quick_judge_and_the_slow_rule_agree(
    true: float, asked: str, places: int, steps: int, truncated: bool
) -> None:
    """Typed: the key to some decimals, rounded or cut off, moved by a few units of its last digit."""
    assume(true == 0 or abs(true) > 1e-5)
    unit = Decimal(1).scaleb(-places)
    count = Decimal(repr(true)) / unit
    number = (Decimal(math.trunc(count)) if truncated else round(count, 0)) + steps
    typed = f"{number * unit:f}"
    read = plain_number(typed)
    assert read is not None
    precision = Precision.parse(asked)

    assert judge(read, true, Ask(precision)) == by_the_rule(typed, true, precision)
