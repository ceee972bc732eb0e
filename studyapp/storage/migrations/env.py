"""Runs migrations on the connection that `studyapp.storage.migrate` has opened, inside its transaction."""

from alembic import context

from studyapp.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
