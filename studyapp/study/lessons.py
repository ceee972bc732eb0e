"""Lessons as a learner meets them: what is ready, what comes first, how much is known, page by page. Pure.

A deck is a lesson; each `#` section is one of its pages. A deck that requires others opens when enough of each of them
is known; the person may always open it anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from content.model import Card, Deck, Kind
from studyapp.memory.model import Phase

OPENS_AT = 0.6
"""Share of a required deck that must be known before the next one opens by itself."""
KNOWN_AT = 0.9
"""Share of a deck from which it counts as known."""
PRE_TAG = "pre"
"""Cards with this tag are asked, ungraded, before the lesson is read."""


class LessonState(StrEnum):
    """How far a learner is with a lesson or a concept."""

    LOCKED = "locked"
    READY = "ready"
    LEARNING = "learning"
    KNOWN = "known"


@dataclass(frozen=True)
class DeckCounts:
    """How many items of a deck stand where."""

    total: int = 0
    new: int = 0
    known: int = 0
    """Graduated from learning and not lapsed since."""
    due: int = 0

    @property
    def share(self) -> float:
        """Known items of all, 0 to 1."""
        return self.known / self.total if self.total else 0.0


@dataclass(frozen=True)
class LessonRow:
    """A line of the table of contents."""

    deck: str
    number: int
    title: str
    description: str
    state: LessonState
    known: float
    locked_by: tuple[str, ...]
    """Titles of the decks that come first and are not known yet."""
    cards: int
    exercises: int
    due: int
    new: int
    after: tuple[int, ...] = ()
    """Numbers of the decks in `locked_by`."""


@dataclass(frozen=True)
class Page:
    """One `#` section: its prose, the cards that belong to it, and those to try before reading."""

    title: str
    prose: str
    cards: tuple[Card, ...]
    pre: tuple[Card, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Keys of everything that can be studied on this page."""
        return tuple(item.key for card in self.cards for item in card.items)


@dataclass(frozen=True)
class LessonView:
    """A lesson opened: its row, its pages, and its neighbours in the course."""

    row: LessonRow
    pages: tuple[Page, ...]
    sources: Mapping[str, str]
    """Key of a source → its author, title and year in a line."""
    previous: str
    next: str


@dataclass(frozen=True)
class Concept:
    """A tag of the cards of a lesson, and how much of it is known."""

    name: str
    items: int
    known: float
    state: LessonState


@dataclass(frozen=True)
class MapRow:
    """A lesson on the concept map."""

    row: LessonRow
    requires: tuple[str, ...]
    concepts: tuple[Concept, ...]


def rows(
    decks: Sequence[Deck], counts: Mapping[str, DeckCounts], kinds: Mapping[str, Mapping[str, int]]
) -> list[LessonRow]:
    """The table of contents.

    Args: `decks` in the order of the course, without their cards; `counts` and `kinds` (cards of each) by deck.
    """
    numbers = {deck.id: number for number, deck in enumerate(decks, 1)}
    found = []
    for number, deck in enumerate(decks, 1):
        mine = counts.get(deck.id, DeckCounts())
        first = [
            numbers[one] for one in deck.requires if one in numbers and counts.get(one, DeckCounts()).share < OPENS_AT
        ]
        of_kind = kinds.get(deck.id, {})
        found.append(
            LessonRow(
                deck=deck.id,
                number=number,
                title=deck.title,
                description=deck.description,
                state=state_of(mine.total, mine.new, mine.share, locked=bool(first)),
                known=mine.share,
                locked_by=tuple(decks[one - 1].title for one in first),
                cards=sum(of_kind.values()) - of_kind.get(Kind.EXERCISE, 0),
                exercises=of_kind.get(Kind.EXERCISE, 0),
                due=mine.due,
                new=mine.new,
                after=tuple(first),
            )
        )
    return found


def state_of(total: int, new: int, known: float, *, locked: bool) -> LessonState:
    """What to call a lesson or concept of which `new` of `total` items were never asked."""
    if total and known >= KNOWN_AT:
        return LessonState.KNOWN
    if new < total:
        return LessonState.LEARNING
    return LessonState.LOCKED if locked else LessonState.READY


def pages(deck: Deck) -> tuple[Page, ...]:
    """The pages of a deck, its cards among them; a deck without prose has one page per `#` section all the same."""
    by_id = {card.id: card for card in deck.cards}
    made = []
    for lesson in deck.lessons:
        cards = tuple(by_id[card] for card in lesson.cards if card in by_id)
        made.append(Page(lesson.title, lesson.prose, cards, tuple(card for card in cards if PRE_TAG in card.tags)))
    return tuple(made)


def cite(deck: Deck, card: Card | None = None) -> dict[str, str]:
    """Each source of a deck in a line, with the places that `card` (or else the prose) cites.

    A card is content with the short name, where there is one; a lesson names author, title and year.
    """
    places: dict[str, dict[str, None]] = {}
    for owner in [card] if card else deck.lessons:
        for key, place in owner.locators:
            places.setdefault(key, {})[place] = None
    found = {}
    for source in deck.sources:
        whole = (source.author, source.title, source.year)
        named = (source.short,) if card and source.short else whole
        found[source.key] = ", ".join(str(part) for part in (*named, *places.get(source.key, ())) if part)
    return found


def concepts(cards: Sequence[Card], phases: Mapping[str, Phase]) -> tuple[Concept, ...]:
    """The concepts of a lesson in the order of its cards. Args: `phases` of the items that are not new."""
    items: dict[str, list[str]] = {}
    for card in cards:
        for tag in card.tags:
            if tag not in (PRE_TAG, "extension"):
                items.setdefault(tag, []).extend(item.key for item in card.items)
    found = []
    for name, keys in items.items():
        new = sum(phases.get(key, Phase.NEW) is Phase.NEW for key in keys)
        known = sum(phases.get(key) is Phase.REVIEW for key in keys) / len(keys)
        found.append(Concept(name, len(keys), known, state_of(len(keys), new, known, locked=False)))
    return tuple(found)
