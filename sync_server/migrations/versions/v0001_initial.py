"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(64)


def _octets(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), primary_key=True, autoincrement=False)


def _id(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, ID, nullable=False, primary_key=key)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    _log_tables()
    op.create_table(
        "object",
        _id("workspace_id", key=True),
        sa.Column("sha256", sa.LargeBinary(32), primary_key=True),
        _count("size"),
        _octets("content", nullable=True),
    )
    op.create_table(
        "roster_statement",
        _id("workspace_id", key=True),
        _key("n"),
        _count("accepted"),
        _text("content"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "enrolment",
        _id("workspace_id", key=True),
        _id("token_hash", key=True),
        _id("created_by"),
        _count("expires"),
        _octets("offer"),
        _octets("answer"),
    )
    op.create_index("enrolment_token", "enrolment", ["token_hash"])
    op.create_table(
        "used_nonce",
        _id("workspace_id", key=True),
        _id("device_id", key=True),
        _id("nonce", key=True),
        _count("expires"),
    )
    op.create_table("setup_token", _id("token_hash", key=True), _id("workspace_id"))


def _log_tables() -> None:
    op.create_table(
        "workspace",
        _id("workspace_id", key=True),
        _count("size"),
        _octets("frontier"),
        _text("checkpoint"),
        _count("roster_count"),
        _id("roster_head"),
    )
    op.create_table(
        "entry",
        _id("workspace_id", key=True),
        _key("position"),
        _id("device_id"),
        _count("seq"),
        _octets("prev"),
        _octets("sha256"),
        _count("size"),
        _count("epoch"),
        _text("audience"),
        _octets("signature"),
        _octets("digest"),
        sa.UniqueConstraint("workspace_id", "device_id", "seq", name="entry_chain"),
        sqlite_with_rowid=False,
    )
    op.create_index("entry_object", "entry", ["workspace_id", "sha256"])
    op.create_table(
        "addressed",
        _id("workspace_id", key=True),
        _id("device_id", key=True),
        _key("position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "node",
        _id("workspace_id", key=True),
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        _key("position"),
        _octets("hash"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for name in ("setup_token", "used_nonce", "enrolment", "roster_statement", "object"):
        op.drop_table(name)
    for name in ("node", "addressed", "entry", "workspace"):
        op.drop_table(name)
