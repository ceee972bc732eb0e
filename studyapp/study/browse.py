"""Browsing: find items by words and by where they stand.

A query is words (all of them must occur) and filters: `is:new`, `is:learning`, `is:review`, `is:due`, `is:suspended`,
`is:buried`, `is:leech`, `is:flagged`, `deck:ID`, `kind:choice`, `flag:2`. A word with a colon that is no filter is a
word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from studyapp.memory.days import date_of
from studyapp.memory.model import ItemState, Phase
from studyapp.storage.catalogue import CatalogueItem

if TYPE_CHECKING:
    from studyapp.study.clock import Moment
    from studyapp.study.desk import Desk

SEARCHED = 5_000
"""Hits of a search that filters look through."""


@dataclass(frozen=True)
class BrowseRow:
    """An item in the list."""

    key: str
    deck: str
    kind: str
    front: str
    state: ItemState
    due: date | None

    @property
    def standing(self) -> str:
        """Where it stands, in a word."""
        if self.state.suspended:
            return "suspended"
        return self.state.phase.name.lower()


@dataclass(frozen=True)
class Found:
    """What a query found; `more` when the list was cut."""

    rows: tuple[BrowseRow, ...]
    more: bool
    unknown: tuple[str, ...] = ()
    """Filters that could not be understood, as typed."""


@dataclass(frozen=True)
class _Query:
    words: str
    decks: frozenset[str]
    kinds: frozenset[str]
    tests: tuple[Callable[[ItemState, Moment], bool], ...]
    unknown: tuple[str, ...]


_IS: dict[str, Callable[[ItemState, Moment], bool]] = {
    "new": lambda state, now: state.phase is Phase.NEW,
    "learning": lambda state, now: state.phase in (Phase.LEARNING, Phase.RELEARNING),
    "review": lambda state, now: state.phase is Phase.REVIEW,
    "due": lambda state, now: not state.suspended and state.due_day is not None and state.due_day <= now.today,
    "suspended": lambda state, now: state.suspended,
    "buried": lambda state, now: state.buried_until is not None and state.buried_until > now.today,
    "leech": lambda state, now: state.leech,
    "flagged": lambda state, now: state.flag > 0,
}


def browse(desk: Desk, query: str = "", *, limit: int = 200) -> Found:
    """The items that `query` finds, by relevance when words are given, else in the order of the decks."""
    asked, now = _read(query), desk.moment()
    rows: list[BrowseRow] = []
    for part in _chunks(_candidates(desk, asked), 500):
        states = desk.store.journal.states([row.key for row in part])
        for row in part:
            state = states[row.key]
            if all(test(state, now) for test in asked.tests):
                due = None if state.due_day is None else date_of(state.due_day)
                rows.append(BrowseRow(row.key, row.key.partition("/")[0], row.kind, row.front, state, due))
                if len(rows) > limit:
                    return Found(tuple(rows[:limit]), True, asked.unknown)
    return Found(tuple(rows), False, asked.unknown)


def _read(query: str) -> _Query:
    words: list[str] = []
    decks: set[str] = set()
    kinds: set[str] = set()
    tests: list[Callable[[ItemState, Moment], bool]] = []
    unknown: list[str] = []
    for term in query.split():
        name, colon, value = term.partition(":")
        if not colon or not value or name not in ("is", "deck", "kind", "flag"):
            words.append(term)
        elif name == "deck":
            decks.add(value)
        elif name == "kind":
            kinds.add(value)
        elif name == "is" and value in _IS:
            tests.append(_IS[value])
        elif name == "flag" and value.isdecimal():
            number = int(value)
            tests.append(lambda state, now, number=number: state.flag == number)  # type: ignore[misc]
        else:
            unknown.append(term)
    return _Query(" ".join(words), frozenset(decks), frozenset(kinds), tuple(tests), tuple(unknown))


def _candidates(desk: Desk, asked: _Query) -> Iterable[CatalogueItem]:
    catalogue = desk.store.catalogue
    if asked.words:
        keys = [hit.key for hit in desk.store.search.find(asked.words, limit=SEARCHED)]
        found = catalogue.items(keys)
        rows: Iterable[CatalogueItem] = (found[key] for key in keys if key in found)
    else:
        rows = (row for deck in desk.library.decks() for row in catalogue.cards(deck.id))
    for row in rows:
        in_deck = not asked.decks or row.key.partition("/")[0] in asked.decks
        if in_deck and (not asked.kinds or row.kind in asked.kinds):
            yield row


def _chunks(rows: Iterable[CatalogueItem], size: int) -> Iterable[list[CatalogueItem]]:
    part: list[CatalogueItem] = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
