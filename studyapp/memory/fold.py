"""What an item's journal adds up to: the state after each entry, one at a time.

The order of the entries and which of them are void is decided by the journal; here they come in order, without the void
ones. A due day, step and phase are read from the entry, where they were written when they were chosen, so that a later
change of settings, time zone or parameters never moves the past. Only stability and difficulty are calculated again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studyapp.memory.fsrs import Memory, after, check_grade
from studyapp.memory.model import Act, Event, Grade, ItemState, Parameters, Phase


def advance(state: ItemState, event: Event, parameters: Parameters) -> ItemState:  # noqa: PLR0911 - one row per act
    """The state after `event`. Kinds that are unknown here (a newer program's) change nothing.

    Raises:
        SchedulingError: a review without a grade from 1 to 4.
    """
    match event.kind:
        case Act.REVIEW:
            met = at_level(state, event.level)
            memory = after(memory_of(met), elapsed_days(met, event.day), Grade(check_grade(event.grade)), parameters)
            return reviewed(met, event, memory)
        case Act.SUSPEND:
            return replace(state, suspended=True)
        case Act.RESUME:
            return replace(state, suspended=False)
        case Act.BURY:
            return replace(state, buried_until=event.value or event.day + 1)
        case Act.UNBURY:
            return replace(state, buried_until=None)
        case Act.FORGET:
            return ItemState(suspended=state.suspended, flag=state.flag)
        case Act.SET_DUE:
            return replace(state, phase=Phase.REVIEW, step=0, due_day=event.due_day, due_at=None)
        case Act.FLAG:
            return replace(state, flag=event.value)
        case _:
            return state


def fold(events: Iterable[Event], parameters: Parameters) -> ItemState:
    """The state that the entries of one item, in order and without void ones, add up to."""
    state = ItemState()
    for event in events:
        state = advance(state, event, parameters)
    return state


def at_level(state: ItemState, level: int | None) -> ItemState:
    """`state` as a review at `level` meets it: an exercise at another level than before is another skill.

    Its memory begins anew, with learning steps, and nothing lapses; reps, lapses, flag and leech stay.
    Where either side says no level, nothing begins anew.
    """
    if level is None or level == state.level:
        return state
    if state.level is None:
        return replace(state, level=level)
    return ItemState(
        reps=state.reps,
        lapses=state.lapses,
        suspended=state.suspended,
        buried_until=state.buried_until,
        flag=state.flag,
        leech=state.leech,
        level=level,
    )


def memory_of(state: ItemState) -> Memory | None:
    """Stability and difficulty, or None for an item that was never graded."""
    if state.stability is None or state.difficulty is None:
        return None
    return Memory(state.stability, state.difficulty)


def elapsed_days(state: ItemState, day: int) -> int:
    """Study days from the last review to `day`; 0 without one, and 0 when the clock was set back."""
    return 0 if state.last_day is None else max(0, day - state.last_day)


def reviewed(state: ItemState, event: Event, memory: Memory) -> ItemState:
    """`state`, as the review `event` met it (see `at_level`), after it led to `memory`. A review ends a burial."""
    lapsed = event.grade == Grade.AGAIN and state.phase is Phase.REVIEW
    return ItemState(
        phase=Phase.REVIEW if event.phase is None else event.phase,
        step=event.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due_day=event.due_day,
        due_at=event.due_at,
        last_at=event.at,
        last_day=event.day,
        reps=state.reps + 1,
        lapses=state.lapses + lapsed,
        suspended=state.suspended or (event.leech and event.value == 1),
        flag=state.flag,
        leech=state.leech or event.leech,
        level=state.level,
    )
