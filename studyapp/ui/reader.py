"""The reader: a lesson, one page at a time, with what belongs to the page before and below it.

Only the page in front is typeset, so a long lesson opens as fast as a short one; where each lesson was left is
remembered while the program runs. Reading changes nothing; Space studies the cards.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from content.model import Card, Kind
from studyapp.storage.errors import StorageError
from studyapp.study import words
from studyapp.study.asking import ask
from studyapp.study.labs import labs_of
from studyapp.study.lessons import LessonView
from studyapp.study.quiz import Quiz
from studyapp.typeset.prose import prose as set_prose
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, Page, StudyScreen
from studyapp.ui.lessons import known_bar
from studyapp.ui.page_lines import WIDE_FIGURE, Tried, before, cited, heading, next_place, offer, shifted, too_wide
from studyapp.ui.pick import PickScreen
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.field import Field

if TYPE_CHECKING:
    from studyapp.study.desk import Desk


class ReaderScreen(StudyScreen):
    """A lesson, one page at a time."""

    TITLE = "Lesson"
    ACTIONS = (
        Action("turn-on", "right,l", "Next page", "The next page; after the last, the next lesson.", "page", "← →",
               call="turn(1)"),
        Action("turn-back", "left,h", "Previous page", "The page before, or the lesson before.", call="turn(-1)"),
        Action("study", "space", "Study", "Review and learn the cards of this page.", "study"),
        Action("try-first", "p", "Try first", "A few questions before you read; ungraded.", "try first"),
        Action("exercise", "x", "Exercise", "Work the exercises.", "exercise"),
        Action("lab", "enter,e", "Lab", "Predict what training does, watch it, compare.", "lab", "Enter"),
        Action("flashcards", "f", "Leaf through", "Leaf through the cards of this page.", "flashcards"),
        Action("contents", "t", "Contents", "All lessons.", "contents"),
        Action("map", "m", "Map", "Lessons and concepts, and what they need.", "map"),
        Action("search", "slash", "Search", "Find words in this lesson.", "search"),
        Action("search-on", "n", "Find next", "The next place with these words.", palette=False),
        Action("shift", "w", "Wide figures", "The right part of figures that are wider than the window.", "figures"),
        Action("home", "home,g", "Top", "The top of the page.", palette=False, call="edge(False)"),
        Action("end", "end,G", "Bottom", "The bottom of the page.", palette=False, call="edge(True)"),
        Action("back", "escape", "Back", "Close the lesson; the page is remembered.", "back"),
    )  # fmt: skip

    def __init__(self, deck: str, page: int | None = None) -> None:
        """Read `deck` at a page counted from 0, or where it was left."""
        super().__init__()
        self.deck, self._wanted_page = deck, page
        self.at = 0
        """The page in front, counted from 0."""
        self.view: LessonView | None = None
        """The lesson."""
        self._tried: dict[tuple[str, int], Tried] = {}
        self._found = ""
        self._shifted = False
        """Whether wide figures show their right part."""

    def body(self) -> ComposeResult:
        """Where we are, the page, what belongs to it."""
        yield Drawn(id="where")
        with Page(id="page"):
            yield Drawn(id="before", classes="part")
            yield Drawn(id="heading", classes="part")
            yield Drawn(id="prose", classes="part")
            yield Drawn(id="after")
        yield Field(id="field")
        yield Notice(id="notice")

    def arrived(self, desk: Desk) -> None:
        """Nothing is searched yet; lines that can be clicked keep the colours they are drawn in."""
        for lines in ("#before", "#after"):
            self.query_one(lines, Drawn).auto_links = False
        self.query_one(Field).display = False

    def resumed(self, desk: Desk) -> None:
        """Show the page, with what has been learned meanwhile."""
        view = desk.lesson(self.deck)
        if view is None:
            self.leave()
            return
        first, self.view = self.view is None, view
        if first:
            self.at = self.study.pages_read.get(self.deck, 0) if self._wanted_page is None else self._wanted_page
        self.show_page(keep=not first)

    # drawing

    def show_page(self, *, keep: bool = False) -> None:
        """Draw the page in front; `keep` leaves the scrolling where it is."""
        view = self.view
        if view is None:
            return
        last = max(0, len(view.pages) - 1)
        self.at = max(0, min(self.at, last))
        self.study.pages_read[self.deck] = self.at
        row, at = view.row, self.at
        count = f"page {at + 1} of {last + 1}" if last else ""
        name = Content.assemble((f"{row.number} ", cells.MUTED), (cells.one_line(row.title), "bold"))
        self.query_one("#where", Drawn).show(
            lambda width: cells.spread(
                name, Content.assemble(known_bar(row.known, 6), (f"  {count}", cells.MUTED)), width
            )
        )
        page = view.pages[at] if view.pages else None
        self.query_one("#before", Drawn).show(self._draw_before if page is not None and (page.pre or not at) else "")
        title = page.title if page is not None and cells.one_line(page.title) != cells.one_line(row.title) else ""
        self.query_one("#heading", Drawn).show(partial(heading, title) if title else "")
        self.query_one("#prose", Drawn).show(self._draw_prose if page is not None and page.prose.strip() else "")
        self.query_one("#after", Drawn).show(self._draw_after)
        if not keep:
            self._shifted = False
            self.page.scroll_home(animate=False)
        self.refresh_bindings()
        self.call_after_refresh(self._tell)

    def _draw_prose(self, width: int) -> Content:
        assert self.view is not None
        lines = set_prose(self.view.pages[self.at].prose, max(1, width))
        drawn = cells.content(shifted(lines, too_wide(lines, width)) if self._shifted else lines)
        if self._found:
            drawn = drawn.highlight_regex(re.compile(re.escape(self._found), re.IGNORECASE), style="reverse")
        return drawn

    def _draw_before(self, width: int) -> Content:
        assert self.view is not None
        first = () if self.at else self.view.row.locked_by
        return before(first, len(self._pre), self._tried.get((self.deck, self.at)), width)

    def _draw_after(self, width: int) -> Content:
        assert self.view is not None
        view = self.view
        page = view.pages[self.at] if view.pages else None
        cards = [card for card in page.cards if card.kind is not Kind.EXERCISE] if page else []
        lines = []
        if cards or view.row.cards:
            here = f"{words.plural(len(cards), 'card')} on this page" if cards else ""
            waiting = ", ".join(f"{n} {word}" for n, word in ((view.row.due, "due"), (view.row.new, "new")) if n)
            whole = f"{waiting} in the lesson" if waiting else ""
            what = " · ".join(filter(None, (here, whole))) or "All cards"
            lines.append(offer(what, "study", "Space", "study", width))
        if self._exercises:
            what = f"{words.plural(self._exercises, 'exercise')} on this page"
            if self.study.has_mode("exercise"):
                lines.append(offer(what, "work", "x", "exercise", width))
            else:
                lines.append(Content.styled(f"  {what}", cells.MUTED))
        if self.at + 1 >= len(view.pages):
            lines += [offer(f"Lab: {lab.title}", "lab", "Enter", "lab", width) for lab in labs_of(self.deck)]
        if self.at + 1 < len(view.pages):
            following = cells.one_line(view.pages[self.at + 1].title)
            lines.append(offer(following, "next page", "→", "turn(1)", width))
        elif view.next:
            lines.append(offer(cells.one_line(self.desk.deck_title(view.next)), "next lesson", "→", "turn(1)", width))
        if self.at + 1 >= len(view.pages) and view.sources:
            lines.append(Content(""))
            lines += [line for source in view.sources.values() for line in cited(source, width)]
        return Content("\n").join(lines)

    @property
    def _pre(self) -> tuple[Card, ...]:
        return self.view.pages[self.at].pre if self.view is not None and self.view.pages else ()

    @property
    def _exercises(self) -> int:
        if self.view is None or not self.view.pages:
            return 0
        return sum(card.kind is Kind.EXERCISE for card in self.view.pages[self.at].cards)

    # acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is on this page."""
        if self.study.desk is None or self.view is None or self.too_small:
            return action in ("back", "help", "scroll_page")
        row = self.view.row
        possible = {
            "study": bool(row.cards or row.exercises),
            "try_first": bool(self._pre) and (self.deck, self.at) not in self._tried,
            "exercise": bool(self._exercises) and self.study.has_mode("exercise"),
            "lab": bool(labs_of(self.deck)),
            "flashcards": bool(self.view.pages and self.view.pages[self.at].cards),
            "map": self.study.has_mode("map"),
            "search_on": bool(self._found),
            "shift": self._too_wide > 0,
        }
        return possible.get(action, True)

    def action_turn(self, by: int) -> None:
        """Another page, or the lesson beside."""
        view = self.view
        if view is None:
            return
        if 0 <= self.at + by < len(view.pages):
            self.at += by
            self.show_page()
        elif other := (view.next if by > 0 else view.previous):
            self._go_to(other, 0 if by > 0 else 10_000)

    def _go_to(self, deck: str, page: int) -> None:
        try:
            view = self.desk.lesson(deck)
        except StorageError as error:
            self.query_one(Notice).warn(str(error))
            return
        if view is not None:
            self.deck, self.view, self.at = deck, view, page
            self.show_page()

    @property
    def _too_wide(self) -> int:
        """Cells by which a figure of this page is wider than the window."""
        width = self.query_one("#prose", Drawn).content_size.width
        if self.view is None or not self.view.pages or width < 1:
            return 0
        return too_wide(set_prose(self.view.pages[self.at].prose, width), width)

    def on_resize(self) -> None:
        """Figures may fit now, or no longer."""
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        """Say how the rest of a wide figure is seen; a search has the place for itself."""
        if not self._found:
            self.query_one(Notice).say(WIDE_FIGURE if self._too_wide else "")
        self.offer_keys()

    def action_shift(self) -> None:
        """The right part of wide figures, or the left one again."""
        self._shifted = not self._shifted
        self.show_page(keep=True)

    def action_edge(self, bottom: bool) -> None:
        """Top or bottom of the page."""
        if bottom:
            self.page.scroll_end(animate=False)
        else:
            self.page.scroll_home(animate=False)

    def action_study(self) -> None:
        """Study the cards of this page; those of the whole lesson where the page has nothing to ask now."""
        keys = self.view.pages[self.at].items if self.view is not None and self.view.pages else ()
        plan = self.desk.plan(only=keys) if keys else None
        here = keys if plan is not None and (plan.main or plan.learning) else None
        self.study.start_review((self.deck,), only=here)

    def action_try_first(self) -> None:
        """Ask the questions before the page; whatever comes of it is not graded."""
        from studyapp.ui.quiz_run import QuizRun

        view, place = self.view, (self.deck, self.at)
        if view is None:
            return
        seed = self.desk.clock.now()
        questions = [ask(item, seed) for card in view.pages[self.at].pre for item in card.items[:1]]
        quiz = Quiz(questions)
        told = "This was to wake your curiosity: nothing is graded. Now read."

        def done(_nothing: object) -> None:
            if quiz.answers:
                score = quiz.score()
                self._tried[place] = Tried(score.right, len(questions))
                self.show_page(keep=True)

        self.app.push_screen(QuizRun(quiz, record=False, label="Before you read", told=told), done)

    def action_exercise(self) -> None:
        """Work the exercise of this page, or choose among several."""
        if self.view is None:
            return
        there = [card for card in self.view.pages[self.at].cards if card.exercise is not None]
        if len(there) == 1:
            self._work(there[0])
        elif there:
            self.app.push_screen(PickScreen(there, self._work))

    def _work(self, card: Card) -> None:
        from studyapp.ui.exercise_sitting import SittingScreen

        desk, item, reference = self.desk, card.items[0], card.exercise
        if reference is not None:
            opener = partial(desk.practice, reference.template, item=item, level=reference.level)
            self.app.push_screen(SittingScreen(opener, reference.template))

    def action_flashcards(self) -> None:
        """Leaf through the cards of this page."""
        from studyapp.ui.flashcards import LeafScreen

        if self.view is None:
            return
        page = self.view.pages[self.at]
        items = [item for card in page.cards if card.kind is not Kind.EXERCISE for item in card.items]
        if items:
            questions = [ask(item, shuffle=False) for item in items]
            self.app.push_screen(LeafScreen(questions, page.title, seed=self.desk.clock.now()))

    def action_contents(self) -> None:
        """To the table of contents."""
        self._leave_for("lessons")

    def action_lab(self) -> None:
        """Open the lesson's lab; the lesson waits below it."""
        from studyapp.ui.labs import open_lab  # only for who runs it

        for lab in labs_of(self.deck)[:1]:
            open_lab(self, lab.id)

    def action_map(self) -> None:
        """To the map."""
        self._leave_for("map")

    def _leave_for(self, mode: str) -> None:
        self.leave()
        if self.app.current_mode != mode:
            self.study.open_mode(mode)

    # searching

    def action_search(self) -> None:
        """Open the field."""
        field = self.query_one(Field)
        field.ask("words in this lesson")
        field.value = self._found
        field.focus()
        self.offer_keys()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Look for what was typed, from this page on."""
        message.stop()
        self._found = message.value.strip()
        self._close_field()
        if self._found:
            self._find(first=True)
        else:
            self.query_one(Notice).say()
            self.show_page(keep=True)

    def action_search_on(self) -> None:
        """The next place."""
        self._find(first=False)

    def _find(self, *, first: bool) -> None:
        """Go to the first or next line with the words; the search runs on into the other pages and round."""
        assert self.view is not None
        width = max(1, self.query_one("#prose", Drawn).content_size.width or self.page.size.width - 2)
        begin = -1 if first else self._line_found
        place = next_place(self.view.pages, self._found, (self.at, begin), width)
        if place is not None:
            self.at, self._line_found = place
        self.show_page(keep=True)
        if place is None:
            told = f"“{self._found}” does not stand in this lesson; / on the contents searches cards."
            self.query_one(Notice).warn(told)
        else:
            self.query_one(Notice).say(f"“{self._found}” · n finds the next place")
            self.call_after_refresh(self._scroll_to_line, self._line_found)

    _line_found = -1

    def _scroll_to_line(self, line: int) -> None:
        prose = self.query_one("#prose", Drawn)
        self.page.scroll_to(y=max(0, prose.virtual_region.y + line - 3), animate=False)

    def _close_field(self) -> None:
        self.query_one(Field).display = False
        self.set_focus(None)
        self.offer_keys()

    def action_back(self) -> None:
        """Close the field, end the search, or close the lesson."""
        if self.query_one(Field).display:
            self._close_field()
        elif self._found:
            self._found = ""
            self.query_one(Notice).say()
            self.show_page(keep=True)
        else:
            self.leave()
