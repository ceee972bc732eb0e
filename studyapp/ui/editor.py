"""Opening a card in the person's own editor, with the screens out of the way meanwhile."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from studyapp.ui.cells import place

PLUS_LINE = {"vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "jed", "mg", "ne", "ed"}
"""Editors that take `+12` for a line."""
COLON_LINE = {"hx", "helix", "subl", "zed"}
"""Editors that take `file:12`."""
LONGEST_PATH = 40
"""Cells of a path in a sentence, so that it stands on one line with the words beside it."""
GOTO = {"code", "codium", "cursor"}
"""Editors that take `--goto file:12`, and that must be told to wait."""


def command(chosen: str, path: Path, line: int) -> list[str]:
    """The command that opens `path` at `line`. Args: `chosen`: from the settings; empty takes $VISUAL, then $EDITOR.

    Raises: ValueError when there is no editor, or its command cannot be read.
    """
    wanted = chosen or os.environ.get("VISUAL") or os.environ.get("EDITOR") or _found()
    words = shlex.split(wanted)
    if not words:
        raise ValueError("there is no editor: set EDITOR, or choose one in the settings")
    name = Path(words[0]).name
    if name in PLUS_LINE:
        return [*words, f"+{line}", str(path)]
    if name in COLON_LINE:
        return [*words, f"{path}:{line}"]
    if name in GOTO:
        return [*words, "--wait", "--goto", f"{path}:{line}"]
    return [*words, str(path)]


def _found() -> str:
    return next((name for name in ("nano", "vi") if shutil.which(name)), "")


def edit(app: App[Any], path: Path, line: int, chosen: str = "") -> str:
    """Open the editor and wait until it is closed. Returns: what went wrong, in a sentence; empty when nothing did."""
    try:
        run = command(chosen, path, line)
    except ValueError as error:
        return f"The editor cannot be started: {error}."
    trouble = ""
    try:
        with app.suspend():
            # Nothing may leave this block by an exception: the screens would not come back (textual #6692).
            try:
                done = subprocess.run(run, check=False)  # noqa: S603  the person's own editor
                if done.returncode:
                    trouble = f"{run[0]} ended with {done.returncode}; the card was read again all the same."
            except OSError as error:
                trouble = f"{run[0]} cannot be started: {error.strerror}. Choose an editor in the settings."
            except KeyboardInterrupt:
                trouble = f"{run[0]} was interrupted."
    except SuspendNotSupported:
        trouble = f"An editor cannot be opened from here; the card stands in {place(path, LONGEST_PATH)}, line {line}."
    return trouble
