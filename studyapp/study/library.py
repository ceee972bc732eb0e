"""The decks a person has: the bundled ones and their own, read once and kept in the catalogue until a file changes.

A deck file is read when its time or size differs from what the catalogue saw; everything else comes from the database,
so that a hundred thousand items cost nothing at the start. A malformed deck never stops anything: its good cards are
there, its faults are in `problems`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from content.finding import files
from content.model import Card, Deck, Item, Problem, Reading
from studyapp import __version__
from studyapp.storage.catalogue import CatalogueDeck, CatalogueItem, Stamp
from studyapp.storage.store import Store
from studyapp.study.asking import ask
from studyapp.study.cards import decode_card, encode_card

READER = f"{__version__}/3"
"""What wrote the catalogue: to be raised when a card is read or kept in another way."""


def one_line(item: Item) -> str:
    """The item's question for lists: its first line, gaps hidden."""
    lines = ask(item, shuffle=False).prompt.strip().splitlines()
    return lines[0] if lines else item.card.id


class Library:
    """The catalogue, kept in step with the files."""

    def __init__(self, store: Store, paths: Iterable[Path]) -> None:
        """Take the decks from `paths`, files or folders; nothing is read until `refresh`."""
        self._store = store
        self._paths = tuple(paths)
        self._rows: tuple[CatalogueDeck, ...] = ()
        self._headers: tuple[Deck, ...] | None = None
        self._unread: tuple[Problem, ...] = ()
        self.problems: tuple[Problem, ...] = ()
        """Everything that is wrong in the decks, as of the last `refresh`."""

    def refresh(self) -> bool:
        """Read the files that changed and forget those that are gone. Returns whether anything changed.

        What an older version of the program read is read again: it may know less of a card. Where nothing may be
        written, the decks are those that were read last.
        """
        rows = self._store.catalogue.decks()
        if self._store.only_looking:
            self._rows, self._headers = rows, None
            self.problems = tuple(problem for row in rows for problem in _problems(row))
            return False
        known = {row.path: row.stamp if row.body.get("reader") == READER else None for row in rows}
        found = files(self._paths)
        changed = [path for path in found if str(path) not in known or known[str(path)] != _stamp(path)]
        gone = known.keys() - {str(path) for path in found}
        if changed or gone:
            self._take_in(rows, changed, gone)
            rows = self._store.catalogue.decks()
        self._rows, self._headers = rows, None
        self.problems = tuple(problem for row in rows for problem in _problems(row)) + self._unread
        return bool(changed or gone)

    def _take_in(self, rows: Sequence[CatalogueDeck], changed: Sequence[Path], gone: Iterable[str]) -> None:
        from content.reader import read  # the reader loads only where a file has to be read

        catalogue = self._store.catalogue
        owners = {row.id: row.path for row in rows if row.path not in gone}
        for row in rows:
            if row.path in gone:
                catalogue.remove_deck(row.id)
        unread: list[Problem] = []
        for path in changed:
            reading = read(path)
            if reading.deck is None:
                unread += reading.problems
                continue
            taken = owners.get(reading.deck.id, str(path))
            if taken != str(path):
                unread.append(_taken(path, reading.deck.id, taken))
                continue
            owners[reading.deck.id] = str(path)
            self._keep(reading, path)
        self._unread = tuple(unread)
        self._rows, self._headers = catalogue.decks(), None
        catalogue.arrange([deck.id for deck in in_order(self.decks())])

    def adopt(
        self, deck: Deck, path: Path, stamp: Stamp, items: Iterable[CatalogueItem], kinds: Mapping[str, int]
    ) -> None:
        """Store a deck that was just written to `path`, without reading it: `items` are what reading would give.

        Args: `deck` without its cards; `stamp` of the file as it was written.
        """
        body = _body(deck, (), kinds)
        self._store.catalogue.replace_deck(CatalogueDeck(deck.id, str(path), stamp, deck.title, 0, body), items)
        self._rows, self._headers = self._store.catalogue.decks(), None
        self._store.catalogue.arrange([one.id for one in in_order(self.decks())])

    def _keep(self, reading: Reading, path: Path) -> None:
        deck = reading.deck
        assert deck is not None
        body = _body(deck, reading.problems, _kinds(deck))
        keys = {card.id: card.items[0].key for card in deck.cards}
        aliases = {
            former if "/" in former else f"{deck.id}/{former}": keys[present]
            for former, present in deck.aliases.items()
            if present in keys
        }
        items = catalogue_items(deck)
        stamp = _stamp(path) or (0, 0)
        self._store.catalogue.replace_deck(
            CatalogueDeck(deck.id, str(path), stamp, deck.title, 0, body), items, aliases
        )

    # what there is

    def decks(self) -> tuple[Deck, ...]:
        """Every deck without its cards, in the order of the course."""
        if self._headers is None:
            self._headers = tuple(
                replace(msgspec.convert(deck.body["deck"], Deck, dec_hook=_path), path=Path(deck.path))
                for deck in self._rows
            )
        return self._headers

    def kinds(self) -> dict[str, dict[str, int]]:
        """Deck → kind → how many cards."""
        return {deck.id: dict(deck.body.get("kinds", {})) for deck in self._rows}

    def deck(self, deck_id: str) -> Deck | None:
        """A deck with its cards, or None when there is no such deck."""
        header = next((deck for deck in self.decks() if deck.id == deck_id), None)
        if header is None:
            return None
        cards = {card.key: card for card in map(_card_of, self._store.catalogue.cards(deck_id))}
        return replace(header, cards=tuple(cards.values()))

    def items(self, deck_ids: Sequence[str] | None = None) -> list[Item]:
        """Every item of the chosen decks, in order."""
        chosen = [deck.id for deck in self.decks()] if deck_ids is None else list(deck_ids)
        return [item for deck_id in chosen for row in self._store.catalogue.cards(deck_id) if (item := _item_of(row))]

    def item(self, key: str) -> Item | None:
        """The item of that key, or None when no deck has it."""
        row = self._store.catalogue.item(key)
        return None if row is None else _item_of(row)

    def read_item(self, key: str, card: str) -> Item | None:
        """The item of that key from its card as the catalogue keeps it."""
        return _item_in(key, card)


