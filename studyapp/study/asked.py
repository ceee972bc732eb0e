"""An item in front of a person, with all that its screen shows; and the next one, looked up while the person thinks.

What was looked up ahead is used only if nothing but the session's own answer was written meanwhile, by any window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studyapp.memory.model import Grade, ItemState, Outlook, Preset
from studyapp.study import recording, words
from studyapp.study.asking import Question, ask

if TYPE_CHECKING:
    from studyapp.storage.database import Written
    from studyapp.study.clock import Moment
    from studyapp.study.desk import Desk


@dataclass(frozen=True)
class Asked:
    """The item in front of the person."""

    question: Question
    state: ItemState
    outlook: Outlook
    labels: dict[Grade, str]
    """Grade → how long until the item comes back."""
    deck_title: str
    lesson_title: str

    @property
    def phase_word(self) -> str:
        """`new`, `learning`, `review` or `relearning`."""
        return words.PHASES[self.state.phase]


@dataclass(frozen=True)
class _Ready:
    """An item looked up ahead, and what that depends on."""

    asked: Asked
    day: int
    preset: Preset
    written: Written


class Upcoming:
    """Looks items up, at most one of them ahead of time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ready: _Ready | None = None

    def prepare(self, key: str) -> None:
        """Look an item up that will probably be asked next. Raises: StorageError."""
        written, now, preset = self._desk.store.database.written_so_far(), self._desk.moment(), self._desk.preset
        if self._ready is None or not self._holds(self._ready, key, now, written):
            asked = self._look_up(key, now)
            self._ready = None if asked is None else _Ready(asked, now.today, preset, written)
            self._desk.store.journal.fetch(key)

    def take(self, key: str, now: Moment, transactions: int = 0) -> Asked | None:
        """The item as it stands now; None when it is gone, suspended or not due any more.

        Args: `transactions`: how many the session itself has written since `prepare`; any more, by any window, and
        the item is looked up anew.
        Raises: StorageError.
        """
        ready, self._ready = self._ready, None
        if ready is not None:
            database = self._desk.store.database
            # Nobody else wrote before the session's own transaction was over, and only an instant has gone by since.
            written = (database.last_written if transactions else None) or database.written_so_far()
            if self._holds(ready, key, now, written._replace(here=written.here - transactions)):
                return ready.asked
        return self._look_up(key, now)

    def _holds(self, ready: _Ready, key: str, now: Moment, written: Written) -> bool:
        return (
            ready.asked.question.key == key
            and ready.day == now.today
            and ready.preset is self._desk.preset
            and ready.written == written
        )

    def _look_up(self, key: str, now: Moment) -> Asked | None:
        item, state = self._desk.item_with_state(key)
        if item is None or state.suspended or not recording.still_due(state, now):
            return None
        outcomes = recording.look_ahead(self._desk, item, state, now)
        return Asked(
            question=ask(item, seed=state.reps),
            state=state,
            outlook=outcomes,
            labels={grade: words.wait(outcomes[grade].wait_seconds) for grade in Grade},
            deck_title=self._desk.deck_title(item.card.deck),
            lesson_title=item.card.lesson,
        )
