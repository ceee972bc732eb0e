"""What must hold for every true value: correct rounding is accepted, over-rounding is told apart, neighbours are not.

The marking rule quotes these figures for 60 000 values; the suite draws fewer. To repeat the whole of it:
`STUDYAPP_MARKING_VALUES=60000 pytest tests/engine/marking/test_digits_law.py -s`.
"""

import os
import random
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.marking import mark
from engine.marking.digits import plain_number
from engine.marking.grammar import parse

VALUES = int(os.environ.get("STUDYAPP_MARKING_VALUES", "1500"))
ACCEPTED = {"correct", "correct_extra_digits_off", "close", "close_truncated"}


def drawn(count: int, seed: int = 1) -> list[float]:
    """±10^U(−6, 4); 30 % rounded to 1–5 decimals, 10 % near powers of ten."""
    generator = random.Random(seed)
    values: list[float] = []
    while len(values) < count:
        value = generator.choice((-1, 1)) * 10 ** generator.uniform(-6, 4)
        kind = generator.random()
        if kind < 0.3:
            value = round(value, generator.randint(1, 5))
        elif kind < 0.4:
            value = generator.choice((-1, 1)) * 10.0 ** generator.randint(-6, 4) * (1 + generator.uniform(-2e-3, 2e-3))
        if value:
            values.append(value)
    return values


def rounded(value: float, figures: int) -> Decimal:
    """The exact decimal rounding of the printed value, half to even."""
    exact = Decimal(repr(value))
    return round(exact, figures - exact.adjusted() - 1)


def plain(value: Decimal) -> str:
    """Without an exponent, all digits kept."""
    return f"{value:f}"


@pytest.fixture(scope="module")
def values() -> list[float]:
    return drawn(VALUES)


def test_correct_rounding_is_always_accepted(values: list[float]) -> None:
    """3, 4, 5 and 8 figures, plain and scientific: nobody is told wrong for a right number."""
    refused = [
        (value, typed)
        for value in values
        for figures in (3, 4, 5, 8)
        for typed in (plain(rounded(value, figures)), f"{rounded(value, figures):.{figures - 1}e}")
        if mark(typed, value, "3sf").verdict not in ACCEPTED
    ]

    print(f"correctly rounded: {8 * len(values) - len(refused)} of {8 * len(values)} accepted")
    assert refused == []


def test_over_rounding_is_right_so_far_and_never_wrong(values: list[float]) -> None:
    counted: Counter[str] = Counter()
    for value in values:
        unit = 10.0 ** (Decimal(repr(value)).adjusted() - 2)
        for figures in (1, 2):
            typed = plain(rounded(value, figures))
            verdict = mark(typed, value, "3sf").verdict
            counted[verdict] += 1
            assert verdict.startswith(("too_few_digits", "correct", "close")), (value, typed)
            if verdict == "correct":
                assert abs(float(typed) - value) <= unit / 2 * (1 + 1e-6) + 1e-12, (value, typed)

    print(f"over-rounded: {dict(counted)}")
    assert counted["too_few_digits"] > len(values)


def test_a_number_three_units_off_is_never_accepted(values: list[float]) -> None:
    counted: Counter[str] = Counter()
    for value in values:
        exact = Decimal(repr(value))
        unit = Decimal(1).scaleb(exact.adjusted() - 2)
        for steps in (3, 5, 20, -3, -7):
            moved = Decimal(repr(float(exact + steps * unit)))  # 0.997 + 0.003 is typed 1.0: a shorter rounding
            verdict = mark(plain(moved), value, "3sf").verdict
            counted[verdict] += 1
            assert verdict not in ACCEPTED, (value, steps)

    short = counted["too_few_digits"], counted["too_few_digits_truncated"]
    print(f"moved: none of {5 * len(values)} accepted, {short[0]} too few digits, {short[1]} cut off")
    assert sum(short) < 0.005 * 5 * len(values) + 5


PRECISIONS = st.sampled_from(["1sf", "2sf", "3sf", "4sf", "8sf", "15sf", "0dp", "2dp", "5dp", "int", "exact"])
KEYS = st.floats(-1e7, 1e7, allow_subnormal=False).filter(lambda value: value == 0 or abs(value) > 1e-9)


