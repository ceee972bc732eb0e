import pytest
from hypothesis import strategies as st

from studyapp.memory.model import Act, Event, Grade, ItemState, Parameters, Phase

NOON = 1_800_000_000_000
DAY_MS = 86_400_000


@pytest.fixture
def noon() -> int:
    """An instant that is day 20833 and twelve hours before the next study day."""
    return NOON


def _events():
    """Any sequence of acts on one item, clocks that go back included."""
    grades, phases = st.sampled_from(list(Grade)), st.sampled_from([*Phase, None])
    day = st.integers(20_000, 20_400)
    maybe_day = st.none() | st.integers(20_000, 21_000)
    review = st.builds(
        Event,
        kind=st.just(Act.REVIEW.value),
        at=st.integers(NOON, NOON + 400 * DAY_MS),
        day=day,
        grade=grades,
        due_day=maybe_day,
        due_at=st.none() | st.integers(NOON, NOON + DAY_MS),
        phase=phases,
        step=st.integers(0, 2),
        leech=st.booleans(),
        value=st.integers(0, 1),
        level=st.none() | st.integers(0, 2),
    )
    other = st.builds(
        Event,
        kind=st.sampled_from([*(a.value for a in Act if a is not Act.REVIEW), "of-a-newer-program"]),
        at=st.just(NOON),
        day=day,
        due_day=maybe_day,
        value=st.integers(0, 5),
    )
    return st.lists(st.one_of(review, review, review, other), max_size=25)


@pytest.fixture(scope="session")
def any_events():
    return _events()


@pytest.fixture
def default() -> Parameters:
    return Parameters()


@pytest.fixture
def new_item() -> ItemState:
    return ItemState()
