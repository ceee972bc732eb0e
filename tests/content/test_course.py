"""The bundled course, as a learner meets it: its order, its cards, and formulas that the engine proves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

import engine
from content import bundled
from content.checker import Judges, check, texts
from content.finding import files
from content.inline import formulas
from content.model import Card, Check, Deck, Kind, Lesson
from content.reader import read
from studyapp.study.asking import ask
from studyapp.study.checking import check_text
from studyapp.typeset import cells, display, formula_error, inline, prose, speak

SYLLABUS = {
    "neurons": (),
    "forward-pass": ("neurons",),
    "loss": ("forward-pass",),
    "derivatives": ("loss",),
    "gradient-descent": ("derivatives",),
    "backprop": ("gradient-descent",),
    "training-loop": ("backprop",),
    "optimizers": ("training-loop",),
    "training-trouble": ("optimizers",),
    "regularization": ("training-trouble",),
    "architectures": ("backprop",),
    "recurrent-networks": ("training-trouble",),
    "autodiff": ("backprop",),
    "applications": ("architectures", "recurrent-networks"),
    "resources": (),
}
PRODUCTION = (Kind.BASIC, Kind.CLOZE, Kind.TYPED, Kind.NUMERIC)
WIDTH = 74
"""Columns that a lesson has on a screen of 80."""

STATES_A_RULE = re.compile(r"\\leftarrow|^(?:\\delta|\\frac\{\\partial L\}|\\partial L|\\Delta w|w')[^=]*=")
ONLY_NUMBERS = re.compile(r"[^=]*=(?:\\cdot|\\approx|[^A-Za-z])*")
UNPROVED = {
    r"\delta = \frac{\partial L}{\partial z}",  # what the symbol means
    r"v \leftarrow \mu v + \eta\,g",  # shown as a mistake
}


@cache
def course() -> dict[str, Deck]:
    found = [read(path).deck for path in files([bundled() / "decks"])]
    return {deck.id: deck for deck in found if deck is not None}


def cards() -> Iterator[Card]:
    for deck in course().values():
        yield from deck.cards


def flashcards(name: str) -> list[Card]:
    return [card for card in course()[name].cards if card.kind is not Kind.EXERCISE]


def shown(owner: Card | Lesson) -> list[str]:
    return [owner.prose] if isinstance(owner, Lesson) else list(texts(owner))


def owners(deck: Deck) -> tuple[Card | Lesson, ...]:
    return (*deck.lessons, *deck.cards)


def statements(deck: Deck) -> Iterator[tuple[Check, str, str]]:
    for owner in owners(deck):
        for one in owner.checks:
            for tex, statement in one.claims.items():
                yield one, tex, statement


def judged(one: Check, statement: str) -> engine.Claim:
    program = engine.Program.parse(one.forward, one.loss or None)
    return engine.evaluate_claim(program, one.given, statement, update=one.update or None, state=one.state or None)


def sides(statement: str) -> tuple[str, str]:
    """Both sides of the one `=` that stands outside brackets."""
    depth = 0
    for at, char in enumerate(statement):
        depth += (char in "([") - (char in ")]")
        if char == "=" and depth == 0:
            return statement[:at], statement[at + 1 :]
    raise AssertionError(f"{statement} claims nothing")


def words(lesson: Lesson) -> int:
    """Words to read: without formulas, figures and code."""
    text = re.sub(r"(?ms)^```.*?^```", "", lesson.prose)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`", " ", text, flags=re.DOTALL)
    return len(re.findall(r"\w[\w'’-]*", text))


each_deck = pytest.mark.parametrize("name", SYLLABUS)


def test_the_deck_check_finds_no_fault_in_the_bundled_decks() -> None:
    """Claims are judged below, and templates where they are tested."""
    readings = [read(path) for path in files([bundled() / "decks"])]
    found = check(readings, templates=[bundled() / "exercises"], judges=Judges(formula=formula_error))

    assert [str(problem) for problem in found] == []


def test_the_decks_come_in_the_order_of_the_syllabus() -> None:
    assert [deck.id for deck in sorted(course().values(), key=lambda deck: deck.order)] == list(SYLLABUS)
    assert sorted(deck.order for deck in course().values()) == list(range(1, 16))


@each_deck
def test_a_deck_names_the_lessons_that_come_before_it(name: str) -> None:
    deck = course()[name]

    assert deck.requires == SYLLABUS[name]
    assert all(course()[other].order < deck.order for other in deck.requires)
    assert 0 < len(deck.description.split()) <= 60


def test_what_a_card_requires_comes_before_it_in_the_course() -> None:
    met: set[str] = set()
    for name in SYLLABUS:
        for card in course()[name].cards:
            wanted = {other if "/" in other else f"{name}/{other}" for other in card.requires}
            assert wanted <= met, card.key
            met.add(f"{name}/{card.id}")


@each_deck
def test_a_lesson_can_be_read_in_a_few_minutes(name: str) -> None:
    assert 250 <= sum(words(lesson) for lesson in course()[name].lessons) <= 900


@each_deck
def test_lesson_prose_fits_a_narrow_screen(name: str) -> None:
    for lesson in course()[name].lessons:
        for line in prose(lesson.prose, WIDTH):
            assert cells(line.text) <= WIDTH, (lesson.title, line.text)


@each_deck
def test_a_lesson_has_enough_cards_and_not_too_many(name: str) -> None:
    """Exercises bound to its concepts come on top."""
    assert 12 <= len(flashcards(name)) <= 30


@each_deck
def test_a_lesson_asks_in_several_ways_and_mostly_for_production(name: str) -> None:
    kinds = Counter(card.kind for card in flashcards(name))

    assert len(kinds) >= 5
    assert max(kinds.values()) <= len(flashcards(name)) / 2
    assert 2 * sum(kinds[kind] for kind in PRODUCTION) >= len(flashcards(name))


@each_deck
def test_a_lesson_works_an_example_with_numbers_that_the_engine_gives(name: str) -> None:
    claims = [tex for lesson in course()[name].lessons for one in lesson.checks for tex in one.claims]

    assert any(re.search(r"(?:^|=)\s*-?\d", tex) for tex in claims)


def test_at_least_forty_concepts_go_beyond_the_sources() -> None:
    """What only cards with the tag `extension` are about."""
    beyond = {tag for card in cards() if "extension" in card.tags for tag in card.tags}
    basic = {tag for card in cards() if "extension" not in card.tags for tag in card.tags}

    assert len(beyond - basic - {"extension"}) >= 40


@each_deck
def test_a_lesson_begins_with_something_to_guess(name: str) -> None:
    assert any("pre" in card.tags for card in course()[name].cards)


@each_deck
def test_whoever_picks_an_option_or_a_known_wrong_answer_learns_why(name: str) -> None:
    silent = [
        (card.id, note.text)
        for card in course()[name].cards
        for note in (*card.options, *card.wrong_values, *card.wrong_words)
        if not note.feedback
    ]
    assert silent == []


@each_deck
def test_every_number_asked_for_has_a_known_wrong_value(name: str) -> None:
    asked = [card for card in course()[name].cards if card.kind is Kind.NUMERIC]

    assert [card.id for card in asked if not card.wrong_values] == []


@each_deck
def test_every_card_says_why_and_where_to_read_on(name: str) -> None:
    marked = [card for card in course()[name].cards if card.kind is not Kind.EXERCISE]

    assert [card.id for card in marked if not (card.explanation and card.sources)] == []


@each_deck
def test_no_mark_of_a_citation_is_left_in_the_text(name: str) -> None:
    assert [text for owner in owners(course()[name]) for text in shown(owner) if "[@" in text] == []


@each_deck
def test_a_front_asks_a_question(name: str) -> None:
    """Clozes have a gap, true/false cards a statement, cards with two faces a term."""
    plain = {Kind.BASIC, Kind.CHOICE, Kind.ALL_THAT_APPLY, Kind.NUMERIC, Kind.TYPED}
    asking = [card for card in course()[name].cards if card.kind in plain and not card.both]

    assert [card.id for card in asking if "?" not in card.front] == []


@each_deck
def test_true_and_false_are_in_balance(name: str) -> None:
    said = Counter(right_option(card) == 0 for card in course()[name].cards if card.kind is Kind.TRUE_FALSE)

    assert not said or min(said[True], said[False]) >= sum(said.values()) // 3


def test_the_right_option_gives_itself_away_neither_by_its_place_nor_by_its_length() -> None:
    choices = [card for card in cards() if card.kind is Kind.CHOICE]
    places = Counter(right_option(card) for card in choices)
    longest = [
        card
        for card in choices
        if max(card.options, key=lambda option: len(option.text)) is card.options[right_option(card)]
    ]

    assert max(places.values()) <= len(choices) * 0.4
    assert len(longest) <= len(choices) * 0.4


def right_option(card: Card) -> int:
    return next(at for at, option in enumerate(card.options) if option.right)


@each_deck
def test_the_right_number_is_marked_right_and_each_known_wrong_one_is_explained(name: str) -> None:
    for item in course()[name].items:
        question = ask(item)
        if question.numeric is None:
            continue
        assert check_text(question, question.numeric.text).credit == 1, item.key
        for wrong in item.card.wrong_values:
            marked = check_text(question, wrong.text)
            assert marked.credit < 1, (item.key, wrong.text)
            assert wrong.feedback in marked.feedback, (item.key, wrong.text, marked.reason)


@each_deck
def test_the_missing_words_of_a_cloze_and_the_words_of_a_typed_card_are_accepted(name: str) -> None:
    for item in course()[name].items:
        question = ask(item)
        for words in question.expected if item.card.kind is Kind.TYPED else ["; ".join(question.expected)]:
            if item.card.kind in (Kind.TYPED, Kind.CLOZE):
                assert check_text(question, words).credit == 1, (item.key, words)
        for words in question.others[0] if len(question.expected) == 1 and question.others else ():
            assert check_text(question, words).credit == 1, (item.key, words)


def test_no_question_is_asked_twice_in_the_course() -> None:
    fronts = Counter(" ".join(card.front.split()) for card in cards())

    assert [front for front, times in fronts.items() if times > 1] == []


@each_deck
def test_every_formula_can_be_set_in_a_line_and_by_itself_and_be_spoken(name: str) -> None:
    for owner in owners(course()[name]):
        for text in shown(owner):
            for formula in formulas(text):
                if "{{" not in formula.tex:
                    assert inline(formula.tex).strip(), formula.tex
                    assert display(formula.tex, WIDTH).lines, formula.tex
                    assert "\\" not in inline(formula.tex) + speak(formula.tex), formula.tex


@each_deck
def test_every_claim_holds_and_a_flipped_sign_breaks_it(name: str) -> None:
    for one, tex, statement in statements(course()[name]):
        found = judged(one, statement)
        left, right = sides(statement)

        assert found.ok, (tex, statement, found)
        if np.any(found.right):
            assert not judged(one, f"{left} = -({right})").ok, (tex, statement)


@each_deck
def test_what_is_printed_as_an_update_rule_or_a_derivative_is_proved(name: str) -> None:
    unproved = []
    for owner in owners(course()[name]):
        wrong = {formula.tex for text in wrong_options(owner) for formula in formulas(text)}
        claims = [squeezed(tex) for one in owner.checks for tex in one.claims]
        for text in shown(owner):
            for formula in formulas(text):
                tex = squeezed(formula.tex)
                if formula.tex in wrong | UNPROVED or not STATES_A_RULE.search(tex) or ONLY_NUMBERS.fullmatch(tex):
                    continue
                if "{{" in tex:
                    continue  # the gap of a cloze hides a part; the explanation says it whole
                if not any(claim in tex or tex in claim for claim in claims):
                    unproved.append((owner.id if isinstance(owner, Card) else owner.title, tex))
    assert unproved == []


def wrong_options(owner: Card | Lesson) -> list[str]:
    return [] if isinstance(owner, Lesson) else [option.text for option in owner.options if not option.right]


def squeezed(tex: str) -> str:
    return " ".join(tex.split())