@settings(max_examples=300, deadline=None)
@given(KEYS, st.integers(1, 12), PRECISIONS, st.booleans())
def test_the_sign_of_both_changes_nothing(value: float, figures: int, precision: str, factor: bool) -> None:
    typed = f"{value * (2 if factor else 1):.{figures}g}"
    turned = typed[1:] if typed.startswith("-") else f"-{typed}"

    assert mark(typed, value, precision).verdict == mark(turned, -value, precision).verdict


@settings(max_examples=300, deadline=None)
@given(KEYS, PRECISIONS)
def test_a_value_as_displayed_is_accepted_when_typed_back(value: float, precision: str) -> None:
    """A settled step is shown with six figures; refusing what is on the screen is absurd (pg #1070)."""
    if precision in {"1sf", "2sf", "3sf", "4sf"}:
        assert mark(f"{value:.6g}", value, precision).accepted
    assert mark(repr(value), value, precision).accepted


@settings(max_examples=500, deadline=None)
@given(st.from_regex(r"\A[+-]?([0-9]{1,12}(\.[0-9]{0,20})?|\.[0-9]{1,20})\Z"))
def test_the_plain_path_reads_what_the_grammar_reads(text: str) -> None:
    assert plain_number(text) == parse(text, {})


@settings(max_examples=300, deadline=None)
@given(st.decimals(-2000, 2000, places=4), st.decimals(-3, 3, places=3), PRECISIONS.filter(lambda word: word != "int"))
def test_the_plain_path_and_the_grammar_give_the_same_mark(value: Decimal, off: Decimal, precision: str) -> None:
    """Brackets and a decimal comma force the grammar; digits survive both."""
    true, typed = float(value), f"{value + off:f}"
    straight = mark(typed, true, precision)

    for other in (f"({typed})", typed.replace(".", ",")):
        same = mark(other, true, precision)
        assert (same.verdict, same.credit, same.reason) == (straight.verdict, straight.credit, straight.reason)


@pytest.mark.parametrize(
    ("typed", "last", "least", "figures"),
    [
        ("1230", 0, 1, 4),
        ("100.", 0, 0, 3),
        ("3.40e-1", -3, -3, 3),
        ("0.00", -2, -2, 2),
        ("0", 0, 0, 1),
        ("34%", -2, -2, 2),
        ("-(3.40)", -2, -2, 3),
        ("3.4*10^-1", -2, -2, 2),
        ("1.23e3", 1, 1, 3),
        ("1.234,50", -2, -2, 6),
    ],
)
def test_what_a_response_is_worth_in_digits(typed: str, last: int, least: int, figures: int) -> None:
    assert parse(typed, {})[1:] == (last, least, figures)


@pytest.mark.parametrize("typed", ["1/4", "2*3", "0.1+0.2", "exp(0.5)", "x", "10^3", "2^2"])
def test_fractions_expressions_and_names_are_exact(typed: str) -> None:
    number = parse(typed, {"x": 0.5})

    assert number.last is None
    assert number.least is None


@pytest.mark.parametrize(
    ("typed", "true", "precision", "verdict"),
    [
        ("0.592", 0.5929, "3sf", "close_truncated"),
        ("0.59", 0.5992, "3sf", "too_few_digits_truncated"),
        ("0.99", 1.0, "3sf", "wrong"),  # the lower side of a power of ten: ten smaller units off, not one
        ("0.996", 1.0, "3sf", "wrong"),
        ("1.01", 1.0, "3sf", "close"),
        ("0.999", 1.0, "3sf", "wrong"),
        ("0.0005", 0.0, "2dp", "correct"),
        ("0.02", 0.0, "2dp", "wrong"),
        ("0.0005", 0.0, "3sf", "wrong"),
        ("26.5", 26, "int", "wrong"),
        ("2.6", 26, "int", "wrong"),
        ("260", 26, "int", "generic:power10"),
        ("0.4985", 0.498, "3sf", "correct_extra_digits_off"),
        ("1", 0.0, "exact", "wrong"),
    ],
)
def test_the_edges_of_the_rule(typed: str, true: float, precision: str, verdict: str) -> None:
    assert mark(typed, true, precision).verdict == verdict
