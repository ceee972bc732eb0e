"""Browse: find any card by words and filters, see where it stands, and change that.

Letters go into the field while it has the focus; ↓ or Enter goes to the list, `/` comes back. The search runs in a
thread a moment after the last key. Every act on a card can be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input
from textual.worker import Worker, WorkerState, get_current_worker

from studyapp.study import words
from studyapp.study.asking import cloze_text
from studyapp.study.browse import BrowseRow, Found
from studyapp.typeset.scale import MONTHS
from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Notice
from studyapp.ui.card import ACTS, CardScreen, ItemScreen
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.field import Field
from studyapp.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

PAUSE = 0.15
"""Seconds after the last key before the search runs."""
STEP = 200
"""Rows that are looked up at once."""
MORE = "\0more"
"""Key of the line that brings more rows."""
FILTERS = "is:due new learning review suspended buried leech flagged · deck: kind:"
WIDE = 66
"""Cells from which a line has room for the deck."""


class BrowseScreen(ItemScreen):
    """The field and what it finds."""

    TITLE = "Browse"
    ACTIONS = (
        Action("open", "", "Open", "The card with its answer and where it stands.", "open", "Enter"),
        *ACTS,
        Action("find", "slash", "Search", "Back to the field.", "search"),
        Action("to-list", "down", "To the list", "From the field to what it found.", "list", palette=False),
        Action("back", "escape", "Back", "Back to Today.", "today"),
    )

    @dataclass
    class Ready(Message):
        """What a search found."""

        query: str
        limit: int
        found: Found

    _limit = STEP
    _timer: Timer | None = None
    _key = ""
    """The row to stand on after the next search."""

    def body(self) -> ComposeResult:
        """Title and count, field, filters, list."""
        yield Drawn(id="head")
        yield Field(id="field")
        yield Drawn(_filters, id="filters")
        yield Rows(id="rows")
        yield Notice(id="notice")

    def arrived(self, desk: Desk) -> None:
        """Ready to type."""
        self._head("")
        field = self.query_one(Field)
        field.ask("words and filters; empty shows every card")
        field.focus()

    def resumed(self, desk: Desk) -> None:
        """Search anew: something may have changed."""
        self.search()

    # searching

    def on_input_changed(self, message: Input.Changed) -> None:
        """Search a moment after the last key."""
        message.stop()
        if self._timer is not None:
            self._timer.stop()
        self._limit = STEP
        self._timer = self.set_timer(PAUSE, self.search)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter: to the list."""
        message.stop()
        self.action_to_list()

    def search(self) -> None:
        """Ask for the rows; they arrive as a message."""
        if self._timer is not None:
            self._timer.stop()
        if self.study.desk is None:
            return
        self.run_worker(
            partial(self._find, self.desk, self.query_one(Field).value, self._limit),
            thread=True, exclusive=True, exit_on_error=False, group="browse", description="Searching",
        )  # fmt: skip

    def _find(self, desk: Desk, query: str, limit: int) -> None:
        """In the thread."""
        worker = get_current_worker()
        with self.study.reading:
            if worker.is_cancelled:
                return
            found = desk.browse(query, limit=limit)
        if not worker.is_cancelled:
            self.post_message(self.Ready(query, limit, found))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """The search failed: say what happened."""
        if event.state is WorkerState.ERROR and event.worker.group == "browse":
            event.stop()
            self.query_one(Notice).warn(f"The search failed. {event.worker.error}")

    def on_browse_screen_ready(self, message: Ready) -> None:
        """Show what was found, unless something else is wanted by now."""
        if (message.query, message.limit) != (self.query_one(Field).value, self._limit):
            return
        found, today = message.found, self.desk.moment().date
        rows = [Row(row.key, partial(line, row, today)) for row in found.rows]
        if found.more:
            rows.append(Row(MORE, partial(_more, len(found.rows))))
        self._found = {row.key: row for row in found.rows}
        self.query_one(Rows).fill(rows, self._key or None)
        self._key = ""
        self._head(f"the first {len(found.rows)}" if found.more else words.plural(len(found.rows), "item"))
        notice = self.query_one(Notice)
        if found.unknown:
            notice.warn(f"{' '.join(found.unknown)} is no filter; those above are.")
        elif not found.rows:
            notice.say(_nothing(message.query.strip()))
        elif self._told:
            notice.say(self._told)
        else:
            notice.say()
        self._told = ""
        self.refresh_bindings()
        self.offer_keys()

    _found: dict[str, BrowseRow] = {}  # noqa: RUF012  replaced, never changed
    _told = ""
    """What to say after the next search."""

    def _head(self, count: str) -> None:
        self.query_one("#head", Drawn).show(
            lambda width: cells.spread(Content.styled("Browse", "bold"), Content.styled(count, cells.MUTED), width)
        )

    # acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Acts need a card under the cursor of the list."""
        if self.study.desk is None or self.too_small:
            return action in ("back", "help")
        if action in ("open", "suspend", "bury", "flag", "forget", "edit"):
            return self.query_one(Rows).has_focus and bool(self.item_key())
        if action == "to_list":
            return not self.query_one(Rows).has_focus
        if action == "find":
            return not self.query_one(Field).has_focus
        return super().check_action(action, parameters)

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Other keys in the field than in the list."""
        self.refresh_bindings()
        self.offer_keys()

    def item_key(self) -> str:
        """The item under the cursor; empty when there is none."""
        row = self.query_one(Rows).current
        return row.key if row is not None and row.key in self._found else ""

    def changed(self, sentence: str, key: str = "") -> None:
        """Search anew, the cursor where it was, or on `key`."""
        self._told, self._key = sentence, key
        self.search()

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Enter or a click."""
        if self.too_small:
            return
        if message.key == MORE:
            self._limit += STEP
            self._key = list(self._found)[-1]
            self.search()
        else:
            self.app.push_screen(CardScreen(message.key))

    def action_open(self) -> None:
        """The card under the cursor."""
        self.query_one(Rows).action_choose()

    def action_find(self) -> None:
        """Back to the field."""
        self.query_one(Field).focus()

    def action_to_list(self) -> None:
        """To what was found."""
        if self.query_one(Rows).rows:
            self.query_one(Rows).focus()


