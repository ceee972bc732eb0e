"""What is taught: decks, lessons and exercise templates as text, and the reader that turns them into objects."""

from __future__ import annotations

from pathlib import Path


class MisplacedError(RuntimeError):
    """This package does not lie beside `studyapp`: another distribution's `content` took its place."""


def bundled() -> Path:
    """The folder of what comes with the program: `decks/*.md` and `exercises/*.toml` lie in it.

    Raises: MisplacedError when another package named `content` was imported or its files are gone, which happens when
        one environment holds two distributions with a package of that name.
    """
    folder = Path(__file__).resolve().parent
    if not (folder.parent / "studyapp" / "__init__.py").is_file() or not (folder / "decks").is_dir():
        raise MisplacedError(
            f"the bundled decks are not in {folder}: another package named “content” has taken their place; install"
            " studyapp in an environment of its own, for example with `uv tool install studyapp` or pipx"
        )
    return folder
