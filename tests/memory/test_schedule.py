from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.memory import fuzz
from studyapp.memory.fold import advance, at_level, fold
from studyapp.memory.model import Act, Event, Grade, ItemState, Outlook, Parameters, Phase, Preset, SchedulingError
from studyapp.memory.schedule import outlook

NOON = 1_800_000_000_000
TODAY = 20_833
HALF_DAY = 43_200
PLAIN = Preset(fuzz=False)
NEW = ItemState()


def look(
    state: ItemState, preset: Preset = PLAIN, *, key: str = "deck/card", to_rollover: int = HALF_DAY, **rest
) -> Outlook:
    rest.setdefault("today", TODAY)
    return outlook(state, key=key, now_ms=NOON, next_day_at=NOON + to_rollover * 1000, preset=preset, **rest)


def in_review(interval: int, *, elapsed: int | None = None, stability: float | None = None, **rest) -> ItemState:
    last = TODAY - (interval if elapsed is None else elapsed)
    return ItemState(
        phase=Phase.REVIEW,
        stability=stability or float(interval),
        difficulty=5.0,
        due_day=last + interval,
        last_day=last,
        last_at=NOON - (TODAY - last) * 86_400_000,
        reps=4,
        **rest,
    )


def waits(found: Outlook) -> list[int]:
    return [found[grade].wait_seconds for grade in Grade]


def days(found: Outlook) -> list[int]:
    return [found[grade].state.due_day - TODAY for grade in Grade]


def test_buttons_of_a_new_item():
    found = look(NEW)
    assert waits(found) == [60, 330, 600, 8 * 86_400]
    assert [found[g].state.phase for g in Grade] == [Phase.LEARNING] * 3 + [Phase.REVIEW]
    assert [found[g].state.step for g in Grade] == [0, 0, 1, 0]


def test_buttons_on_the_last_learning_step():
    found = look(look(NEW).good.state)
    assert waits(found)[:2] == [60, 600]
    assert (found.good.state.phase, days(found)[2]) == (Phase.REVIEW, 2)
    assert days(found)[3] == 4


def test_a_learner_walks_through_the_steps_into_review():
    state = look(NEW).good.state
    assert state.due_at is not None
    assert NOON + 600_000 <= state.due_at < NOON + 750_000
    state = look(state).good.state
    assert (state.phase, state.due_at, state.due_day, state.reps, state.lapses) == (Phase.REVIEW, None, TODAY + 2, 2, 0)


def test_easy_comes_later_than_good_would():
    slow = Parameters(values=(*Parameters().values[:3], 2.3065, *Parameters().values[4:]))  # Easy starts like Good
    assert days(look(NEW, replace(PLAIN, parameters=slow, learning_steps=())))[2:] == [2, 3]


def test_without_steps_a_new_item_goes_to_review_or_comes_back_the_same_day():
    found = look(NEW, replace(PLAIN, learning_steps=()))
    assert waits(found) == [18_316, 86_400, 2 * 86_400, 8 * 86_400]
    assert found.again.state.phase is Phase.LEARNING
    assert found.again.state.due_at is not None
    long_term_only = Parameters(values=(*Parameters().values[:17], 0.0, 0.0, *Parameters().values[19:]))
    assert days(look(NEW, replace(PLAIN, learning_steps=(), parameters=long_term_only)))[0] == 1


def test_a_step_that_reaches_the_rollover_waits_for_tomorrow():
    found = look(NEW, to_rollover=300)
    assert (found.again.state.due_day, found.again.wait_seconds) == (TODAY, 60)
    for outcome in (found.hard, found.good):
        assert (outcome.state.due_day, outcome.state.due_at, outcome.wait_seconds) == (TODAY + 1, None, 86_400)
        assert outcome.state.phase is Phase.LEARNING


def test_lengthening_never_carries_a_step_over_the_rollover():
    for n in range(50):
        again = look(NEW, key=f"deck/{n}", to_rollover=62).again
        assert again.state.due_at < NOON + 62_000
        assert again.state.due_at >= NOON + 60_000


