"""Exercises: which there are, at which level, what is due or was begun. Enter works the one under the cursor.

Those of the decks come first, in the decks' order; below them those that no deck schedules, for practice.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from studyapp.storage.errors import StorageError
from studyapp.study import words, working
from studyapp.study.levels import MEANINGS
from studyapp.ui import cells
from studyapp.ui.actions import SCROLL, Action
from studyapp.ui.base import Notice, Overlay, Page, StudyScreen
from studyapp.ui.exercise_sitting import SittingScreen
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.keys import Keys
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from studyapp.study.desk import Desk
    from studyapp.study.exercises import ExerciseRow, Practice

HEADING = "-"
"""Beginning of the key of a row that is a heading."""


class Listed(Rows):
    """Rows with headings among them, which the cursor passes over."""

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row that can be chosen: the next one in the direction of the move."""
        place = super().validate_cursor(cursor)
        step = 1 if place >= self.cursor else -1
        for direction in (step, -step):
            at = place
            while 0 <= at < len(self.rows) and self.rows[at].key.startswith(HEADING):
                at += direction
            if 0 <= at < len(self.rows):
                return at
        return place


class ExerciseScreen(StudyScreen):
    """The list of exercises."""

    TITLE = "Exercises"
    ACTIONS = (
        Action("open", "", "Work", "Work the exercise, or go on where it was left.", "work", "Enter"),
        Action("level", "l", "Level", "Choose how much is given, from 0 to 5.", "level"),
        Action("fresh", "n", "Other numbers", "Begin with other numbers, even where one was begun.", "other numbers"),
        Action("back", "escape", "Back", "Back to Today.", "today"),
    )

    def body(self) -> ComposeResult:
        """Title, exercises, a sentence about the one under the cursor."""
        yield Drawn(_title, id="head")
        yield Listed(id="exercises")
        yield Notice(id="notice")

    _rows: dict[str, ExerciseRow]
    _sitting: SittingScreen | None = None

    def arrived(self, desk: Desk) -> None:
        """Go straight to the exercise that the command line named."""
        self._rows = {}
        if asked := self.study.asked_for():
            name = asked.pop("name")
            self._work(lambda: desk.practice(name, **asked), name)

    def resumed(self, desk: Desk) -> None:
        """Look the exercises up; every template is read, so in a thread."""
        del desk
        if not self._rows:
            self.query_one(Notice).say("Reading the exercises …")
        self.look_up()

    @work(thread=True, exit_on_error=False, exclusive=True, group="exercises", description="Reading the exercises")
    def look_up(self) -> None:
        """Read every template, and where the person stands with it."""
        try:
            rows = self.desk.exercises()
        except (StorageError, OSError) as error:
            self.app.call_from_thread(self.study.tell_trouble, str(error))
            return
        self.app.call_from_thread(self._found, rows)

    def _found(self, rows: tuple[ExerciseRow, ...]) -> None:
        if not self.is_mounted:
            return
        self._rows = {f"{row.item}|{row.path}": row for row in rows}
        bound = {key: row for key, row in self._rows.items() if row.item}
        free = {key: row for key, row in self._rows.items() if not row.item}
        drawn = [Row(key, partial(_line, row)) for key, row in bound.items()]
        if bound and free:
            drawn += [Row(f"{HEADING}0", lambda _width: Content("")), Row(f"{HEADING}1", _free_title)]
        drawn += [Row(key, partial(_line, row)) for key, row in free.items()]
        listed = self.query_one(Listed)
        first = next((key for key, row in bound.items() if row.begun or row.due), None)
        if self._sitting is not None:  # the one that was worked before the list was there
            name = self._sitting.template_name
            first = next((key for key, row in self._rows.items() if name in (row.template, str(row.path))), first)
        listed.fill(drawn, None if listed.rows else first)
        listed.focus()
        self._explain()
        self.offer_keys()

    @property
    def chosen(self) -> ExerciseRow | None:
        """The exercise under the cursor."""
        row = self.query_one(Listed).current
        return self._rows.get(row.key) if row is not None else None

    def on_rows_moved(self, _message: Rows.Moved) -> None:
        """Another exercise."""
        self._sitting = None
        self._explain()

    def _explain(self) -> None:
        notice, row = self.query_one(Notice), self.chosen
        if self._sitting is not None and self._sitting.left_half_way:
            notice.say("Kept: Enter goes on at the same step.")
        elif row is None:
            notice.say(
                "There are no exercises. A deck with an `exercise` block, or `studyapp exercise FILE.toml`, has one."
            )
        else:
            deck = f" {self.desk.deck_title(row.deck)}." if row.deck else ""
            sat = f" {words.plural(row.sittings, 'sitting')} so far." if row.sittings else ""
            mastery = f" {row.mastery}" if row.mastery else ""
            notice.say(
                f"{cells.one_line(row.description)}{deck} Level {row.level}: {MEANINGS[row.level]}.{sat}{mastery}"
            )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing before the list is there."""
        if action in ("open", "level", "fresh"):
            return self.study.desk is not None and not self.too_small and self.chosen is not None
        return super().check_action(action, parameters)

    def on_rows_chosen(self, _message: Rows.Chosen) -> None:
        """Enter or a click."""
        self.action_open()

    def action_open(self) -> None:
        """Work it, or go on."""
        if (row := self.chosen) is not None and not self.too_small:
            desk = self.desk
            self._work(lambda: working.opened(desk, row), str(row.path))

    def action_fresh(self) -> None:
        """Other numbers at the same level."""
        if (row := self.chosen) is not None:
            desk = self.desk
            self._work(lambda: working.opened(desk, row, fresh=True), str(row.path))

    def action_level(self) -> None:
        """Choose the level, then work at it."""
        if (row := self.chosen) is not None:
            desk, path = self.desk, str(row.path)
            self.app.push_screen(
                LevelScreen(row.level, lambda level: self._work(lambda: working.opened(desk, row, level=level), path))
            )

    def _work(self, opener: Callable[[], Practice], name: str) -> None:
        self._sitting = SittingScreen(opener, name)
        self.app.push_screen(self._sitting)


class LevelScreen(Overlay):
    """How much of the worked example is given: a digit, or the arrows and Enter."""

    ACTIONS = (
        Action("choose", "", "Choose", "Work at this level.", "choose", "Enter"),
        Action("digits", "", "Choose", "Work at this level.", "choose", "0–5"),
        *(
            Action(f"level-{level}", str(level), str(level), MEANINGS[level], call=f"take({level})")
            for level in range(6)
        ),
        Action("close", "escape,q", "Close", "Back to the list.", "close", "Esc"),
        *SCROLL,
    )

    def __init__(self, level: int, chosen: Callable[[int], None]) -> None:
        """`level` is the present one; `chosen` is called with another."""
        super().__init__()
        self._level, self._chosen = level, chosen

    def compose(self) -> ComposeResult:
        """The six levels in words."""
        with Vertical(id="column"):
            with Page(id="page"):
                yield Drawn(lambda _width: Content.assemble(("How much is given?", "bold"), "\n"))
                yield Rows(id="levels")
            yield Keys(id="keys")

    def on_mount(self) -> None:
        """The cursor on the present level."""
        rows = self.query_one(Rows)
        rows.fill(
            [Row(str(n), partial(_level_line, n, meaning)) for n, meaning in enumerate(MEANINGS)], str(self._level)
        )
        rows.focus()

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Enter or a click."""
        self.action_take(int(message.key))

    def action_take(self, level: int) -> None:
        """Work at this level."""
        self.dismiss()
        self._chosen(level)


def _title(width: int) -> Content:
    return Content.styled("Exercises", "bold").truncate(width)


def _free_title(_width: int) -> Content:
    return Content.styled("For practice: no deck schedules these", cells.MUTED)


def _level_line(number: int, meaning: str, _width: int) -> Content:
    return Content.assemble((f"{number}  ", "bold"), meaning)


def _line(row: ExerciseRow, width: int) -> Content:
    """Title, level, where the person stands."""
    state, style = _state(row)
    right = Content.assemble((f"level {row.level}", cells.MUTED), (f"   {state:<8}", style))
    return cells.spread(Content(cells.one_line(row.title)), right, width)


def _state(row: ExerciseRow) -> tuple[str, str]:
    if row.begun:
        return "begun", "$text-accent"
    if row.due:
        return "due", "bold"
    if row.mastered:
        return "mastered", cells.RIGHT
    return ("", "") if row.sittings else ("new", cells.MUTED)
