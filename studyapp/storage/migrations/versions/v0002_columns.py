"""Columns copied out of the bodies, so that a replay and the statistics need not read them; the level of an exercise.

Filled afterwards by `replaying.copy_again`. Never edited after its release.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE journal ADD COLUMN correct INTEGER",
    "ALTER TABLE journal ADD COLUMN event BLOB",
    "ALTER TABLE memory ADD COLUMN level INTEGER",
    "DROP INDEX memory_due_deck",  # every answer wrote two pages of it; the other index serves single decks well enough
    "DROP INDEX journal_item",
    "CREATE INDEX journal_item ON journal (item, id, event)",
    "DROP INDEX item_deck_position",
    'CREATE INDEX item_deck_position ON item (deck, position, "key")',
    "DROP INDEX journal_confidence",
    "CREATE INDEX journal_confidence ON journal (confidence, at, correct) WHERE confidence IS NOT NULL",
)


def upgrade() -> None:
    """Add the columns, and put them into the indices that are read in their place."""
    for statement in STATEMENTS:
        op.execute(statement)
