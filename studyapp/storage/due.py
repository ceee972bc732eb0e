"""What is due, as SQL and plain values: asked by `queue` through SQLAlchemy and by `glance` without it.

`today` is a study day, `now` and `next_day_at` are epoch milliseconds. Each query keeps the term `queue = n` as it
stands in the partial indices (see `schema`), which SQLite would otherwise silently not use.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from studyapp.storage.kept import CARD
from studyapp.storage.state import STATE_COLUMNS


@dataclass(frozen=True)
class DeckCounts:
    """What a deck has to do. Buried and suspended items count nowhere today."""

    deck: str
    title: str
    new: int = 0
    """All that were never asked; the daily limit is not applied."""
    learning: int = 0
    """Learning steps that are due now."""
    review: int = 0
    """Items due today or earlier, by day."""
    later_today: int = 0
    """Learning steps that come due before the day ends."""
    tomorrow: int = 0
    introduced: int = 0
    """New items asked today."""
    reviewed: int = 0
    """Items in review that were answered today (the first answer of each)."""
    answers: int = 0
    """All answers given today."""
    duration_ms: int = 0
    """Time spent answering today."""


AWAKE = "(buried_until IS NULL OR buried_until <= :today)"
STATE = ", ".join(f"m.{name}" for name in STATE_COLUMNS)

COUNT_NEW = f"SELECT deck, count(*) FROM memory WHERE queue = 0 AND {AWAKE} GROUP BY deck"
COUNT_LEARNING = (
    "SELECT deck, sum(due_at <= :now), sum(due_at > :now AND due_at < :next_day_at), sum(due_at >= :next_day_at) "
    f"FROM memory WHERE queue = 1 AND {AWAKE} GROUP BY deck"
)
COUNT_DUE = (
    f"SELECT deck, sum(due_day <= :today AND {AWAKE}), sum(due_day > :today OR NOT {AWAKE}) "
    "FROM memory WHERE queue = 2 AND due_day <= :today + 1 "
    "AND (buried_until IS NULL OR buried_until <= :today + 1) GROUP BY deck"
)
DONE = (
    "SELECT deck, introduced, young_passed + young_failed + mature_passed + mature_failed, reviews, duration_ms "
    "FROM day WHERE day = :today"
)
DECKS = "SELECT n, id, title, position FROM deck ORDER BY position, id"
DUE_PER_DAY = (
    "SELECT due_day, count(*) FROM memory WHERE queue = 2 AND due_day BETWEEN :first AND :last GROUP BY due_day"
)

_ITEM = f"SELECT m.item, m.deck, m.position, {STATE} FROM memory m"
LEARNING = (
    f"{_ITEM} WHERE m.queue = 1 AND m.due_at <= :until AND (m.buried_until IS NULL OR m.buried_until <= :today) "
    "{decks} ORDER BY m.due_at, m.item LIMIT :limit"
)
REVIEWS = (
    f"{_ITEM} WHERE m.queue = 2 AND m.due_day <= :today AND (m.buried_until IS NULL OR m.buried_until <= :today) "
    "{decks} ORDER BY m.due_day, m.deck, m.position LIMIT :limit"
)
NEW = (
    # CROSS JOIN: decks outside, so that the first few are found without sorting all.
    f"SELECT m.item, m.deck, m.position, {STATE} FROM deck d CROSS JOIN memory m ON m.deck = d.n "
    "WHERE m.queue = 0 AND (m.buried_until IS NULL OR m.buried_until <= :today) "
    "{decks} ORDER BY d.position, d.id, d.n, m.position LIMIT :limit"
)
ASKED = f"SELECT {CARD}, {STATE} FROM item i JOIN memory m ON m.item = i.key WHERE i.key = ?"
NEXT_LEARNING = f"SELECT min(due_at) FROM memory WHERE queue = 1 AND due_at > :now AND {AWAKE}"


def counts(ask: Callable[[str], Iterable[Any]], *, waiting: bool = True) -> tuple[DeckCounts, ...]:
    """The counts of every deck. `ask(query)` returns the rows, with `today`, `now` and `next_day_at` bound.

    Args: `waiting=False` counts only what was done today, which takes no time however many items there are.
    """
    new = dict(map(tuple, ask(COUNT_NEW))) if waiting else {}
    learning = {row[0]: row[1:] for row in ask(COUNT_LEARNING)} if waiting else {}
    due = {row[0]: row[1:] for row in ask(COUNT_DUE)} if waiting else {}
    done = {row[0]: row[1:] for row in ask(DONE)}
    found = []
    for number, name, title, _ in ask(DECKS):
        now, later, learning_tomorrow = learning.get(number, (0, 0, 0))
        review, tomorrow = due.get(number, (0, 0))
        found.append(
            DeckCounts(
                name, title, new.get(number, 0), now, review, later, tomorrow + learning_tomorrow,
                *done.get(name, (0, 0, 0, 0)),
            )
        )  # fmt: skip
    return tuple(found)
