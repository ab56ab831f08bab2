"""The database's history, as Alembic revisions."""

NEWEST = "0002"  # the head of versions/; a test compares the two
