from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.memory.fold import fold
from studyapp.memory.model import Act, Event, Grade, ItemState, Parameters, SchedulingError
from studyapp.memory.replay import replay

DEFAULT = Parameters()


def without_memory(state: ItemState) -> ItemState:
    return replace(state, stability=None, difficulty=None)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_replaying_everything_at_once_gives_what_folding_each_item_gives(any_events, data):
    histories = data.draw(st.lists(any_events, max_size=4))
    replayed = replay(histories, DEFAULT)
    folded = [fold(events, DEFAULT) for events in histories]
    assert [without_memory(s) for s in replayed] == [without_memory(s) for s in folded]
    for one, other in zip(replayed, folded, strict=True):
        assert (one.stability is None) == (other.stability is None)
        if one.stability is not None:
            assert (one.stability, one.difficulty) == pytest.approx((other.stability, other.difficulty), rel=1e-4)


def test_an_item_forgotten_and_learned_again_starts_from_nothing():
    again = [Event(Act.REVIEW, at=9, day=40, grade=Grade.GOOD, due_day=42)]
    before = [Event(Act.REVIEW, at=n, day=n, grade=Grade.AGAIN, due_day=n + 1) for n in range(5)]
    forgotten, fresh = replay([[*before, Event(Act.FORGET, at=8, day=39), *again], again], DEFAULT)
    assert forgotten == fresh
    assert forgotten.lapses == 0


def test_items_without_reviews_keep_their_place():
    suspended = [Event(Act.SUSPEND, at=1, day=1)]
    good = [Event(Act.REVIEW, at=1, day=1, grade=Grade.GOOD, due_day=3)]
    states = replay([[], suspended, good, []], DEFAULT)
    assert [s.reps for s in states] == [0, 0, 1, 0]
    assert [s.suspended for s in states] == [False, True, False, False]


def test_a_review_without_a_grade_is_refused():
    with pytest.raises(SchedulingError, match="has None"):
        replay([[Event(Act.REVIEW, at=1, day=1)]], DEFAULT)
