"""The one door to history: every act is appended here, in one durable transaction with all that follows from it.

Nothing is ever changed or deleted. `undo` appends an entry that voids an act, `redo` one that voids the undo; both
survive a restart and have no limit of depth.
"""
# ruff: noqa: S608  the SQL is put together from constants of our own; values are always bound

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from studyapp.memory.model import ItemState, Parameters
from studyapp.storage import appending, cache, undoing, wire
from studyapp.storage.appending import Recorded as Recorded  # noqa: PLC0414  who appends finds it here
from studyapp.storage.cache import ENTRY_COLUMNS, VOID, Known
from studyapp.storage.database import Database, driver
from studyapp.storage.device import Machine
from studyapp.storage.drafting import Expanded, expand
from studyapp.storage.entry import ACCEPT_ANSWER, PARAMETERS, REDO, UNDO, Draft, Entry, Ids, id_bytes
from studyapp.storage.errors import NothingToUndo, clock_behind
from studyapp.storage.projection import Days, add, difference

MANY = 500
"""Items from which on making everything anew is quicker than folding them one by one, twice."""
CLOCK_MS = 5 * 60_000
"""A clock may be this much behind the newest entry before it is worth a word."""


@dataclass(frozen=True)
class Undone:
    """What `undo` or `redo` wrote (`entry`), the entries of the act it concerns, and the states now."""

    entry: Entry
    acts: tuple[Entry, ...]
    states: Mapping[str, ItemState]


@dataclass(frozen=True)
class Line:
    """One line of the history: the entry, and whether it was undone."""

    entry: Entry
    void: bool


@dataclass(frozen=True)
class Merged:
    """What `merge` found: how many entries were new and known, and the ids that say something else here."""

    added: int
    known: int
    conflicting: tuple[str, ...] = ()
    own: int = 0
    """Of the new ones, those under this machine's own id: something else writes under it too."""


