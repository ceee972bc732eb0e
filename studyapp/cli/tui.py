"""The one door from the command line to the screens."""

from __future__ import annotations

import sys


def run(start: str = "today", decks: tuple[str, ...] | None = None) -> None:
    """Open the screens at the mode `start` (a review is of `decks`, by default of all); Textual is imported only now.

    Ends the process with the exit code of the application: 3 when the database could not be used.
    """
    from studyapp.ui.app import run as run_screens  # noqa: PLC0415  the deferred import is the point

    if code := run_screens(start, decks):
        sys.exit(code)
