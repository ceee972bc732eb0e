"""The first page: what is due now, later and tomorrow, deck by deck, and what to do next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from studyapp.storage.statistics import DaySums
from studyapp.study.lessons import LessonRow, LessonState

USUAL_MS = 12_000
"""Time for one answer before the person's own is known."""
LARGE = 60
"""Long-overdue items from which the day is capped."""
LONG_OVERDUE = 3
"""Days after which an item counts as long overdue."""
LEAST_PER_DAY = 40


@dataclass(frozen=True)
class DeckRow:
    """A deck on the first page."""

    id: str
    title: str
    due: int
    """Reviews and learning steps to do now."""
    new: int
    """New items that today's limit still admits."""
    known: float
    locked_by: str
    """The deck to do first; empty when this one is open."""
    total: int
    alone: int = 0
    """New items that studying this deck alone would bring today."""


@dataclass(frozen=True)
class Backlog:
    """A way back after an absence: so many a day, the most fragile first."""

    waiting: int
    per_day: int
    days: int

    @property
    def words(self) -> str:
        """The offer in a sentence."""
        span = "in a week" if 5 <= self.days <= 8 else f"in {self.days} days"
        return f"{self.waiting} waiting: {self.per_day} a day clears it {span}, the most fragile first."


@dataclass(frozen=True)
class ExerciseDue:
    """An exercise that is due."""

    item: str
    title: str
    level: int


@dataclass(frozen=True)
class Today:
    """Everything on the first page."""

    date: date
    due_now: int
    new_now: int
    """New items that a session would bring now."""
    duration_ms: int
    """What the session would take, by the person's own pace."""
    later_today: int
    tomorrow: int
    week: tuple[int, ...]
    """Items due on each of the next seven days, tomorrow first."""
    decks: tuple[DeckRow, ...]
    next_lesson: LessonRow | None
    streak_days: int
    remembered: float | None
    """Share of the last thirty days' reviews that were passed; None without any."""
    studied_today: int
    backlog: Backlog | None
    problems: int
    """Faults in the decks."""
    warning: str
    """Where the database lies badly, or the clock was set back; empty when all is well."""
    exercise: ExerciseDue | None = None
    """The exercise that has been due for longest; None when none is."""


def backlog(due: int, long_overdue: int) -> Backlog | None:
    """The plan for `due` items of which `long_overdue` have waited for days; None when there is nothing unusual."""
    if long_overdue < LARGE:
        return None
    per_day = max(LEAST_PER_DAY, -(-due // 70) * 10)
    return Backlog(due, per_day, -(-due // per_day))


def pace_ms(days: Iterable[DaySums]) -> int:
    """Milliseconds an answer takes, by the days given."""
    reviews, spent = 0, 0
    for one in days:
        reviews, spent = reviews + one.reviews, spent + one.duration_ms
    return spent // reviews if reviews >= 20 else USUAL_MS


def remembered(days: Iterable[DaySums]) -> float | None:
    """Share passed of the first answers to items in review; None without any."""
    passed = failed = 0
    for one in days:
        passed += one.young_passed + one.mature_passed
        failed += one.young_failed + one.mature_failed
    return passed / (passed + failed) if passed + failed else None


def streaks(study_days: Sequence[int], today: int) -> tuple[int, int]:
    """(present, longest) run of days on which something was reviewed. Today need not be done yet."""
    longest = run = 0
    before: int | None = None
    for day in sorted(set(study_days)):
        run = run + 1 if before is not None and day == before + 1 else 1
        longest = max(longest, run)
        before = day
    present = run if before is not None and before >= today - 1 else 0
    return present, longest


def deck_rows(rows: Sequence[LessonRow], new_left: int) -> tuple[DeckRow, ...]:
    """The decks of the first page; today's new items go to the open decks in their order."""
    made, limit = [], new_left
    for row in rows:
        new = 0 if row.locked_by else min(row.new, new_left)
        new_left -= new
        locked = row.locked_by[0] if row.state is LessonState.LOCKED and row.locked_by else ""
        made.append(
            DeckRow(
                row.deck,
                row.title,
                due=row.due,
                new=new,
                known=row.known,
                locked_by=locked,
                total=row.cards + row.exercises,
                alone=0 if row.locked_by else min(row.new, limit),
            )
        )
    return tuple(made)


def next_lesson(rows: Sequence[LessonRow]) -> LessonRow | None:
    """The lesson to read next: the first that is begun, else the first that is ready."""
    for state in (LessonState.LEARNING, LessonState.READY):
        for row in rows:
            if row.state is state:
                return row
    return None
