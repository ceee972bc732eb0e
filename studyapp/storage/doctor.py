"""Examines a database and says in words what it found: the file, the rules of the journal, the caches made from it.

Looking changes nothing. `rebuild` makes the caches anew; `studyapp.storage.salvage` saves rows out of a damaged file.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isclose
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from studyapp.memory.model import Parameters
from studyapp.storage import backup, cache, search
from studyapp.storage.database import driver
from studyapp.storage.errors import StorageError
from studyapp.storage.header import examine as examine_header
from studyapp.storage.replaying import copy_again, differing_copies, replay_all
from studyapp.storage.replaying import rebuild as make_anew
from studyapp.storage.schema import queue_case
from studyapp.storage.state import STATE_COLUMNS
from studyapp.storage.store import Store
from studyapp.storage.telling import tell

OLD_BACKUP_DAYS = 3
SHOWN = 5
"""Cases of one kind that are named; the rest are counted."""
TOLERANCE = 1e-4
"""Relative, for stability and difficulty: the core calculates in 32-bit floats."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `remedy` is empty where nothing is wrong or nothing can be done."""

    what: str
    remedy: str = ""
    note: bool = False
    """Worth knowing, but the database is as good as it can be."""

    @property
    def wrong(self) -> bool:
        """Whether something is to be done."""
        return bool(self.remedy)


