"""GET /v1/entries: the log from a place on, only what is addressed to the reader, the rest as hashes.

A page lets a reader grow its own frontier of the tree, so one small proof shows that every entry stands where
the page says, and that the log still contains all that the reader has seen before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from app.protocol import wire
from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.manifest import Manifest
from app.protocol.push import check_growth, row_of
from app.protocol.tree import Frontier, ProofError, walk
from app.protocol.versions import INLINE_LIMIT, PAGE_BYTES, PAGE_ENTRIES

_PAGE = (
    "workspace",
    "after",
    "next",
    "names",
    "audiences",
    "entries",
    "proof",
    "checkpoint",
    "consistency",
    "roster",
)
_AUDIT = ("workspace", "names", "audiences", "entries")


@dataclass(frozen=True)
class PullQuery:
    """`after`: how many leading log entries the reader has done with. `known`: size of its last checkpoint.

    `limit` entries and about `size` bytes at most; sealed objects up to `inline` bytes come with their entry;
    `own` = 1: also what the reader itself wrote (otherwise it counts as not addressed to it).
    """

    after: int
    known: int = 0
    limit: int = PAGE_ENTRIES
    size: int = PAGE_BYTES
    inline: int = INLINE_LIMIT
    own: int = 0

    def query(self) -> str:
        """The query string, without the question mark."""
        return urlencode(vars(self))

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> "PullQuery":
        """Strict; raises Problem("server.malformed")."""
        values = {name: number(name, text) for name, text in given.items()}
        if not set(values) <= set(cls.__dataclass_fields__) or "after" not in values:
            raise wire.malformed("query")
        query = replace(cls(0), **values)
        if (
            not 1 <= query.limit <= PAGE_ENTRIES
            or query.size > PAGE_BYTES
            or query.inline > INLINE_LIMIT
            or query.own > 1
        ):
            raise wire.malformed("query limits")
        return query


def number(name: str, value: str) -> int:
    """A value of a query string; raises Problem("server.malformed")."""
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise wire.malformed(name)
    return int(value)


@dataclass(frozen=True)
class PulledEntry:
    """`content` is the sealed object as the server gave it: compare its SHA-256 with the manifest's."""

    index: int
    manifest: Manifest
    content: bytes | None = None


@dataclass(frozen=True)
class PullPage:
    """Entries with after ≤ index < next. `proof` fills the gaps up to `next`, then up to the checkpoint."""

    workspace: str
    after: int
    next: int
    entries: tuple[PulledEntry, ...]
    proof: tuple[bytes, ...]
    checkpoint: str
    consistency: tuple[bytes, ...] = ()
    roster: int = 0

    def encode(self) -> bytes:
        rows = EntryRows(self.entries)
        return wire.pack(
            {
                "workspace": self.workspace,
                "after": self.after,
                "next": self.next,
                **rows.to_wire(),
                "proof": wire.join(self.proof),
                "checkpoint": self.checkpoint,
                "consistency": wire.join(self.consistency),
                "roster": self.roster,
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> "PullPage":
        found = wire.unpack(data, _PAGE)
        return cls(
            wire.text(found["workspace"], "workspace", 64),
            wire.count(found["after"], "after"),
            wire.count(found["next"], "next"),
            read_rows(found),
            wire.split(found["proof"], "proof"),
            wire.text(found["checkpoint"], "checkpoint"),
            wire.split(found["consistency"], "consistency"),
            wire.count(found["roster"], "roster"),
        )

    def verify(
        self, frontier: Frontier, workspace: str, log_key: VerifyKey, known: Checkpoint | None = None
    ) -> tuple[Frontier, Checkpoint]:
        """The reader's frontier at `next` and the checkpoint that proves it; keep both together.

        `frontier` is the reader's own at `after`, `known` its last checkpoint (the query's `known`). Proves
        that each entry is in the log at its index, and that this log is the known one, grown. Does not
        check the manifests' signatures. Raises Problem("server.bad_checkpoint" | "server.bad_proof" |
        "server.fork").
        """
        checkpoint = Checkpoint.open(self.checkpoint, log_key, origin_of(workspace))
        if (
            self.workspace != workspace
            or self.after != frontier.size
            or not self.after <= self.next <= checkpoint.size
        ):
            raise Problem("server.bad_proof", reason="not the page that was asked for")
        proof = iter(self.proof)
        leaves = [(entry.index, entry.manifest.leaf_hash()) for entry in self.entries]
        try:
            there = walk(frontier, leaves, self.next, proof)
            whole = there.cover(checkpoint.size, proof)
        except ProofError as error:
            raise Problem("server.bad_proof", reason=str(error)) from error
        if next(proof, None) is not None or whole.root() != checkpoint.root:
            raise Problem("server.bad_proof", reason="the proof leads to another root")
        if known is not None:
            check_growth(known, checkpoint, self.consistency)
        return there, checkpoint


@dataclass(frozen=True)
class ManifestsAnswer:
    """GET /v1/manifests: one device's manifests in order, whoever they are addressed to, for an audit."""

    workspace: str
    entries: tuple[PulledEntry, ...]

    def encode(self) -> bytes:
        return wire.pack({"workspace": self.workspace, **EntryRows(self.entries).to_wire()})

    @classmethod
    def decode(cls, data: bytes) -> "ManifestsAnswer":
        found = wire.unpack(data, _AUDIT)
        return cls(wire.text(found["workspace"], "workspace", 64), read_rows(found))


class EntryRows:
    """[index, device, seq, prev, epoch, audience, signature, sha256, size, content or nil] for each entry."""

    def __init__(self, entries: Iterable[PulledEntry]) -> None:
        self.tables = wire.Tables()
        self.rows = [self._row(entry) for entry in entries]

    def _row(self, entry: PulledEntry) -> list[Any]:
        manifest = entry.manifest
        digest = bytes.fromhex(manifest.sha256)
        return [entry.index, *row_of(manifest, self.tables), digest, manifest.size, entry.content]

    def to_wire(self) -> dict[str, Any]:
        return {**self.tables.to_wire(), "entries": self.rows}


def read_rows(found: Mapping[str, Any]) -> tuple[PulledEntry, ...]:
    """The entries of a decoded message, in strictly ascending order of index."""
    reader = wire.TableReader(found["workspace"], found["names"], found["audiences"], PAGE_ENTRIES)
    entries: list[PulledEntry] = []
    for row in wire.rows(found["entries"], "entries", PAGE_ENTRIES):
        if not isinstance(row, list) or len(row) != 10:
            raise wire.malformed("an entry")
        index = wire.count(row[0], "index")
        if entries and index <= entries[-1].index:
            raise wire.malformed("the order of entries")
        content = None if row[9] is None else wire.octets(row[9], "object")
        sha256 = wire.octets(row[7], "sha256", 32).hex()
        entries.append(
            PulledEntry(index, reader.manifest(row[1:7], sha256, wire.count(row[8], "size")), content)
        )
    return tuple(entries)
