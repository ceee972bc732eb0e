"""Which files hold decks. Light: looks at names alone, so that nothing is parsed where nothing changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The deck files in `paths`: files as they are, and every `*.md` in folders and below, sorted, without hidden ones.

    In a folder `README.md` is documentation, never a deck.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*.md") if one.is_file() and one.name.lower() != "readme.md")
            found += sorted(one for one in inside if not any(part[0] == "." for part in one.relative_to(path).parts))
        else:
            found.append(path)
    return tuple(dict.fromkeys(found))
