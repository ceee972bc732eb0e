"""Quiz: choose what is asked. Nothing is scheduled unless the answers are to count as reviews.

Sensible choices are made already, so that Enter starts.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from content.model import Kind
from studyapp.storage.errors import StorageError
from studyapp.study import words
from studyapp.study.lessons import LessonState
from studyapp.study.quiz import QUIZ_KINDS, Quiz
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.quiz_run import QuizRun
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

COUNTS = (5, 10, 20, 30, 50)
"""Numbers of questions to choose from."""
KIND_WORDS = {
    Kind.CHOICE: "Choices",
    Kind.TRUE_FALSE: "True or false",
    Kind.ALL_THAT_APPLY: "All that apply",
    Kind.TYPED: "Words to type",
    Kind.NUMERIC: "Numbers",
    Kind.CLOZE: "Gaps",
    Kind.BASIC: "Recall",
}
"""Kind → what the set-up page calls it."""


class Switches(Rows):
    """Rows that are switched on and off: Space or a click does it, Enter is left to the screen."""

    def on_click(self, event: events.Click) -> None:
        """Switch the row that was clicked."""
        event.stop()
        event.prevent_default()
        place = event.y + self.scroll_offset.y
        if 0 <= place < len(self.rows):
            self.focus()
            self.cursor = place
            if isinstance(self.screen, QuizScreen):
                self.screen.action_switch()


class QuizScreen(StudyScreen):
    """The set-up page."""

    TITLE = "Quiz"
    ACTIONS = (
        Action("begin", "", "Start", "Begin the quiz.", "start", "Enter"),
        Action("switch", "space", "Switch", "Switch what is under the cursor on or off, or change it.", "switch"),
        Action(
            "side",
            "tab,shift+tab,left,right",
            "Other column",
            "From the decks to the choices and back.",
            "column",
            "Tab",
        ),
        Action("go-on", "c", "Go on", "The questions that are left of the quiz you left.", "go on"),
        Action("number", "n", "Number", "How many questions.", "number"),
        Action("reviews", "r", "Count as reviews", "Whether each answer also counts as a review.", "reviews"),
        Action("every-deck", "a", "All decks", "Switch all decks on, or off."),
        Action("back", "escape", "Back", "Back to Today.", "today"),
    )

    count = 10
    """How many questions."""
    as_reviews = False
    """Whether the answers count as reviews."""
    decks: frozenset[str] = frozenset()
    """The decks that are asked."""
    kinds: frozenset[Kind] = frozenset(QUIZ_KINDS)
    """The kinds that are asked."""
    _left: Quiz | None = None
    """What is left of a quiz that was left half-way."""
    _run: QuizRun | None = None
    """The quiz that lies over this screen."""
    _seed: int | None = None
    """The seed that the next quiz was asked to have."""

    def body(self) -> ComposeResult:
        """Decks at the left, choices at the right, what it comes to below."""
        yield Drawn(_title, id="head")
        with Horizontal(id="sides"):
            yield Switches(id="decks")
            yield Switches(id="choices")
        yield Notice(id="notice")

    def arrived(self, desk: Desk) -> None:
        """Choose what the command line named, or what has been begun, or else the first lesson that is open.

        With options from the command line the quiz begins at once, drawn from all decks where none was named.
        """
        asked, self.study.start_decks = self.study.start_decks, None
        rows = desk.lessons()
        begun = [row.deck for row in rows if row.state in (LessonState.LEARNING, LessonState.KNOWN)]
        ready = [row.deck for row in rows if row.state is LessonState.READY]
        self.decks = frozenset(asked or begun or ready[:1] or [row.deck for row in rows])
        if options := self.study.asked_for():
            self.count, self.as_reviews = options["count"], options["as_reviews"]
            self.kinds, self._seed = frozenset(options["kinds"]), options["seed"]
            if asked is None:
                self.decks = frozenset(row.deck for row in rows)
            self.call_later(self.action_begin)

    def resumed(self, desk: Desk) -> None:
        """Draw everything; a quiz that was left half-way can be gone on with."""
        if self._run is not None:
            self._left, self._run = self._run.unfinished, None
        self.fill()
        if self.focused is None:
            self.query_one("#decks", Switches).focus()

    # drawing

    def fill(self) -> None:
        """Draw both columns and the sentence."""
        by_deck = self.desk.library.kinds()
        decks = self.desk.library.decks()
        column = self.query_one("#decks", Switches)
        chosen = next((deck.id for deck in decks if deck.id in self.decks), None)
        column.fill(
            (
                Row(deck.id, partial(_switch, deck.title, deck.id in self.decks, self._cards(by_deck.get(deck.id, {}))))
                for deck in decks
            ),
            None if column.rows else chosen,
        )
        kinds = {
            kind: sum(count.get(kind, 0) for deck, count in by_deck.items() if deck in self.decks)
            for kind in QUIZ_KINDS
        }
        self.query_one("#choices", Switches).fill(
            [
                Row("count", partial(_choice, "Questions", str(self.count))),
                Row("reviews", partial(_choice, "Count as reviews", "yes" if self.as_reviews else "no")),
                *(
                    Row(kind, partial(_switch, KIND_WORDS[kind], kind in self.kinds, kinds[kind]))
                    for kind in QUIZ_KINDS
                ),
            ]
        )
        self._say(sum(kinds[kind] for kind in self.kinds))

    def _cards(self, count: dict[str, int]) -> int:
        return sum(count.get(kind, 0) for kind in self.kinds)

    def _say(self, there: int) -> None:
        notice = self.query_one("#notice", Notice)
        if not self.desk.library.decks():
            notice.say("There are no decks yet. `studyapp deck add PATH` adds one.")
        elif not there:
            notice.warn("There are no questions of these kinds in these decks: switch on another deck or kind.")
        else:
            counted = "each answer counts as a review" if self.as_reviews else "nothing is scheduled"
            sure = "; you are asked how sure you are" if self.desk.settings.ask_confidence else ""
            left = f" c goes on with the {len(self._left.questions)} left of the last quiz." if self._left else ""
            notice.say(f"{min(self.count, there)} of {words.plural(there, 'question')}; {counted}{sure}.{left}")

    # acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing before the desk is open."""
        if action in ("begin", "switch", "side", "number", "reviews", "every_deck"):
            return self.study.desk is not None and not self.too_small
        if action == "go_on":
            return self._left is not None and not self.too_small
        return super().check_action(action, parameters)

    def on_rows_chosen(self, _message: Rows.Chosen) -> None:
        """Enter."""
        self.action_begin()

    def action_begin(self) -> None:
        """Draw the questions and ask the first."""
        if self.too_small:
            return
        seed, self._seed = self.desk.clock.now() if self._seed is None else self._seed, None
        try:
            quiz = self.desk.quiz(sorted(self.decks), self.count, self.kinds, seed=seed, as_reviews=self.as_reviews)
        except StorageError as error:
            self.query_one(Notice).warn(str(error))
            return
        if quiz.questions:
            self._ask(quiz, "Quiz")

    def _ask(self, quiz: Quiz, label: str) -> None:
        self._left, self._run = None, QuizRun(quiz, record=True, label=label)
        self.app.push_screen(self._run)

    def action_go_on(self) -> None:
        """The questions that were not answered; they have a score of their own."""
        if self._left is not None:
            self._ask(self._left, "The rest")

    def action_switch(self) -> None:
        """Switch or change what is under the cursor."""
        column = self.query_one("#choices" if self.focused is self.query_one("#choices") else "#decks", Switches)
        row = column.current
        if row is None:
            return
        if row.key == "count":
            self.action_number()
        elif row.key == "reviews":
            self.action_reviews()
        elif column.id == "decks":
            self.decks ^= {row.key}
            self.fill()
        else:
            self.kinds ^= {Kind(row.key)}
            self.fill()

    def action_side(self) -> None:
        """To the other column."""
        decks, choices = self.query_one("#decks", Switches), self.query_one("#choices", Switches)
        (decks if choices.has_focus else choices).focus()

    def action_number(self) -> None:
        """The next number of questions."""
        self.count = next((count for count in COUNTS if count > self.count), COUNTS[0])
        self.fill()

    def action_reviews(self) -> None:
        """Whether the answers count as reviews."""
        self.as_reviews = not self.as_reviews
        self.fill()

    def action_every_deck(self) -> None:
        """All decks, or none."""
        every = frozenset(deck.id for deck in self.desk.library.decks())
        self.decks = frozenset() if self.decks == every else every
        self.fill()


def _title(width: int) -> Content:
    return cells.spread(Content.styled("Quiz", "bold"), "", width)


def _switch(name: str, on: bool, count: int, width: int) -> Content:
    sign = ("■ ", "$text-accent") if on else ("□ ", cells.MUTED)
    title = Content.assemble(sign, (cells.one_line(name), "" if on else cells.MUTED))
    return cells.spread(title, Content.styled(str(count), cells.MUTED), width)


def _choice(name: str, value: str, width: int) -> Content:
    return cells.spread(Content(name), Content.styled(value, "$text-accent"), width)
