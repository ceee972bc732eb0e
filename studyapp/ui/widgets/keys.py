"""The footer: one quiet line with the keys that matter now, made from the screen's actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.style import Style

from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.widgets.drawn import Drawn

AT_MOST = 6
"""Keys shown at once, the help among them; the others are in the help and the palette."""


def line(actions: Sequence[Action], width: int) -> Content:
    """The actions as `key word · key word`, the first ones first, as many as fit; the last one always stands."""
    *others, last = actions
    end = _entry(last)
    room = width - end.cell_length
    parts: list[Content] = []
    for action in others[: AT_MOST - 1]:
        entry = _entry(action)
        if entry.cell_length + 3 > room:
            break
        room -= entry.cell_length + 3
        parts.append(entry)
    return Content.styled(" · ", cells.MUTED).join([*parts, end])


def _entry(action: Action) -> Content:
    words = Content.assemble((action.key_names, "bold"), (f" {action.footer}", cells.MUTED))
    return words.stylize(
        Style.from_meta({"@click": f"screen.{action.command}" if "." not in action.command else action.command})
    )


class Keys(Drawn):
    """Draws the actions it is given; a click on one of them does it."""

    DEFAULT_CSS = """
    Keys { height: 1; }
    """

    _offered: tuple[Action, ...] | None = None

    def offer(self, actions: Iterable[Action]) -> None:
        """Show these actions, the most important first and the help last."""
        chosen = tuple(actions)
        if chosen == self._offered:
            return
        self._offered = chosen
        self.show((lambda width: line(chosen, width)) if chosen else "")
