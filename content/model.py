"""What a deck is made of: frozen values that cross every layer. Nothing here reads, judges or schedules.

Text fields hold Markdown with TeX between dollar signs, exactly as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal, or turn the direction of what is written, instead of being seen."""


class Kind(StrEnum):
    """How a card is asked and answered; it follows from the card's shape, never from a label."""

    BASIC = "basic"
    CLOZE = "cloze"
    TRUE_FALSE = "true-false"
    CHOICE = "choice"
    ALL_THAT_APPLY = "all-that-apply"
    NUMERIC = "numeric"
    TYPED = "typed"
    EXERCISE = "exercise"


@dataclass(frozen=True)
class Option:
    """One line of a choice: its text, whether it is right, and what is said to the person who picked it."""

    text: str
    right: bool
    feedback: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class WrongValue:
    """A number that people get by a known mistake, and what is said to them (an unticked option under `= number`)."""

    text: str
    value: float | tuple[float | tuple[float, ...], ...]
    feedback: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class NumericAnswer:
    """The number, vector or matrix that is due, and how near an answer must come.

    `text` is the number as written. Exactly one of the three rules holds: `tolerance` (absolute), `relative` (a share
    of the value, 0.01 for ±1%) or `precision` ("3sf", "2dp", "int", "exact").
    """

    text: str
    value: float | tuple[float | tuple[float, ...], ...]
    tolerance: float | None = None
    relative: float | None = None
    precision: str | None = None


@dataclass(frozen=True)
class Blank:
    """One `{{n|answer|hint}}` of a cloze; blanks of the same number are hidden together."""

    number: int
    answer: str
    """What is shown as the answer."""
    hint: str = ""
    others: tuple[str, ...] = ()
    """Further answers that are right."""


@dataclass(frozen=True)
class ExerciseRef:
    """The template a card practises: a name of `content/exercises`, or a TOML file beside the deck."""

    template: str
    level: int | None = None


@dataclass(frozen=True)
class Check:
    """A ```` ```check ```` block: a program with numbers, and the formulas of this card that it proves.

    `claims` maps a formula exactly as it stands on the card (TeX without the dollar signs) to a statement in the
    engine's language, `"left = right"`, that must hold for the numbers in `given`.
    """

    forward: str
    loss: str
    given: dict[str, object]
    claims: dict[str, str]
    line: int = field(compare=False)
    update: dict[str, object] = field(default_factory=dict)
    state: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """One `##` heading and what follows it."""

    deck: str
    id: str
    kind: Kind
    front: str
    """The question; for a cloze the whole text with its `{{…}}`."""
    back: str = ""
    """The answer of a basic card; empty for the other kinds."""
    options: tuple[Option, ...] = ()
    blanks: tuple[Blank, ...] = ()
    numeric: NumericAnswer | None = None
    typed: tuple[str, ...] = ()
    """Accepted spellings of a typed answer, the one to show first."""
    wrong_values: tuple[WrongValue, ...] = ()
    """Known wrong values of a numeric answer."""
    wrong_words: tuple[Option, ...] = ()
    """Known wrong spellings of a typed answer, none of them right."""
    exercise: ExerciseRef | None = None
    both: bool = False
    """Asked in both directions (`.both`)."""
    hint: str = ""
    explanation: str = ""
    sources: tuple[str, ...] = ()
    """Keys of the deck's `[sources]` that the card cites."""
    locators: tuple[tuple[str, str], ...] = ()
    """Key of a cited source and the places in it that are cited, such as ("nielsen", "chapter 2"); in their order."""
    tags: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    """Cards that come first: `card` in this deck or `deck/card`."""
    lesson: str = ""
    """The `#` heading the card stands under."""
    rev: int = 1
    digest: str = ""
    """A hash of the card's text without its id: notices edits, never identifies."""
    line: int = field(default=0, compare=False)
    checks: tuple[Check, ...] = ()

    @property
    def key(self) -> str:
        """`deck/card`, or `deck/card@2` after the author reset the card with `rev=2`."""
        return f"{self.deck}/{self.id}" + (f"@{self.rev}" if self.rev > 1 else "")

    @property
    def items(self) -> tuple[Item, ...]:
        """What is scheduled of this card: itself, its reverse, or one item for each cloze number."""
        if self.kind is Kind.CLOZE:
            numbers = sorted({blank.number for blank in self.blanks})
            return tuple(Item(f"{self.key}:c{number}", self, f"c{number}") for number in numbers)
        forward = Item(self.key, self, "")
        return (forward, Item(f"{self.key}:r", self, "r")) if self.both else (forward,)


@dataclass(frozen=True)
class Item:
    """What is scheduled. `face` is "" for the card as written, "r" for its reverse, "c1" for cloze number 1."""

    key: str
    card: Card
    face: str


@dataclass(frozen=True)
class Lesson:
    """The prose under one `#` heading, and the cards that belong to it."""

    title: str
    prose: str
    cards: tuple[str, ...]
    line: int = field(compare=False)
    checks: tuple[Check, ...] = ()
    sources: tuple[str, ...] = ()
    """Keys of the deck's `[sources]` that the prose cites."""
    locators: tuple[tuple[str, str], ...] = ()
    """As on a card."""


@dataclass(frozen=True)
class Source:
    """A work that cards cite."""

    key: str
    title: str
    url: str = ""
    author: str = ""
    year: int | None = None
    short: str = ""
    """What cards show in place of author, title and year, before the place that they cite."""


@dataclass(frozen=True)
class Deck:
    """One deck file, without its broken cards."""

    id: str
    title: str
    path: Path
    order: int = 0
    """Place in a course; 0 puts the deck behind those that have one."""
    license: str = ""
    description: str = ""
    requires: tuple[str, ...] = ()
    """Decks that come first."""
    tags: tuple[str, ...] = ()
    """The tags that cards may bear; empty when any will do."""
    sources: tuple[Source, ...] = ()
    aliases: dict[str, str] = field(default_factory=dict)
    """Former card id (or `deck/card` of another deck) → present card id, so that a renamed card keeps its history."""
    lessons: tuple[Lesson, ...] = ()
    cards: tuple[Card, ...] = ()
    places: dict[str, int] = field(default_factory=dict, compare=False, repr=False)
    """Front-matter key → the line it stands on."""

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item of every card, in the order of the deck."""
        return tuple(item for card in self.cards for item in card.items)


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a deck: where it is, what it is, and how to mend it. Lines and columns count from 1.

    As text it is one sentence for the person at the keyboard, without anything that would steer a terminal.
    """

    path: Path
    line: int
    column: int
    code: str
    """A stable short name, such as `no-right-option`."""
    message: str
    remedy: str

    def __str__(self) -> str:
        return STEERING.sub("\ufffd", f"{self.path}:{self.line}:{self.column}: {self.message}; {self.remedy}")


@dataclass(frozen=True)
class Reading:
    """What came out of reading one file: the good cards, and everything that is wrong."""

    deck: Deck | None
    problems: tuple[Problem, ...] = ()
