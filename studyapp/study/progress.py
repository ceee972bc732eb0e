"""Progress: reviews, time, retention, forecast, hard cards and slips, each figure with its sentence.

Pure, but for `of`, which asks the desk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from studyapp.memory.days import date_of
from studyapp.storage.entry import MS_PER_DAY
from studyapp.storage.statistics import Calibration, DaySums, DeckStates, HardItem, Slip
from studyapp.study import today, words
from studyapp.study.words import plural
from studyapp.typeset import plain

if TYPE_CHECKING:
    from studyapp.study.clock import Moment
    from studyapp.study.desk import Desk

AHEAD = 30
"""Days looked ahead."""
EVERY = 1_000_000
"""More items than a deck has."""
FEW = 100
"""Answers below which a retention is given with its margin."""


@dataclass(frozen=True)
class Retention:
    """Passed of all first answers of a day to items in review."""

    passed: int
    total: int

    @property
    def share(self) -> float | None:
        """0 to 1; None without answers."""
        return self.passed / self.total if self.total else None

    @property
    def margin(self) -> float | None:
        """Half the width of the 95 % Wilson interval, when there are few answers; else None."""
        if not self.total or self.total >= FEW:
            return None
        n, p, z = self.total, self.passed / self.total, 1.96
        root: float = (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
        return z * root / (1 + z * z / n)


@dataclass(frozen=True)
class SlipCount:
    """A mistake by its name, and how often it was recognised."""

    mistake: str
    name: str
    count: int


@dataclass(frozen=True)
class Progress:
    """All figures of a period."""

    first: date
    last: date
    days: tuple[DaySums, ...]
    """Days with reviews, in order."""
    reviews: int
    duration_ms: int
    minutes_a_day: float
    streak: int
    longest_streak: int
    young: Retention
    mature: Retention
    predicted: float | None
    """What FSRS expected on average of the same answers."""
    target: float
    forecast: tuple[int, ...]
    """Items due on each of the next thirty days; the first number is today with everything overdue."""
    states: tuple[DeckStates, ...]
    hardest: tuple[HardItem, ...]
    slips: tuple[SlipCount, ...]
    calibration: tuple[Calibration, ...]
    deck: str = ""
    """The one deck that the figures are of, slips and calibration excepted; empty for all."""

    @property
    def both(self) -> Retention:
        """Retention over young and mature items."""
        return Retention(self.young.passed + self.mature.passed, self.young.total + self.mature.total)


def named(slips: Iterable[Slip]) -> tuple[SlipCount, ...]:
    """The mistakes by their names; known wrong values of single cards have none and are left out."""
    from engine import CATALOGUE  # the engine loads when somebody looks at their progress

    found = []
    for one in slips:
        base, plus, change = one.mistake.partition("+")
        known = CATALOGUE.get(base)
        if known is not None:
            name = known.name + (f", with {_CHANGES.get(change, change)}" if plus else "")
            found.append(SlipCount(one.mistake, name, one.count))
        elif ":" not in one.mistake and not one.mistake.startswith("card"):
            found.append(SlipCount(one.mistake, one.mistake.replace("_", " "), one.count))
    return tuple(found)


_CHANGES = {"sign": "the sign turned", "factor2": "a factor 2", "half": "a factor ½"}


def figures(
    sums: Sequence[DaySums],
    *,
    now: int,
    period: int,
    study_days: Sequence[int],
    target: float,
    forecast: tuple[int, ...],
    states: tuple[DeckStates, ...],
    hardest: tuple[HardItem, ...],
    slips: tuple[SlipCount, ...],
    calibration: tuple[Calibration, ...],
) -> Progress:
    """Put the figures together. Args: `now`: study day; `period`: days looked back on, today included."""
    present, longest = today.streaks(study_days, now)
    predicted_count = sum(one.predicted_count for one in sums)
    spent = sum(one.duration_ms for one in sums)
    since = min((one.day for one in sums), default=now)
    span = max(1, min(period, now - since + 1))
    return Progress(
        first=date_of(now - period + 1),
        last=date_of(now),
        days=tuple(sums),
        reviews=sum(one.reviews for one in sums),
        duration_ms=spent,
        minutes_a_day=spent / 60_000 / span,
        streak=present,
        longest_streak=longest,
        young=Retention(
            sum(one.young_passed for one in sums), sum(one.young_passed + one.young_failed for one in sums)
        ),
        mature=Retention(
            sum(one.mature_passed for one in sums), sum(one.mature_passed + one.mature_failed for one in sums)
        ),
        predicted=sum(one.predicted for one in sums) / predicted_count if predicted_count else None,
        target=target,
        forecast=forecast,
        states=states,
        hardest=hardest,
        slips=slips,
        calibration=calibration,
    )


def of(desk: Desk, deck: str | None = None, days: int = 90) -> Progress:
    """The figures of the last `days` days, of one deck or of all. Not for a screen's own thread.

    What is due today is counted as on the first page: the learning steps too.
    """
    now, statistics = desk.moment(), desk.store.statistics
    decks = None if deck is None else [deck]
    since = now.day_start - (days - 1) * MS_PER_DAY
    found = figures(
        statistics.days(now.today - days + 1, now.today, decks=decks),
        now=now.today,
        period=days,
        study_days=statistics.study_days() if deck is None else [one.day for one in statistics.days(decks=decks)],
        target=desk.settings.preset.desired_retention,
        forecast=_ahead(desk, deck, now),
        states=statistics.states(decks=decks),
        hardest=statistics.hardest(10, decks=decks),
        slips=named(statistics.mistakes(since=since, limit=30)),
        calibration=statistics.calibration(since=since),
    )
    return replace(found, deck=deck or "")


def _ahead(desk: Desk, deck: str | None, now: Moment) -> tuple[int, ...]:
    counts = desk.store.queue.counts(now.today, now.now, now.day_end)
    due = sum(one.learning + one.review + one.later_today for one in counts if deck in (None, one.deck))
    if deck is None:
        return (due, *desk.store.queue.forecast(now.today, AHEAD)[1:])
    last = now.today + AHEAD - 1
    found = Counter(one.state.due_day for one in desk.store.queue.reviews(last, decks=[deck], limit=EVERY))
    return (due, *(found[day] for day in range(now.today + 1, last + 1)))


def sentences(progress: Progress) -> dict[str, str]:
    """Every figure in words, in the order of the page: for plain mode and beneath the charts."""
    return {
        "reviews": _reviews(progress),
        "retention": _retention(progress),
        "streak": f"{plural(progress.streak, 'day')} in a row; longest {plural(progress.longest_streak, 'day')}.",
        "forecast": _forecast(progress),
        "hardest": _hardest(progress),
        "slips": _everywhere(progress, progress.slips) + _slips(progress),
        "calibration": _everywhere(progress, progress.calibration) + _calibration(progress),
    }


def _everywhere(progress: Progress, figures: Sequence[object]) -> str:
    return "In all decks: " if progress.deck and figures else ""


def _reviews(progress: Progress) -> str:
    if not progress.reviews:
        return "No reviews in this period yet."
    return (
        f"{plural(progress.reviews, 'review')} on {plural(len(progress.days), 'day')}, "
        f"{words.minutes(progress.duration_ms)} in all, {words.about(round(60_000 * progress.minutes_a_day))} a day."
    )


def _retention(progress: Progress) -> str:
    both = progress.both
    if both.share is None:
        return "Nothing has come back for review yet: retention shows after the first intervals."
    margin = f" (±{100 * both.margin:.0f})" if both.margin is not None else ""
    text = f"{100 * both.share:.1f} %{margin} of {plural(both.total, 'review')} remembered"
    text += f", target {100 * progress.target:.0f} %"
    parts = [
        f"{name} {words.percent(one.share)}"
        for name, one in (("young", progress.young), ("mature", progress.mature))
        if one.total
    ]
    text += f"; {', '.join(parts)}."
    if progress.predicted is not None:
        gap = both.share - progress.predicted
        judged = "as expected" if abs(gap) < 0.03 else "better than expected" if gap > 0 else "less than expected"
        text += f" The schedule expected {words.percent(progress.predicted)}: {judged}."
    return text


def _forecast(progress: Progress) -> str:
    ahead = progress.forecast
    if not any(ahead):
        return "Nothing is planned for the next thirty days."
    later = ahead[1:]
    peak = max(range(len(later)), key=later.__getitem__) + 1 if any(later) else 0
    text = f"{plural(ahead[0], 'item')} due today" if ahead[0] else "Nothing is overdue"
    if peak and ahead[peak]:
        text += f"; the most on {_day(progress.last + timedelta(days=peak))} ({ahead[peak]})"
    return f"{text}; {plural(sum(later), 'item')} in the days after."


def _hardest(progress: Progress) -> str:
    if not progress.hardest:
        return "No card has been forgotten after it was learned."
    shown = [f"{plain(one.front, spoken=False)} ({plural(one.lapses, 'lapse')})" for one in progress.hardest[:5]]
    return "Hardest: " + "; ".join(shown) + "."


def _slips(progress: Progress) -> str:
    if not progress.slips:
        return "No named mistake has been recognised yet."
    return "Your slips: " + ", ".join(f"{one.name} ×{one.count}" for one in progress.slips[:5]) + "."


def _calibration(progress: Progress) -> str:
    rated = [one for one in progress.calibration if one.answers]
    if not rated:
        return "Say how sure you are before checking, and this shows how well you know what you know."
    parts = [
        f"confidence {one.confidence}: {words.percent(one.right / one.answers)} of {one.answers} right" for one in rated
    ]
    return "; ".join(parts) + "."


def _day(when: date) -> str:
    return f"{when:%A} {when.day} {when:%B}"
