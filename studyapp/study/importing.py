"""What an import does to a person's decks, and how it is taken back and done again: files, catalogue, journal.

An imported deck is an ordinary deck file in `decks/` of the home folder. Whatever an import, its undo or its redo takes
the place of is kept first, in a folder of its own under `imports/`, so that nothing written is ever lost. The journal
has one entry for the whole import; it names that folder, and no path.

That entry is what makes an import done. Before it, the new texts lie beside the decks under names that are no deck's,
and a note under `imports/` says whose places they are to take; after it they take them, and the note goes. A program
that is killed before has done nothing; one that is killed after is finished by the next start (`finish`).
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from content.model import Deck
from content.writing import write_whole
from studyapp.storage import backup, places
from studyapp.storage.bulk import aside
from studyapp.storage.catalogue import CatalogueItem
from studyapp.storage.entry import IMPORT, Draft, Entry
from studyapp.storage.errors import StorageError, Unreadable

if TYPE_CHECKING:
    from studyapp.study.desk import Desk

KEPT, NOTE = "imports", "unfinished-"
WHERE, BEFORE, AFTER = "where.json", "before", "after"
LONGEST_S = 3_600
"""Seconds after which no import is still on its way that is not in the journal."""


@dataclass(frozen=True)
class NewText:
    """A deck file as an import wants it."""

    deck: str
    path: Path
    text: str
    header: Deck | None = None
    """The deck without its cards, where `items` is given."""
    items: Iterable[CatalogueItem] | None = None
    """Every item of the text, as reading it would give; None leaves the file to be read."""
    kinds: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Imported:
    """An import that was done: its act, for undo, and the backup made before."""

    act: str
    backup: Path


def place(desk: Desk, deck: str) -> Path:
    """Where the file of an imported deck lies."""
    return places.decks(desk.home) / f"{deck}.md"


def take_in(desk: Desk, texts: Sequence[NewText], body: Mapping[str, object]) -> Imported:
    """Put new deck texts in place, as one act that can be undone. The database is backed up first.

    Args: `body`: what the journal is to say of it (counts, the file's name).
    Raises: StorageError; then every deck is as it was.
    """
    saved = backup.make(desk.store.path, backup.BEFORE_IMPORT)
    name = f"{saved.at:%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    folder = desk.home / KEPT / name
    note = folder.with_name(f"{NOTE}{name}.json")
    _prepare(desk.home, folder, {one.deck: one.path for one in texts})
    waiting: list[_Beside] = []
    act = ""
    try:
        for one in texts:
            _keep(one.path, folder / f"{one.deck}.{BEFORE}")
            waiting.append(_beside(one.path, one.text.encode()))
        on_disk = aside(lambda: _flush(waiting))  # the catalogue is filled meanwhile
        try:
            _note(desk.home, note, waiting)
            for one, new in zip(texts, waiting, strict=True):
                if one.items is not None and one.header is not None:
                    desk.library.adopt(one.header, one.path, new.stamp, one.items, one.kinds or {})
        finally:
            on_disk()
        now = desk.moment()
        draft = Draft(now.now, "", IMPORT, body={"day": now.today, "kept": name, **body})
        act = desk.store.journal.append(draft).entry.act
        _take_places(waiting)
    except BaseException:
        if act:
            desk.store.journal.undo(act)  # where not even that can be done, the next start finishes the import
            for one in texts:
                _put(folder / f"{one.deck}.{BEFORE}", one.path)
        _give_up(waiting, note)
        desk.library.refresh()
        raise
    _follow(desk, [one.path for one in texts])
    note.unlink(missing_ok=True)
    return Imported(act, saved.path)


def finish(desk: Desk) -> None:
    """Bring to its end what an import left undone that was killed: all of it where the journal has it, else nothing."""
    for note in sorted((desk.home / KEPT).glob(f"{NOTE}*.json")):
        try:
            waiting = _noted(desk.home, json.loads(note.read_bytes()))
            age = time.time() - note.stat().st_mtime
        except (OSError, ValueError, AttributeError):
            continue
        name = note.stem.removeprefix(NOTE)
        with suppress(OSError, StorageError):  # no reason to keep a person from studying; the next start tries again
            if any(entry.body.get("kept") == name for entry in desk.store.journal.entries(kinds=[IMPORT])):
                _take_places(waiting)
                _follow(desk, [one.path for one in waiting])
                note.unlink(missing_ok=True)
            elif age > LONGEST_S:
                _give_up(waiting, note)


def taken_back(desk: Desk, acts: Sequence[Entry]) -> None:
    """Put the decks' former texts back after an import was undone."""
    _swap(desk, acts, AFTER, BEFORE)


def done_again(desk: Desk, acts: Sequence[Entry]) -> None:
    """Put the imported texts back after the undo of an import was taken back."""
    _swap(desk, acts, BEFORE, AFTER)


def _swap(desk: Desk, acts: Sequence[Entry], leaving: str, coming: str) -> None:
    finish(desk)
    paths: list[Path] = []
    for entry in acts:
        name = entry.body.get("kept")
        if entry.kind != IMPORT or not isinstance(name, str) or Path(name).name != name:
            continue
        folder = desk.home / KEPT / name
        try:
            where = {
                str(deck): places.found(desk.home, path, imported=not (folder / f"{deck}.{BEFORE}").exists())
                for deck, path in json.loads((folder / WHERE).read_bytes()).items()
            }
        except (OSError, ValueError, AttributeError, TypeError):
            continue  # it was done on another machine, or the folder was deleted: the decks stay as they are
        for deck, path in where.items():
            _keep(path, folder / f"{deck}.{leaving}")
            _put(folder / f"{deck}.{coming}", path)
            paths.append(path)
    if paths:
        _follow(desk, paths)


def _follow(desk: Desk, paths: Sequence[Path]) -> None:
    """Let the settings name these files where they exist, and read what changed."""
    listed = list(desk.settings.decks)
    covered = [path for path in listed if path.is_dir()]
    wanted = [path for path in listed if path not in paths or path.exists()]
    wanted += [
        path
        for path in paths
        if path.exists() and path not in wanted and not any(path.is_relative_to(one) for one in covered)
    ]
    if wanted != listed:
        desk.change("decks", [str(path) for path in wanted])
    else:
        desk.library.refresh()


def _prepare(home: Path, folder: Path, where: Mapping[str, Path]) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True)
        folder.parent.chmod(0o700)
        said = {deck: places.written(home, path) for deck, path in where.items()}
        (folder / WHERE).write_text(json.dumps(said), encoding="utf-8")
        (folder / WHERE).chmod(0o600)
        for path in where.values():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(folder, error) from None


