import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.memory import fuzz

INTERVALS = (2, 2.5, 3, 4, 5, 7, 10, 15, 20, 30, 50, 90, 100, 365, 1000)
LOWER = (2, 2, 2, 3, 4, 5, 8, 13, 17, 27, 46, 84, 93, 345, 948)
UPPER = (2, 4, 4, 5, 6, 9, 12, 17, 23, 33, 54, 96, 107, 385, 1052)


@pytest.mark.parametrize(("interval", "lower", "upper"), [*zip(INTERVALS, LOWER, UPPER, strict=True)])
def test_days_that_fuzz_may_choose(interval, lower, upper):
    assert fuzz.bounds(interval, 1, 36_500) == (lower, upper)


def test_halves_go_up():
    assert [fuzz.whole(n) for n in (0.5, 1.5, 2.5, 3.49)] == [1, 2, 3, 3]


def test_a_minimum_in_force_still_leaves_two_days_to_choose_from():
    assert fuzz.bounds(3, 9, 36_500) == (9, 11)
    assert fuzz.bounds(10, 12, 36_500) == (12, 14)
    assert fuzz.bounds(1, 3, 36_500) == (3, 4)
    assert fuzz.bounds(4.4, 5, 5) == (5, 5)
    assert fuzz.bounds(500, 40, 30) == (30, 30)


@given(st.floats(0, 50_000), st.integers(1, 400), st.integers(1, 36_500), st.floats(0, 1, exclude_max=True))
def test_never_outside_the_limits(interval, minimum, maximum, u):
    lower, upper = fuzz.bounds(interval, minimum, maximum)
    assert min(minimum, maximum) <= lower <= upper <= maximum
    assert lower <= fuzz.choose(lower, upper, u) <= upper


def test_every_day_is_equally_likely_both_ends_included():
    drawn = [fuzz.choose(5, 9, fuzz.draw(f"deck/card-{n}", 3)) for n in range(5_000)]
    assert {day: 850 < drawn.count(day) < 1150 for day in range(5, 10)} == dict.fromkeys(range(5, 10), True)


def test_the_draw_is_the_same_in_another_process():
    command = "from studyapp.memory.fuzz import draw; print(draw('calculus/chain-rule:r', 7))"
    elsewhere = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert float(elsewhere.stdout) == fuzz.draw("calculus/chain-rule:r", 7)


def test_neighbouring_items_do_not_take_turns_with_one_number():
    """Adding review count to item number makes item N at review r + 1 draw what item N + 1 drew at review r."""
    draws = {fuzz.draw(f"deck/{item}", reps) for item in range(40) for reps in range(40)}
    assert len(draws) == 1600
