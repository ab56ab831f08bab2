"""The database's history, as Alembic revisions."""

NEWEST = "0001"  # the head of versions/; a test compares the two
