"""What is wrong with decks as a whole: everything in one run, sorted by place. Writes nothing.

The reader has said what is wrong inside each card. Here come the faults that need the whole deck, other decks or
judgement. Mathematics is judged by functions that the caller hands in: this package knows no engine and no typesetter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from content import answers
from content.graphs import cycles
from content.inline import filled, formulas, without_code
from content.model import Card, Check, Deck, Kind, Lesson, Option, Problem, Reading, WrongValue
from content.reader import split

MOST_WORDS = 60
MOST_POINTS = 6

_CITATION_LEFT = re.compile(r"(?<!\\)\[@\w[^\]\n]*")
_POINT = re.compile(r"(?m)^ {0,3}(?:[-+*]|\d{1,9}[.)])\s+\S")


@dataclass(frozen=True)
class Judges:
    """What judges mathematics. Each says why something is wrong; None (or no entry) means that it is right.

    `formula` takes TeX without dollar signs. `template` takes the file of an exercise template. `claims` takes a check
    and gives, for each TeX whose claim does not hold, the reason; under "" what is wrong with the program itself.
    """

    formula: Callable[[str], str | None] | None = None
    template: Callable[[Path], str | None] | None = None
    claims: Callable[[Check], Mapping[str, str]] | None = None


@dataclass(frozen=True)
class Counts:
    """How much was checked."""

    decks: int = 0
    cards: int = 0
    items: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    options_with_feedback: int = 0
    lessons: int = 0
    formulas: int = 0
    claims: int = 0


def texts(card: Card) -> Iterator[str]:
    """Every text of a card that is shown as Markdown."""
    yield from (card.front, card.back, card.hint, card.explanation)
    for note in _notes(card):
        yield note.text
        yield note.feedback
    yield from card.typed


def _notes(card: Card) -> tuple[Option | WrongValue, ...]:
    return (*card.options, *card.wrong_words, *card.wrong_values)


def check(
    readings: Sequence[Reading],
    *,
    known: Sequence[Deck] = (),
    templates: Sequence[Path] = (),
    judges: Judges | None = None,
) -> tuple[Problem, ...]:
    """Every fault of these decks, their readers' problems included, by file, line and column.

    Args:
        readings: The decks to check.
        known: Further decks that prerequisites may name; they are not checked.
        templates: Folders where `NAME.toml` of an exercise may lie, besides the deck's own.
        judges: What judges formulas, templates and claims; without it they are taken as right.
    """
    decks = [reading.deck for reading in readings if reading.deck is not None]
    world = _World(decks, known)
    problems = [problem for reading in readings for problem in reading.problems]
    problems += _duplicate_decks(decks, known)
    for deck in decks:
        # Of two decks with one id each means its own cards; the clash itself is told above.
        mine = world if world.decks[deck.id] is deck else _World([deck, *decks], known)
        problems += _DeckCheck(deck, mine, templates, judges or Judges()).problems()
    problems += _deck_cycles(decks, world)
    problems += _card_cycles(decks, world)
    return tuple(sorted(set(problems)))


def count(decks: Sequence[Deck]) -> Counts:
    """What these decks hold."""
    cards = [card for deck in decks for card in deck.cards]
    lessons = [lesson for deck in decks for lesson in deck.lessons]
    notes = [note for card in cards for note in _notes(card)]
    shown = [text for card in cards for text in texts(card)] + [lesson.prose for lesson in lessons]
    checks = [one for card in cards for one in card.checks] + [one for lesson in lessons for one in lesson.checks]
    return Counts(
        decks=len(decks),
        cards=len(cards),
        items=sum(len(card.items) for card in cards),
        kinds=dict(sorted(Counter(card.kind.value for card in cards).items())),
        options_with_feedback=sum(bool(note.feedback) for note in notes),
        lessons=sum(bool(lesson.prose) for lesson in lessons),
        formulas=sum(len(formulas(text)) for text in shown),
        claims=sum(len(one.claims) for one in checks),
    )


class _World:
    """Every deck that may be named, and what its names lead to."""

    def __init__(self, decks: Sequence[Deck], known: Sequence[Deck]) -> None:
        self.decks = {deck.id: deck for deck in (*known, *reversed(decks))}
        self.cards = {deck.id: {card.id: card for card in deck.cards} for deck in self.decks.values()}
        self.moved = {
            old if "/" in old else f"{deck.id}/{old}": (deck.id, new)
            for deck in self.decks.values()
            for old, new in deck.aliases.items()
        }

    def card(self, deck: str, name: str) -> tuple[str, str] | None:
        """The deck and card that a card of `deck` means by `name`; a former id leads to the present one."""
        home, slash, identity = name.rpartition("/")
        home = home if slash else deck
        home, identity = self.moved.get(f"{home}/{identity}", (home, identity))
        return (home, identity) if identity in self.cards.get(home, ()) else None


class _DeckCheck:
    """The faults of one deck."""

    def __init__(self, deck: Deck, world: _World, templates: Sequence[Path], judges: Judges) -> None:
        self.deck, self.world, self.judges = deck, world, judges
        self.templates = [deck.path.parent, *templates]
        self.sources = {source.key for source in deck.sources}
        self.found: list[Problem] = []
        self.formulas_said: dict[str, str | None] = {}

    def problems(self) -> list[Problem]:
        self._front_matter()
        for card in self.deck.cards:
            self._card(card)
        for lesson in self.deck.lessons:
            self._sources(lesson)
            self._mathematics(lesson, [lesson.prose])
        self._habits()
        return self.found

    @cached_property
    def lines(self) -> list[str]:
        """The file, read again to find places in it; empty when it is gone."""
        try:
            return split(self.deck.path.read_text(encoding="utf-8-sig", errors="replace"))
        except OSError:
            return []

    def add(self, line: int, code: str, message: str, remedy: str, needle: str = "") -> None:
        """Note a problem, at the first `needle` from `line` on where there is one."""
        column = 1
        if needle:
            parts = needle.split("\n")
            for number in range(line - 1, len(self.lines)):
                at = self.lines[number].find(parts[0])
                if at >= 0:
                    line, column = number + 1, at + 1
                    break
        self.found.append(Problem(self.deck.path, line, column, code, message, remedy))

    def _front_matter(self) -> None:
        deck = self.deck
        for name in deck.requires:
            if name not in self.world.decks:
                line = deck.places.get("requires", 1)
                self.add(line, "unknown-deck", f"there is no deck {name}", "correct the name, or add the deck", name)
        ids = self.world.cards[deck.id]
        for old, new in deck.aliases.items():
            line = deck.places.get(f"aliases.{old}", deck.places.get("aliases", 1))
            home, slash, identity = old.rpartition("/")
            if identity in (self.world.cards.get(home, ()) if slash else ids):
                self.add(line, "bad-alias", f"{old} is still the id of a card", "remove the alias or rename the card")
            elif new not in ids:
                self.add(line, "bad-alias", f"there is no card {new}", "write a present id to the right of the =")

    def _card(self, card: Card) -> None:
        self._sources(card)
        for tag in card.tags:
            if self.deck.tags and tag not in self.deck.tags:
                remedy = "correct it, or add it to tags in the front matter"
                self.add(card.line, "unknown-tag", f"the tag {tag} is not in the deck's list", remedy, tag)
        for name in card.requires:
            if self.world.card(self.deck.id, name) is None and name not in self.world.decks:
                remedy = "name a card of this deck, deck/card, or a deck"
                self.add(card.line, "unknown-prerequisite", f"there is no card or deck {name}", remedy, name)
        self._options(card)
        self._wrong_values(card)
        self._template(card)
        self._length(card)
        self._mathematics(card, list(texts(card)))

    def _sources(self, owner: Card | Lesson) -> None:
        for key in owner.sources:
            if key not in self.sources:
                remedy = f'add {key} = {{ title = "…" }} under [sources], or correct the name'
                self.add(owner.line, "unknown-source", f"there is no source {key}", remedy, "@" + key)
        shown = [owner.prose] if isinstance(owner, Lesson) else texts(owner)
        for left in (mark for text in shown for mark in _CITATION_LEFT.finditer(without_code(text))):
            remedy = "write [@key] or [@key, p. 3; @other] behind a word, without formulas, on one line"
            self.add(owner.line, "bad-citation", "this citation is not understood", remedy, left[0])

    def _options(self, card: Card) -> None:
        seen: dict[str, bool] = {}
        for option in card.options:
            level = _levelled(option.text)
            if level in seen:
                if seen[level] != option.right:
                    self.add(
                        option.line, "distractor-is-answer", "a wrong option says the same as a right one", "reword it"
                    )
                else:
                    self.add(option.line, "duplicate-option", "this option stands here twice", "reword or remove it")
            seen.setdefault(level, option.right)
        if card.kind in (Kind.CHOICE, Kind.ALL_THAT_APPLY) and len(card.options) < 2:
            self.add(
                card.line, "no-distractor", "there is only one option", "add wrong ones, or write the answer as text"
            )
        accepted = {_levelled(word) for word in card.typed}
        for word in card.wrong_words:
            if _levelled(word.text) in accepted:
                self.add(
                    word.line, "distractor-is-answer", "this wrong answer is also an accepted one", "remove one of them"
                )

    def _wrong_values(self, card: Card) -> None:
        if card.numeric is None:
            return
        for wrong in card.wrong_values:
            if answers.accepts(card.numeric, wrong.value):
                self.add(
                    wrong.line, "wrong-value-accepted", f"the known wrong value {wrong.text} would be marked right",
                    "ask for more digits, such as {4sf}, or narrow the tolerance",
                )  # fmt: skip

    def _template(self, card: Card) -> None:
        if card.exercise is None:
            return
        name = card.exercise.template.removesuffix(".toml")
        file = next((one for folder in self.templates if (one := folder / f"{name}.toml").is_file()), None)
        if file is None:
            remedy = f"put {name}.toml beside the deck, or correct the name"
            self.add(card.line, "unknown-template", f"there is no exercise template {name}", remedy, f'"{name}')
        elif self.judges.template and (reason := self.judges.template(file)):
            self.add(
                card.line, "bad-template", f"the template {name} cannot be used: {reason}", f"mend {file}", f'"{name}'
            )

    def _length(self, card: Card) -> None:
        if card.kind is not Kind.BASIC:
            return
        text = card.back
        for formula in formulas(card.back):
            text = text.replace(formula.tex, "x", 1)
        words, points = len(re.findall(r"\w[\w'’-]*", text)), len(_POINT.findall(text))
        remedy = "split the card, or move the rest into the explanation"
        if words > MOST_WORDS:
            self.add(card.line, "long-answer", f"the answer has {words} words, too many to recall", remedy)
        elif points > MOST_POINTS:
            self.add(card.line, "long-answer", f"the answer has {points} points, too many to recall", remedy)

    def _mathematics(self, owner: Card | Lesson, shown: Sequence[str]) -> None:
        if self.judges.formula:
            for text in shown:
                for formula in formulas(text):
                    self._formula(owner.line, formula.tex)
        squeezed = " ".join(" ".join([*shown, *(filled(text) for text in shown if "{{" in text)]).split())
        for one in owner.checks:
            wrong = self.judges.claims(one) if self.judges.claims else {}
            if "" in wrong:
                self.add(one.line, "bad-check", f"the check does not run: {wrong['']}", "mend the program in the fence")
            for tex in one.claims:
                if not _stands_in(" ".join(tex.split()), squeezed):
                    remedy = "write the claim exactly as the formula is printed"
                    self.add(
                        one.line,
                        "claim-not-shown",
                        f"“{tex}” does not stand in this card or lesson",
                        remedy,
                        f"'{tex}'",
                    )
                if tex in wrong and tex:
                    remedy = "correct the formula or the claim"
                    self.add(one.line, "false-claim", f"“{tex}” does not hold: {wrong[tex]}", remedy, f"'{tex}'")

    def _formula(self, line: int, tex: str) -> None:
        if tex not in self.formulas_said:
            assert self.judges.formula is not None
            self.formulas_said[tex] = self.judges.formula(tex)
        if reason := self.formulas_said[tex]:
            self.add(line, "bad-formula", f"the formula ${tex}$ cannot be set: {reason}", "mend the TeX", tex)

    def _habits(self) -> None:
        """What a learner would soon notice, and answer by without thinking."""
        true_false = [card for card in self.deck.cards if card.kind is Kind.TRUE_FALSE]
        said = {option.text for card in true_false for option in card.options if option.right}
        if len(true_false) >= 3 and len(said) == 1:
            word = said.pop()
            message = f"all {len(true_false)} true/false cards are {word}"
            self.add(true_false[0].line, "always-true", message, "turn some of the statements round")
        choices = [card for card in self.deck.cards if card.kind is Kind.CHOICE]
        places = {next(at for at, option in enumerate(card.options) if option.right) for card in choices}
        if len(choices) >= 4 and len(places) == 1:
            message = f"the right option is number {places.pop() + 1} on all {len(choices)} choice cards"
            self.add(choices[0].line, "same-position", message, "move it about")


def _stands_in(tex: str, text: str) -> bool:
    """Whether `tex` is printed in `text`, and not only as a part of something longer, such as `y = w` of `y = wx`."""
    before = r"(?<![\w\\])" if re.match(r"[\w\\]", tex) else ""
    return re.search(before + re.escape(tex) + r"(?![\w^])(?!_[\w{])", text) is not None


def _levelled(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" .!").replace("\u2212", "-")


def _duplicate_decks(decks: Sequence[Deck], known: Sequence[Deck]) -> list[Problem]:
    first: dict[str, Deck] = {}
    problems = []
    for deck in (*known, *decks):
        other = first.setdefault(deck.id, deck)
        if other.path.resolve() != deck.path.resolve():
            message = f"the deck id {deck.id} is also that of {other.path}"
            line = deck.places.get("id", 1)
            problems.append(
                Problem(deck.path, line, 1, "duplicate-deck-id", message, "give one of the decks another id")
            )
    return problems


def _deck_cycles(decks: Sequence[Deck], world: _World) -> list[Problem]:
    edges = {deck.id: [name for name in deck.requires if name in world.decks] for deck in world.decks.values()}
    checked = {deck.id: deck for deck in decks}
    problems = []
    for cycle in cycles(edges):
        mine = [name for name in cycle if name in checked]
        if mine:
            deck = checked[mine[0]]
            line = deck.places.get("requires", 1)
            problems.append(_cycle(deck.path, line, "decks", cycle))
    return problems


def _card_cycles(decks: Sequence[Deck], world: _World) -> list[Problem]:
    edges: dict[str, list[str]] = {}
    places: dict[str, tuple[Path, int]] = {}
    checked = {deck.id for deck in decks}
    for deck in world.decks.values():
        for card in deck.cards:
            name = f"{deck.id}/{card.id}"
            targets = (world.card(deck.id, wanted) for wanted in card.requires)
            edges[name] = ["/".join(target) for target in targets if target]
            if deck.id in checked:
                places[name] = (deck.path, card.line)
    problems = []
    for cycle in cycles(edges):
        mine = [name for name in cycle if name in places]
        if mine:
            problems.append(_cycle(*places[mine[0]], "cards", cycle))
    return problems


def _cycle(path: Path, line: int, what: str, cycle: Sequence[str]) -> Problem:
    round_trip = " → ".join((*cycle, cycle[0]))
    return Problem(
        path, line, 1, "cycle", f"these {what} require one another: {round_trip}", "remove one of the requires"
    )
