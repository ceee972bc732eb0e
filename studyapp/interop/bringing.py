"""From a preview to deck files: the text of every new card, the places of the changed ones, and one act for it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from content.cards import digest
from content.header import Report, header
from content.heading import attributes
from content.model import Card, Deck, Kind
from content.reader import read_text, sections
from content.writer import WriteError, write
from studyapp.interop import plain
from studyapp.interop.planning import DeckPlan, New, Preview, card_of
from studyapp.interop.rows import BLOCK, Skipped
from studyapp.storage.bulk import many
from studyapp.storage.catalogue import CatalogueItem
from studyapp.study.importing import Imported, NewText, take_in
from studyapp.study.library import catalogue_items

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

UNSAYABLE = "it cannot be said in a deck"


@dataclass(frozen=True)
class Brought:
    """What an import did; `act` is empty where there was nothing to do."""

    act: str = ""
    backup: Path | None = None
    skipped: tuple[Skipped, ...] = ()
    """Rows that turned out to be unsayable while they were written."""


def bring(desk: Desk, plan: Preview, *, file: str) -> Brought:
    """Do what `plan` says, as one act. Args: `file`: the name for the journal.

    Raises: StorageError; then every deck is as it was.
    """
    with many():
        return _bring(desk, plan, file)


def _bring(desk: Desk, plan: Preview, file: str) -> Brought:
    refused: list[Skipped] = []
    wanted = [deck for deck in plan.decks if deck.new or deck.changed]
    texts = [made for deck in wanted if (made := _text(desk, deck, refused)) is not None]
    if not texts:
        return Brought(skipped=tuple(refused))
    body = {
        "decks": [one.deck for one in texts],
        "file": file,
        "new": plan.new - len(refused),
        "changed": plan.changed,
        "same": plan.same,
        "skipped": len(plan.skipped) + len(refused),
    }
    done: Imported = take_in(desk, texts, body)
    return Brought(done.act, done.backup, tuple(refused))


class _Cards:
    """New cards of one deck as they are written: their texts, and what the catalogue keeps of them."""

    def __init__(self, deck: str) -> None:
        self.deck = deck
        self.parts: list[str] = []
        self._items: list[Callable[[], Sequence[CatalogueItem]]] = []
        self.kinds: Counter[str] = Counter()
        self.refused: list[Skipped] = []

    def add(self, cards: Iterable[New]) -> None:
        """Write cards: at once where they are plain, else by the writer, which proves how one reads."""
        coming = iter(cards)
        while block := list(islice(coming, BLOCK)):
            if all(new.said.plain for new in block):
                self._write_plain(block)
                continue
            for new in block:
                if _is_plain(new):
                    self._write_plain([new])
                else:
                    self._write(new)

    def items(self) -> Iterator[CatalogueItem]:
        """What the catalogue keeps of them, made as it is taken."""
        for make in self._items:
            yield from make()

    def _write_plain(self, cards: Sequence[New]) -> None:
        self.parts += plain.texts(cards)
        self._items.append(partial(plain.items, self.deck, cards))
        self.kinds[Kind.BASIC.value] += len(cards)

    def _write(self, new: New) -> None:
        card = card_of(self.deck, *new)
        card = replace(card, digest=digest(card))
        try:
            self.parts.append(written(card))
        except WriteError:
            self.refused.append(Skipped(new.said.line, UNSAYABLE, new.said.front))
            return
        self._items.append(partial(catalogue_items, Deck(self.deck, self.deck, Path(), cards=(card,))))
        self.kinds[card.kind.value] += 1


def _is_plain(new: New) -> bool:
    said = new.said
    return said.plain or (
        not (said.cloze or said.both or said.typed or said.explanation or said.hint)
        and plain.is_plain(said.front, said.back)
    )


def _text(desk: Desk, plan: DeckPlan, refused: list[Skipped]) -> NewText | None:
    """The deck's file as it is to be; None where nothing of it can be said."""
    cards = _Cards(plan.id)
    cards.add(plan.new)
    refused += cards.refused
    known = plan.known
    if known is None:
        if not cards.parts:
            return None
        empty = Deck(plan.id, plan.title, plan.path)
        text = "\n\n".join([write(empty).rstrip("\n"), *cards.parts]) + "\n"
        return NewText(plan.id, plan.path, text, empty, cards.items(), cards.kinds)
    content = plan.path.read_bytes().decode("utf-8-sig", "replace")
    ends = "\r\n" if "\r\n" in content else "\n"
    old = content.replace("\r\n", "\n").replace("\r", "\n")
    if plan.changed:
        old = _spliced(old, plan, refused)
    text = ("\n\n".join([old.rstrip("\n"), *cards.parts]) + "\n").replace("\n", ends)
    if plan.changed or known.lessons or known.aliases or any(one.path == plan.path for one in desk.problems):
        return NewText(plan.id, plan.path, text)
    kinds = Counter(desk.library.kinds()[plan.id]) + cards.kinds
    items = chain(desk.store.catalogue.cards(plan.id), cards.items())
    return NewText(plan.id, plan.path, text, known, items, kinds)


def written(card: Card) -> str:
    """The text of one card. Raises: WriteError when it would read as something else."""
    alone = replace(card, lesson="", line=0)
    text = write(Deck(card.deck, card.deck, Path(), cards=(alone,)))
    return text[text.index("\n+++\n") + len("\n+++\n") :].strip("\n")


def _spliced(text: str, plan: DeckPlan, refused: list[Skipped]) -> str:
    """`text` with the changed cards in the place of the old ones; every other byte stays."""
    lines = text.split("\n")
    deck = read_text(text, plan.path).deck  # the catalogue does not keep all that a card has
    cards = {card.id: card for card in deck.cards} if deck else {}
    parts: list[str] = []
    done = 0
    for start, end, identity in _places(lines):
        if identity not in plan.changed or identity not in cards:
            continue
        try:
            now = written(replace(cards[identity], digest="", **plan.changed[identity]))
        except WriteError:
            refused.append(Skipped(0, UNSAYABLE, cards[identity].front))
            continue
        parts += [*lines[done:start], now, ""]
        done = end
    return "\n".join([*parts, *lines[done:]])


def _places(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """First line, line behind, and id of every card with one."""
    head = header(lines, Report(Path()))
    if head is None:
        return
    start, identity = -1, ""
    for opening, _ in sections(lines, head.end):
        if opening is None:
            continue
        if identity:
            yield start, opening.start, identity
        found = attributes(opening.text) if opening.level == 2 else None
        marks = [mark[1:] for mark in found[1].split() if mark.startswith("#")] if found else []
        start, identity = opening.start, marks[0] if marks else ""
    if identity:
        yield start, len(lines), identity
