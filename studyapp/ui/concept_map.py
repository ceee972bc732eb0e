"""The concept map: the lessons in order with what each needs and opens, the concepts of one of them beside it.

A rail joins the lesson under the cursor to the lessons that come before it and to those it opens. Enter goes there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from studyapp.study.lessons import Concept, LessonState, MapRow
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice, StudyScreen
from studyapp.ui.lessons import SIGNS, WORD, open_lesson, words_of
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.desk import Desk


ROOMY = 52
"""Cells from which a lesson has room for the word; below, its sign says it, which the head of the page explains."""


class MapScreen(StudyScreen):
    """Lessons at the left, concepts at the right."""

    TITLE = "Map"
    ACTIONS = (
        Action("open", "", "Read", "Read the lesson, at the concept under the cursor.", "read", "Enter"),
        Action(
            "side", "tab,shift+tab,left,right", "Other column", "From lessons to concepts and back.", "column", "Tab"
        ),
        Action("study", "space", "Study", "Review and learn the cards of this lesson.", "study"),
        Action("contents", "t", "Contents", "All lessons.", "contents", call="go('lessons')"),
        Action("back", "escape", "Back", "Back to Today.", "today"),
    )

    def body(self) -> ComposeResult:
        """Title, two columns, what the lesson needs and opens."""
        yield Drawn(_head, id="head")
        with Horizontal(id="sides"):
            yield Rows(id="lessons")
            yield Rows(id="concepts")
        yield Notice(id="notice")

    @dataclass
    class Mapped(Message):
        """The lessons with their concepts."""

        map: tuple[MapRow, ...]

    map: tuple[MapRow, ...] = ()
    """The lessons with their concepts, once they are counted."""
    _shown = ""
    """The lesson whose concepts are shown."""

    def resumed(self, desk: Desk) -> None:
        """Count anew, in a thread: every card of every deck is looked at."""
        if not self.map:
            self.query_one(Notice).say("Drawing the map …")
        self.run_worker(
            partial(self._count, desk),
            thread=True, exclusive=True, exit_on_error=False, group="map", description="Drawing the map",
        )  # fmt: skip

    def _count(self, desk: Desk) -> None:
        """In the thread."""
        worker = get_current_worker()
        with self.study.reading:
            if worker.is_cancelled:
                return
            counted = desk.concept_map()
        if not worker.is_cancelled:
            self.post_message(self.Mapped(counted))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Counting failed: say what happened."""
        if event.state is WorkerState.ERROR and event.worker.group == "map":
            event.stop()
            self.query_one(Notice).warn(f"The map cannot be drawn just now. {event.worker.error}")

    def on_map_screen_mapped(self, message: Mapped) -> None:
        """Draw everything as it stands now."""
        self.map = message.map
        self._places = {row.row.deck: place for place, row in enumerate(self.map)}
        lessons = self.query_one("#lessons", Rows)
        first = next((row.row.deck for row in self.map if row.row.state is not LessonState.KNOWN), None)
        lessons.fill(
            [Row(row.row.deck, partial(self._lesson, place)) for place, row in enumerate(self.map)],
            None if lessons.rows else first,
        )
        if not self.query_one("#concepts").has_focus:
            lessons.focus()
        self._show_lesson()
        self.offer_keys()

    # drawing

    def linked(self, place: int) -> set[int]:
        """The lessons that the one at `place` needs, and those it opens."""
        needs = {self._places[one] for one in self.map[place].requires if one in self._places}
        deck = self.map[place].row.deck
        return needs | {other for other, row in enumerate(self.map) if deck in row.requires}

    def _lesson(self, place: int, width: int) -> Content:
        row = self.map[place].row
        sign, style = SIGNS[row.state]
        quiet = cells.MUTED if row.state is LessonState.LOCKED else ""
        here = self.query_one("#lessons", Rows).cursor
        left = Content.assemble(
            (rail(place, here, self.linked(here)), "$text-accent"),
            (f"{row.number:2} ", cells.MUTED),
            (f"{sign} ", style),
            (cells.one_line(row.title), quiet),
        )
        return cells.spread(left, Content.styled(f"{row.state:<{WORD}}" if width >= ROOMY else "", style), width)

    def _show_lesson(self) -> None:
        lessons, concepts = self.query_one("#lessons", Rows), self.query_one("#concepts", Rows)
        notice = self.query_one(Notice)
        if lessons.current is None:
            concepts.fill(())
            notice.say("There are no lessons yet. `studyapp deck add PATH` adds a deck.")
            return
        here = self.map[lessons.cursor]
        locked = here.row.state is LessonState.LOCKED
        if here.row.deck != self._shown:
            self._shown, concepts.cursor = here.row.deck, 0
        longest = max((len(one.name) for one in here.concepts), default=0)
        concepts.fill(Row(one.name, partial(concept_line, one, locked, longest)) for one in here.concepts)
        needs = tuple(self.map[self._places[one]].row.title for one in here.requires if one in self._places)
        opens = tuple(row.row.title for row in self.map if here.row.deck in row.requires)
        state = f"{100 * here.row.known:.0f} % known" if here.row.state is LessonState.LEARNING else str(here.row.state)
        said = [f"{cells.one_line(here.row.title)}: {state}."]
        said += [f"Comes after {words_of(needs)}." if needs else "Nothing has to come first."]
        said += [f"Opens {words_of(opens)}." if opens else ""]
        said += [_counted(here.concepts)]
        notice.say(" ".join(filter(None, said)))

    # acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is."""
        if action == "go":
            return self.study.has_mode(str(parameters[0]))
        if action in ("open", "side", "study"):
            return bool(self.map) and not self.too_small
        return super().check_action(action, parameters)

    def on_rows_moved(self, message: Rows.Moved) -> None:
        """Another lesson: its concepts beside it."""
        if message.rows.id == "lessons":
            self._show_lesson()

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Go there."""
        lesson = self.query_one("#lessons", Rows).current
        if lesson is None or self.too_small:
            return
        concept = message.key if message.rows.id == "concepts" else ""
        open_lesson(self, lesson.key, self._page_of(lesson.key, concept) if concept else None)

    def _page_of(self, deck: str, concept: str) -> int | None:
        view = self.desk.lesson(deck)
        pages = view.pages if view else ()
        return next((at for at, page in enumerate(pages) if any(concept in card.tags for card in page.cards)), None)

    def action_open(self) -> None:
        """Read."""
        for rows in self.query(Rows):
            if rows.has_focus:
                rows.action_choose()

    def action_side(self) -> None:
        """To the other column."""
        lessons, concepts = self.query_one("#lessons", Rows), self.query_one("#concepts", Rows)
        (lessons if concepts.has_focus or not concepts.rows else concepts).focus()

    def action_study(self) -> None:
        """Study the lesson under the cursor."""
        if (row := self.query_one("#lessons", Rows).current) is not None:
            self.study.start_review((row.key,))

    def action_go(self, mode: str) -> None:
        """Open another screen."""
        self.study.open_mode(mode)


def _head(width: int) -> Content:
    key = Content(" ").join(
        Content.assemble((f"{SIGNS[state][0]} ", SIGNS[state][1]), (f"{state} ", cells.MUTED)) for state in SIGNS
    )
    return cells.spread(Content.styled("Map", "bold"), key, width)


def rail(place: int, here: int, linked: set[int]) -> str:
    """The three cells before the lesson at `place`: the rail from the lesson `here` to those it is linked with."""
    ends = linked | {here}
    first, last = min(ends), max(ends)
    if not first <= place <= last or first == last:
        return "   "
    if place not in ends:
        return "│  "
    corner = "╭" if place == first else "╰" if place == last else "├"
    return f"{corner}━ " if place == here else f"{corner}─ "


def concept_line(one: Concept, locked: bool, longest: int, width: int) -> Content:
    """Sign, name and, where it fits beside the longest of all names, the word.

    A concept that nobody has begun is locked with its lesson.
    """
    state = LessonState.LOCKED if locked and one.state is LessonState.READY else one.state
    sign, style = SIGNS[state]
    quiet = cells.MUTED if state is LessonState.LOCKED else ""
    left = Content.assemble((f"{sign} ", style), (one.name.replace("-", " "), quiet))
    fits = 2 + longest + 2 + WORD <= width
    return cells.spread(left, Content.styled(f"{state:<{WORD}}" if fits else "", style), width)


def _counted(concepts: tuple[Concept, ...]) -> str:
    if not concepts:
        return ""
    known = sum(one.state is LessonState.KNOWN for one in concepts)
    return f"{known} of {len(concepts)} concepts known."
