from collections import Counter

import pytest

from studyapp.memory import balance
from studyapp.memory.days import weekday

MONDAY = 20_829
NORMAL = (1.0,) * 7


def spread(lower, upper, due, easy=NORMAL, *, siblings=()):
    """How often each interval is chosen in a thousand evenly spaced draws."""
    return Counter(
        balance.choose(
            lower, upper, (n + 0.5) / 1000, today=MONDAY, due_counts=due, easy_days=easy, sibling_days=siblings
        )
        for n in range(1000)
    )


def test_these_tests_count_from_a_monday():
    assert weekday(MONDAY) == 0


def test_with_nothing_due_every_day_is_as_likely():
    assert spread(5, 9, {}) == dict.fromkeys(range(5, 10), 200)


def test_an_empty_day_is_taken_before_a_full_one():
    due = {MONDAY + n: 50 for n in range(5, 10) if n != 7}
    assert spread(5, 9, due)[7] > 990


def test_the_day_with_less_to_do_is_taken_more_often():
    chosen = spread(8, 9, {MONDAY + 8: 40, MONDAY + 9: 10})
    assert chosen[9] > 10 * chosen[8]


def test_among_days_as_full_the_earlier_is_taken_more_often_so_that_intervals_do_not_drift():
    chosen = spread(5, 9, {MONDAY + n: 10 for n in range(5, 10)})
    assert chosen[5] > chosen[6] > chosen[7] > chosen[8] > chosen[9] > 0
    assert chosen[5] / chosen[9] == pytest.approx((9 / 5) ** 3, rel=0.05)


def test_an_easy_day_is_left_free_in_a_small_collection_too():
    easy = (1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0)
    assert spread(1, 4, {}, easy)[2] <= 1
    assert spread(1, 4, {}, easy)[1] > 300


def test_a_reduced_day_takes_its_share_and_no_more():
    easy = (1.0, 1.0, 0.5, 1.0, 1.0, 1.0, 1.0)
    below = {MONDAY + 1: 20, MONDAY + 2: 5, MONDAY + 3: 20}
    above = {MONDAY + 1: 20, MONDAY + 2: 15, MONDAY + 3: 20}
    assert spread(1, 3, below, easy)[2] > 500
    assert spread(1, 3, above, easy)[2] < 5


def test_all_days_easy_is_as_if_none_were():
    due = {MONDAY + 5: 3, MONDAY + 6: 9}
    assert spread(5, 6, due, (0.0,) * 7) == spread(5, 6, due)


def test_a_day_of_a_sibling_is_avoided_and_the_days_around_it_somewhat():
    chosen = spread(5, 9, {}, siblings=[MONDAY + 7])
    assert chosen[7] == 0
    assert chosen[6] < chosen[5]


def test_a_choice_is_always_inside_the_range():
    for n in (0.0, 0.5, 1 - 2**-53):
        assert 5 <= balance.choose(5, 9, n, today=MONDAY, due_counts={MONDAY + 9: 3}, easy_days=NORMAL) <= 9
