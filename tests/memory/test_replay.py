from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.memory import replay
from studyapp.memory.fold import fold
from studyapp.memory.model import Act, Event, Grade, ItemState, Parameters, Phase
from studyapp.memory.packed import ODD, pack

DEFAULT = Parameters()
DAY_MS = 86_400_000


def arrays(histories: list[list[Event]]) -> tuple[replay.Events, replay.Ints]:
    """The events as an array, and the number of the item that each belongs to."""
    data = [pack(event) for events in histories for event in events]
    assert ODD not in data
    item = np.repeat(np.arange(len(histories)), [len(events) for events in histories])
    return np.frombuffer(b"".join(data), replay.EVENT), item


def replayed(histories: list[list[Event]]) -> list[ItemState]:
    events, item = arrays(histories)
    assert replay.plain(events).all()
    columns = replay.states(events, item, replay.reviews(events, item), len(histories), DEFAULT)
    return [
        ItemState(**{**dict(zip(columns, row, strict=True)), "phase": Phase(row[0])})
        for row in zip(*columns.values(), strict=True)
    ]


def without_memory(state: ItemState) -> ItemState:
    return replace(state, stability=None, difficulty=None)


RARE = (Act.FORGET, Act.SET_DUE)


def sensible(event: Event) -> Event:
    """The event without a level, its instants on its day or soon after."""
    start = event.day * DAY_MS
    due_at = None if event.due_at is None else start + event.due_at % (3 * DAY_MS)
    return replace(event, level=None, at=start + event.at % DAY_MS, due_at=due_at)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_replaying_everything_at_once_gives_what_folding_each_item_gives(any_events, data):
    histories = [
        [sensible(event) for event in events if event.kind in tuple(Act) and event.kind not in RARE]
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


@pytest.mark.parametrize(
    "odd", [{"step": 1_000}, {"day": 1 << 40}, {"due_at": 1 << 50}, {"level": 300}, {"at": -(1 << 50)}]
)
def test_numbers_beyond_all_measure_are_not_packed(odd):
    assert pack(replace(Event(Act.REVIEW, at=1, day=1, grade=Grade.GOOD), **odd)) == ODD


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
