"""Learning and relearning steps: the short waits, in seconds, before an item is entrusted to FSRS.

The rules are those of Anki, which learners know: Again begins anew, Hard stays (after the first step it waits as long
as the mean of the first two, or half as long again when there is only one), Good goes on, Easy leaves. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence

DAY_SECONDS = 86_400
LONGEST_LENGTHENING = 300


def again(steps: Sequence[int]) -> int | None:
    """Seconds after Again; None when there are no steps."""
    return steps[0] if steps else None


def hard(steps: Sequence[int], step: int) -> int | None:
    """Seconds after Hard on the step with index `step`; None when there are no steps.

    A step that no longer exists (the learner shortened the list) counts as the last. Delays above a day are whole days.
    """
    if not steps:
        return None
    if step > 0:
        return steps[min(step, len(steps) - 1)]
    if len(steps) > 1:
        return _whole_days((steps[0] + steps[1]) // 2)
    return _whole_days(min(steps[0] * 3 // 2, steps[0] + DAY_SECONDS))


def good(steps: Sequence[int], step: int) -> int | None:
    """Seconds after Good on the step with index `step`; None when the item leaves the steps."""
    return steps[step + 1] if step + 1 < len(steps) else None


def days_ahead(seconds: int, seconds_to_rollover: int) -> int:
    """Study days from today to the one in which a wait of `seconds` ends: 0 while it ends before the roll-over."""
    if seconds < seconds_to_rollover:
        return 0
    return (seconds - seconds_to_rollover) // DAY_SECONDS + 1


def lengthened(seconds: int, u: float) -> int:
    """`seconds` and up to a quarter more, five minutes at most, so that items learned together come apart.

    Args:
        seconds: the wait of the step.
        u: a number in [0, 1) drawn for the item and its count of reviews.
    """
    return seconds + int(u * min(seconds * 0.25, LONGEST_LENGTHENING))


def _whole_days(seconds: int) -> int:
    return seconds if seconds <= DAY_SECONDS else int(seconds / DAY_SECONDS + 0.5) * DAY_SECONDS
