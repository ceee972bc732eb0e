import os
import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.memory.days import date_of, day_start, local_zone, study_day, weekday

BERLIN = ZoneInfo("Europe/Berlin")
SAMOA = ZoneInfo("Pacific/Apia")
HOUR = 3_600_000


def at(zone: ZoneInfo, *wall: int, fold: int = 0) -> int:
    return int(datetime(*wall, tzinfo=zone, fold=fold).timestamp() * 1000)


def day_of(when: date) -> int:
    return (when - date(1970, 1, 1)).days


def day(zone: ZoneInfo, *wall: int, rollover: int = 4, fold: int = 0) -> date:
    return date_of(study_day(at(zone, *wall, fold=fold), zone, rollover))


def test_midnight_does_not_end_the_evening_and_four_in_the_morning_does():
    evening = date(2026, 3, 10)
    assert day(BERLIN, 2026, 3, 10, 23, 59) == evening
    assert day(BERLIN, 2026, 3, 11, 0, 1) == evening
    assert day(BERLIN, 2026, 3, 11, 3, 59) == evening
    assert day(BERLIN, 2026, 3, 11, 4, 0) == date(2026, 3, 11)
    assert day(BERLIN, 2026, 3, 11, 4, 1) == date(2026, 3, 11)


def test_rollover_zero_is_the_calendar_and_twenty_three_is_nearly_a_day_late():
    assert day(BERLIN, 2026, 3, 10, 23, 59, rollover=0) == date(2026, 3, 10)
    assert day(BERLIN, 2026, 3, 11, 0, 0, rollover=0) == date(2026, 3, 11)
    assert day(BERLIN, 2026, 3, 11, 22, 59, rollover=23) == date(2026, 3, 10)
    assert day(BERLIN, 2026, 3, 11, 23, 0, rollover=23) == date(2026, 3, 11)


@pytest.mark.parametrize(("date_of_change", "hours"), [((2026, 3, 28), 23), ((2026, 10, 24), 25)])
def test_the_day_of_a_clock_change_is_an_hour_shorter_or_longer_and_still_one_day(date_of_change, hours):
    first = day_of(date(*date_of_change))
    begin, end = day_start(first, BERLIN, 4), day_start(first + 1, BERLIN, 4)
    assert end - begin == hours * HOUR
    assert {study_day(begin + n * HOUR, BERLIN, 4) for n in range(hours)} == {first}
    assert study_day(end, BERLIN, 4) == first + 1


def test_after_a_clock_change_older_reviews_stay_on_their_day():
    """The fault of counting 24-hour blocks back from the next roll-over: 04:30 before the change moves a day."""
    assert day(BERLIN, 2026, 3, 27, 4, 30) == date(2026, 3, 27)
    assert day(BERLIN, 2026, 10, 23, 3, 30) == date(2026, 10, 22)


def test_a_rollover_the_clocks_jump_over_or_repeat_happens_once():
    jump = day_start(day_of(date(2026, 3, 29)), BERLIN, 2)  # 02:00 becomes 03:00
    assert jump == at(BERLIN, 2026, 3, 29, 3, 0)
    repeated = day_start(day_of(date(2026, 10, 25)), BERLIN, 2)  # 02:00 comes twice
    assert repeated == at(BERLIN, 2026, 10, 25, 2, 0, fold=0)
    assert study_day(at(BERLIN, 2026, 10, 25, 2, 0, fold=1), BERLIN, 2) == day_of(date(2026, 10, 25))


def test_the_date_samoa_skipped_still_begins_somewhere():
    skipped = day_of(date(2011, 12, 30))
    begin = day_start(skipped, SAMOA, 4)
    assert study_day(begin, SAMOA, 4) == skipped
    assert study_day(begin - 1000, SAMOA, 4) == skipped - 1
    assert day_start(skipped + 1, SAMOA, 4) - begin == 4 * HOUR


def test_flying_over_the_date_line_gains_or_loses_a_date():
    auckland, honolulu = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")
    leaves_auckland = at(auckland, 2026, 6, 10, 20, 0)
    lands_in_honolulu = leaves_auckland + 9 * HOUR  # 07:00 on the same date, for the second time
    assert study_day(lands_in_honolulu, honolulu, 4) == study_day(leaves_auckland, auckland, 4)
    leaves_honolulu = at(honolulu, 2026, 6, 10, 20, 0)
    lands_in_auckland = leaves_honolulu + 10 * HOUR  # 04:00 on the twelfth
    assert study_day(lands_in_auckland, auckland, 4) == study_day(leaves_honolulu, honolulu, 4) + 2


def test_monday_is_weekday_zero():
    assert weekday(day_of(date(2026, 11, 23))) == date(2026, 11, 23).weekday() == 0
    assert [weekday(day_of(date(2026, 2, 1)) + n) for n in range(7)] == [6, 0, 1, 2, 3, 4, 5]


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati"]


@settings(max_examples=150, deadline=None)
@given(st.integers(14_610, 25_000), st.sampled_from(ZONES), st.integers(0, 23))
def test_a_day_begins_where_the_day_before_ends(number, zone, rollover):
    tz = ZoneInfo(zone)
    begin = day_start(number, tz, rollover)
    assert study_day(begin, tz, rollover) == number
    assert study_day(begin - 1, tz, rollover) == number - 1


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a Windows process cannot be changed from within")
def test_the_machines_zone_knows_its_clock_changes(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        zone = local_zone()
        for moment in range(at(BERLIN, 2026, 3, 28, 0), at(BERLIN, 2026, 3, 31, 0), HOUR // 2):
            assert study_day(moment, zone, 4) == study_day(moment, BERLIN, 4)
        for number in (day_of(date(2026, 3, 29)), day_of(date(2026, 10, 25))):
            for rollover in (0, 2, 3, 4):
                assert day_start(number, zone, rollover) == day_start(number, BERLIN, rollover)
        assert datetime.fromtimestamp(0, UTC).astimezone(zone).hour == 1
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "TZ" not in os.environ or os.environ["TZ"] != "Europe/Berlin"
