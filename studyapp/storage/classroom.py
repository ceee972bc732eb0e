"""A class on a PostgreSQL server, for its teacher: the tables, who may do what, assignments, and what came of them.

The server itself keeps the rules. A learner is a role that sees and adds own rows and nothing else: no UPDATE, no
DELETE, row-level security forced, and the key (learner, id), so that nobody's ids stand in another's way. The teacher
reads; the owner, who ran `create`, can remove a learner. Learners should go by pseudonyms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, LiteralString

from studyapp.memory import fold
from studyapp.memory.model import Act, ItemState, Parameters, Phase
from studyapp.storage import wire
from studyapp.storage.entry import QUIZ, REDO, UNDO, Entry, to_event
from studyapp.storage.errors import SyncError
from studyapp.storage.projection import in_order
from studyapp.storage.server import COLUMNS, Server

LEARNERS = "studyapp_learner"
DAYS = 7
"""Over which reviews a day are counted."""
LISTED = 10
FEWEST = 2
"""First tries below which an item is not called hard."""
MS_PER_DAY = 86_400_000

_NAME = re.compile(r"(?!pg_|studyapp_|postgres$|public$|none$)[a-z][a-z0-9_-]{0,62}")
_ROLES: tuple[LiteralString, ...] = (
    "DO $$ BEGIN CREATE ROLE studyapp_learner NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    "DO $$ BEGIN CREATE ROLE studyapp_teacher NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    "DO $$ BEGIN EXECUTE format('GRANT studyapp_teacher TO %I', current_user); END $$",
)
_SCHEMA: tuple[LiteralString, ...] = (
    "CREATE SCHEMA studyapp",
    "CREATE TABLE studyapp.class (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), version int NOT NULL DEFAULT 1)",
    "INSERT INTO studyapp.class DEFAULT VALUES",
    # Bodies are `text`: jsonb would reorder names and drop digits, and an entry must come back as it was sent.
    """CREATE TABLE studyapp.journal (
        n bigint GENERATED ALWAYS AS IDENTITY UNIQUE, learner text NOT NULL DEFAULT current_user, id uuid NOT NULL,
        device text NOT NULL CHECK (length(device) <= 64), seq bigint NOT NULL, at bigint NOT NULL,
        item text NOT NULL CHECK (length(item) <= 1000), kind text NOT NULL CHECK (length(kind) <= 100),
        grade bigint, duration_ms bigint, body text NOT NULL CHECK (octet_length(body) <= 1048576),
        received timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (learner, id))""",
    "CREATE INDEX journal_learner_n ON studyapp.journal (learner, n)",
    """CREATE TABLE studyapp.assignment (deck text PRIMARY KEY CHECK (length(deck) <= 200), due date NOT NULL,
        made timestamptz NOT NULL DEFAULT now())""",
    "ALTER TABLE studyapp.journal ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE studyapp.journal FORCE ROW LEVEL SECURITY",
    "CREATE POLICY own_read ON studyapp.journal FOR SELECT USING (learner = current_user)",
    "CREATE POLICY own_add ON studyapp.journal FOR INSERT TO studyapp_learner WITH CHECK (learner = current_user)",
    "CREATE POLICY teacher_reads ON studyapp.journal FOR SELECT TO studyapp_teacher USING (true)",
    "CREATE POLICY owner_removes ON studyapp.journal FOR DELETE TO CURRENT_USER USING (true)",
    "GRANT USAGE ON SCHEMA studyapp TO studyapp_learner, studyapp_teacher",
    "GRANT SELECT ON studyapp.class, studyapp.journal, studyapp.assignment TO studyapp_learner, studyapp_teacher",
    """GRANT INSERT (learner, id, device, seq, at, item, kind, grade, duration_ms, body)
        ON studyapp.journal TO studyapp_learner""",
    "GRANT INSERT, UPDATE, DELETE ON studyapp.assignment TO studyapp_teacher",
)


@dataclass(frozen=True)
class LearnerRow:
    """What one learner did. Counts are of what stands; `first_tries` are machine-marked first answers to an item."""

    learner: str
    last_active: date | None = None
    reviews: int = 0
    reviews_a_day: float = 0.0
    overdue: int = 0
    """Items whose day has passed."""
    first_tries: int = 0
    first_right: int = 0
    quizzes: int = 0
    begun: dict[str, int] = field(default_factory=dict)
    """Assigned deck → items of it that were reviewed at least once."""
    unreadable: int = 0

    @property
    def accuracy(self) -> float | None:
        """Share of first tries that were right."""
        return self.first_right / self.first_tries if self.first_tries else None


@dataclass(frozen=True)
class HardCard:
    """An item, and how its machine-marked first tries went."""

    item: str
    tries: int
    right: int


@dataclass(frozen=True)
class ClassReport:
    """The class at a glance; self-graded answers count as activity only, never as right or wrong."""

    learners: tuple[LearnerRow, ...]
    hardest: tuple[HardCard, ...]
    mistakes: tuple[tuple[str, int], ...]
    assignments: tuple[tuple[str, date], ...]


def create(server: Server) -> None:
    """Make roles, tables and rules in an empty database. Raises: SyncError when there is a class already."""
    with server.connection.transaction():
        if server.connection.execute("SELECT to_regnamespace('studyapp')").fetchone() != (None,):
            raise SyncError(f"{server.shown}: there is a class already")
        for statement in (*_ROLES, *_SCHEMA):
            server.connection.execute(statement)


def learners(server: Server) -> tuple[str, ...]:
    """The names of all learners, sorted.

    Who may only administer the group is none: from PostgreSQL 16 on that is the teacher who made it.
    """
    rows = server.connection.execute(
        "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m "
        "ON m.oid = a.member WHERE g.rolname = %s AND NOT a.admin_option ORDER BY 1",
        (LEARNERS,),
    )
    return tuple(dict.fromkeys(row[0] for row in rows))


def add(server: Server, learner: str, password: str | None) -> None:
    """Make the role of a learner, or give a known learner a new password.

    The password is turned into its SCRAM verifier here, so that neither the wire nor a log of the server has it.
    Raises: SyncError for an unfit name, or one that belongs to somebody else.
    """
    from psycopg import sql  # an extra

    if not _NAME.fullmatch(learner):
        raise SyncError(f"{learner!r} is no name for a learner: small letters, digits, - and _, at most 63")
    name = sql.Identifier(learner)
    known = server.connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (learner,)).fetchone()
    if known and learner not in learners(server):
        raise SyncError(f"{learner} is already somebody else's name on this server; choose another")
    with server.connection.transaction():
        if not known:
            server.connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(name))
            server.connection.execute(sql.SQL("GRANT studyapp_learner TO {}").format(name))
        if password is not None:
            verifier = server.connection.pgconn.encrypt_password(
                password.encode(), learner.encode(), b"scram-sha-256"
            ).decode()
            server.connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(verifier)))


def remove(server: Server, learner: str) -> int:
    """Delete a learner and all that was sent. Returns: how many entries. Raises: SyncError when there is none."""
    from psycopg import sql  # an extra

    if learner not in learners(server):
        raise SyncError(f"there is no learner {learner}")
    with server.connection.transaction():
        gone = server.connection.execute("DELETE FROM studyapp.journal WHERE learner = %s", (learner,)).rowcount
        server.connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(learner)))
    return gone


def assign(server: Server, deck: str, due: date) -> None:
    """Want `deck` learned until `due`; a second time moves the date."""
    server.connection.execute(
        "INSERT INTO studyapp.assignment (deck, due) VALUES (%s, %s) "
        "ON CONFLICT (deck) DO UPDATE SET due = excluded.due",
        (deck, due),
    )


def report(server: Server, *, today: int, now_ms: int) -> ClassReport:
    """The class at a glance. Args: `today`: the study day; `now_ms`: epoch milliseconds."""
    assigned = tuple(
        (str(deck), due)
        for deck, due in server.connection.execute("SELECT deck, due FROM studyapp.assignment ORDER BY due, deck")
    )
    rows: list[LearnerRow] = []
    tries: Counter[str] = Counter()
    right: Counter[str] = Counter()
    mistakes: Counter[str] = Counter()
    known = learners(server)
    with server.connection.transaction(), server.connection.cursor(name="report") as cursor:
        cursor.itersize = 5_000
        cursor.execute(
            f"SELECT learner, {COLUMNS} FROM studyapp.journal WHERE learner = ANY(%s) ORDER BY learner, n",  # noqa: S608
            (list(known),),
        )
        for learner, theirs in groupby(cursor, key=lambda row: row[0]):
            entries, unreadable = _read(theirs)
            standing = _standing(entries)
            decks = [deck for deck, _ in assigned]
            rows.append(_row(learner, entries, decks, today=today, now_ms=now_ms, unreadable=unreadable))
            for item, credit in _first_tries(standing).items():
                tries[item] += 1
                right[item] += credit >= 1
            for entry in standing:
                if isinstance(named := entry.body.get("mistake"), str):
                    mistakes.update(one for one in named.split("|") if one)
    seen = {row.learner for row in rows}
    rows += [LearnerRow(name) for name in known if name not in seen]
    hardest = sorted(
        (HardCard(item, count, right[item]) for item, count in tries.items() if count >= FEWEST),
        key=lambda card: (card.right / card.tries, -card.tries, card.item),
    )
    return ClassReport(
        tuple(sorted(rows, key=lambda row: row.learner)),
        tuple(card for card in hardest if card.right < card.tries)[:LISTED],
        tuple(sorted(mistakes.items(), key=lambda pair: (-pair[1], pair[0]))[:LISTED]),
        assigned,
    )


def _read(rows: Iterable[Sequence[Any]]) -> tuple[list[Entry], int]:
    """The entries that make sense, and how many do not: a learner's rows are not trusted."""
    entries, bad = [], 0
    for row in rows:
        try:
            entries.append(wire.decode(wire.encode((row[1].bytes, *row[2:]))))
        except wire.BadLine:
            bad += 1
    return entries, bad


