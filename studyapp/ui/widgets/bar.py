"""How far a session has come: one thin line with a count."""

from __future__ import annotations

from textual.content import Content

from studyapp.ui import cells
from studyapp.ui.widgets.drawn import Drawn


class SessionBar(Drawn):
    """━━━━──── 9 of 23."""

    DEFAULT_CSS = """
    SessionBar { height: 1; }
    """

    def set_to(self, done: int, total: int, words: str | None = None) -> None:
        """`done` of `total`; `words` instead of the usual count."""
        self.show(lambda width: bar(done, total, width, words))


def bar(done: int, total: int, width: int, words: str | None = None) -> Content:
    """The line in `width` cells. The count says what the line shows."""
    count = words if words is not None else f"{min(done + 1, total)} of {total}"
    room = max(1, width - len(count) - 2)
    full = room if total <= 0 else round(room * min(done, total) / total)
    return Content.assemble(
        ("━" * full, "$text-accent"), ("─" * (room - full), cells.MUTED), "  ", (count, cells.MUTED)
    )
