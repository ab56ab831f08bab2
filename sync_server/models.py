"""The tables. `workspace_id` leads every key, so it is the shard key; nothing in any column can be read.

Hashes and signatures are raw bytes. A row of `entry` holds what is needed to rebuild its manifest exactly.
"""

from typing import Any, ClassVar, cast

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

_CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


def _bytes(**more: Any) -> Any:
    return Field(sa_column=Column(LargeBinary, **{"nullable": False, **more}))


def _count(**more: Any) -> Any:
    return Field(sa_column=Column(BigInteger, **{"nullable": False, **more}))


def _key(**more: Any) -> Any:
    return Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False, **more))


class Workspace(SQLModel, table=True):
    """The head of one organisation's log. Its row is locked while the log grows."""

    __tablename__: ClassVar[Any] = "workspace"
    workspace_id: str = Field(primary_key=True, max_length=64)
    size: int = _count()
    frontier: bytes = _bytes()
    checkpoint: str = Field(sa_column=Column(Text, nullable=False))
    roster_count: int = _count()
    roster_head: str = Field(max_length=64)


class Entry(SQLModel, table=True):
    """One manifest in the log; `position` is its log index, `digest` SHA-256 of its leaf."""

    __tablename__: ClassVar[Any] = "entry"
    __table_args__ = (
        UniqueConstraint("workspace_id", "device_id", "seq", name="entry_chain"),
        Index("entry_object", "workspace_id", "sha256"),
        _CLUSTERED,
    )
    workspace_id: str = Field(primary_key=True, max_length=64)
    position: int = _key()
    device_id: str = Field(max_length=64)
    seq: int = _count()
    prev: bytes = _bytes()
    sha256: bytes = _bytes()
    size: int = _count()
    epoch: int = _count()
    audience: str = Field(sa_column=Column(Text, nullable=False))  # device ids with a space between
    signature: bytes = _bytes()
    digest: bytes = _bytes()


class Addressed(SQLModel, table=True):
    """Which log positions a device may read."""

    __tablename__: ClassVar[Any] = "addressed"
    __table_args__ = _CLUSTERED
    workspace_id: str = Field(primary_key=True, max_length=64)
    device_id: str = Field(primary_key=True, max_length=64)
    position: int = _key()


class Node(SQLModel, table=True):
    """A complete subtree's hash; written once, never changed."""

    __tablename__: ClassVar[Any] = "node"
    __table_args__ = _CLUSTERED
    workspace_id: str = Field(primary_key=True, max_length=64)
    level: int = Field(primary_key=True)
    position: int = _key()
    hash: bytes = _bytes()


class StoredObject(SQLModel, table=True):
    """A sealed object that is here in full: inline in `content`, or (NULL) in the object store."""

    __tablename__: ClassVar[Any] = "object"
    workspace_id: str = Field(primary_key=True, max_length=64)
    sha256: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    size: int = _count()
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class Uploaded(SQLModel, table=True):
    """Which device has sent the whole of an object that was uploaded in parts."""

    __tablename__: ClassVar[Any] = "uploaded"
    __table_args__ = _CLUSTERED
    workspace_id: str = Field(primary_key=True, max_length=64)
    sha256: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    device_id: str = Field(primary_key=True, max_length=64)


class RosterStatement(SQLModel, table=True):
    """Statement n of the roster, as its canonical JSON."""

    __tablename__: ClassVar[Any] = "roster_statement"
    __table_args__ = _CLUSTERED
    workspace_id: str = Field(primary_key=True, max_length=64)
    n: int = _key()
    accepted: int = _count()  # Unix seconds, for the grace a removed device has
    content: str = Field(sa_column=Column(Text, nullable=False))


class EnrolmentRow(SQLModel, table=True):
    """A hand-shake under way; offer and answer are opaque. `expires` is Unix seconds."""

    __tablename__: ClassVar[Any] = "enrolment"
    __table_args__ = (Index("enrolment_token", "token_hash"),)
    workspace_id: str = Field(primary_key=True, max_length=64)
    token_hash: str = Field(primary_key=True, max_length=64)
    created_by: str = Field(max_length=64)
    expires: int = _count()
    offer: bytes = _bytes()
    answer: bytes = _bytes()


class UsedNonce(SQLModel, table=True):
    """Requests seen, where several processes must know of each other's; swept once they expire."""

    __tablename__: ClassVar[Any] = "used_nonce"
    workspace_id: str = Field(primary_key=True, max_length=64)
    device_id: str = Field(primary_key=True, max_length=64)
    nonce: str = Field(primary_key=True, max_length=64)
    expires: int = _count()


class SetupToken(SQLModel, table=True):
    """A one-time right to open a workspace, by its hash; the only table above workspaces."""

    __tablename__: ClassVar[Any] = "setup_token"
    token_hash: str = Field(primary_key=True, max_length=64)
    workspace_id: str = Field(default="", max_length=64)  # whom it opened, once used


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a model, for statements over many rows."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]
