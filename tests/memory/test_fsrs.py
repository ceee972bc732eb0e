import math
import warnings
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.memory import fsrs
from studyapp.memory.fsrs import Memory
from studyapp.memory.model import Grade, Parameters, SchedulingError

DEFAULT = Parameters()
NEAR = 1e-4  # the core calculates in 32-bit floats
AFTER_GOOD = Memory(2.3065, 2.1181)


def close(values, expected, tolerance=NEAR):
    assert list(values) == pytest.approx(list(expected), rel=tolerance)


def test_first_grades_give_the_published_start():
    nexts = fsrs.outcomes(None, 0, 0.9, DEFAULT)
    close((n.memory.stability for n in nexts), (0.2120, 1.2931, 2.3065, 8.2956))
    close((n.memory.difficulty for n in nexts), (6.4133, 5.1122, 2.1181, 1.0))


@pytest.mark.parametrize(
    ("days", "stabilities"),
    [
        (0, (0.7751, 2.3065, 2.3065, 3.9461)),
        (1, (0.5713, 5.3188, 7.3153, 11.6875)),
        (2, (0.6076, 7.5133, 10.9643, 18.5218)),
        (10, (0.7592, 16.0198, 25.1087, 45.0128)),
    ],
)
def test_second_review_after_some_days(days, stabilities):
    nexts = fsrs.outcomes(AFTER_GOOD, days, 0.9, DEFAULT)
    close((n.memory.stability for n in nexts), stabilities, 2e-4)  # the table has four decimals
    close((n.memory.difficulty for n in nexts), (7.3945, 4.7529, 2.1112, 1.0))


@pytest.mark.parametrize(
    ("history", "stabilities", "difficulties"),
    [
        (
            [(3, 0), (3, 0), (3, 2), (3, 11), (1, 25), (3, 0), (3, 2)],
            (2.3065, 2.3065, 10.9711, 46.3169, 2.7642, 2.7642, 6.3495),
            (2.1181, 2.1112, 2.1043, 2.0975, 7.3877, 7.3756, 7.3634),
        ),
        (
            [(1, 0), (3, 0), (3, 1), (2, 3), (4, 7)],
            (0.2120, 0.2467, 2.0215, 5.5350, 22.3983),
            (6.4133, 6.4021, 6.3909, 7.5894, 6.7691),
        ),
        (
            [(4, 0), (4, 8), (4, 30), (1, 120), (1, 0), (3, 0), (3, 1)],
            (8.2956, 65.6243, 245.419, 5.3164, 1.6910, 1.7164, 2.8423),
            (1.0, 1.0, 1.0, 7.0270, 9.0080, 8.9942, 8.9805),
        ),
    ],
)
def test_whole_histories(history, stabilities, difficulties):
    memories = fsrs.replay([history[: count + 1] for count in range(len(history))], DEFAULT)
    close((m.stability for m in memories), stabilities, 2e-4)
    close((m.difficulty for m in memories), difficulties)
    memory = None
    for grade, days in history:
        memory = fsrs.after(memory, days, Grade(grade), DEFAULT)
    assert (memory.stability, memory.difficulty) == pytest.approx(
        (memories[-1].stability, memories[-1].difficulty), rel=NEAR
    )


def test_forgetting_curve_and_its_inverse():
    close(
        (
            fsrs.retrievability(1, 1, DEFAULT),
            fsrs.retrievability(10, 2.3065, DEFAULT),
            fsrs.retrievability(365, 100, DEFAULT),
        ),
        (0.9, 0.774367, 0.790897),
        1e-6,
    )
    intervals = {0.7: 928.79, 0.8: 331.60, 0.9: 100, 0.95: 40.256, 0.97: 22.277, 0.99: 6.870}
    close((fsrs.interval(100, r, DEFAULT) for r in intervals), intervals.values())
    assert fsrs.retrievability(-3, 5, DEFAULT) == 1.0


def test_our_interval_is_the_cores_interval():
    for retention in (0.7, 0.85, 0.9, 0.97, 0.99):
        good = fsrs.outcomes(AFTER_GOOD, 5, retention, DEFAULT)[2]
        assert fsrs.interval(good.memory.stability, retention, DEFAULT) == pytest.approx(good.interval, rel=NEAR)


def test_forty_easy_answers_reach_the_cap_and_no_further():
    memory, days = None, 0
    for _ in range(40):
        memory = fsrs.after(memory, days, Grade.EASY, DEFAULT)
        days = round(memory.stability)
    assert memory.stability == 36_500
    assert fsrs.after(memory, days, Grade.EASY, DEFAULT).stability == 36_500


@pytest.mark.parametrize("grade", [0, 5, 9, -1])
def test_a_grade_the_core_would_swallow_is_refused(grade):
    with pytest.raises(SchedulingError, match="from 1"):
        fsrs.after(AFTER_GOOD, 3, grade, DEFAULT)
    with pytest.raises(SchedulingError, match="from 1"):
        fsrs.replay([[(3, 0), (grade, 2)]], DEFAULT)


def test_a_clock_that_went_back_counts_as_the_same_day():
    assert fsrs.after(AFTER_GOOD, -5, Grade.GOOD, DEFAULT) == fsrs.after(AFTER_GOOD, 0, Grade.GOOD, DEFAULT)
    assert fsrs.replay([[(3, -9), (3, -5)]], DEFAULT) == fsrs.replay([[(3, 0), (3, 0)]], DEFAULT)


