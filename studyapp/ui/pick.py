"""A choice among the exercises of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from content.model import Card
from studyapp.ui import cells
from studyapp.ui.actions import SCROLL, Action
from studyapp.ui.base import Overlay, Page
from studyapp.ui.widgets.drawn import Drawn
from studyapp.ui.widgets.keys import Keys
from studyapp.ui.widgets.rows import Row, Rows


class PickScreen(Overlay):
    """The exercises of a page, to choose one."""

    ACTIONS = (
        Action("choose", "", "Work", "Work the exercise under the cursor.", "work", "Enter"),
        Action("close", "escape,q", "Close", "Back to the page.", "close", "Esc"),
        *SCROLL,
    )

    def __init__(self, cards: Sequence[Card], chosen: Callable[[Card], None]) -> None:
        """`chosen` is called with the card that was taken."""
        super().__init__()
        self._cards, self._taken = {card.key: card for card in cards}, chosen

    def compose(self) -> ComposeResult:
        """Their fronts, one in a line."""
        with Vertical(id="column"):
            with Page(id="page"):
                yield Drawn(_title, classes="part")
                yield Rows(id="exercises")
            yield Keys(id="keys")

    def on_mount(self) -> None:
        """The cursor on the first one."""
        rows = self.query_one(Rows)
        rows.fill(Row(key, partial(_front, card)) for key, card in self._cards.items())
        rows.focus()

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Enter or a click."""
        self.dismiss()
        self._taken(self._cards[message.key])


def _front(card: Card, width: int) -> Content:
    return Content(cells.title(card.front) or card.id).truncate(width, ellipsis=True)


def _title(width: int) -> Content:
    return Content.styled("Exercises on this page", "bold").truncate(width)
