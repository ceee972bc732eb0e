"""The time of day as the use cases see it: an instant, a time zone, a study day. Tests hand in a clock of their own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Protocol

from studyapp.memory import days

HOLDS_MS = 60_000
"""How long the bounds of a study day are taken for granted: a traveller's clock may be set to another zone any time."""


class Clock(Protocol):
    """Where the present comes from."""

    def now(self) -> int:
        """The present instant, in UTC epoch milliseconds."""

    def zone(self) -> tzinfo:
        """The learner's time zone."""


class SystemClock:
    """The computer's own clock and zone."""

    def now(self) -> int:
        """The present instant, in UTC epoch milliseconds."""
        return time.time_ns() // 1_000_000

    def zone(self) -> tzinfo:
        """The zone that the computer is set to."""
        return days.local_zone()


@dataclass(frozen=True)
class Moment:
    """One instant and the study day it belongs to; taken once per act, so that an act cannot straddle midnight."""

    now: int
    today: int
    day_end: int
    """The instant at which the next study day begins."""
    day_start: int
    zone: tzinfo
    rollover_hour: int
    reckoned: int = 0
    """The instant at which the bounds of the day were worked out."""

    @property
    def date(self) -> date:
        """The study day as a calendar date."""
        return days.date_of(self.today)


def moment(clock: Clock, rollover_hour: int, last: Moment | None = None) -> Moment:
    """The present moment by `clock`, for a day that begins at `rollover_hour` local time.

    Args: `last`: an earlier moment; within a minute its day is taken over, since the bounds of a day in local time
    cost more to work out than all the rest of an answer but its place on disk.
    """
    now, zone = clock.now(), clock.zone()
    if (
        last is not None
        and last.zone is zone
        and last.rollover_hour == rollover_hour
        and last.reckoned <= now < min(last.day_end, last.reckoned + HOLDS_MS)
    ):
        return Moment(now, last.today, last.day_end, last.day_start, zone, rollover_hour, last.reckoned)
    today = days.study_day(now, zone, rollover_hour)
    return Moment(
        now=now,
        today=today,
        day_end=days.day_start(today + 1, zone, rollover_hour),
        day_start=days.day_start(today, zone, rollover_hour),
        zone=zone,
        rollover_hour=rollover_hour,
        reckoned=now,
    )
