"""The work that lies ahead: reviews and new items per day, if the learner goes on as the preset says.

Each item is played forward through FSRS: on its due day it is recalled with the probability the model gives, a recall
counts as Good, a lapse is relearned the same day. The draws are seeded, so the same question has the same answer. A
year of 200 reviews a day takes about a second, so not on a screen's own thread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from studyapp.memory import fsrs, fuzz
from studyapp.memory.fold import memory_of
from studyapp.memory.model import Grade, ItemState, Parameters, Preset


@dataclass(frozen=True, slots=True)
class Load:
    """The work of one study day."""

    day: int
    reviews: int
    new: int
    left_over: int
    """Reviews due that the daily limit pushes to the next day."""


@dataclass(slots=True)
class _Played:
    key: str
    memory: fsrs.Memory | None
    last_day: int
    reps: int = 0


def forecast(
    states: Iterable[tuple[str, ItemState]], *, today: int, days: int, preset: Preset, seed: str = ""
) -> tuple[Load, ...]:
    """The load of each study day from `today` on, `days` of them.

    Args:
        states: (key, state) of the items, new ones in the order in which they come; suspended ones are left out.
        today: study day.
        days: how far to look, at least 1.
        preset: limits, desired retention, parameters and fuzz.
        seed: another one plays another of the possible futures.

    Raises:
        SchedulingError: a desired retention or parameters out of range.
    """
    due: defaultdict[int, list[_Played]] = defaultdict(list)
    waiting: list[_Played] = []
    for key, state in states:
        if state.suspended:
            continue
        played = _Played(key, memory_of(state), today if state.last_day is None else state.last_day, state.reps)
        if state.due_day is None:
            waiting.append(played)
        else:
            due[max(today, state.due_day, state.buried_until or 0)].append(played)
    waiting.reverse()

    loads = []
    for day in range(today, today + days):
        asked, pushed = due[day][: preset.reviews_per_day], due[day][preset.reviews_per_day :]
        fresh = [waiting.pop() for _ in range(min(preset.new_per_day, len(waiting)))]
        for played in (*asked, *fresh):
            due[_play(played, day, preset, seed)].append(played)
        due[day + 1][:0] = pushed
        loads.append(Load(day, len(asked), len(fresh), len(pushed)))
    return tuple(loads)


def _play(item: _Played, day: int, preset: Preset, seed: str) -> int:
    """Answer the item on `day`, in place. Returns: the study day on which it is due again."""
    parameters = preset.parameters
    elapsed = max(0, day - item.last_day)
    if item.memory is None:
        memory = _learned(fsrs.after(None, 0, Grade.GOOD, parameters), parameters)
    else:
        chance = fsrs.retrievability(elapsed, item.memory.stability, parameters)
        if fuzz.draw(f"{seed}\0{item.key}", item.reps) < chance:
            memory = fsrs.after(item.memory, elapsed, Grade.GOOD, parameters)
        else:
            memory = _learned(fsrs.after(item.memory, elapsed, Grade.AGAIN, parameters), parameters)
    item.memory, item.last_day = memory, day
    interval = fsrs.interval(memory.stability, preset.desired_retention, parameters)
    lower, upper = fuzz.bounds(interval, 1, preset.maximum_interval)
    item.reps += 1
    return day + fuzz.choose(lower, upper, fuzz.draw(item.key, item.reps))


def _learned(memory: fsrs.Memory, parameters: Parameters) -> fsrs.Memory:
    """Memory after the Good, later the same day, with which an item leaves its steps."""
    return fsrs.after(memory, 0, Grade.GOOD, parameters)