def in_order(decks: Sequence[Deck]) -> list[Deck]:
    """Decks with those first that others require; otherwise by their own `order`, then by title. Cycles stay."""
    waiting = sorted(decks, key=lambda deck: (deck.order or 1_000_000, deck.title))
    known = {deck.id for deck in waiting}
    placed: dict[str, Deck] = {}
    while waiting:
        ready = next(
            (deck for deck in waiting if all(one in placed or one not in known for one in deck.requires)), waiting[0]
        )
        placed[ready.id] = ready
        waiting.remove(ready)
    return list(placed.values())


def catalogue_items(deck: Deck) -> list[CatalogueItem]:
    """What the catalogue keeps of each item of a deck."""
    keys = {card.id: card.items[0].key for card in deck.cards}
    return [
        CatalogueItem(
            key=item.key,
            kind=str(item.card.kind),
            front=one_line(item),
            digest=item.card.digest,
            card=encode_card(item.card),
            requires=tuple(keys.get(one, one if "/" in one else f"{deck.id}/{one}") for one in item.card.requires),
            text="\n".join(_texts(item.card)),
        )
        for item in deck.items
    ]


def _header(deck: Deck) -> Deck:
    lessons = tuple(replace(lesson, checks=()) for lesson in deck.lessons)
    return replace(deck, cards=(), lessons=lessons, path=Path(), places={})


def _body(deck: Deck, problems: Iterable[Problem], kinds: Mapping[str, int]) -> dict[str, Any]:
    return {
        "reader": READER,
        "deck": msgspec.to_builtins(_header(deck), enc_hook=str),
        "problems": [[one.line, one.column, one.code, one.message, one.remedy] for one in problems],
        "kinds": dict(kinds),
    }


def _path(kind: type[Any], text: str) -> Any:
    return kind(text)


def _kinds(deck: Deck) -> dict[str, int]:
    counts: dict[str, int] = {}
    for card in deck.cards:
        counts[str(card.kind)] = counts.get(str(card.kind), 0) + 1
    return counts


def _texts(card: Card) -> list[str]:
    options = [text for option in card.options for text in (option.text, option.feedback)]
    return [card.front, card.back, *options, *card.typed, card.explanation, card.hint, " ".join(card.tags)]


def _card_of(row: CatalogueItem) -> Card:
    return _decoded(row.card)


def _item_of(row: CatalogueItem) -> Item | None:
    return _item_in(row.key, row.card)


def _item_in(key: str, card: str) -> Item | None:
    return next((item for item in _decoded(card).items if item.key == key), None)


@lru_cache(maxsize=4_096)
def _decoded(text: str) -> Card:
    return decode_card(text)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


def _problems(deck: CatalogueDeck) -> list[Problem]:
    rows: list[list[Any]] = list(deck.body.get("problems", ()))
    return [Problem(Path(deck.path), *row) for row in rows]


def _taken(path: Path, deck_id: str, owner: str) -> Problem:
    return Problem(
        path, 1, 1, "duplicate-deck", f"the deck id {deck_id} belongs to {owner}", "give this deck another id"
    )
