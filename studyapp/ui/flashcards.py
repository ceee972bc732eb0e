"""Flashcards: leaf through a deck, in order or shuffled. Nothing is asked, nothing is scheduled, nothing is written."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from content.model import Kind
from studyapp.storage.errors import StorageError
from studyapp.study import words
from studyapp.study.asking import Question
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.question_screen import QuestionScreen
from studyapp.ui.widgets.bar import SessionBar
from studyapp.ui.widgets.choices import Choices
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.question import QuestionView, sources
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.desk import Desk


class FlashcardsScreen(StudyScreen):
    """Which deck to leaf through."""

    TITLE = "Flashcards"
    ACTIONS = (
        Action("leaf", "", "Open", "Leaf through the deck under the cursor.", "open", "Enter"),
        Action("shuffled", "s", "Shuffled", "Leaf through it in a random order.", "shuffled"),
        Action("back", "escape", "Back", "Back to Today.", "today"),
    )

    def body(self) -> ComposeResult:
        """The decks."""
        yield Drawn(_title, id="head")
        yield Rows(id="decks")
        yield Notice(id="notice")

    def arrived(self, desk: Desk) -> None:
        """Open the decks that were named on the command line."""
        if asked := self.study.start_decks:
            self.study.start_decks = None
            self.call_later(self._open, asked, shuffled=self.study.asked_for().get("shuffled", False))

    def resumed(self, desk: Desk) -> None:
        """Draw the decks with the cards that can be leafed through."""
        kinds = desk.library.kinds()
        rows = self.query_one(Rows)
        counts = {deck.id: _cards(kinds.get(deck.id, {})) for deck in desk.library.decks()}
        rows.fill(Row(deck.id, partial(_deck_line, deck.title, counts[deck.id])) for deck in desk.library.decks())
        rows.focus()
        self.query_one(Notice).say(
            "Nothing is scheduled here: leaf, turn, look."
            if counts
            else "There are no decks yet. `studyapp deck add PATH` adds one."
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing before the desk is open."""
        if action in ("leaf", "shuffled"):
            return self.study.desk is not None and not self.too_small and self.query_one(Rows).current is not None
        return super().check_action(action, parameters)

    def on_rows_chosen(self, _message: Rows.Chosen) -> None:
        """Enter or a click."""
        self.action_leaf()

    def action_leaf(self, shuffled: bool = False) -> None:
        """Open the deck under the cursor."""
        row = self.query_one(Rows).current
        if row is None or self.too_small:
            return
        self._open((row.key,), shuffled=shuffled)

    def _open(self, decks: tuple[str, ...], *, shuffled: bool = False) -> None:
        try:
            questions = self.desk.flashcards(decks)
        except StorageError as error:
            self.study.tell_trouble(str(error))
            return
        if questions:
            title = ", ".join(self.desk.deck_title(deck) for deck in decks)
            self.app.push_screen(LeafScreen(questions, title, seed=self.desk.clock.now(), shuffled=shuffled))
        else:
            self.query_one(Notice).warn("This deck has no cards to leaf through.")

    def action_shuffled(self) -> None:
        """Open it in a random order."""
        self.action_leaf(shuffled=True)


def _title(width: int) -> Content:
    return Content.styled("Flashcards", "bold").truncate(width)


def _cards(kinds: dict[str, int]) -> int:
    return sum(count for kind, count in kinds.items() if kind != Kind.EXERCISE)


def _deck_line(title: str, cards: int, width: int) -> Content:
    return cells.spread(cells.one_line(title), Content.styled(words.plural(cards, "card"), cells.MUTED), width)


class LeafScreen(QuestionScreen):
    """One card after another; Space turns it over."""

    TITLE = "Flashcards"
    ACTIONS = (
        Action("turn", "space,enter", "Turn over", "The answer; once more and the next card comes.", "turn", "Space"),
        Action("leaf-on", "right,n", "Next", "The next card.", "leaf", "← →", call="leaf(1)"),
        Action("leaf-back", "left,p", "Previous", "The card before.", call="leaf(-1)"),
        Action("shuffle", "s", "Shuffle", "Mix the cards, or put them in order again.", "shuffle"),
        Action("first", "home,g", "First", "The first card.", call="go_to(0)"),
        Action("last", "end,G", "Last", "The last card.", call="go_to(-1)"),
        Action("back", "escape,q", "Back", "Back to where you were.", "back", "Esc"),
    )

    def __init__(self, questions: Sequence[Question], title: str, *, seed: int, shuffled: bool = False) -> None:
        """Leaf through `questions`, at least one; `seed` mixes them."""
        super().__init__()
        self._questions, self._deck_title, self._seed = tuple(questions), title, seed
        self._order = list(range(len(self._questions)))
        self._at = 0
        self._turned = self._shuffled = False
        if shuffled:
            self._mix()

    def body(self) -> ComposeResult:
        """Position, deck, card."""
        yield SessionBar(id="bar")
        yield Drawn(id="where")
        yield QuestionView()
        yield Drawn(id="do")

    def arrived(self, desk: Desk) -> None:
        """The first card."""
        self.show_card()

    def show_card(self) -> None:
        """The front of the present card."""
        question = self._questions[self._order[self._at]]
        self._turned = False
        self.query_one("#bar", SessionBar).set_to(self._at, len(self._order))
        title, order = cells.one_line(self._deck_title), "shuffled" if self._shuffled else "in order"
        self.query_one("#where", Drawn).show(
            lambda width: cells.spread(Content.styled(title, cells.MUTED), Content.styled(order, cells.MUTED), width)
        )
        self.view.ask(question, answerable=False)
        self.set_focus(None)
        self.page.scroll_home(animate=False)
        self.query_one("#do", Drawn).show(Content.assemble(("Space", cells.ACCENT), "  turn over"))
        self.renew()

    def action_turn(self) -> None:
        """The other side; from there on."""
        view = self.view
        if self._turned:
            self.action_leaf(1)
            return
        self._turned = True
        view.answer(sources=sources(self.desk, view.question))
        self.renew()
        self.query_one("#do", Drawn).show(
            Content.assemble(("Space", cells.ACCENT), "  next card")
            if self._at + 1 < len(self._order)
            else Content.styled("That was the last card.", cells.MUTED)
        )

    def action_leaf(self, by: int) -> None:
        """To another card; nothing happens at the ends."""
        self.action_go_to(max(0, min(self._at + by, len(self._order) - 1)))

    def action_go_to(self, place: int) -> None:
        """To the card at a place, counted from 0; -1 is the last."""
        place %= len(self._order)
        if place != self._at:
            self._at = place
            self.show_card()

    def action_shuffle(self) -> None:
        """Mix, beginning anew; or back into order, at the present card."""
        if self._shuffled:
            self._at, self._shuffled = self._order[self._at], False
            self._order.sort()
        else:
            self._mix()
        self.show_card()

    def _mix(self) -> None:
        self._seed += 1
        random.Random(self._seed).shuffle(self._order)  # noqa: S311  cards, not secrets
        self._at, self._shuffled = 0, True

    def on_choices_picked(self, message: Choices.Picked) -> None:
        """Options are only looked at here: a click on one turns the card."""
        message.stop()
        if not self._turned:
            self.action_turn()

    def action_back(self) -> None:
        """To where it was opened."""
        self.leave()
