"""Deleting everything that the program keeps about a person, and what is said before: what goes, what stays.

Only files that the program has made are touched; anything else in the folder stays and is named. Before that, a
verified copy can be set aside, from which `studyapp restore` brings everything back.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from studyapp.storage import backup, places
from studyapp.storage.device import FILE as DEVICE
from studyapp.storage.device import device_ids
from studyapp.storage.errors import Locked, StorageError, Unreadable, explain
from studyapp.storage.header import examine

SETTINGS, IMPORTS = "config.toml", "imports"
BEFORE_WIPE = "before-wipe"


@dataclass(frozen=True)
class Belongings:
    """What lies in a home folder. `entries` is None where the database cannot be read."""

    home: Path
    files: tuple[Path, ...]
    """Everything that a wipe deletes."""
    entries: int | None
    backups: int
    decks: tuple[Path, ...]
    """Decks that imports made; they are among `files`."""
    strange: tuple[Path, ...]
    """What the program has not made; it stays."""


def belongings(home: Path) -> Belongings:
    """Look at what there is. Raises: Unreadable when the folder cannot be listed."""
    database = places.database(home)
    try:
        known = [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]
        known += [home / SETTINGS, home / DEVICE]
        known += [path for path in places.backups(database).rglob("*") if path.is_file()]
        known += [path for path in (home / IMPORTS).rglob("*") if path.is_file()]
        decks = tuple(path for path in _imported(home) if path.is_file())
        files = tuple(dict.fromkeys(path for path in (*known, *decks) if path.exists() or path.is_symlink()))
        inside = {path for path in home.rglob("*") if not path.is_dir()} if home.is_dir() else set()
    except OSError as error:
        raise Unreadable(f"{error.filename or home}: {error.strerror}") from None
    return Belongings(
        home, files, _entries(database), len(backup.backups(database)), decks, tuple(sorted(inside - set(files)))
    )


def set_aside(home: Path, folder: Path) -> Path:
    """Copy the database (verified), settings and imported decks into the new `folder`, for their owner alone.

    What imports took the place of is copied too, so that they can be undone where all this is brought back.

    Returns: the database's copy, which `studyapp restore` takes. Raises: StorageError; nothing was deleted then.
    """
    database = places.database(home)
    made = backup.make(database, BEFORE_WIPE)
    target = folder / places.FILE
    try:
        folder.mkdir(mode=0o700, parents=True)
        for source, copy in [(made.path, target), *((one, folder / one.relative_to(home)) for one in _also(home))]:
            for parent in reversed(copy.relative_to(folder).parents[:-1]):
                (folder / parent).mkdir(mode=0o700, exist_ok=True)
            shutil.copyfile(source, copy)
            copy.chmod(0o600)
            with copy.open("rb+") as file:
                os.fsync(file.fileno())
        backup.give_up(target, device_ids(home))
    except sqlite3.Error as error:
        raise explain(error, target) from None
    except FileExistsError:
        raise Unreadable(f"{folder}: this is there already; name a folder that is not") from None
    except OSError as error:
        raise Unreadable(f"{error.filename or folder}: {error.strerror}; nothing was deleted") from None
    if backup.verify(target) != made.entries():
        raise Unreadable(f"{target}: the copy is not what the database holds; nothing was deleted")
    return target


def wipe(home: Path) -> Belongings:
    """Delete what `belongings` names; the database last, so that a wipe that is interrupted can be done again.

    Raises: Locked while another window is open; Unreadable for what cannot be deleted.
    """
    found = belongings(home)
    database = places.database(home)
    alone(database)
    database_files = [path for path in found.files if path.name.startswith(places.FILE) and path.parent == home]
    try:
        for path in [*(one for one in found.files if one not in database_files), *reversed(database_files)]:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise Unreadable(f"{error.filename}: {error.strerror}; allow deleting there, and do it again") from None
    folders = sorted((path for path in home.rglob("*") if path.is_dir()), key=lambda path: -len(path.parts))
    for folder in (*folders, home):
        with suppress(OSError):
            folder.rmdir()
    return found


def _also(home: Path) -> list[Path]:
    settings = home / SETTINGS
    known = [settings, *_imported(home), *sorted((home / IMPORTS).rglob("*"))]
    return [path for path in known if path.is_file()]


def _imported(home: Path) -> list[Path]:
    """Decks in the folder for imported ones that an import made."""
    own = places.decks(home)
    found: dict[Path, None] = {}
    for where in sorted((home / IMPORTS).glob("*/where.json")):
        with suppress(OSError, ValueError, AttributeError):
            found |= dict.fromkeys(places.found(home, path) for path in json.loads(where.read_bytes()).values())
    return [home / places.DECKS / path.name for path in found if path.parent == own]


def _entries(database: Path) -> int | None:
    try:
        if (header := examine(database)) is None or header.version == 0:
            return 0
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])
    except (StorageError, sqlite3.Error):
        return None


def alone(database: Path) -> None:
    """Make sure that no other window has the database open: what it wrote afterwards would go nowhere.

    Raises: Locked.
    """
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as connection:
            # Leaving the log behind needs the file for oneself alone: SQLite says whether it is open elsewhere.
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        if isinstance(explain(error, database), Locked):
            raise Locked(f"{database}: another window has it open; close it, and do it again") from None
        # a damaged file may go