class Journal:
    """The journal of one database as one device writes it. Safe to call from several threads."""

    def __init__(self, database: Database, machine: Machine) -> None:
        self._database = database
        self._machine = machine
        self._ids = Ids()
        self._parameters: tuple[str | None, Parameters] = (None, Parameters())
        self._looked_up = False

    @property
    def device(self) -> str:
        """The id that this machine writes under now."""
        return self._machine.id

    # writing

    def append(self, draft: Draft) -> Recorded:
        """Write one act, durable when this returns. `buries` in a review's body buries those items with it.

        Raises: StorageError (nothing is written then); ValueError for a draft that makes no sense.
        """
        return self.append_many((draft,))[0]

    def append_many(
        self, drafts: Iterable[Draft], *, together: bool = True, act: str | None = None
    ) -> tuple[Recorded, ...]:
        """Write several entries in one transaction.

        Args: `together`: they are one act, undone at once; otherwise each is an act of its own. `act`: the act, begun
        earlier, that goes on with them.
        Returns: what was written, in order (burials after the review they belong to), each with the state it led to.
        """
        expanded = [one for draft in drafts for one in expand(draft)]
        if not expanded:
            return ()
        if any(draft.kind == PARAMETERS for draft, _ in expanded):
            with self._database.write() as connection:
                return self._write(connection, expanded, together, act)
        return self._database.write_directly(lambda raw: self._append(raw, expanded, together, act))

    def undo(self, entry_id: str | None = None, *, at: int | None = None) -> Undone:
        """Take back an act: that of `entry_id`, or this device's newest that stands. It stays in the journal, void.

        Args: `at`: UTC epoch milliseconds, by default now.
        Raises: NothingToUndo; StorageError.
        """
        with self._database.write() as connection:
            if entry_id is None:
                target = undoing.last_undoable(connection, self._machine.ids)
            else:
                target = undoing.voidable(connection, entry_id)
            if target is None:
                raise NothingToUndo("there is nothing to undo")
            return self._void(connection, UNDO, target.act, undoing.entries_of(connection, target.act), at)

    def redo(self, *, at: int | None = None) -> Undone:
        """Bring back what the newest undo took back, as long as nothing else was done since.

        Raises: NothingToUndo; StorageError.
        """
        with self._database.write() as connection:
            undo = undoing.last_undo(connection, self._machine.ids)
            if undo is None:
                raise NothingToUndo("there is nothing to redo")
            return self._void(connection, REDO, undo.id, undoing.entries_of(connection, undo.voids or ""), at)

    def replace(self, entry_id: str, draft: Draft) -> Recorded:
        """Take back the act of `entry_id` and write `draft` in its place, in one transaction ("I was right").

        Undoing the new act does not bring back the old one: the item is then as it was before both.
        """
        expanded = expand(draft)
        with self._database.write() as connection:
            target = undoing.voidable(connection, entry_id)
            self._void(connection, UNDO, target.act, undoing.entries_of(connection, target.act), draft.at)
            return self._write(connection, expanded, together=True)[0]

    def merge(self, entries: Iterable[Entry]) -> Merged:
        """Take in entries of other devices (or of a saved file): union by id, then the touched items are folded anew.

        The result is the same in any order and any number of times. An id that stands here with other content is kept
        as it is here and reported.
        """
        with self._database.write() as connection:
            fresh: dict[str, Entry] = {}
            known, conflicting = 0, []
            raw = driver(connection)
            for entry in entries:
                row = raw.execute(undoing.BY_ID, (id_bytes(entry.id),)).fetchone()
                here = fresh.get(entry.id) if row is None else cache.entry_of(row)
                if here is None:
                    fresh[entry.id] = entry
                elif wire.same(here, entry):
                    known += 1
                else:
                    conflicting.append(entry.id)
            if fresh:
                self._take_in(connection, list(fresh.values()))
            return Merged(
                len(fresh), known, tuple(conflicting), sum(one.device == self.device for one in fresh.values())
            )

    def fetch(self, item: str) -> None:
        """Read what an append about `item` will read, while nobody waits: on a disk at rest it takes milliseconds."""
        with self._database.raw() as connection:
            appending.fetch(connection, item)

    # reading

    def state(self, item: str) -> ItemState:
        """The state of `item`; that of a new item where nothing is known."""
        return self.states((item,))[item]

    def states(self, items: Sequence[str]) -> dict[str, ItemState]:
        """The states of `items`, in their order."""
        with self._database.read() as connection:
            found = cache.load(connection, items)
        return {item: found[item][0] if item in found else ItemState() for item in items}

    def entries(
        self,
        *,
        item: str | None = None,
        kinds: Iterable[str] | None = None,
        since: int | None = None,
        void: bool = True,
        limit: int | None = None,
    ) -> tuple[Entry, ...]:
        """Entries, oldest first.

        Args: `item`: of this item (its present key; entries under former keys are included); `kinds`: only these;
        `since`: written at this instant or later; `void=False`: only those that stand; `limit`: the newest so many.
        """
        return tuple(
            line.entry
            for line in self.history(item=item, kinds=kinds, since=since, limit=limit)
            if void or not line.void
        )

    def history(
        self,
        *,
        item: str | None = None,
        kinds: Iterable[str] | None = None,
        since: int | None = None,
        limit: int | None = None,
    ) -> tuple[Line, ...]:
        """As `entries`, each with whether it was undone."""
        where: list[str] = ["1"]
        values: list[Any] = []
        if item is not None:
            where.append("j.item IN (SELECT ? UNION ALL SELECT former FROM alias WHERE item = ?)")
            values += [item, item]
        if kinds is not None:
            wanted = [str(kind) for kind in kinds]
            where.append(f"j.kind IN ({', '.join('?' * len(wanted))})")
            values += wanted
        if since is not None:
            where.append("j.at >= ?")
            values.append(since)
        query = (
            f"SELECT {ENTRY_COLUMNS}, CASE j.kind WHEN 'redo' THEN 0 WHEN 'undo' THEN "
            f"EXISTS (SELECT 1 FROM journal r WHERE r.voids = j.id AND r.kind = 'redo') ELSE {VOID} END "
            f"FROM journal j WHERE {' AND '.join(where)} ORDER BY j.n DESC LIMIT {-1 if limit is None else int(limit)}"
        )
        with self._database.read() as connection:
            rows = connection.exec_driver_sql(query, tuple(values)).all()
        return tuple(Line(cache.entry_of(row), bool(row[9])) for row in reversed(rows))

    def accepted(self, item: str) -> tuple[str, ...]:
        """The answers that the person had accepted for `item` ("I was right"): `text` in the entries' bodies."""
        entries = self.entries(item=item, kinds=(ACCEPT_ANSWER,), void=False)
        return tuple(str(entry.body["text"]) for entry in entries if "text" in entry.body)

    def clock_warning(self, now_ms: int) -> str | None:
        """A sentence when the clock is behind what was written last: it was set back, or ran ahead then.

        Nothing is lost by it: a device's own count orders its entries. But due dates follow the clock.
        """
        with self._database.read() as connection:
            last = connection.exec_driver_sql("SELECT at FROM journal ORDER BY n DESC LIMIT 1").scalar()
        return None if last is None or now_ms >= last - CLOCK_MS else clock_behind(last - now_ms)

    @property
    def parameters(self) -> Parameters:
        """The parameters that the states are calculated with: the newest that stand in the journal.

        Looked up once, and again with every entry written: those that another window has just found are used from the
        next answer on.
        """
        if not self._looked_up:
            with self._database.read() as connection:
                self._head(driver(connection), "")
        return self._parameters[1]

    def rebuild(self) -> int:
        """Make all projections anew. Returns: the number of items with a history."""
        with self._database.write() as connection:
            return self._rebuild(connection)

    # inside a transaction

    def _head(self, connection: sqlite3.Connection, device: str) -> tuple[int, Parameters]:
        seq, text = connection.execute(appending.HEAD, (device,)).fetchone()
        return seq or 0, self._noted(text)

    def _noted(self, text: str | None) -> Parameters:
        """The parameters that `meta` holds in this form."""
        self._looked_up = True
        if text != self._parameters[0]:
            self._parameters = (text, Parameters() if text is None else cache.parameters_of(json.loads(text)))
        return self._parameters[1]

    def _write(
        self, connection: Connection, drafts: Expanded, together: bool, act: str | None = None
    ) -> tuple[Recorded, ...]:
        recorded = self._append(driver(connection), drafts, together, act)
        if any(draft.kind == PARAMETERS for draft, _ in drafts):
            self._recalculate(connection)
        return recorded

    def _append(
        self, connection: sqlite3.Connection, drafts: Expanded, together: bool, act: str | None
    ) -> tuple[Recorded, ...]:
        return appending.append(
            connection, drafts, device=self.device, ids=self._ids, noted=self._noted, together=together, act=act
        )

    def _void(self, connection: Connection, kind: str, target: str, acts: Sequence[Entry], at: int | None) -> Undone:
        device = self.device
        seq, _ = self._head(driver(connection), device)
        item = acts[0].item if acts else ""
        last = cache.load(connection, [item]).get(item, (None, None))[1]
        body = {"voids": target} | ({"prev": last} if last else {})
        when = time.time_ns() // 1_000_000 if at is None else at
        entry = Entry(self._ids.next(), device, seq + 1, when, item, kind, body=body)
        states = self._take_in(connection, [entry], acts)
        return Undone(entry, tuple(acts), states)

    def _take_in(
        self, connection: Connection, entries: Sequence[Entry], touched: Sequence[Entry] = ()
    ) -> dict[str, ItemState]:
        """Insert entries and fold again every item that they touch."""
        voided = [entry.voids for entry in entries if entry.voids]
        also = [one for target in voided for one in undoing.concerned(connection, target)]
        items = [cache.current_key(connection, item) for item in cache.items_of([*entries, *touched, *also])]
        items = list(dict.fromkeys(items))
        _, parameters = self._head(driver(connection), "")
        new_parameters = any(entry.kind == PARAMETERS for entry in (*entries, *touched, *also))
        if len(items) > MANY:
            cache.insert(connection, entries)
            self._rebuild(connection)
            return {item: state for item, (state, _) in cache.load(connection, items).items()}
        before = {item: cache.fold_stored(connection, item, parameters) for item in items}
        cache.insert(connection, entries)
        # An undo that came before what it voids waits for it: the new entries may be void already, which only
        # the journal as it stands now can tell.
        known: dict[str, Known] = {}
        days: Days = {}
        for item in items:
            now = cache.fold_stored(connection, item, parameters)
            known[item] = (now.state, now.last_entry)
            for key, change in difference(now.days, before[item].days).items():
                add(days, key, change)
        cache.save(connection, known)
        cache.book(connection, days)
        if new_parameters:
            self._recalculate(connection)
            known = cache.load(connection, items)
        return {item: state for item, (state, _) in known.items()}

    def _rebuild(self, connection: Connection) -> int:
        self._looked_up = False
        from studyapp.storage import replaying  # NumPy, which an ordinary start does without

        return replaying.rebuild(connection)

    def _recalculate(self, connection: Connection) -> None:
        self._looked_up = False
        from studyapp.storage import replaying

        replaying.recalculate(connection)
