import pytest

from studyapp.memory import steps
from studyapp.memory.leech import is_leech

DAY = 86_400


@pytest.mark.parametrize(
    ("configured", "step", "expected"),
    [
        ((60, 600), 0, (60, 330, 600)),
        ((60, 600), 1, (60, 600, None)),
        ((600,), 0, (600, 900, None)),
        ((), 0, (None, None, None)),
        ((60, 600, DAY), 1, (60, 600, DAY)),
        ((600,), 3, (600, 600, None)),  # the list was shortened meanwhile
        ((DAY,), 0, (DAY, 2 * DAY, None)),  # 1.5 days, in whole days
        ((3 * DAY,), 0, (3 * DAY, 4 * DAY, None)),  # at most one day more
        ((DAY, 4 * DAY), 0, (DAY, 3 * DAY, 4 * DAY)),  # 2.5 days, in whole days
    ],
)
def test_waits_of_a_step(configured, step, expected):
    assert (steps.again(configured), steps.hard(configured, step), steps.good(configured, step)) == expected


def test_a_wait_that_reaches_the_rollover_is_counted_in_days():
    assert steps.days_ahead(599, 600) == 0
    assert steps.days_ahead(600, 600) == 1
    assert steps.days_ahead(600 + DAY - 1, 600) == 1
    assert steps.days_ahead(600 + DAY, 600) == 2
    assert steps.days_ahead(DAY, 40_000) == 1


def test_lengthening_is_a_quarter_at_most_and_five_minutes_at_most():
    assert steps.lengthened(60, 0.0) == 60
    assert steps.lengthened(60, 0.999999) == 74
    assert steps.lengthened(7_200, 0.999999) == 7_499


@pytest.mark.parametrize(
    ("threshold", "lapses"),
    [(8, [8, 12, 16, 20]), (3, [3, 5, 7, 9, 11, 13, 15, 17, 19]), (1, list(range(1, 21))), (0, [])],
)
def test_lapses_at_which_an_item_is_called_a_leech(threshold, lapses):
    assert [n for n in range(21) if is_leech(n, threshold)] == lapses
