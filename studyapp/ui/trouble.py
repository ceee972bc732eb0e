"""Shown instead of everything when the decks and the journal cannot be opened: what, where, how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual.content import Content

from studyapp.ui import cells
from studyapp.ui.actions import Action
from studyapp.ui.base import Overlay

DATABASE = 3
"""Exit code when the database cannot be used."""

if TYPE_CHECKING:
    from studyapp.ui.app import StudyApp


class TroubleScreen(Overlay):
    """The sentence, and the two things one can do about it here."""

    ACTIONS = (
        Action("again", "r,enter", "Try again", "Open the decks and the journal again.", "try again", "r"),
        Action("leave", "q,escape", "Quit", "Leave; nothing was changed.", "quit", "q"),
    )

    def __init__(self, sentence: str) -> None:
        """`sentence` says what is wrong and how to mend it."""
        super().__init__()
        self._sentence = sentence

    def draw(self, width: int) -> Content:
        """A heading, the sentence, and a word of comfort."""
        lines = [Content.styled("Your decks and your journal cannot be used just now.", "bold"), Content("")]
        lines += Content(self._sentence).wrap(max(10, width))
        lines += [Content(""), *Content.styled("Nothing was changed.", cells.MUTED).wrap(width)]
        return Content("\n").join(lines)

    def action_again(self) -> None:
        """Try once more."""
        app = cast("StudyApp", self.app)
        self.dismiss()
        app.try_again()

    def action_leave(self) -> None:
        """Leave, and tell the shell that the database was the reason."""
        self.app.exit(return_code=DATABASE, message=Text(self._sentence))
