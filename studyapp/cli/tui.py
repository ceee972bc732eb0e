"""The one door from the command line to the screens."""

from __future__ import annotations

import gc
import io
import os
import sys


def interactive() -> bool:
    """Whether a full screen makes sense: both ends are a terminal that can do more than print lines."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def run(start: str = "today", decks: tuple[str, ...] | None = None, **options: object) -> None:
    """Open the screens at the mode `start`; Textual is imported only now.

    Args: `decks`: what the screen is of (a review of all by default); `options`: what else was asked for, by the names
    of the command's options; the screen takes those it knows (`StudyApp.asked_for`).
    Ends the process with the exit code of the application: 3 when the database could not be used.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # in a grid every character keeps its one cell
    gc.disable()  # hundreds of modules, and no garbage among them; the application enables it once all is loaded
    from studyapp.ui.app import run as run_screens  # the deferred import is the point

    if code := run_screens(start, decks, **options):
        sys.exit(code)
