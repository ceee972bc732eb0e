"""Taking acts back and doing them again, with what follows from it outside the journal: an import's deck files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studyapp.memory.model import Act, Grade
from studyapp.storage.entry import IMPORT, Entry
from studyapp.storage.errors import NothingToUndo
from studyapp.study import words
from studyapp.study.library import one_line

if TYPE_CHECKING:
    from studyapp.study.desk import Desk


@dataclass(frozen=True)
class Undone:
    """An act taken back: the item it concerned, the act's id, and the whole in words."""

    item: str
    act: str
    words: str


def undo(desk: Desk, act: str | None = None) -> Undone | None:
    """Take back the newest act, or that of the id `act`; None when there is nothing. Raises: StorageError."""
    with suppress(NothingToUndo):
        done = desk.store.journal.undo(act, at=desk.clock.now())
        if any(entry.kind == IMPORT for entry in done.acts):
            from studyapp.study import importing  # the first screen does without

            importing.taken_back(desk, done.acts)
        return _undone(desk, done.acts, "taken back")
    return None


def redo(desk: Desk) -> Undone | None:
    """Bring back what the newest undo took back; None when there is nothing. Raises: StorageError."""
    with suppress(NothingToUndo):
        done = desk.store.journal.redo(at=desk.clock.now())
        if any(entry.kind == IMPORT for entry in done.acts):
            from studyapp.study import importing

            importing.done_again(desk, done.acts)
        return _undone(desk, done.acts, "done again")
    return None


def import_in_words(entry: Entry) -> str:
    """What an import brought."""
    decks = entry.body.get("decks")
    into = f" into {', '.join(map(str, decks))}" if isinstance(decks, list) and decks else ""
    new, changed = (entry.body.get(name) for name in ("new", "changed"))
    counts = [words.plural(new, "new card")] if isinstance(new, int) and new else []
    counts += [words.plural(changed, "changed card")] if isinstance(changed, int) and changed else []
    return f"import of {' and '.join(counts) or 'cards'}{into}"


def _undone(desk: Desk, entries: Sequence[Entry], how: str) -> Undone:
    entry = entries[0]
    if entry.body.get("quiz"):
        reviews = sum(one.kind == Act.REVIEW for one in entries)
        return Undone("", entry.act, f"The {words.plural(reviews, 'review')} of a quiz {how}")
    if entry.kind == IMPORT:
        said = import_in_words(entry)
        return Undone("", entry.act, f"{said[0].upper()}{said[1:]} {how}")
    item = desk.item(entry.item) if entry.item else None
    what = f" of “{one_line(item)}”" if item else ""
    act = Grade(entry.grade).name if entry.kind == Act.REVIEW and entry.grade else entry.kind.replace("-", " ")
    return Undone(entry.item, entry.act, f"{act.capitalize()}{what} {how}")
