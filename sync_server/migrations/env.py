"""Alembic's entry point; `sync_server.migrate` hands it an open connection."""

from alembic import context
from sqlmodel import SQLModel

import sync_server.models  # noqa: F401  (fills SQLModel.metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
