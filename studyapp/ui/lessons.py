"""Lessons: the table of contents, and how a lesson's standing is shown everywhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studyapp.storage.errors import StorageError
from studyapp.study import words
from studyapp.study.lessons import LessonRow, LessonState
from studyapp.typeset.bars import ratio
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

SIGNS = {
    LessonState.KNOWN: ("✓", cells.RIGHT),
    LessonState.LEARNING: ("◐", "$text-accent"),
    LessonState.READY: ("○", "$text-accent"),
    LessonState.LOCKED: ("·", cells.MUTED),
}
"""State of a lesson or concept → its sign and style; the word stands beside it."""
BAR = 8
WORD = max(map(len, SIGNS))
"""Cells of the column with the words."""


class LessonsScreen(StudyScreen):
    """The table of contents."""

    TITLE = "Lessons"
    ACTIONS = (
        Action("open", "", "Open", "Read the lesson under the cursor.", "read", "Enter"),
        Action("study", "space", "Study", "Review and learn the cards of this lesson.", "study"),
        Action("flashcards", "f", "Leaf through", "Leaf through its cards; nothing is scheduled.", "flashcards"),
        Action("map", "m", "Map", "Lessons and concepts, and what they need.", "map", call="go('map')"),
        Action("find", "slash", "Find a card", "Search all cards.", call="go('browse')", palette=False),
        Action("back", "escape", "Back", "Back to Today.", "today"),
    )

    def body(self) -> ComposeResult:
        """Title, lessons, a sentence about the one under the cursor."""
        yield Drawn(_contents_title, id="head")
        yield Rows(id="lessons")
        yield Notice(id="notice")

    def arrived(self, desk: Desk) -> None:
        """Open the lesson that was asked for on the command line."""
        if asked := self.study.start_decks:
            self.study.start_decks = None
            self.call_later(open_lesson, self, asked[0])

    def resumed(self, desk: Desk) -> None:
        """Draw every lesson as it stands now."""
        self._lessons = {row.deck: row for row in desk.lessons()}
        rows = self.query_one(Rows)
        first = next((row.deck for row in self._lessons.values() if row.state is not LessonState.KNOWN), None)
        rows.fill(
            [Row(row.deck, partial(lesson_line, row)) for row in self._lessons.values()], None if rows.rows else first
        )
        rows.focus()
        self._explain()

    def on_rows_moved(self, _message: Rows.Moved) -> None:
        """Another lesson."""
        self._explain()

    def _explain(self) -> None:
        notice, row = self.query_one(Notice), self.query_one(Rows).current
        if row is None:
            notice.say("There are no lessons yet. `studyapp deck add PATH` adds a deck.")
            return
        lesson = self._lessons[row.key]
        size = [words.plural(lesson.cards, "card")]
        size += [words.plural(lesson.exercises, "exercise")] if lesson.exercises else []
        size += [f"{lesson.due} due"] if lesson.due else []
        after = f" Best after {words_of(lesson.locked_by)}; you may read it all the same." if lesson.locked_by else ""
        notice.say(f"{cells.one_line(lesson.description)} {', '.join(size)}.{after}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is."""
        if action == "go":
            return self.study.has_mode(str(parameters[0]))
        if action in ("open", "study", "flashcards"):
            return self.study.desk is not None and not self.too_small and self.query_one(Rows).current is not None
        return super().check_action(action, parameters)

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Enter or a click."""
        if not self.too_small:
            open_lesson(self, message.key)

    def action_open(self) -> None:
        """Read."""
        self.query_one(Rows).action_choose()

    def action_study(self) -> None:
        """Study the lesson under the cursor."""
        if (row := self.query_one(Rows).current) is not None:
            self.study.start_review((row.key,))

    def action_flashcards(self) -> None:
        """Leaf through its cards."""
        if (row := self.query_one(Rows).current) is not None:
            leaf_through(self, row.key)

    def action_go(self, mode: str) -> None:
        """Open another screen."""
        self.study.open_mode(mode)


def _contents_title(width: int) -> Content:
    return Content.styled("Lessons", "bold").truncate(width)


def words_of(titles: tuple[str, ...]) -> str:
    """Titles as running text."""
    shown = [cells.one_line(title) for title in titles]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def known_bar(share: float, width: int = BAR) -> Content:
    """▰▰▱▱ for how much is known."""
    return cells.content(ratio(min(1.0, max(0.0, share)), width=width).lines)


def lesson_line(row: LessonRow, width: int) -> Content:
    """Number, sign and title; then how much is known or what comes first; the word in a column of its own."""
    sign, style = SIGNS[row.state]
    locked = row.state is LessonState.LOCKED
    left = Content.assemble(
        (f"{row.number:2} ", cells.MUTED),
        (f"{sign} ", style),
        (cells.one_line(row.title), cells.MUTED if locked else ""),
    )
    known = f"after {' and '.join(map(str, row.after))}" if locked else f" {100 * row.known:3.0f} %"
    word = Content.styled(f"{row.state:<{WORD}}", style)
    right = Content.assemble((f"{known}  ", cells.MUTED), word)
    if locked and left.cell_length + 2 + right.cell_length > width:  # the sentence below says what comes first, too
        right = word
    elif not locked and left.cell_length + 2 + BAR + right.cell_length <= width:
        right = Content.assemble(known_bar(row.known), right)
    return cells.spread(left, right, width)


def open_lesson(screen: StudyScreen, deck: str, page: int | None = None) -> bool:
    """Open the reader over `screen`, at a page or where the lesson was left. False when there is no such lesson."""
    from studyapp.ui.reader import ReaderScreen  # the reader stands on this module

    try:
        if screen.desk.lesson(deck) is None:
            return False
    except StorageError as error:
        screen.study.tell_trouble(str(error))
        return False
    screen.app.push_screen(ReaderScreen(deck, page))
    return True


def leaf_through(screen: StudyScreen, deck: str) -> None:
    """Leaf through the cards of a deck, over `screen`."""
    from studyapp.ui.flashcards import LeafScreen

    try:
        questions = screen.desk.flashcards((deck,))
    except StorageError as error:
        screen.study.tell_trouble(str(error))
        return
    if questions:
        screen.app.push_screen(LeafScreen(questions, screen.desk.deck_title(deck), seed=screen.desk.clock.now()))