@pytest.mark.parametrize("retention", [0.0, 0.69, 1.0, 1.5, math.nan])
def test_a_retention_that_would_give_nonsense_is_refused(retention):
    with pytest.raises(SchedulingError, match=r"between 0\.70 and 0\.99"):
        fsrs.outcomes(AFTER_GOOD, 3, retention, DEFAULT)
    with pytest.raises(SchedulingError, match=r"between 0\.70 and 0\.99"):
        fsrs.interval(10, retention, DEFAULT)


@pytest.mark.parametrize(
    "memory", [Memory(0, 0), Memory(-5, 99), Memory(math.nan, 5), Memory(5, math.nan), Memory(5, 0.5)]
)
def test_a_memory_that_cannot_be_is_refused_instead_of_bent(memory):
    with pytest.raises(SchedulingError, match="no FSRS memory"):
        fsrs.outcomes(memory, 3, 0.9, DEFAULT)


def test_an_empty_history_is_refused_and_no_histories_are_fine():
    with pytest.raises(SchedulingError, match="history 2 has no review"):
        fsrs.replay([[(3, 0)], []], DEFAULT)
    assert fsrs.replay([], DEFAULT) == []


def test_values_compare_by_what_they_are():
    assert fsrs.after(None, 0, Grade.GOOD, DEFAULT) == fsrs.after(None, 7, Grade.GOOD, DEFAULT)


def test_sets_of_older_models_are_brought_up():
    old = [0.1 * (n + 1) for n in range(19)]
    assert list(fsrs.fill(old, "FSRS-5").values) == pytest.approx([*old, 0.0, 0.5])
    oldest = old[:17]
    converted = fsrs.fill(oldest, "FSRS-4.5").values
    assert converted[4] == pytest.approx(oldest[4] + 2 * oldest[5])
    assert converted[5] == pytest.approx(math.log(3 * oldest[5] + 1) / 3)
    assert converted[6] == pytest.approx(oldest[6] + 0.5)
    assert converted[17:] == (0.0, 0.0, 0.0, 0.5)
    assert fsrs.fill([]) == DEFAULT
    assert fsrs.fill(DEFAULT.values) == DEFAULT


def test_sets_that_cannot_be_used_are_refused_by_name():
    with pytest.raises(SchedulingError, match="FSRS-7"):
        fsrs.fill([1.0] * 35, "FSRS-7")
    with pytest.raises(SchedulingError, match="this one has 20"):
        fsrs.fill([1.0] * 20)
    with pytest.raises(SchedulingError, match="w3 is nan"):
        fsrs.fill([1.0, 1.0, 1.0, math.nan, *DEFAULT.values[4:]])
    with pytest.raises(SchedulingError, match="FSRS-9"):
        fsrs.after(None, 0, Grade.GOOD, Parameters("FSRS-9", DEFAULT.values))


def test_a_weight_out_of_range_is_moved_and_told():
    wild = Parameters(values=(*DEFAULT.values[:3], 999.0, *DEFAULT.values[4:20], 0.01))
    clamped, told = fsrs.clamp(wild)
    assert (clamped.values[3], clamped.values[20]) == (100.0, 0.1)
    assert [sentence.split()[0] for sentence in told] == ["w3", "w20"]
    assert fsrs.clamp(DEFAULT) == (DEFAULT, ())
    assert fsrs.retrievability(10, 10, wild) == pytest.approx(0.9)
    assert fsrs.after(None, 0, Grade.EASY, wild).stability == pytest.approx(100.0)


@settings(max_examples=200, deadline=None)
@given(st.floats(0.001, 36_500), st.floats(1, 10), st.integers(0, 40_000))
def test_memory_stays_within_its_limits_and_better_grades_last_longer(stability, difficulty, days):
    again, hard, good, easy = (n.memory for n in fsrs.outcomes(Memory(stability, difficulty), days, 0.9, DEFAULT))
    for memory in (again, hard, good, easy):
        assert 0.001 - 1e-9 <= memory.stability <= 36_500
        assert 1 <= memory.difficulty <= 10
    assert hard.stability <= good.stability * 1.0001 <= easy.stability * 1.0002
    assert again.difficulty >= hard.difficulty >= good.difficulty >= easy.difficulty
    assert hard.stability >= min(stability, 36_500) * 0.9999  # a pass never shrinks it, on the same day neither


@settings(max_examples=100, deadline=None)
@given(st.floats(0.01, 36_500), st.floats(0.70, 0.98), st.floats(0.001, 0.01))
def test_wanting_to_remember_more_brings_reviews_closer(stability, retention, more):
    assert fsrs.interval(stability, retention + more, DEFAULT) < fsrs.interval(stability, retention, DEFAULT)


@pytest.mark.oracle
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([1, 2, 3, 4]), st.integers(0, 60)), min_size=1, max_size=12))
def test_agrees_with_py_fsrs(history):
    oracle = pytest.importorskip("fsrs")
    scheduler = oracle.Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=())
    card, when = oracle.Card(card_id=1), datetime(2026, 1, 1, tzinfo=UTC)
    for place, (grade, days) in enumerate(history):
        when += timedelta(days=days if place else 0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            card, _ = scheduler.review_card(card, oracle.Rating(grade), when)
    (memory,) = fsrs.replay([history], DEFAULT)
    if card.stability < 36_500:  # the oracle has no cap
        assert memory.stability == pytest.approx(card.stability, rel=NEAR)
    assert memory.difficulty == pytest.approx(card.difficulty, rel=NEAR)
