"""What a person can do, once: keys, footer, help and palette are all made from these values and cannot disagree.

A screen lists its actions in `ACTIONS`, the most important first; `studyapp.ui.base.StudyScreen` does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from textual.binding import Binding


@dataclass(frozen=True)
class Action:
    """One thing a person can do."""

    id: str
    """Its name, which a keymap can refer to: "grade-good"."""
    keys: str
    """The keys that do it, separated by commas, as Textual names them."""
    label: str
    """What the palette and the help call it: "Good"."""
    help: str
    """A sentence for the help and the palette."""
    footer: str = ""
    """The word in the footer; empty keeps it out."""
    shown: str = ""
    """The keys as the footer and the help show them; empty makes them from `keys`."""
    palette: bool = True
    """Whether the command palette offers it."""
    call: str = ""
    """The method and arguments behind it; empty takes the id with underscores."""
    priority: bool = False
    """Whether it comes before what a focused field does with the key; only for keys that are no letters."""

    @property
    def command(self) -> str:
        """What Textual runs."""
        return self.call or self.id.replace("-", "_")

    @property
    def key_names(self) -> str:
        """The keys as a person reads them."""
        return self.shown or " ".join(
            NAMES.get(key, key.title() if len(key) > 1 else key) for key in self.keys.split(",")
        )

    def without(self, taken: Callable[[str], bool]) -> Action:
        """The same action with the keys that are not `taken` by what has the focus; perhaps with none."""
        keys = self.keys.split(",") if self.keys else []
        left = [key for key in keys if not taken(key)]
        if left == keys:
            return self
        return replace(self, keys=",".join(left), shown="", footer=self.footer if left else "")

    def binding(self) -> Binding:
        """The key binding; our own footer shows it, Textual's does not."""
        return Binding(self.keys, self.command, self.label, show=False, id=self.id, priority=self.priority)


NAMES = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "slash": "/",
    "comma": ",",
    "equals_sign": "=",
    "space": "Space",
    "enter": "Enter",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
}
"""Textual's names of keys → what stands on the keyboard."""

HELP = Action("help", "question_mark,f1", "Help", "What you can do here.", footer="help", shown="?")
BACK = Action("back", "escape", "Back", "Back to Today; nothing is lost.", footer="today")
QUIT = Action("quit", "q", "Quit", "Leave; everything is saved already.", call="app.quit")
PALETTE = Action(
    "palette", "ctrl+p", "All commands", "Find any command by name.", palette=False, call="app.command_palette"
)
UNDO = Action("undo", "u", "Undo", "Take back the last thing you did; again for the one before.", footer="undo")
SCROLL = (
    Action("line-down", "down,j", "Down", "A line further down.", palette=False, call="scroll_page(1, False)"),
    Action("line-up", "up,k", "Up", "A line further up.", palette=False, call="scroll_page(-1, False)"),
    Action("page-down", "pagedown", "Page down", "A page further down.", palette=False, call="scroll_page(1, True)"),
    Action("page-up", "pageup", "Page up", "A page further up.", palette=False, call="scroll_page(-1, True)"),
)


def find(actions: tuple[Action, ...], action_id: str) -> Action:
    """The action of that id. Raises: StopIteration when there is none."""
    return next(action for action in actions if action.id == action_id)
