"""What can be done on a screen, made from its actions; and where a card is written."""

from __future__ import annotations

from dataclasses import replace

from textual.content import Content

from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Overlay

SCROLLED = tuple(
    replace(action, footer="scroll", shown="↑ ↓") if action.id == "line-down" else action for action in Overlay.ACTIONS
)
"""How to leave, and that there may be more than fits."""
MOUSE = "Everything can be clicked, too. Your terminal selects text with Shift and drag; Ctrl+C copies a selection."


class HelpScreen(Overlay):
    """The keys of the screen below, each with a sentence."""

    ACTIONS = SCROLLED

    def __init__(self, where: str, actions: tuple[Action, ...]) -> None:
        """`where` is the screen's title; `actions` those that are possible there now."""
        super().__init__()
        self._where, self._actions = where, actions

    def draw(self, width: int) -> Content:
        """Key, name and sentence of each action."""
        keys = max(cells_of(action) for action in self._actions)
        labels = max(len(action.label) for action in self._actions)
        left = keys + labels + 5
        lines = [Content.styled(f"{self._where}: what you can do here", "bold"), Content("")]
        for action in self._actions:
            head = Content.assemble(
                (cells.fit(action.key_names, keys), "$text-accent"), "   ", cells.fit(action.label, labels), "  "
            )
            for number, part in enumerate(Content.styled(action.help, cells.MUTED).wrap(max(10, width - left))):
                lines.append(Content.assemble(head if number == 0 else " " * left, part))
        lines += [Content(""), *Content.styled(MOUSE, cells.MUTED).wrap(max(10, width))]
        return Content("\n").join(lines)


def cells_of(action: Action) -> int:
    """Width of the action's keys."""
    return len(action.key_names)


class SourceScreen(Overlay):
    """A card as it stands in its file."""

    ACTIONS = SCROLLED

    def __init__(self, place: str, text: str) -> None:
        """`place` is file and line, `text` the card's own text."""
        super().__init__()
        self._place, self._text = place, text

    def draw(self, width: int) -> Content:
        """The place and the text, as written."""
        lines = [Content.styled(cells.place(self._place, width), cells.MUTED), Content("")]
        for line in self._text.expandtabs(4).split("\n"):
            lines += Content(line).wrap(max(10, width)) if line else [Content("")]
        return Content("\n").join(lines)
