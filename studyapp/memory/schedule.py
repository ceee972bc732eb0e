"""What each of the four grades would do to an item: computed before the buttons are drawn, one of them then stored.

FSRS gives memory and interval; learning steps, fuzz, load balance and the order of the grades shape the due day. The
outcome carries the event to record, and `fold.advance(state, event)` gives the outcome's state again: the queue and the
journal cannot disagree. Pure: the clock, the study day and the counts of due items are arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from studyapp.memory import balance, fsrs, fuzz, steps
from studyapp.memory.fold import at_level, elapsed_days, memory_of, reviewed
from studyapp.memory.leech import is_leech
from studyapp.memory.model import Act, Event, Grade, ItemState, Outcome, Outlook, Phase, Preset

SHORT = 0.5
"""Days; without learning steps, an interval below this returns within the day."""


class _Return(NamedTuple):
    """When an item comes back: after `seconds` inside the steps, else after `days` in review."""

    phase: Phase
    step: int = 0
    seconds: int | None = None
    days: int = 0


class _Answer(NamedTuple):
    """All that bears on one answer, so that the rules below read as rules."""

    state: ItemState
    now_ms: int
    today: int
    seconds_to_rollover: int
    preset: Preset
    due_counts: Mapping[int, int] | None
    sibling_days: Collection[int]
    u: float

    def days(self, interval: float, minimum: int) -> int:
        """The interval to use for one that was calculated: within fuzz and limits, on a day with less to do."""
        preset = self.preset
        if not preset.fuzz:
            return min(max(fuzz.whole(interval), minimum), preset.maximum_interval)
        lower, upper = fuzz.bounds(interval, minimum, preset.maximum_interval)
        if self.due_counts is None or not preset.balance or lower == upper or interval > balance.LONGEST_INTERVAL:
            return fuzz.choose(lower, upper, self.u)
        return balance.choose(
            lower,
            upper,
            self.u,
            today=self.today,
            due_counts=self.due_counts,
            easy_days=preset.easy_days,
            sibling_days=self.sibling_days,
        )


def outlook(
    state: ItemState,
    *,
    key: str,
    now_ms: int,
    today: int,
    next_day_at: int,
    preset: Preset,
    due_counts: Mapping[int, int] | None = None,
    sibling_days: Collection[int] = (),
    level: int | None = None,
) -> Outlook:
    """The four outcomes of answering an item now.

    Args:
        state: the item's state.
        key: the item's key; with the count of reviews it seeds fuzz.
        now_ms: UTC epoch milliseconds.
        today: study day of `now_ms`.
        next_day_at: UTC epoch milliseconds at which the next study day begins.
        preset: the learner's choices.
        due_counts: items due by study day, for load balance; None leaves the day to fuzz.
        sibling_days: study days on which the item's siblings are due; load balance keeps away from them.
        level: at which level an exercise is worked, None for that of its last review; at another one its memory
            begins anew, with learning steps.

    Raises:
        SchedulingError: a desired retention or parameters out of range.
    """
    state = at_level(state, level)
    answer = _Answer(
        state=state,
        now_ms=now_ms,
        today=today,
        seconds_to_rollover=max(0, (next_day_at - now_ms) // 1000),
        preset=preset,
        due_counts=due_counts,
        sibling_days=sibling_days,
        u=fuzz.draw(key, state.reps),
    )
    nexts = fsrs.outcomes(memory_of(state), elapsed_days(state, today), preset.desired_retention, preset.parameters)
    returns = (_review if state.phase is Phase.REVIEW else _learn)(answer, nexts)
    again, hard, good, easy = (
        _outcome(answer, grade, back, nexts[grade - 1].memory) for grade, back in zip(Grade, returns, strict=True)
    )
    return Outlook(again, hard, good, easy)


_Nexts = tuple[fsrs.Next, fsrs.Next, fsrs.Next, fsrs.Next]
_Returns = tuple[_Return, _Return, _Return, _Return]


def _learn(answer: _Answer, nexts: _Nexts) -> _Returns:
    """A new item, or one inside its learning or relearning steps."""
    relearning = answer.state.phase is Phase.RELEARNING
    phase = Phase.RELEARNING if relearning else Phase.LEARNING
    delays = answer.preset.relearning_steps if relearning else answer.preset.learning_steps
    step = 0 if answer.state.phase is Phase.NEW else min(answer.state.step, max(0, len(delays) - 1))
    again, hard, good, easy = nexts
    graduated = answer.days(max(1, fuzz.whole(good.interval)), 1)
    return (
        _step_or_review(answer, phase, 0, steps.again(delays), again),
        _step_or_review(answer, phase, step, steps.hard(delays, step), hard),
        _step_or_review(answer, phase, step + 1, steps.good(delays, step), good, has_steps=bool(delays)),
        _Return(Phase.REVIEW, days=answer.days(max(1, fuzz.whole(easy.interval)), graduated + 1)),
    )


def _step_or_review(
    answer: _Answer, phase: Phase, step: int, seconds: int | None, after: fsrs.Next, *, has_steps: bool = False
) -> _Return:
    """The step, where there is one; else review, or the same day when there are no steps and FSRS wants it so soon."""
    if seconds is not None:
        return _Return(phase, step, seconds)
    if not has_steps and after.interval < SHORT and fsrs.short_term(answer.preset.parameters):
        return _Return(phase, 0, max(1, int(after.interval * steps.DAY_SECONDS)))
    return _Return(Phase.REVIEW, days=answer.days(max(1, fuzz.whole(after.interval)), 1))


def _review(answer: _Answer, nexts: _Nexts) -> _Returns:
    """An item in review: a lapse, or three passes that lead to different days and do not shorten the interval."""
    state = answer.state
    old = 0 if state.due_day is None or state.last_day is None else max(0, state.due_day - state.last_day)
    again, hard, good, easy = nexts
    hard_days = answer.days(hard.interval, max(1, _least(answer, hard.interval, old)))
    good_days = answer.days(good.interval, max(hard_days + 1, _least(answer, good.interval, old)))
    easy_days = answer.days(easy.interval, max(good_days + 1, _least(answer, easy.interval, old)))
    relearn = steps.again(answer.preset.relearning_steps)
    return (
        _step_or_review(answer, Phase.RELEARNING, 0, relearn, again),
        _Return(Phase.REVIEW, days=hard_days),
        _Return(Phase.REVIEW, days=good_days),
        _Return(Phase.REVIEW, days=easy_days),
    )


def _least(answer: _Answer, interval: float, old: int) -> int:
    """Days a pass must bring at least, given the interval the item had.

    A longer interval must not become shorter through fuzz. One that is about the same stays the same. One that is
    clearly shorter (parameters or desired retention were changed) is meant so.
    """
    if fuzz.whole(interval) > old:
        return old + 1
    lower, upper = fuzz.bounds(interval, 1, answer.preset.maximum_interval)
    return old if lower <= old <= upper else 0


def _outcome(answer: _Answer, grade: Grade, back: _Return, memory: fsrs.Memory) -> Outcome:
    state, preset = answer.state, answer.preset
    days, due_at, wait = back.days, None, back.days * steps.DAY_SECONDS
    if back.seconds is not None:
        wait = back.seconds
        days = steps.days_ahead(wait, answer.seconds_to_rollover)
        if days == 0:
            later = min(steps.lengthened(wait, answer.u), max(wait, answer.seconds_to_rollover - 1))
            due_at = answer.now_ms + later * 1000
        else:
            wait = days * steps.DAY_SECONDS
    lapsed = grade is Grade.AGAIN and state.phase is Phase.REVIEW
    leech = lapsed and is_leech(state.lapses + 1, preset.leech_lapses)
    event = Event(
        kind=Act.REVIEW,
        at=answer.now_ms,
        day=answer.today,
        grade=grade,
        due_day=answer.today + days,
        due_at=due_at,
        phase=back.phase,
        step=back.step,
        leech=leech,
        value=int(leech and preset.suspend_leeches),
        level=state.level,
    )
    return Outcome(event, reviewed(state, event, memory), wait)
