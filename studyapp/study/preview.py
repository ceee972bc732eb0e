"""The first card of a review, seen at a glance: what a screen can show while everything else is being opened.

Reads with the standard library's sqlite3 alone and imports nothing that SQLAlchemy comes with. The session is then
begun at this card (`Desk.review(first=…)`), so that what a person reads is what is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studyapp.storage import places
from studyapp.storage.errors import StorageError
from studyapp.storage.glance import glance
from studyapp.study import settings, words
from studyapp.study.asking import Question, ask
from studyapp.study.cards import decode_card
from studyapp.study.clock import Clock, SystemClock, moment


@dataclass(frozen=True)
class FirstCard:
    """The card in front, as far as it can be shown without a session."""

    key: str
    question: Question
    deck_title: str
    lesson_title: str
    phase_word: str


def first_card(home: Path | None = None, clock: Clock | None = None) -> FirstCard | None:
    """The learning step or review that comes first in a review of everything.

    None where nothing is due but new cards (which ones come depends on what is known), where today's limit is reached,
    and where anything is wrong: opening the desk will say what.
    """
    home = home or places.home()
    try:
        preset = settings.load(home).preset
        now = moment(clock or SystemClock(), preset.rollover_hour)
        seen = glance(
            places.database(home),
            today=now.today,
            now_ms=now.now,
            next_day_at=now.day_end,
            new_left=0,
            with_waiting=False,
        )
    except (StorageError, settings.SettingsError, OSError):
        return None
    if seen is None or seen.first is None:
        return None
    first = seen.first
    if first.state.due_at is None and sum(deck.reviewed for deck in seen.decks) >= preset.reviews_per_day:
        return None
    item = next((item for item in decode_card(first.card).items if item.key == first.key), None)
    if item is None:
        return None
    return FirstCard(
        key=first.key,
        question=ask(item, seed=first.state.reps),
        deck_title=next((deck.title for deck in seen.decks if deck.deck == first.deck), first.deck),
        lesson_title=item.card.lesson,
        phase_word=words.PHASES[first.state.phase],
    )
