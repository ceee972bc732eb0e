"""The tables: one that is never changed (`journal`), caches made from it, and a cache of the decks. Core only.

STRICT tables know INTEGER, REAL, TEXT and BLOB; instants are UTC epoch milliseconds, ids are 16 bytes. The journal is
an ordinary rowid table, because rows are saved out of a damaged file by their rowid.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    REAL,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

REVISIONS = {1: "0001", 2: "0002"}
"""User version → Alembic revision."""


def queue_case(suspended: str, deck: str, phase: str, due_at: str) -> str:
    """SQL for the queue that an item stands in, from the expressions given."""
    return (
        f"CASE WHEN {suspended} = 1 OR {deck} IS NULL THEN NULL WHEN {phase} = 0 THEN 0 "
        f"WHEN {due_at} IS NOT NULL THEN 1 ELSE 2 END"
    )


metadata = MetaData(
    naming_convention={
        # Without names, a batch migration silently drops CHECK constraints.
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "pk": "%(table_name)s_pkey",
    }
)


journal = Table(
    "journal",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", LargeBinary(16), nullable=False, unique=True),
    Column("device", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("item", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("grade", Integer),
    Column("duration_ms", Integer),
    Column("body", Text, nullable=False),
    Column("act", LargeBinary(16)),  # the act's first entry; NULL in the first (and mostly only) one itself
    Column("voids", LargeBinary(16)),
    # Copied out of the body, so that neither statistics nor a replay reads it.
    Column("mistake", Text),
    Column("confidence", Integer),
    Column("correct", Integer),  # 1 or 0 where there is a confidence
    Column("event", LargeBinary),  # see `memory.packed`; NULL where no item is concerned
    Index("journal_item", "item", "id", "event"),  # a replay reads this and no more
    Index("journal_device_seq", "device", "seq"),  # not unique: a cloned machine writes the same numbers
    Index("journal_act", "act", sqlite_where=text("act IS NOT NULL")),
    Index("journal_voids", "voids", sqlite_where=text("voids IS NOT NULL")),
    Index("journal_mistake", "mistake", "at", sqlite_where=text("mistake IS NOT NULL")),
    Index("journal_confidence", "confidence", "at", "correct", sqlite_where=text("confidence IS NOT NULL")),
    sqlite_strict=True,
)

memory = Table(
    "memory",
    metadata,
    Column("item", Text, primary_key=True, nullable=False),
    Column("deck", Integer),  # the deck's row while a deck has the item, else NULL: asked of nobody, forgotten never
    Column("position", Integer),
    Column("phase", Integer, nullable=False, server_default="0"),
    Column("step", Integer, nullable=False, server_default="0"),
    Column("stability", REAL),
    Column("difficulty", REAL),
    Column("due_day", Integer),
    Column("due_at", Integer),
    Column("last_at", Integer),
    Column("last_day", Integer),
    Column("reps", Integer, nullable=False, server_default="0"),
    Column("lapses", Integer, nullable=False, server_default="0"),
    Column("suspended", Integer, nullable=False, server_default="0"),
    Column("buried_until", Integer),
    Column("flag", Integer, nullable=False, server_default="0"),
    Column("leech", Integer, nullable=False, server_default="0"),
    Column("last_entry", LargeBinary(16)),
    # 0 new, 1 in learning steps, 2 due by day, NULL asked of nobody: one name for what partial indices must repeat term
    # by term. No generated column, because the planner takes no index that has one for complete.
    Column("queue", Integer),
    Column("level", Integer),  # an exercise's level at its last review
    CheckConstraint(f"queue IS {queue_case('suspended', 'deck', 'phase', 'due_at')}", name="queue"),
    # `queue` stands last in each, or SQLite fetches the row to see it. One index for what is due, although a second by
    # deck would find a single deck's a few milliseconds sooner: every answer moves its item in each.
    Index("memory_new", "deck", "position", "buried_until", "queue", sqlite_where=text("queue = 0")),
    Index("memory_learning", "due_at", "deck", "buried_until", "queue", sqlite_where=text("queue = 1")),
    Index("memory_due", "due_day", "deck", "buried_until", "queue", sqlite_where=text("queue = 2")),
    sqlite_strict=True,
)

day = Table(
    "day",
    metadata,
    Column("day", Integer, primary_key=True, nullable=False),
    Column("deck", Text, primary_key=True, nullable=False),
    *(
        Column(name, Integer, nullable=False, server_default="0")
        for name in (
            "reviews", "duration_ms", "again", "hard", "good", "easy", "introduced",
            "young_passed", "young_failed", "mature_passed", "mature_failed", "predicted_count",
        )
    ),
    Column("predicted", REAL, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)  # fmt: skip

deck = Table(
    "deck",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("path", Text, nullable=False),
    Column("stamp_ns", Integer, nullable=False),
    Column("stamp_size", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index("deck_position", "position", "id"),
    sqlite_strict=True,
)

item = Table(
    "item",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("deck", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("front", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("requires", Text, nullable=False),
    Column("card", Text, nullable=False),
    Index("item_deck_position", "deck", "position", "key"),
    sqlite_strict=True,
)

alias = Table(
    "alias",
    metadata,
    Column("former", Text, primary_key=True, nullable=False),
    Column("item", Text, nullable=False),
    Column("deck", Integer, nullable=False),
    Index("alias_item", "item"),
    sqlite_strict=True,
)

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)

TRIGGERS = tuple(
    f"CREATE TRIGGER journal_no_{word} BEFORE {word.upper()} ON journal BEGIN "
    f"SELECT RAISE(ABORT, 'the journal is append-only: nothing in it is ever changed or deleted'); END"
    for word in ("update", "delete")
)


def create_all(connection: Connection) -> None:
    """Make every table and trigger of the present version in an empty database."""
    metadata.create_all(connection, checkfirst=False)
    for trigger in TRIGGERS:
        connection.execute(DDL(trigger))