def _standing(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that were not undone, in the order in which they were written."""
    redone = {entry.voids for entry in entries if entry.kind == REDO}
    void = {entry.voids for entry in entries if entry.kind == UNDO and entry.id not in redone}
    return [entry for entry in in_order(entries) if entry.act not in void]


def _first_tries(entries: Iterable[Entry]) -> dict[str, float]:
    """Item → credit of the first answer that a machine marked."""
    found: dict[str, float] = {}
    for entry in entries:
        credit = entry.body.get("credit")
        if entry.kind == Act.REVIEW and isinstance(credit, int | float) and not isinstance(credit, bool):
            found.setdefault(entry.item, float(credit))
    return found


def _row(
    learner: str, entries: Sequence[Entry], decks: Sequence[str], *, today: int, now_ms: int, unreadable: int
) -> LearnerRow:
    standing = _standing(entries)
    reviews = [entry for entry in standing if entry.kind == Act.REVIEW and entry.grade in (1, 2, 3, 4)]
    firsts = _first_tries(standing)
    past = [entry.at for entry in entries if entry.at <= now_ms + MS_PER_DAY]
    return LearnerRow(
        learner=learner,
        last_active=date.fromordinal(date(1970, 1, 1).toordinal() + max(past) // MS_PER_DAY) if past else None,
        reviews=len(reviews),
        reviews_a_day=sum(today - DAYS < entry.day <= today for entry in reviews) / DAYS,
        overdue=sum(_overdue(state, today) for state in _states(standing).values()),
        first_tries=len(firsts),
        first_right=sum(credit >= 1 for credit in firsts.values()),
        quizzes=sum(entry.kind == QUIZ for entry in standing),
        begun={deck: len({entry.item for entry in reviews if entry.deck == deck}) for deck in decks},
        unreadable=unreadable,
    )


def _states(entries: Iterable[Entry]) -> dict[str, ItemState]:
    states: dict[str, ItemState] = {}
    for entry in entries:
        event = to_event(entry)
        if event is not None and entry.item:
            states[entry.item] = fold.advance(states.get(entry.item, ItemState()), event, Parameters())
    return states


def _overdue(state: ItemState, today: int) -> bool:
    if state.suspended or state.phase is Phase.NEW:
        return False
    day = state.due_day if state.due_day is not None else state.last_day
    return day is not None and day < today
