"""What an import would do, deck by deck: what is new, what changed, what is as it was, what is left out and why.

A row is known again by its own id where the file has one, else by its question within the deck. Looks at the decks and
writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from content import bundled
from content.formatter import slug
from content.header import ID
from content.inline import gaps
from content.model import Card, Deck, Kind
from studyapp.interop.errors import ImportRefusedError
from studyapp.interop.rows import BLOCK, Said, Skipped
from studyapp.study.importing import place

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

_LONGEST_ID, _LOOKED_AT = 32, 48
_HYPHENS = re.compile(b"--+")
_IN_IDS = (
    bytes(ord(chr(code).lower()) if chr(code).isalnum() else code if code == 10 else 45 for code in range(128)) * 2
)
"""ASCII → what stands for it in an id: a small letter, a digit or a hyphen. Ends of lines stay."""


class New(NamedTuple):
    """A row that becomes a card, and the id it gets."""

    id: str
    said: Said


@dataclass
class DeckPlan:
    """What becomes of one deck. `known` is the deck as it is now, None for a new one."""

    id: str
    title: str
    path: Path
    known: Deck | None = None
    new: list[New] = field(default_factory=list)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Id of a card → the fields of it that change."""
    same: int = 0


@dataclass(frozen=True)
class Preview:
    """What an import would do. Decks in the order of the file."""

    decks: tuple[DeckPlan, ...]
    skipped: tuple[Skipped, ...]
    notices: tuple[str, ...] = ()

    @property
    def new(self) -> int:
        """Cards that are not there yet."""
        return sum(len(deck.new) for deck in self.decks)

    @property
    def changed(self) -> int:
        """Cards that say something else than in their deck."""
        return sum(len(deck.changed) for deck in self.decks)

    @property
    def same(self) -> int:
        """Cards that are there as they are."""
        return sum(deck.same for deck in self.decks)


TWICE = "it stands in the file before"
OTHER_ANSWER = f"{TWICE} with another answer"
OTHER_QUESTION = f"{TWICE} with another question"
SHOWN = 5


def preview(desk: Desk, rows: Iterable[Said | Skipped], *, name: str, deck: str | None = None) -> Preview:
    """What an import of `rows` would do.

    Args: `name`: what a deck is called where the rows name none (the file's name); `deck`: the id of the deck that
    takes all rows.
    Raises: ImportRefusedError.
    """
    if deck is not None and not ID.fullmatch(deck):
        raise ImportRefusedError(f"{deck!r} cannot be a deck's id: letters, digits and hyphens, please")
    shelf = _Shelf(desk, name, deck)
    skipped: list[Skipped] = []
    coming = iter(rows)
    while block := list(islice(coming, BLOCK)):
        skipped += shelf.put(block)
    return Preview(tuple(one.plan for one in shelf.slots.values()), tuple(skipped), _differing(skipped))


def _differing(skipped: Sequence[Skipped]) -> tuple[str, ...]:
    """A sentence about rows that say something else than the row that came in their stead: one of the two is lost."""
    found = [one for one in skipped if one.reason in (OTHER_ANSWER, OTHER_QUESTION)]
    if not found:
        return ()
    lines = [f"line {one.line} differs from line {one.earlier}" for one in found[:SHOWN]]
    more = f", and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return (
        f"rows for one card that differ, of which only the first counts: {', '.join(lines)}{more}; to keep both, give "
        "the second a question (or id) of its own",
    )


class _Slot:
    """A deck while rows are sorted into it."""

    def __init__(self, plan: DeckPlan) -> None:
        self.plan = plan
        known = plan.known
        cards = known.cards if known else ()
        self.by_id: dict[str, Card] = {card.id: card for card in cards}
        self.by_front: dict[str, Card] = {card.front: card for card in cards}
        self.aliases: Mapping[str, str] = known.aliases if known else {}
        self.taken: set[str] = {*self.by_id, *self.aliases}
        self.numbers: dict[str, int] = {}
        """An id that is taken → the number that was last tried for another one of it."""
        self.seen: dict[str, Said] = {}

    def put_all(self, rows: Sequence[Said], words: Sequence[str]) -> bool:
        """Sort in rows that are all new and need no other id than `words`, in one go. Returns whether they are such."""
        keys = {row.source or row.front: row for row in rows}
        ids = [row.source or wanted for row, wanted in zip(rows, words, strict=True)]
        once = len(keys) == len(rows) == len(set(ids))
        if self.by_id or not once or not self.seen.keys().isdisjoint(keys) or not self.taken.isdisjoint(ids):
            return False
        self.seen |= keys
        self.taken.update(ids)
        self.plan.new += map(New._make, zip(ids, rows, strict=True))
        return True

    def put(self, row: Said, words: str) -> Skipped | None:
        """Sort a row in. Args: `words`: the id that its question would make."""
        key = row.source or row.front
        if (first := self.seen.get(key)) is not None:
            return Skipped(row.line, _again(first, row), row.front, first.line)
        self.seen[key] = row
        there = self._there(row) if self.by_id else None
        if there is None:
            identity = self._unused(row.source or words)
            self.taken.add(identity)
            self.plan.new.append(New(identity, row))
            return None
        changes = {name: value for name, value in _fields(there, row).items() if value != getattr(there, name)}
        if changes:
            self.plan.changed[there.id] = changes
        else:
            self.plan.same += 1
        return None

    def _there(self, row: Said) -> Card | None:
        if row.source:
            return self.by_id.get(self.aliases.get(row.source, row.source))
        return self.by_front.get(row.front)

    def _unused(self, wanted: str) -> str:
        if wanted not in self.taken:
            return wanted
        number = self.numbers.get(wanted, 1) + 1
        while f"{wanted}-{number}" in self.taken:
            number += 1
        self.numbers[wanted] = number
        return f"{wanted}-{number}"


