"""A widget that draws itself for the width it really has: typeset text, figures, single lines.

Its height follows from its width, so a resize sets the text anew without anybody asking for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from studyapp.ui import cells

Draw = Callable[[int], Content]
"""Width in cells → what to show, no line wider than that."""


def nothing(_width: int) -> Content:
    """An empty drawing."""
    return Content("")


class Drawn(Widget):
    """Shows what a function draws for its width. An empty drawing takes no room."""

    DEFAULT_CSS = """
    Drawn { width: 1fr; height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, draw: Draw = nothing, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._draw = draw
        self._made: tuple[int, Content] | None = None

    def show(self, draw: Draw | Content | str = nothing) -> None:
        """Draw something else from now on. Text is shown as it is written; with nothing the widget takes no room."""
        if draw is nothing and self._draw is nothing and not self.display:
            return  # the screen need not be laid out anew
        self.display = bool(draw) and draw is not nothing
        if isinstance(draw, str):
            draw = Content(draw)
        if isinstance(draw, Content):
            fixed = draw
            draw = lambda _width: fixed  # noqa: E731
        self._draw = draw
        self._made = None
        self.refresh(layout=True)

    def prose(self, markdown: str, style: str = "") -> None:
        """Show Markdown with TeX."""
        self.show(partial(_prose, markdown, style) if markdown.strip() else nothing)

    def drawn(self, width: int) -> Content:
        """The drawing at `width` cells."""
        if self._made is None or self._made[0] != width:
            self._made = width, cells.harmless(self._draw(width)) if width > 0 else Content("")
        return self._made[1]

    @property
    def text(self) -> str:
        """What is shown, as text."""
        return self.drawn(self.content_size.width).plain

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines at that width; none when there is nothing to show."""
        text = self.drawn(width).plain
        return text.count("\n") + 1 if text else 0

    def render(self) -> Content:
        """The drawing at the present width."""
        return self.drawn(self.content_size.width)


def _prose(markdown: str, style: str, width: int) -> Content:
    return cells.prose(markdown, width, style)


class Prose(Drawn):
    """Markdown with TeX at the widget's width."""

    def __init__(self, markdown: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(partial(_prose, markdown, "") if markdown.strip() else nothing, id=id, classes=classes)
