"""${message}."""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Journal: add columns only. Rebuild other tables with `op.batch_alter_table`."""
    ${upgrades if upgrades else "op.execute('')"}