def test_a_lapse_relearns_and_then_returns_to_review():
    state = in_review(30)
    lapsed = look(state).again
    assert (lapsed.wait_seconds, lapsed.state.phase, lapsed.state.lapses) == (600, Phase.RELEARNING, 1)
    found = look(lapsed.state)
    assert waits(found)[:2] == [600, 900]
    assert found.good.state.phase is Phase.REVIEW
    assert 1 <= days(found)[2] < 10
    assert found.again.state.lapses == 1, "failing while relearning is no further lapse"


def test_without_relearning_steps_a_lapse_stays_in_review():
    lapsed = look(in_review(300), replace(PLAIN, relearning_steps=())).again
    assert (lapsed.state.phase, lapsed.state.lapses) == (Phase.REVIEW, 1)
    assert lapsed.state.due_day > TODAY


def test_the_three_passes_lead_to_different_days():
    barely = in_review(1, elapsed=0, stability=0.01)
    assert days(look(barely))[1:] == [1, 2, 3]
    assert days(look(barely, replace(PLAIN, maximum_interval=2)))[1:] == [1, 2, 2]


def test_passing_does_not_bring_an_item_back_sooner_than_last_time():
    """An early review: the new interval is about the old one, and fuzz would have shortened it for some items."""
    early = in_review(20, elapsed=0)
    for n in range(40):
        assert days(look(early, Preset(), key=f"deck/{n}"))[1] >= 20


def test_a_longer_interval_is_at_least_a_day_longer():
    state = in_review(10, elapsed=1)  # Hard: 11.8 days, of which fuzz alone would make 10 to 14
    found = [days(look(state, Preset(), key=f"deck/{n}"))[1] for n in range(60)]
    assert min(found) == 11


def test_a_higher_retention_may_shorten_the_interval():
    assert days(look(in_review(100, elapsed=60), replace(PLAIN, desired_retention=0.97)))[1] < 60


@pytest.mark.parametrize("retention", [0.5, 0.999])
def test_a_retention_out_of_range_is_refused(retention):
    with pytest.raises(SchedulingError, match="Settings"):
        look(NEW, replace(PLAIN, desired_retention=retention))


def test_the_eighth_lapse_makes_a_leech_and_suspends_only_on_request():
    state = in_review(30, lapses=7)
    assert (look(state).again.state.leech, look(state).again.state.suspended) == (True, False)
    assert look(state, replace(PLAIN, suspend_leeches=True)).again.state.suspended
    assert not look(state).hard.state.leech
    assert not look(in_review(30, lapses=8)).again.state.leech
    assert not look(state, replace(PLAIN, leech_lapses=0)).again.state.leech


def test_the_day_on_the_button_is_the_same_when_asked_again_and_changes_with_the_review():
    state = in_review(60)
    assert look(state, Preset()) == look(state, Preset())
    chosen = {look(replace(state, reps=n), Preset()).good.state.due_day for n in range(30)}
    assert len(chosen) > 5


@pytest.mark.parametrize("days_back", [1, 365])
def test_a_clock_set_back_counts_as_the_same_day(days_back):
    state = in_review(30, elapsed=0)
    back = look(state, today=TODAY - days_back)
    assert back.good.state.stability == look(state).good.state.stability
    assert back.good.state.due_day > TODAY - days_back


def test_reviewing_ends_a_burial_and_bury_without_a_day_means_tomorrow():
    buried = advance(NEW, Event(Act.BURY, at=NOON, day=TODAY), Parameters())
    assert buried.buried_until == TODAY + 1
    assert look(buried).good.state.buried_until is None
    assert advance(buried, Event(Act.UNBURY, at=NOON, day=TODAY), Parameters()) == NEW


def test_set_due_moves_the_item_and_keeps_its_memory():
    state = in_review(30)
    moved = advance(state, Event(Act.SET_DUE, at=NOON, day=TODAY, due_day=TODAY + 3), Parameters())
    assert (moved.due_day, moved.stability, moved.phase) == (TODAY + 3, state.stability, Phase.REVIEW)
    never_seen = advance(NEW, Event(Act.SET_DUE, at=NOON, day=TODAY, due_day=TODAY), Parameters())
    assert look(never_seen).good.state.stability == look(NEW).good.state.stability


