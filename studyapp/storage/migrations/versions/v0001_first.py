"""The first schema, as it was released: never edited afterwards."""
# ruff: noqa: E501  the statements stand as SQLite keeps them

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """\
CREATE TABLE alias (
    former TEXT NOT NULL,
    item TEXT NOT NULL,
    deck INTEGER NOT NULL,
    CONSTRAINT alias_pkey PRIMARY KEY (former)
)
    STRICT""",
    """\
CREATE TABLE day (
    day INTEGER NOT NULL,
    deck TEXT NOT NULL,
    reviews INTEGER DEFAULT '0' NOT NULL,
    duration_ms INTEGER DEFAULT '0' NOT NULL,
    again INTEGER DEFAULT '0' NOT NULL,
    hard INTEGER DEFAULT '0' NOT NULL,
    good INTEGER DEFAULT '0' NOT NULL,
    easy INTEGER DEFAULT '0' NOT NULL,
    introduced INTEGER DEFAULT '0' NOT NULL,
    young_passed INTEGER DEFAULT '0' NOT NULL,
    young_failed INTEGER DEFAULT '0' NOT NULL,
    mature_passed INTEGER DEFAULT '0' NOT NULL,
    mature_failed INTEGER DEFAULT '0' NOT NULL,
    predicted_count INTEGER DEFAULT '0' NOT NULL,
    predicted REAL DEFAULT '0' NOT NULL,
    CONSTRAINT day_pkey PRIMARY KEY (day, deck)
)
    WITHOUT ROWID,
    STRICT""",
    """\
CREATE TABLE deck (
    n INTEGER NOT NULL,
    id TEXT NOT NULL,
    path TEXT NOT NULL,
    stamp_ns INTEGER NOT NULL,
    stamp_size INTEGER NOT NULL,
    title TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT deck_pkey PRIMARY KEY (n),
    CONSTRAINT deck_id_key UNIQUE (id)
)
    STRICT""",
    """\
CREATE TABLE item (
    n INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    deck INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    front TEXT NOT NULL,
    text TEXT NOT NULL,
    digest TEXT NOT NULL,
    requires TEXT NOT NULL,
    card TEXT NOT NULL,
    CONSTRAINT item_pkey PRIMARY KEY (n),
    CONSTRAINT item_key_key UNIQUE ("key")
)
    STRICT""",
    """\
CREATE TABLE journal (
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    device TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    grade INTEGER,
    duration_ms INTEGER,
    body TEXT NOT NULL,
    act BLOB,
    voids BLOB,
    mistake TEXT,
    confidence INTEGER,
    CONSTRAINT journal_pkey PRIMARY KEY (n),
    CONSTRAINT journal_id_key UNIQUE (id)
)
    STRICT""",
    """\
CREATE TABLE memory (
    item TEXT NOT NULL,
    deck INTEGER,
    position INTEGER,
    phase INTEGER DEFAULT '0' NOT NULL,
    step INTEGER DEFAULT '0' NOT NULL,
    stability REAL,
    difficulty REAL,
    due_day INTEGER,
    due_at INTEGER,
    last_at INTEGER,
    last_day INTEGER,
    reps INTEGER DEFAULT '0' NOT NULL,
    lapses INTEGER DEFAULT '0' NOT NULL,
    suspended INTEGER DEFAULT '0' NOT NULL,
    buried_until INTEGER,
    flag INTEGER DEFAULT '0' NOT NULL,
    leech INTEGER DEFAULT '0' NOT NULL,
    last_entry BLOB,
    queue INTEGER,
    CONSTRAINT memory_pkey PRIMARY KEY (item),
    CONSTRAINT memory_queue_check CHECK (queue IS CASE WHEN suspended = 1 OR deck IS NULL THEN NULL WHEN phase = 0 THEN 0 WHEN due_at IS NOT NULL THEN 1 ELSE 2 END)
)
    STRICT""",
    """\
CREATE TABLE meta (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT meta_pkey PRIMARY KEY (name)
)
    STRICT""",
    """\
CREATE INDEX alias_item ON alias (item)""",
    """\
CREATE INDEX deck_position ON deck (position, id)""",
    """\
CREATE INDEX item_deck_position ON item (deck, position)""",
    """\
CREATE INDEX journal_act ON journal (act) WHERE act IS NOT NULL""",
    """\
CREATE INDEX journal_confidence ON journal (confidence, at) WHERE confidence IS NOT NULL""",
    """\
CREATE INDEX journal_device_seq ON journal (device, seq)""",
    """\
CREATE INDEX journal_item ON journal (item)""",
    """\
CREATE INDEX journal_mistake ON journal (mistake, at) WHERE mistake IS NOT NULL""",
    """\
CREATE INDEX journal_voids ON journal (voids) WHERE voids IS NOT NULL""",
    """\
CREATE INDEX memory_due ON memory (due_day, deck, buried_until, queue) WHERE queue = 2""",
    """\
CREATE INDEX memory_due_deck ON memory (deck, due_day, buried_until, queue) WHERE queue = 2""",
    """\
CREATE INDEX memory_learning ON memory (due_at, deck, buried_until, queue) WHERE queue = 1""",
    """\
CREATE INDEX memory_new ON memory (deck, position, buried_until, queue) WHERE queue = 0""",
    """\
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only: nothing in it is ever changed or deleted'); END""",
    """\
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only: nothing in it is ever changed or deleted'); END""",
)


def upgrade() -> None:
    """Make every table, index and trigger of version 1."""
    for statement in STATEMENTS:
        op.execute(statement)
