"""What is due: the queues of a session, the counts of Today, the forecast. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from studyapp.memory.model import ItemState
from studyapp.storage import due
from studyapp.storage.database import Database, driver
from studyapp.storage.due import DeckCounts, counts
from studyapp.storage.state import state_of


@dataclass(frozen=True)
class Queued:
    """An item in a queue."""

    key: str
    deck: str
    position: int
    state: ItemState


class Queue:
    """The queues of one database. `today` is a study day, instants are epoch milliseconds, `decks` are ids."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, today: int, now_ms: int, next_day_at: int) -> tuple[DeckCounts, ...]:
        """What each deck has to do, in the order of the decks."""
        values = {"today": today, "now": now_ms, "next_day_at": next_day_at}
        with self._database.read() as connection:
            return counts(lambda query: connection.exec_driver_sql(query, values).all())

    def learning(
        self, today: int, until_ms: int, *, decks: Iterable[str] | None = None, limit: int = 1_000
    ) -> tuple[Queued, ...]:
        """Items inside learning steps that are due by `until_ms`, the earliest first."""
        return self._queued(due.LEARNING, {"until": until_ms, "today": today, "limit": limit}, decks)

    def reviews(self, today: int, *, decks: Iterable[str] | None = None, limit: int = 1_000) -> tuple[Queued, ...]:
        """Items due by day, the longest overdue first, then as they stand in their decks."""
        return self._queued(due.REVIEWS, {"today": today, "limit": limit}, decks)

    def new(self, today: int, *, decks: Iterable[str] | None = None, limit: int = 1_000) -> tuple[Queued, ...]:
        """Items never asked, deck by deck, as they stand in them."""
        return self._queued(due.NEW, {"today": today, "limit": limit}, decks)

    def next_learning_at(self, today: int, now_ms: int) -> int | None:
        """When the next learning step comes due after now."""
        with self._database.read() as connection:
            found: int | None = connection.exec_driver_sql(due.NEXT_LEARNING, {"today": today, "now": now_ms}).scalar()
        return found

    def asked(self, key: str) -> tuple[str, ItemState] | None:
        """An item's card (the catalogue's JSON) and where it stands, in one look; None where no deck has it."""
        with self._database.read() as connection:
            row = driver(connection).execute(due.ASKED, (key,)).fetchone()
        return None if row is None else (row[0], state_of(row[1:]))

    def due_counts(self, first: int, last: int) -> dict[int, int]:
        """Study day → items due on it by day, from `first` to `last`; what load balancing looks at.

        A session asks once and keeps the numbers up to date itself: it takes milliseconds with many items.
        """
        with self._database.read() as connection:
            rows = connection.exec_driver_sql(due.DUE_PER_DAY, {"first": first, "last": last}).all()
        return {row[0]: row[1] for row in rows}

    def forecast(self, today: int, days: int = 30) -> tuple[int, ...]:
        """Items due on each of `days` days; the first number is today with everything overdue."""
        per_day = self.due_counts(-(1 << 40), today + days - 1)
        overdue = sum(count for day, count in per_day.items() if day <= today)
        return (overdue, *(per_day.get(today + ahead, 0) for ahead in range(1, days)))

    def _queued(self, query: str, values: dict[str, int], decks: Iterable[str] | None) -> tuple[Queued, ...]:
        with self._database.read() as connection:
            names = _deck_names(connection)
            chosen = None if decks is None else set(decks)
            numbers = [number for number, name in names.items() if chosen is None or name in chosen]
            condition = "" if chosen is None else f"AND m.deck IN ({', '.join(map(str, numbers))})"
            rows = connection.exec_driver_sql(query.format(decks=condition), values).all()
        return tuple(Queued(row[0], names.get(row[1], ""), row[2], state_of(row[3:])) for row in rows)


def _deck_names(connection: Connection) -> dict[int, str]:
    return {row[0]: row[1] for row in connection.exec_driver_sql(due.DECKS)}