def _filters(width: int) -> Content:
    return Content("\n").join(Content.styled(FILTERS, cells.MUTED).wrap(max(10, width)))


def _nothing(query: str) -> str:
    if query:
        return "Nothing is found. Fewer words or filters find more."
    return "There are no cards yet. `studyapp deck add PATH` adds a deck."


def _more(shown: int, width: int) -> Content:
    return Content.styled(f"… more than {shown}: Enter shows the next {STEP}", cells.MUTED).truncate(width)


def front_of(row: BrowseRow) -> str:
    """The front of an item in one line: a cloze with its gap, a reverse marked as one."""
    face = row.key.partition(":")[2]
    if face.startswith("c") and face[1:].isdecimal():
        return cells.title(cloze_text(row.front, int(face[1:]), hide=True))
    return ("⇄ " if face == "r" else "") + (cells.title(row.front) or row.key)


def due_word(row: BrowseRow, today: date) -> str:
    """When it is due, in at most eight cells."""
    if row.state.suspended or row.due is None:
        return "today" if row.state.due_at is not None and not row.state.suspended else ""
    ahead = (row.due - today).days
    if ahead <= 0:
        return "today" if ahead == 0 else f"{-ahead} d ago"
    if ahead < 300:
        return f"{row.due.day} {MONTHS[row.due.month - 1]}" if ahead > 1 else "tomorrow"
    return f"{MONTHS[row.due.month - 1]} {row.due.year}"


def line(row: BrowseRow, today: date, width: int) -> Content:
    """Where it stands, when it is due, the front, the deck."""
    quiet = cells.MUTED if row.state.suspended else ""
    standing = "learning" if row.standing == "relearning" else row.standing
    left = Content.assemble(
        (f"{standing:<11}{due_word(row, today):<9}", cells.MUTED),
        ("! " if row.state.flag else "", cells.CLOSE),
        (front_of(row), quiet),
    )
    if width < WIDE:
        return left.truncate(width, ellipsis=True)
    return cells.spread(left, Content.styled(cells.clip(row.deck, 12), cells.MUTED), width - 1)
