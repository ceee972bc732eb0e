"""What a teacher wants learned, and how far it is: for the first page and for a line after `studyapp sync`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from studyapp.storage import assigned
from studyapp.study import words

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

FORGOTTEN_DAYS = 30
"""An unfinished assignment this long past its date is no longer shown."""


@dataclass(frozen=True)
class Assignment:
    """A deck that is to be learned until a day."""

    deck: str
    title: str
    """The deck's id where the deck is not here."""
    due: date
    days_left: int
    """0 on the day itself, negative afterwards."""
    items: int
    """How many items the deck has; 0 where it is not here."""
    begun: int
    """Items that were answered at least once."""

    @property
    def here(self) -> bool:
        """Whether the deck is on this machine."""
        return self.items > 0

    @property
    def done(self) -> bool:
        """Whether every item was answered at least once; from then on the schedule takes care."""
        return self.here and self.begun >= self.items

    @property
    def words(self) -> str:
        """The assignment in a sentence."""
        if self.days_left == 0:
            when = "today"
        elif self.days_left < 0:
            when = f"since {words.plural(-self.days_left, 'day')}, {self.due}"
        else:
            when = f"in {words.plural(self.days_left, 'day')}, {self.due}"
        if not self.here:
            how = "the deck is not here: ask your teacher for it, then `studyapp deck add`"
        elif self.done:
            how = "all begun"
        else:
            how = f"{self.begun} of {self.items} begun"
        return f"Assigned: {self.title}, due {when} ({how})."


def assignments(desk: Desk) -> tuple[Assignment, ...]:
    """What the classes of this learner want learned, as of the last sync, the earliest date first.

    What is done, and what nobody will ask for any more, is left out. Costs nothing where nothing is assigned.
    """
    wanted = assigned.assigned(desk.store.database)
    if not wanted:
        return ()
    today = desk.moment().date
    standing = {row.deck: row for row in desk.store.statistics.standing()}
    found = []
    for deck, text in wanted:
        due, row = date.fromisoformat(text), standing.get(deck)
        items, begun = (row.total, row.total - row.new) if row else (0, 0)
        found.append(Assignment(deck, desk.deck_title(deck), due, (due - today).days, items, begun))
    return tuple(one for one in found if one.days_left >= -FORGOTTEN_DAYS and (not one.done or one.days_left >= 0))