def test_forgetting_keeps_flag_and_suspension_only():
    state = in_review(30, lapses=9, leech=True, flag=3, suspended=True)
    assert advance(state, Event(Act.FORGET, at=NOON, day=TODAY), Parameters()) == ItemState(flag=3, suspended=True)


def test_what_a_newer_program_wrote_changes_nothing():
    state = in_review(30)
    assert advance(state, Event("rotate", at=NOON, day=TODAY, value=7), Parameters()) == state


def test_an_exercise_at_another_level_is_learned_as_a_new_skill():
    state = in_review(30, lapses=2, leech=True, flag=3, level=1)
    found = look(state, level=2)
    assert waits(found) == waits(look(NEW))
    again, good = found.again.state, found.good.state
    assert (again.stability, again.difficulty) == (look(NEW).again.state.stability, look(NEW).again.state.difficulty)
    assert (again.phase, again.lapses, again.level) == (Phase.LEARNING, 2, 2)
    assert (good.reps, good.flag, good.leech, good.level) == (5, 3, True, 2)


def test_an_exercise_at_the_same_level_goes_on():
    state = in_review(30, level=1)
    assert look(state, level=1) == look(state)
    assert look(state).good.event.level == 1
    assert look(state).again.state.lapses == 1


def test_a_level_that_was_never_told_is_no_other_level():
    state = in_review(30)
    told = look(state, level=3).good.state
    assert replace(told, level=None) == look(state).good.state
    assert told.level == 3


PRESETS = st.builds(
    Preset,
    desired_retention=st.sampled_from([0.7, 0.9, 0.99]),
    learning_steps=st.sampled_from([(60, 600), (600,), (), (60, 600, 86_400), (90_000, 200_000)]),
    relearning_steps=st.sampled_from([(600,), (), (600, 172_800)]),
    maximum_interval=st.sampled_from([1, 5, 100, 36_500]),
    suspend_leeches=st.booleans(),
    leech_lapses=st.integers(0, 4),
    fuzz=st.booleans(),
    balance=st.booleans(),
    easy_days=st.sampled_from([(1.0,) * 7, (0.0,) * 7, (1.0, 0.5, 0.0, 1.0, 1.0, 0.5, 0.0)]),
)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_what_is_shown_is_what_the_journal_will_give(any_events, data):
    state = fold(data.draw(any_events), Parameters())
    preset = data.draw(PRESETS)
    counts = data.draw(st.none() | st.dictionaries(st.integers(TODAY, TODAY + 60), st.integers(0, 9), max_size=9))
    level = data.draw(st.none() | st.integers(0, 2))
    found = look(state, preset, due_counts=counts, to_rollover=data.draw(st.integers(1, 90_000)), level=level)
    for grade in Grade:
        outcome = found[grade]
        assert outcome.event.grade is grade
        assert advance(state, outcome.event, preset.parameters) == outcome.state
        assert outcome.state.due_day >= TODAY
        assert (outcome.state.due_at is None) == (outcome.state.due_day > TODAY)
        assert outcome.wait_seconds > 0
        if outcome.state.phase is Phase.REVIEW:
            assert 1 <= outcome.state.due_day - TODAY <= preset.maximum_interval
    if at_level(state, level).phase is Phase.REVIEW:
        hard, good, easy = days(found)[1:]
        assert good > hard or good == preset.maximum_interval
        assert easy > good or easy == preset.maximum_interval


@settings(max_examples=100, deadline=None)
@given(st.integers(3, 400), st.integers(0, 20), st.text(max_size=8))
def test_a_fuzzed_day_lies_within_its_range(interval, reps, key):
    state = replace(in_review(interval), reps=reps)
    exact = look(state, replace(PLAIN, desired_retention=0.9)).good
    lower, upper = fuzz.bounds(exact.state.stability, interval + 1, 36_500)
    fuzzed = look(state, Preset(), key=key).good.state.due_day - TODAY
    hard = look(state, Preset(), key=key).hard.state.due_day - TODAY
    assert max(lower, 1) <= fuzzed <= max(upper, hard + 1 + (upper - lower) + 2)
