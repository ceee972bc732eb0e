"""Study days: which day an instant belongs to for a learner who goes to bed after midnight.

A study day is the learner's local calendar date as a whole number (days since 1970-01-01), less one while the local
hour is before the roll-over. Instants are UTC epoch milliseconds. Everything is wall-clock arithmetic on the local
time: taking four hours from the UTC instant would be wrong on the two days a year when the clocks change. No clock is
read here; only `MachineZone` asks the operating system, for the offset in force at a given instant.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1)  # naive on purpose: local wall-clock arithmetic


class MachineZone(tzinfo):
    """The time zone this machine is set to, with all its past and coming clock changes.

    It asks the operating system about each instant, so it needs no zone name and no tz database of its own (Windows
    has neither), and it follows a change of the system's zone.
    """

    def fromutc(self, dt: datetime) -> datetime:
        """Local wall-clock time of the UTC time `dt`."""
        seconds = (dt.replace(tzinfo=None) - _EPOCH).total_seconds()
        return datetime.fromtimestamp(seconds).replace(tzinfo=self)  # the platform's local time

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Offset from UTC at the local time `dt`; None without one, since the offset changes through the year."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Unknown: the operating system tells the whole offset only."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """The zone's abbreviation at the local time `dt`."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()


_MACHINE = MachineZone()


def local_zone() -> tzinfo:
    """The learner's zone: the one this machine is set to; always the same object."""
    return _MACHINE


def study_day(at_ms: int, tz: tzinfo, rollover_hour: int) -> int:
    """Study day of an instant.

    Args:
        at_ms: UTC epoch milliseconds.
        tz: where the learner is.
        rollover_hour: local hour at which a study day begins, 0 to 23.
    """
    local = datetime.fromtimestamp(at_ms // 1000, tz)
    return local.toordinal() - EPOCH_ORDINAL - (local.hour < rollover_hour)


def day_start(day: int, tz: tzinfo, rollover_hour: int) -> int:
    """UTC epoch milliseconds of the roll-over that begins study day `day`.

    When the clocks jump over that local time, the instant of the jump; when it comes twice, the first one.
    """
    wall = datetime.fromordinal(day + EPOCH_ORDINAL).replace(hour=rollover_hour, tzinfo=tz)
    before, after = sorted(int(wall.replace(fold=fold).timestamp()) for fold in (0, 1))
    if datetime.fromtimestamp(before, tz).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return before * 1000
    while after - before > 1:  # the wall time does not exist: find the jump between its two readings
        middle = (before + after) // 2
        if study_day(middle * 1000, tz, rollover_hour) < day:
            before = middle
        else:
            after = middle
    return after * 1000


def date_of(day: int) -> date:
    """Calendar date of a study day."""
    return date.fromordinal(day + EPOCH_ORDINAL)


def weekday(day: int) -> int:
    """Weekday of a study day: 0 Monday to 6 Sunday."""
    return (day + 3) % 7
