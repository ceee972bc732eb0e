from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.memory import replay
from studyapp.memory.fold import fold
from studyapp.memory.model import Act, Event, Grade, ItemState, Parameters, Phase

DEFAULT = Parameters()


def arrays(histories: list[list[Event]]) -> tuple[replay.Acts, np.ndarray]:
    """The events as arrays, and the number of the item that each belongs to."""
    flat = [event for events in histories for event in events]
    names = [field.name for field in fields(replay.Acts) if field.name not in ("kind", "leech")]
    columns = {
        name: np.array(
            [replay.ABSENT if getattr(event, name) is None else getattr(event, name) for event in flat], np.int64
        )
        for name in names
    }
    kinds = [list(Act).index(Act(event.kind)) for event in flat]
    item = np.repeat(np.arange(len(histories)), [len(events) for events in histories])
    leech = np.array([event.leech for event in flat], np.bool_)
    return replay.Acts(kind=np.array(kinds, np.int64), leech=leech, **columns), item


def replayed(histories: list[list[Event]]) -> list[ItemState]:
    acts, item = arrays(histories)
    assert replay.plain(acts).all()
    columns = replay.states(acts, item, replay.reviews(acts, item), len(histories), DEFAULT)
    return [
        ItemState(**{**dict(zip(columns, row, strict=True)), "phase": Phase(row[0])})
        for row in zip(*columns.values(), strict=True)
    ]


def without_memory(state: ItemState) -> ItemState:
    return replace(state, stability=None, difficulty=None)


RARE = (Act.FORGET, Act.SET_DUE)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_replaying_everything_at_once_gives_what_folding_each_item_gives(any_events, data):
    histories = [
        [replace(event, level=None) for event in events if event.kind in tuple(Act) and event.kind not in RARE]
        for events in data.draw(st.lists(any_events, max_size=4))
    ]
    folded = [fold(events, DEFAULT) for events in histories]
    found = replayed(histories)
    assert [without_memory(s) for s in found] == [without_memory(s) for s in folded]
    for one, other in zip(found, folded, strict=True):
        assert (one.stability is None) == (other.stability is None)
        if one.stability is not None:
            assert (one.stability, one.difficulty) == pytest.approx((other.stability, other.difficulty), rel=1e-4)


def test_rare_acts_are_left_to_the_fold():
    review = Event(Act.REVIEW, at=1, day=1, grade=Grade.GOOD, due_day=3)
    acts, _ = arrays([[review, replace(review, level=2), Event(Act.FORGET, at=2, day=2), Event(Act.FLAG, 2, 2)]])
    assert replay.plain(acts).tolist() == [True, False, False, True]


def test_items_without_reviews_keep_their_place():
    suspended = [Event(Act.SUSPEND, at=1, day=1)]
    good = [Event(Act.REVIEW, at=1, day=1, grade=Grade.GOOD, due_day=3)]
    states = replayed([[], suspended, good, []])
    assert [s.reps for s in states] == [0, 0, 1, 0]
    assert [s.suspended for s in states] == [False, True, False, False]


def test_a_review_meets_what_the_review_before_it_left():
    first = Event(Act.REVIEW, at=1, day=10, grade=Grade.GOOD, due_day=35, phase=Phase.REVIEW)
    step = Event(Act.REVIEW, at=2, day=12, grade=Grade.AGAIN, due_day=12, phase=Phase.RELEARNING)
    back = Event(Act.REVIEW, at=3, day=11, grade=Grade.GOOD, due_day=14)
    found = replay.reviews(*arrays([[first, Event(Act.BURY, at=1, day=10), step, back], [first]]))
    assert found.first.tolist() == [True, False, False, True]
    assert found.gap.tolist() == [0, 2, 0, 0]
    assert found.before.tolist() == [Phase.NEW, Phase.REVIEW, Phase.RELEARNING, Phase.NEW]
    assert found.later.tolist() == [False, True, False, False]
    assert found.interval[1] == 25
