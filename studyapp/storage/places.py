"""Where things lie: one folder holds the database, its backups and the settings. Creates nothing by itself."""

from __future__ import annotations

import os
from pathlib import Path

FILE = "studyapp.db"
BACKUPS = "backups"
DECKS = "decks"
"""The folder of the decks that imports made."""
HOME_VARIABLE = "STUDYAPP_HOME"

SYNCED = (
    "dropbox", "onedrive", "icloud", "mobile documents", "google drive", "googledrive", "my drive", "nextcloud",
    "owncloud", "pcloud", "syncthing", "megasync", "yandex.disk",
)  # fmt: skip
"""Beginnings of folder names that belong to programs that copy files while they are being written."""
MARKERS = (".stfolder", ".dropbox", ".dropbox.cache", ".sync")
NETWORK_FILESYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "fuse.sshfs", "fuse.rclone", "davfs"}
)


def home() -> Path:
    """The folder of everything: `STUDYAPP_HOME`, or the platform's data folder."""
    if chosen := os.environ.get(HOME_VARIABLE):
        return Path(chosen).expanduser()
    from platformdirs import user_data_path  # needed only where the variable is not set

    return user_data_path("studyapp", appauthor=False)


def database(folder: Path | None = None) -> Path:
    """The database file in `folder`, by default in `home()`."""
    return (folder or home()) / FILE


def backups(database_path: Path) -> Path:
    """The folder of the backups of a database."""
    return database_path.parent / BACKUPS


def decks(home: Path) -> Path:
    """The folder of imported decks, by its real name, so that paths in it can be compared."""
    return Path(os.path.realpath(home), DECKS)


def written(home: Path, path: Path) -> str:
    """A path as the files in `home` say it: relative to it where it lies inside, else as it is.

    So a home that is moved finds its decks again, and a copied one leaves those of the other alone.
    """
    for folder in (Path(os.path.realpath(home)), home.absolute()):
        if path.is_relative_to(folder):
            inside = path.relative_to(folder)
            if ".." not in inside.parts:
                return inside.as_posix()
    return str(path)


def found(home: Path, text: str, *, imported: bool = False) -> Path:
    """The path that `written` wrote.

    Earlier versions wrote all paths in full. A deck in `decks/` of a folder that is another home by now, or is no
    longer there, is the one of that name in this home, where there is one. Args: `imported`: also where there is none,
    since an import made it.
    """
    own = decks(home)
    path = own.parent / text
    if path.is_relative_to(home.absolute()):
        return own.parent / path.relative_to(home.absolute())
    if (
        Path(text).is_absolute()
        and path.parent.name == DECKS
        and path.parent != own
        and ((path.parent.parent / FILE).exists() or not path.parent.exists())
        and (imported or (own / path.name).exists())
    ):
        return own / path.name
    return path


def warning(path: Path, mounts: str | None = None) -> str | None:
    """A sentence when `path` lies where SQLite's files do not belong, else None.

    A program that copies the file while it is written saves halves of it, and write-ahead logging does not work over a
    network (sqlite.org/wal.html). Args: `mounts` in the form of /proc/mounts, by default the system's.
    """
    folder = path.parent.expanduser().absolute()
    if (place := _synced(folder)) is not None:
        return (
            f"{folder} is copied by another program ({place}), which can tear a database that is being written; "
            f"move it with {HOME_VARIABLE}, and use `studyapp sync` to study on several machines"
        )
    if (kind := _filesystem(folder, mounts)) in NETWORK_FILESYSTEMS:
        return f"{folder} is on a network ({kind}), where the database is not safe; move it with {HOME_VARIABLE}"
    return None


def _synced(folder: Path) -> str | None:
    for part in folder.parts:
        if part.lower().startswith(SYNCED):
            return part
    for parent in (folder, *folder.parents):
        for marker in MARKERS:
            if (parent / marker).exists():
                return f"{parent / marker}"
    return None


def _filesystem(folder: Path, mounts: str | None) -> str:
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    best = ("", "")
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:
            point = fields[1].replace("\\040", " ")
            if folder.is_relative_to(point) and len(point) >= len(best[0]):
                best = (point, fields[2])
    return best[1]
