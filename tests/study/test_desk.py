"""What the desk keeps in mind between two looks at the database is what the database would say."""

from __future__ import annotations

from collections import Counter
from itertools import cycle

from studyapp.memory.model import Grade
from studyapp.study.clock import Clock
from studyapp.study.desk import BALANCE_DAYS, Desk


def test_reviews_are_balanced_against_the_days_that_earlier_ones_of_the_session_took(desk: Desk, clock: Clock) -> None:
    """Cards of one evening would come back on the same day if each saw only how things stood at the beginning."""
    moved = 0
    for _evening in range(3):
        today = desk.moment().today
        kept = dict(desk.due_counts())
        session, grades = desk.review(), cycle([Grade.EASY, Grade.GOOD, Grade.EASY, Grade.HARD])
        for grade in grades:
            if session.current is None or session.done > 9:
                break
            session.grade(grade)

        found = Counter(desk.store.queue.due_counts(today, today + BALANCE_DAYS))
        assert {day: n for day, n in desk.due_counts().items() if n and today <= day <= today + BALANCE_DAYS} == found
        moved += dict(found) != kept
        clock.on(days=9)
    assert moved == 3
