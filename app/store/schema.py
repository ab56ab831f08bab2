"""The tables of a worker's database, as SQLModel classes.

Nothing here is readable: every `box` is one AEAD blob (see `boxes.py`) that holds the content of the row,
its status and whatever it is searched by. What a stranger sees is this file, how many rows there are and
how large their padded boxes are.

`id` is a keyed 63-bit hash of the row's name, so it is meaningless without the store key.
`stamp` counts changes of the whole database. It is bound into the box, and it tells an index snapshot
which rows are newer than itself.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

SCHEMA_VERSION = 3
METADATA = MetaData()


class StoreModel(SQLModel, registry=registry(metadata=METADATA)):
    """Keeps these tables apart from any other SQLModel tables of the process."""

    metadata = METADATA


class Meta(StoreModel, table=True):
    """The only readable row: schema version, change counter, and whether the last close was clean."""

    __tablename__ = "meta"

    id: int = Field(default=1, primary_key=True)
    schema_version: int
    stamp: int = 0
    clean: bool = True


class BoxRow(StoreModel):
    """What all encrypted tables look like."""

    id: int = Field(primary_key=True)
    stamp: int
    box: bytes


class RecordRow(BoxRow, table=True):
    """Signed records, own and pulled. Since schema 2 found by stamp: what is newer than the index snapshot."""

    __tablename__ = "record"
    __table_args__ = (Index("ix_record_stamp", "stamp"),)


class IndexRow(BoxRow, table=True):
    """The index of all records as of some stamp, in one box, so that unlocking is fast. Since schema 2."""

    __tablename__ = "index_snapshot"


class DraftRow(BoxRow, table=True):
    """Heads of drafts: what a list of drafts shows."""

    __tablename__ = "draft"


class SnapshotRow(BoxRow, table=True):
    """The form instance of each draft as of its last snapshot."""

    __tablename__ = "draft_snapshot"


class OutboxRow(BoxRow, table=True):
    """State of own sealed objects on their way to the server; all boxes have the same size class. Since schema 3
    an entry may have no number yet."""

    __tablename__ = "outbox"


class SealedRow(BoxRow, table=True):
    """The sealed objects of the outbox, apart from their state so that a state change stays small."""

    __tablename__ = "sealed"


class ValueRow(BoxRow, table=True):
    """Named values: device keys, cursor, checkpoint, roster statements, settings."""

    __tablename__ = "value"


class QuarantineRow(BoxRow, table=True):
    """Entries of the log that were refused, with the reason."""

    __tablename__ = "quarantine"


class JournalRow(StoreModel, table=True):
    """One answer of one draft. Clustered by (draft, n), so that an append touches a single page."""

    __tablename__ = "journal"
    __table_args__ = {"sqlite_with_rowid": False}

    draft: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    n: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    box: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
