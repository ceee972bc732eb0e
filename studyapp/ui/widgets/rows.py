"""A list of one-line rows with a cursor: decks, lessons, cards found. Keys and mouse; any number of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from studyapp.ui import cells

MARKER = "▸ "
"""Before the row under the cursor; the others are indented as far."""


@dataclass(frozen=True)
class Row:
    """A row: its key, and what it draws in a given number of cells."""

    key: str
    draw: Callable[[int], Content]


class Rows(ScrollView, can_focus=True):
    """Draws only the rows in sight. Posts `Rows.Chosen` on Enter or a click, `Rows.Moved` when the cursor moves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]
    DEFAULT_CSS = """
    Rows { height: auto; scrollbar-size: 1 1; overflow-x: hidden; }
    """

    cursor: reactive[int] = reactive(0)
    """Index of the row under the cursor."""

    @dataclass
    class Chosen(Message):
        """A row was chosen."""

        rows: Rows
        key: str

    @dataclass
    class Moved(Message):
        """The cursor stands on another row."""

        rows: Rows
        key: str

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.rows: tuple[Row, ...] = ()

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def fill(self, rows: Iterable[Row], key: str | None = None) -> None:
        """Show these rows, the cursor on `key`, or where it was, or at the beginning."""
        key = key or (self.current.key if self.current else None)
        self.rows = tuple(rows)
        self.virtual_size = Size(0, len(self.rows))
        places = {row.key: place for place, row in enumerate(self.rows)}
        self.cursor = places.get(key, 0) if key is not None else 0
        self.refresh(layout=True)
        self.call_after_refresh(self._show_cursor)

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self, _before: int, now: int) -> None:
        """Keep the row in sight, and say where the cursor is."""
        self._show_cursor()
        self.refresh()
        if self.rows and self.is_mounted:
            self.post_message(self.Moved(self, self.rows[now].key))

    def _show_cursor(self) -> None:
        if self.is_mounted and self.size.height:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """One row."""
        base = self.visual_style
        width = self.scrollable_content_region.width
        place = y + self.scroll_offset.y
        if not 0 <= place < len(self.rows):
            return Strip.blank(self.size.width, base.rich_style)
        here = place == self.cursor
        mark = (MARKER, cells.ACCENT) if here and self.has_focus else (MARKER if here else "  ", cells.MUTED)
        gap = 1 if self.show_vertical_scrollbar else 0  # numbers at the right margin do not touch the bar
        body = cells.harmless(self.rows[place].draw(max(1, width - 2 - gap)))
        line = Content.assemble(mark, body.stylize_before("bold") if here else body)
        strip = Strip(line.truncate(width).render_segments(base))
        return strip.adjust_cell_length(self.size.width, base.rich_style)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Move the cursor by what is in sight."""
        self.cursor += by * max(1, self.size.height - 1)

    def action_first(self) -> None:
        """To the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """To the last row."""
        self.cursor = len(self.rows) - 1

    def action_choose(self) -> None:
        """Take the row under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current.key))

    def on_click(self, event: events.Click) -> None:
        """Take the row that was clicked."""
        place = event.y + self.scroll_offset.y
        if 0 <= place < len(self.rows):
            self.cursor = place
            self.action_choose()
