import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.memory.grading import derive, of_confidence
from studyapp.memory.model import Grade, SchedulingError

SURE_AND_QUICK = {"confidence": 5, "duration_ms": 3_000, "median_ms": 8_000}


@pytest.mark.parametrize(
    ("answer", "grade", "words"),
    [
        ({"credit": 0.0}, Grade.AGAIN, "wrong"),
        ({"credit": 0.4}, Grade.AGAIN, "less than half"),
        ({"credit": 1.0, "told": True}, Grade.AGAIN, "shown"),
        ({"credit": 1.0, "kind": "exercise", "failed_steps": 2}, Grade.AGAIN, "2 steps"),
        ({"credit": 0.8, "kind": "exercise", "failed_steps": 1}, Grade.HARD, "one step"),
        ({"credit": 1.0, "followed_on": True}, Grade.HARD, "earlier slip"),
        ({"credit": 0.5}, Grade.HARD, "in part"),
        ({"credit": 1.0, "attempts": 2}, Grade.HARD, "attempt 2"),
        ({"credit": 1.0, "hints": 3}, Grade.HARD, "3 hints"),
        ({"credit": 1.0, "hints": 2}, Grade.GOOD, "2 hints"),
        ({"credit": 1.0, "hints": 1}, Grade.GOOD, "1 hint"),
        ({"credit": 1.0}, Grade.GOOD, "first try"),
        ({"credit": 1.0, "confidence": 1}, Grade.HARD, "guess"),
        ({"credit": 1.0, "confidence": 1, "kind": "choice"}, Grade.HARD, "guess"),
        ({"credit": 1.0, "confidence": 1, "kind": "true-false"}, Grade.AGAIN, "chance"),
        ({"credit": 1.0, "confidence": 5}, Grade.GOOD, "first try"),
        ({"credit": 1.0, **SURE_AND_QUICK}, Grade.EASY, "quicker"),
        ({"credit": 1.0, **SURE_AND_QUICK, "hints": 1}, Grade.GOOD, "1 hint"),
        ({"credit": 1.0, **SURE_AND_QUICK, "confidence": 4}, Grade.GOOD, "first try"),
        ({"credit": 1.0, **SURE_AND_QUICK, "duration_ms": None}, Grade.GOOD, "first try"),
        ({"credit": 1.0, **SURE_AND_QUICK, "median_ms": None}, Grade.GOOD, "first try"),
        ({"credit": 1.0, **SURE_AND_QUICK, "kind": "exercise", "level": 3}, Grade.GOOD, "first try"),
        ({"credit": 1.0, **SURE_AND_QUICK, "kind": "exercise", "level": 4}, Grade.EASY, "quicker"),
        ({"credit": 0.0, **SURE_AND_QUICK}, Grade.AGAIN, "wrong"),
    ],
)
def test_what_happened_decides_the_grade_and_says_why(answer, grade, words):
    found, reason = derive(**{"kind": "typed", **answer})
    assert found is grade
    assert words in reason


def test_slow_is_never_punished():
    assert derive(credit=1.0, kind="typed", duration_ms=10**9, median_ms=1)[0] is Grade.GOOD


def test_confidence_as_grades():
    assert [of_confidence(n) for n in range(1, 6)] == [Grade.AGAIN, Grade.HARD, Grade.GOOD, Grade.GOOD, Grade.EASY]
    for wrong in (0, 6):
        with pytest.raises(SchedulingError, match="1 to 5"):
            of_confidence(wrong)
        with pytest.raises(SchedulingError, match="1 to 5"):
            derive(credit=1.0, kind="typed", confidence=wrong)
    with pytest.raises(SchedulingError, match="between 0 and 1"):
        derive(credit=1.1, kind="typed")


ANSWER = st.fixed_dictionaries(
    {
        "credit": st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0]),
        "kind": st.sampled_from(["true-false", "choice", "typed", "numeric", "exercise"]),
        "hints": st.integers(0, 4),
        "told": st.booleans(),
        "attempts": st.integers(1, 3),
        "failed_steps": st.integers(0, 3),
        "followed_on": st.booleans(),
        "duration_ms": st.integers(0, 20),
        "median_ms": st.just(10),
        "confidence": st.none() | st.integers(1, 5),
        "level": st.integers(0, 5),
    }
)


@settings(max_examples=300, deadline=None)
@given(ANSWER, st.sampled_from(["credit", "hints", "told", "attempts", "failed_steps", "followed_on", "time"]))
def test_doing_better_in_one_respect_never_lowers_the_grade(answer, respect):
    better = {
        "credit": {"credit": 1.0},
        "hints": {"hints": max(0, answer["hints"] - 1)},
        "told": {"told": False},
        "attempts": {"attempts": 1},
        "failed_steps": {"failed_steps": max(0, answer["failed_steps"] - 1)},
        "followed_on": {"followed_on": False},
        "time": {"duration_ms": answer["duration_ms"] // 2},
    }[respect]
    assert derive(**{**answer, **better})[0] >= derive(**answer)[0]


@settings(max_examples=100, deadline=None)
@given(ANSWER, st.integers(1, 5), st.integers(1, 5))
def test_surer_never_lowers_the_grade(answer, one, other):
    less, more = sorted((one, other))
    assert derive(**{**answer, "confidence": more})[0] >= derive(**{**answer, "confidence": less})[0]