def _keep(source: Path, target: Path) -> None:
    """Keep the bytes of `source` as `target`; other bytes that were kept there get a number. No file keeps nothing."""
    try:
        try:
            content = source.read_bytes()
        except FileNotFoundError:
            _out_of_the_way(target)
            return
        if target.exists():
            if target.read_bytes() == content:
                return
            _out_of_the_way(target)
        write_whole(target, content, 0o600)
    except OSError as error:
        raise _refused(source, error) from None


def _out_of_the_way(target: Path) -> None:
    if target.exists():
        number = next(n for n in range(1, 10_000) if not target.with_name(f"{target.name}-{n}").exists())
        target.rename(target.with_name(f"{target.name}-{number}"))


def _put(source: Path, target: Path) -> None:
    """Make `target` what was kept as `source`: nothing where that is no file."""
    try:
        if source.exists():
            mode = target.stat().st_mode & 0o7777 if target.exists() else 0o600
            write_whole(target, source.read_bytes(), mode)
        else:
            target.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(target, error) from None


@dataclass(frozen=True)
class _Beside:
    """A new text that lies beside the file whose place it is to take."""

    path: Path
    temporary: Path
    stamp: tuple[int, int] = (0, 0)
    """By which the library knows it again, in its place."""


def _beside(path: Path, content: bytes) -> _Beside:
    """Write the new text of a deck file beside it. It may not be on the disk yet."""
    try:
        target = path.resolve()
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o600
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=_prefix(target))
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                facts = os.fstat(file.fileno())
            Path(temporary).chmod(mode)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _refused(path, error) from None
    return _Beside(target, Path(temporary), (facts.st_mtime_ns, facts.st_size))


def _flush(waiting: Iterable[_Beside]) -> None:
    for one in waiting:
        try:
            with one.temporary.open("rb+") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise _refused(one.path, error) from None


def _note(home: Path, note: Path, waiting: Iterable[_Beside]) -> None:
    """Note whose places the texts are to take, for whoever finds them there."""
    try:
        said = {places.written(home, one.temporary): places.written(home, one.path) for one in waiting}
        write_whole(note, json.dumps(said).encode(), 0o600)
    except OSError as error:
        raise _refused(note, error) from None


def _noted(home: Path, said: Mapping[str, str]) -> list[_Beside]:
    """What `_note` noted. A text lies beside the file whose place it takes."""
    found = [(places.found(home, temporary), Path(path).name) for temporary, path in said.items()]
    return [_Beside(temporary.with_name(name), temporary) for temporary, name in found]


def _take_places(waiting: Iterable[_Beside]) -> None:
    for one in waiting:
        try:
            if one.temporary.name.startswith(_prefix(one.path)):
                one.temporary.replace(one.path)
        except FileNotFoundError:
            pass  # it took its place before; or another window that was opened just now saw to it
        except OSError as error:
            raise _refused(one.path, error) from None


def _give_up(waiting: Iterable[_Beside], note: Path) -> None:
    with suppress(OSError):
        for one in waiting:
            if one.temporary.name.startswith(_prefix(one.path)):
                one.temporary.unlink(missing_ok=True)
        note.unlink(missing_ok=True)


def _prefix(path: Path) -> str:
    return f".{path.name}-"


def _refused(path: Path, error: OSError) -> Unreadable:
    return Unreadable(
        f"{error.filename or path}: {error.strerror or error}; make room or allow writing there, and do it again"
    )