@dataclass(frozen=True)
class Report:
    """All that was found, in the order in which it was looked at."""

    findings: tuple[Finding, ...]

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong."""
        return tuple(finding for finding in self.findings if finding.wrong)


ANEW = "Calculating everything anew"
EXAMINING = "Examining everything"
REBUILD = "`studyapp doctor --rebuild` makes it anew from the journal"
TRIGGERS = {"journal_no_update", "journal_no_delete"}
RESTORE = "`studyapp restore` brings back a backup; `studyapp doctor --salvage` saves what can be read"


def examine(path: Path) -> Report:
    """Look at everything. Tells how far it is: see `telling`.

    Raises: StorageError only when there is no file, or a newer program wrote it.
    """
    try:
        if (header := examine_header(path)) is None or header.version == 0:
            return Report(tuple(_nothing_yet(path)))
        with Store.open(path) as store:
            # Shares as they were measured with a million entries.
            tell(EXAMINING, 0.0)
            findings = list(_file(store))
            tell(EXAMINING, 0.15)
            if not any(finding.wrong for finding in findings):
                findings += _journal(store)
                findings += _caches(store)
            tell(EXAMINING, 1.0)
            return Report(tuple(findings))
    except StorageError as error:
        what, _, remedy = str(error).partition("; ")  # what helps a damaged file does not help a locked folder
        return Report((Finding(what, remedy or RESTORE),))


def rebuild(path: Path) -> int:
    """Make states, days and search index anew from the journal and the decks. Returns: items with a history.

    Tells how far it is: see `telling`.
    Raises: StorageError.
    """
    if examine_header(path) is None:
        return 0
    with Store.open(path) as store:
        with store.database.write() as connection:
            # Shares as they were measured with a million entries.
            copy_again(connection, lambda share: tell(ANEW, 0.8 * share))
            count = make_anew(connection)
            tell(ANEW, 0.9)
            search.rebuild(connection)
        tell(ANEW, 1.0)
        return count


def _nothing_yet(path: Path) -> Iterator[Finding]:
    yield Finding(f"{path}: there is no database yet; it is made when you first study")
    if known := backup.backups(path):
        newest = f"the newest backup is of {known[0].at:%Y-%m-%d %H:%M} UTC"
        yield Finding(f"there was one: {newest}, and `studyapp restore 1` brings it back", note=True)


def _file(store: Store) -> Iterator[Finding]:
    with store.database.raw() as connection:
        try:
            found = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
        except sqlite3.DatabaseError as error:
            found = [str(error)]
    if found == ["ok"]:
        yield Finding(f"{store.path}: the file is sound")
    else:
        yield Finding(f"{store.path}: the file is damaged: {'; '.join(found)}", RESTORE)
    with closing(sqlite3.connect(f"{store.path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        triggers = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    if missing := TRIGGERS - triggers:
        yield Finding(f"nothing keeps the journal from being changed: {', '.join(sorted(missing))} is missing", RESTORE)
    if strange := triggers - TRIGGERS:
        yield Finding(
            f"the file does things by itself that studyapp never asked for: {_some(sorted(strange))}", RESTORE
        )
    yield _backups(store.path)
    if store.warning:
        yield Finding(store.warning, "move the folder")


def _backups(path: Path) -> Finding:
    known = backup.backups(path)
    if not known:
        return Finding("there is no backup yet; the first is made when you next leave a session")
    several = f"{len(known)} backups, the newest" if len(known) > 1 else "1 backup,"
    newest = f"{several} of {known[0].at:%Y-%m-%d %H:%M} UTC"
    behind = datetime.fromtimestamp(path.stat().st_mtime, UTC) - known[0].at
    if behind > timedelta(days=OLD_BACKUP_DAYS):
        return Finding(f"{newest}, {behind.days} days before the last change", "`studyapp backup` makes one now")
    return Finding(newest)


def _journal(store: Store) -> Iterator[Finding]:
    with store.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT device, count(*), min(seq), max(seq), count(DISTINCT seq), max(at) FROM journal GROUP BY device"
        ).all()
        total = sum(row[1] for row in rows)
        entries, devices = "entries" if total != 1 else "entry", "devices" if len(rows) != 1 else "device"
        yield Finding(f"the journal has {total} {entries} of {len(rows)} {devices}")
        for device, count, first, last, different, _ in rows:
            if first != 1 or different != last:
                yield Finding(
                    f"{last - different} entries of device {device} are not here (not yet synchronised, or lost before "
                    "a salvage); what is here counts as it is",
                    note=True,
                )
            if count != different:
                yield Finding(
                    f"device {device} has {count - different} numbers twice: a copied machine wrote under its name",
                    "delete the file `device` beside the database, and this one gets another"
                    if device == store.journal.device
                    else "",
                    note=device != store.journal.device,
                )
        if warning := store.journal.clock_warning(time.time_ns() // 1_000_000):
            yield Finding(warning, note=True)
        bad: list[str] = []
        odd: list[str] = []
        for share, found in differing_copies(driver(connection)):
            for _, id_, copies in found:
                (bad if copies is None else odd).append(str(UUID(bytes=id_)))
            tell(EXAMINING, 0.15 + 0.65 * share)
        if bad:
            yield Finding(f"{len(bad)} entries have an unreadable body: {_some(bad)}", RESTORE)
        if odd:
            yield _verdict("", "copies out of entries", odd)


def _caches(store: Store) -> Iterator[Finding]:
    with store.database.read() as connection:
        parameters = cache.read_parameters(connection)
        if not _same(parameters, cache.current_parameters(connection)):
            yield Finding("the states were calculated with other parameters than the journal's newest", REBUILD)
        columns = ", ".join(STATE_COLUMNS)
        known = {
            row[0]: tuple(row[1:])
            for row in connection.exec_driver_sql(f"SELECT item, last_entry, {columns} FROM memory")  # noqa: S608
        }
        replayed = replay_all(connection, parameters)
        differing: list[str] = []
        for item, *row in zip(*replayed.columns.values(), strict=True):
            if not _alike(known.pop(item, ()), tuple(row)):
                differing.append(item)
        differing += [item for item, row in known.items() if row[0] is not None]
        yield _verdict("the states of the items are what the journal adds up to", "states", differing)
        stored = {
            (row[0], row[1]): tuple(row[2:])
            for row in connection.exec_driver_sql(f"SELECT day, deck, {', '.join(cache.DAY_COLUMNS)} FROM day")  # noqa: S608
        }
        wrong_days = [
            f"{key[1]} on day {key[0]}"
            for key in replayed.days.keys() | stored.keys()
            if not _alike(stored.get(key, ()), replayed.days.get(key, ()))
        ]
        yield _verdict("the sums of the days are what the journal adds up to", "days", wrong_days)
        case = queue_case("m.suspended", "i.deck", "m.phase", "m.due_at")
        misplaced = [
            row[0]
            for row in connection.exec_driver_sql(
                "SELECT m.item FROM memory m LEFT JOIN item i ON i.key = m.item "  # noqa: S608
                f"WHERE m.deck IS NOT i.deck OR m.position IS NOT i.position OR m.queue IS NOT {case} "
                "UNION ALL SELECT key FROM item WHERE key NOT IN (SELECT item FROM memory)"
            )
        ]
        yield _verdict("every item stands in its queue", "places in the queues", misplaced)
    tell(EXAMINING, 0.95)
    try:
        with store.database.write() as connection:
            search.check(connection)
        yield Finding("the search index fits the decks")
    except (StorageError, DBAPIError):
        yield Finding("the search index does not fit the decks", REBUILD)


def _verdict(good: str, what: str, wrong: list[str]) -> Finding:
    if not wrong:
        return Finding(good)
    return Finding(f"{len(wrong)} {what} are not what the journal says: {_some(wrong)}", REBUILD)


def _alike(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(
        isclose(left, right, rel_tol=TOLERANCE, abs_tol=1e-9)
        if isinstance(left, float) and isinstance(right, int | float)
        else left == right
        for left, right in zip(one, other, strict=True)
    )


def _same(one: Parameters, other: Parameters) -> bool:
    return one.version == other.version and tuple(one.values) == tuple(other.values)


def _some(names: list[str]) -> str:
    shown = ", ".join(sorted(names)[:SHOWN])
    return shown if len(names) <= SHOWN else f"{shown} and {len(names) - SHOWN} more"
