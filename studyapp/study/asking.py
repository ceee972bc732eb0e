"""How an item is put to a person: an `Item` of a deck becomes a `Question`. Pure; knows no screen and no database.

Texts are Markdown with TeX, as in the deck. The order of options is drawn from a seed, so that a question looks the
same when it is redrawn and different when it comes back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from content.inline import formulas, gaps
from content.model import Blank, Card, Item, Kind, NumericAnswer

LETTERS = "abcdefghijklmnopqrstuvwxyz"
HIDDEN = "[…]"


class Way(StrEnum):
    """How a question is answered."""

    RECALL = "recall"
    """Think, reveal, judge yourself."""
    PICK_ONE = "pick-one"
    PICK_MANY = "pick-many"
    TYPE = "type"
    """Type a word or a number; for a cloze an empty field reveals."""
    WORK = "work"
    """An exercise: a sitting of its own."""


@dataclass(frozen=True)
class Choice:
    """One option as it is shown: `letter` is its key; `index` its place on the card."""

    letter: str
    text: str
    right: bool
    feedback: str
    index: int


@dataclass(frozen=True)
class Question:
    """All that is needed to ask an item and to show its answer."""

    item: Item
    way: Way
    prompt: str
    answer: str
    """What is shown as the answer; empty where the options show it."""
    choices: tuple[Choice, ...] = ()
    expected: tuple[str, ...] = ()
    """Accepted spellings of a typed answer or of the hidden words of a cloze (one for each blank)."""
    others: tuple[tuple[str, ...], ...] = ()
    """For each blank of a cloze what is right as well."""
    numeric: NumericAnswer | None = None
    wanted: str = ""
    """What form of answer is asked for, in words: "3 significant figures"."""

    @property
    def key(self) -> str:
        """The item's key."""
        return self.item.key

    @property
    def card(self) -> Card:
        """The card that the item belongs to."""
        return self.item.card

    @property
    def kind(self) -> Kind:
        """The card's kind."""
        return self.item.card.kind


def ask(item: Item, seed: int = 0, *, shuffle: bool = True) -> Question:
    """The question that `item` asks.

    Args: `seed` orders the options (the number of earlier reviews does well); `shuffle=False` keeps the deck's order.
    """
    card = item.card
    if card.kind is Kind.CLOZE:
        return _ask_cloze(item)
    if card.kind in (Kind.CHOICE, Kind.TRUE_FALSE, Kind.ALL_THAT_APPLY):
        way = Way.PICK_MANY if card.kind is Kind.ALL_THAT_APPLY else Way.PICK_ONE
        mixed = shuffle and card.kind is not Kind.TRUE_FALSE
        return Question(item, way, card.front, "", choices=_choices(card, seed if mixed else None))
    if card.kind is Kind.NUMERIC and card.numeric is not None:
        return Question(
            item, Way.TYPE, card.front, card.numeric.text, numeric=card.numeric, wanted=wanted_form(card.numeric)
        )
    if card.kind is Kind.TYPED:
        return Question(item, Way.TYPE, card.front, card.typed[0], expected=card.typed, wanted="a word or two")
    if card.kind is Kind.EXERCISE:
        return Question(item, Way.WORK, card.front, card.back)
    prompt, answer = (card.back, card.front) if item.face == "r" else (card.front, card.back)
    return Question(item, Way.RECALL, prompt, answer)


def wanted_form(numeric: NumericAnswer) -> str:
    """What a numeric answer is asked for, in words: "3 significant figures", "2 numbers, 3 significant figures"."""
    rule, value = numeric.precision or "", numeric.value
    form = {"int": "whole", "exact": "exactly"}.get(rule, "")
    if match := re.fullmatch(r"(\d+)(sf|dp)", rule):
        count, unit = int(match[1]), {"sf": "significant figure", "dp": "decimal"}[match[2]]
        form = f"{count} {unit}{'s' if count != 1 else ''}"
    if isinstance(value, tuple):
        rows = [row for row in value if isinstance(row, tuple)]
        many = f"{len(rows)}×{len(rows[0])} numbers, a ; between rows" if rows else f"{len(value)} numbers"
        return f"{many}, {form}" if form else many
    return {"whole": "a whole number", "": "a number"}.get(form, form)


def _choices(card: Card, seed: int | None) -> tuple[Choice, ...]:
    order = list(range(len(card.options)))
    if seed is not None:
        order.sort(key=lambda index: blake2b(f"{card.key}\0{seed}\0{index}".encode(), digest_size=8).digest())
    return tuple(
        Choice(
            LETTERS[place % 26],
            card.options[index].text,
            card.options[index].right,
            card.options[index].feedback,
            index,
        )
        for place, index in enumerate(order)
    )


def _ask_cloze(item: Item) -> Question:
    card, number = item.card, int(item.face[1:])
    asked = [blank for blank in card.blanks if blank.number == number]
    return Question(
        item,
        Way.TYPE,
        cloze_text(card.front, number, hide=True),
        cloze_text(card.front, number, hide=False),
        expected=tuple(blank.answer for blank in asked),
        others=tuple(blank.others for blank in asked),
        wanted="the missing words" if len(asked) == 1 else f"{len(asked)} gaps, separated by ;",
    )


def cloze_text(text: str, number: int, *, hide: bool) -> str:
    """A cloze with the blanks of `number` hidden (hints in brackets) or shown in bold; the others as plain text."""
    pieces, at = [], 0
    spans = [(formula.offset, formula.offset + len(formula.tex)) for formula in formulas(text)]
    for gap in gaps(text)[0]:
        pieces.append(text[at : gap.start])
        in_formula = any(start <= gap.start < end for start, end in spans)
        pieces.append(_blank_text(gap.blank, hide=hide, asked=gap.blank.number == number, in_formula=in_formula))
        at = gap.end
    return "".join(pieces) + text[at:]


def _blank_text(blank: Blank, *, hide: bool, asked: bool, in_formula: bool) -> str:
    if asked and hide:
        gap = f"[{blank.hint}]" if blank.hint else HIDDEN
        return rf"\text{{{gap}}}" if in_formula else gap
    if asked and not in_formula:
        return f"**{blank.answer}**"
    return blank.answer