def _again(first: Said, row: Said) -> str:
    """Why a row is left out that is known by the same id or question as an earlier one."""
    if row.front != first.front:
        return OTHER_QUESTION
    # What does not fit into an answer stands in the explanation.
    differs = (row.back, row.typed, row.explanation) != (first.back, first.typed, first.explanation)
    return OTHER_ANSWER if differs else TWICE


class _Shelf:
    """The decks that rows go into, made as they are named."""

    def __init__(self, desk: Desk, name: str, deck: str | None) -> None:
        self.desk, self.name, self.deck = desk, name, deck
        self.slots: dict[str, _Slot] = {}
        self._by_name: dict[str, _Slot] = {}
        self._decks = {one.id: one for one in desk.library.decks()}

    def put(self, rows: Sequence[Said | Skipped]) -> Iterator[Skipped]:
        """Sort rows in; gives those that are left out."""
        words = quick_slugs([row.front for row in rows])
        said = [row for row in rows if isinstance(row, Said)]
        if (
            len(said) == len(rows)
            and len({row.deck for row in said}) == 1
            and self._at(said[0].deck).put_all(said, words)
        ):
            return
        for row, wanted in zip(rows, words, strict=True):
            left_out = row if isinstance(row, Skipped) else self._at(row.deck).put(row, wanted)
            if left_out is not None:
                yield left_out

    def _at(self, name: str) -> _Slot:
        slot = self._by_name.get(name)
        if slot is None:
            slot = self._by_name[name] = self._slot(name)
        return slot

    def _slot(self, said: str) -> _Slot:
        if self.deck is not None:
            plan = self._named(self.deck)
        else:
            title = ": ".join(part.strip() for part in (said or self.name).split("::") if part.strip()) or "Imported"
            plan = self._own(slug(title), " ".join(title.split()))
        return self.slots.setdefault(plan.id, _Slot(plan))

    def _named(self, deck: str) -> DeckPlan:
        """The deck that was asked for."""
        known = self._decks.get(deck)
        if known is None:
            return self._fresh(deck, deck.replace("-", " ").replace("_", " ").strip().capitalize())
        if known.path.is_relative_to(bundled()):
            raise ImportRefusedError(f"{deck} comes with the program; name a deck of your own, or a new one")
        return DeckPlan(deck, known.title, known.path, self.desk.library.deck(deck))

    def _own(self, deck: str, title: str) -> DeckPlan:
        """The deck that an earlier import of this name made, or a new one."""
        number = 1
        while True:
            identity = deck if number == 1 else f"{deck}-{number}"
            known = self._decks.get(identity)
            if known is None:
                return self._fresh(identity, title)
            if known.path == place(self.desk, identity):
                return DeckPlan(identity, known.title, known.path, self.desk.library.deck(identity))
            number += 1

    def _fresh(self, deck: str, title: str) -> DeckPlan:
        path = place(self.desk, deck)
        if path.exists():
            raise ImportRefusedError(
                f"{path} is there and not among your decks (or cannot be read); add it with `studyapp deck add`, move "
                "it away, or choose another --deck"
            )
        return DeckPlan(deck, title, path)


def quick_slugs(fronts: Sequence[str]) -> list[str]:
    """An id from the first words of each question, short, since it stands in many places."""
    joined = "\n".join([front[:_LOOKED_AT] for front in fronts])
    if not joined.isascii() or "{{" in joined or joined.count("\n") != len(fronts) - 1:
        if len(fronts) == 1:
            return [_cut(slug(fronts[0]))]
        return [made for front in fronts for made in quick_slugs([front])]
    words = _HYPHENS.sub(b"-", joined.encode().translate(_IN_IDS)).decode().split("\n")
    return [_cut(line.strip("-")) for line in words]


def _cut(words: str) -> str:
    """As many whole words as may be."""
    if len(words) <= _LONGEST_ID:
        return words or "card"
    return words[: _LONGEST_ID + 1].rpartition("-")[0] or words[:_LONGEST_ID]


def card_of(deck: str, identity: str, row: Said) -> Card:
    """The card that a row becomes."""
    common = Card(
        deck, identity, Kind.BASIC, row.front, explanation=row.explanation, hint=row.hint, tags=row.tags, both=row.both
    )
    if row.cloze:
        return replace(common, kind=Kind.CLOZE, blanks=tuple(gap.blank for gap in gaps(row.front)[0]))
    if row.typed:
        return replace(common, kind=Kind.TYPED, typed=(row.typed,))
    return replace(common, back=row.back)


def _fields(there: Card, row: Said) -> dict[str, Any]:
    """The fields of a card as the row has them; what the row says nothing of stays."""
    fields: dict[str, Any] = {"front": row.front, "tags": tuple(dict.fromkeys((*there.tags, *row.tags)))}
    fields |= {name: text for name, text in (("hint", row.hint), ("explanation", row.explanation)) if text}
    if there.kind is Kind.TYPED and row.typed:
        return {**fields, "typed": there.typed if row.typed in there.typed else (row.typed, *there.typed[1:])}
    if there.kind not in (Kind.BASIC, Kind.CLOZE):
        return fields  # somebody has made more of the card than the row can say
    if row.cloze:
        blanks = tuple(gap.blank for gap in gaps(row.front)[0])
        return {**fields, "kind": Kind.CLOZE, "back": "", "blanks": blanks, "both": False}
    if row.typed:
        return {**fields, "kind": Kind.TYPED, "back": "", "blanks": (), "typed": (row.typed,), "both": False}
    return {**fields, "kind": Kind.BASIC, "back": row.back, "blanks": (), "both": row.both or there.both}
