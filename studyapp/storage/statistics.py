"""What the history adds up to: reviews per day, states per deck, hard items, mistakes, confidence. Reads only.

Daily sums are kept when a review is written, so a year reads in a millisecond and nothing here walks the journal.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from studyapp.storage.cache import VOID_ENTRIES
from studyapp.storage.database import Database, driver
from studyapp.storage.projection import DAY_COLUMNS, MATURE_DAYS


@dataclass(frozen=True)
class DaySums:
    """One study day.

    `young_…` and `mature_…` count the first answer of the day to items that were in review (see `projection.sums`):
    passed / (passed + failed) is the retention. `predicted` is the sum of the recall probabilities that were noted
    when `predicted_count` of them were asked.
    """

    day: int
    reviews: int = 0
    duration_ms: int = 0
    again: int = 0
    hard: int = 0
    good: int = 0
    easy: int = 0
    introduced: int = 0
    young_passed: int = 0
    young_failed: int = 0
    mature_passed: int = 0
    mature_failed: int = 0
    predicted_count: int = 0
    predicted: float = 0.0


@dataclass(frozen=True)
class DeckStates:
    """How many items of a deck stand where. Suspended items are counted there only."""

    deck: str
    title: str
    new: int = 0
    learning: int = 0
    young: int = 0
    mature: int = 0
    suspended: int = 0
    leeches: int = 0


@dataclass(frozen=True)
class DeckStanding:
    """How far a deck is known."""

    deck: str
    total: int
    """All items, suspended ones too."""
    new: int
    known: int
    """Items that come back by the day: out of the steps within a day, and not lapsed since."""


@dataclass(frozen=True)
class HardItem:
    """An item that was forgotten again and again."""

    key: str
    front: str
    lapses: int
    reps: int
    difficulty: float | None
    leech: bool


@dataclass(frozen=True)
class Slip:
    """A named mistake, and how often it was recognised."""

    mistake: str
    count: int


@dataclass(frozen=True)
class Calibration:
    """How right the answers were that were given with one degree of confidence."""

    confidence: int
    answers: int
    right: int


class Statistics:
    """The statistics of one database. `decks` are deck ids; None means all, those no longer there included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def days(
        self, first: int | None = None, last: int | None = None, *, decks: Iterable[str] | None = None
    ) -> tuple[DaySums, ...]:
        """The study days from `first` to `last` on which there were reviews, in order."""
        condition, values = _in("deck", decks)
        sums = ", ".join(f"sum({name})" for name in DAY_COLUMNS)
        rows = self._ask(
            f"SELECT day, {sums} FROM day WHERE day >= ? AND day <= ? {condition} GROUP BY day ORDER BY day",
            (-(1 << 40) if first is None else first, 1 << 40 if last is None else last, *values),
        )
        return tuple(DaySums(*row) for row in rows)

    def states(self, *, decks: Iterable[str] | None = None) -> tuple[DeckStates, ...]:
        """Where the items of each deck stand, in the order of the decks."""
        condition, values = _in("d.id", decks)
        # One walk through `memory`, then the decks: the other way round SQLite sorts all items by deck first.
        rows = self._ask(
            "SELECT d.id, d.title, coalesce(new, 0), coalesce(learning, 0), coalesce(known - mature, 0), "
            "coalesce(mature, 0), coalesce(suspended, 0), coalesce(leeches, 0) FROM deck d LEFT JOIN (SELECT deck, "
            "sum(NOT suspended AND phase = 0) new, sum(NOT suspended AND phase IN (1, 3)) learning, "
            "sum(NOT suspended AND phase = 2) known, "
            "sum(NOT suspended AND phase = 2 AND coalesce(due_day - last_day, 0) >= ?) mature, "
            "sum(suspended) suspended, sum(leech) leeches FROM memory WHERE deck IS NOT NULL GROUP BY deck) m "
            f"ON m.deck = d.n WHERE 1 {condition} ORDER BY d.position, d.id",
            (MATURE_DAYS, *values),
        )
        return tuple(DeckStates(*row) for row in rows)

    def standing(self) -> tuple[DeckStanding, ...]:
        """How far each deck is known, in the order of the decks: counted in small indices, for screens that wait.

        A hundred thousand items take ten milliseconds here, and five times as long in `states`.
        """
        with self._database.read() as connection:
            raw = driver(connection)
            total = dict(raw.execute("SELECT deck, count(*) FROM item GROUP BY deck"))
            new = dict(raw.execute("SELECT deck, count(*) FROM memory WHERE queue = 0 GROUP BY deck"))
            known = dict(raw.execute("SELECT deck, count(*) FROM memory WHERE queue = 2 GROUP BY deck"))
            decks = raw.execute("SELECT n, id FROM deck ORDER BY position, id").fetchall()
        return tuple(DeckStanding(name, total.get(n, 0), new.get(n, 0), known.get(n, 0)) for n, name in decks)

    def hardest(self, limit: int = 10, *, decks: Iterable[str] | None = None) -> tuple[HardItem, ...]:
        """The items with the most lapses, then the most difficult."""
        condition, values = _in("id", decks)
        # The few are found before the cards are looked up; in one join SQLite begins with all cards.
        rows = self._ask(
            "SELECT m.item, i.front, m.lapses, m.reps, m.difficulty, m.leech FROM ("
            "SELECT item, lapses, reps, difficulty, leech FROM memory "
            f"WHERE lapses > 0 AND deck IN (SELECT n FROM deck WHERE 1 {condition}) "
            "ORDER BY lapses DESC, difficulty DESC, item LIMIT ?) m CROSS JOIN item i ON i.key = m.item "
            "ORDER BY m.lapses DESC, m.difficulty DESC, m.item",
            (*values, limit),
        )
        return tuple(
            HardItem(key, front, lapses, reps, hard, bool(leech)) for key, front, lapses, reps, hard, leech in rows
        )

    def mistakes(self, *, since: int = 0, limit: int = 10) -> tuple[Slip, ...]:
        """The mistakes that were recognised (`mistake` in the bodies of standing entries), the commonest first.

        An answer that fits several mistakes names them with `|` between, and counts for each.
        """
        # All of them, from the index alone, less the few that were undone: so no entry is read for its own sake.
        rows = self._ask(
            "SELECT mistake, count(*) FROM journal WHERE mistake IS NOT NULL AND at >= ? GROUP BY mistake", (since,)
        )
        rows += self._ask(
            f"SELECT j.mistake, -count(*) FROM ({VOID_ENTRIES}) v CROSS JOIN journal j ON j.n = v.n "
            "WHERE j.mistake IS NOT NULL AND j.at >= ? GROUP BY j.mistake",
            (since,),
        )
        tally: dict[str, int] = {}
        for names, count in rows:
            for name in filter(None, str(names).split("|")):
                tally[name] = tally.get(name, 0) + count
        standing = [pair for pair in tally.items() if pair[1]]
        commonest = sorted(standing, key=lambda pair: (-pair[1], pair[0]))[:limit]
        return tuple(Slip(name, count) for name, count in commonest)

    def calibration(self, *, since: int = 0) -> tuple[Calibration, ...]:
        """Confidence (`confidence` in the bodies of standing entries) against being right (`credit` of 1)."""
        rows = self._ask(
            "SELECT confidence, count(*), sum(correct) FROM journal "
            "WHERE confidence IS NOT NULL AND at >= ? GROUP BY confidence ORDER BY confidence",
            (since,),
        )
        undone = self._ask(
            f"SELECT j.confidence, count(*), sum(j.correct) FROM ({VOID_ENTRIES}) v CROSS JOIN journal j ON j.n = v.n "
            "WHERE j.confidence IS NOT NULL AND j.at >= ? GROUP BY j.confidence",
            (since,),
        )
        less = {row[0]: row[1:] for row in undone}
        found = [
            (one, count - less.get(one, (0, 0))[0], right - less.get(one, (0, 0))[1]) for one, count, right in rows
        ]
        return tuple(Calibration(*one) for one in found if one[1])

    def study_days(self) -> tuple[int, ...]:
        """Every study day with a review, in order: what streaks are counted from."""
        return tuple(row[0] for row in self._ask("SELECT DISTINCT day FROM day WHERE reviews > 0 ORDER BY day", ()))

    def median_ms(self, kind: str) -> int | None:
        """The person's median time for a card of `kind`, over the newest 200 answers; None below 20 of them."""
        rows = self._ask(
            # Not a join, for which SQLite would look through all items first.
            "SELECT j.duration_ms FROM journal j "
            "WHERE j.n > (SELECT max(n) FROM journal) - 5000 AND j.kind = 'review' AND j.duration_ms > 0 "
            "AND (SELECT kind FROM item WHERE key = j.item) = ? ORDER BY j.n DESC LIMIT 200",
            (kind,),
        )
        times = sorted(row[0] for row in rows)
        return int(times[len(times) // 2]) if len(times) >= 20 else None

    def _ask(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        with self._database.read() as connection:
            return _all(connection, query, values)


def _all(connection: Connection, query: str, values: tuple[Any, ...]) -> list[Any]:
    return list(connection.exec_driver_sql(query, values).all())


def _in(column: str, chosen: Iterable[str] | None) -> tuple[str, tuple[str, ...]]:
    if chosen is None:
        return "", ()
    values = tuple(chosen)
    return f"AND {column} IN ({', '.join('?' * len(values))})", values
