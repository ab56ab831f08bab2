"""One write transaction, shared by all requests that wait at the same moment.

While it is open it holds the lock of every workspace it touches, so the log index, the tree and each device's
chain are decided here and nowhere else, however many processes serve the same database.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.protocol.tree import Frontier, Read, grow
from app.protocol.wire import split
from sync_server.bulk import insert_rows
from sync_server.models import Addressed, Entry, Node, StoredObject, Workspace, table_of
from sync_server.services.holders import UPLOADED, holds
from sync_server.services.nodes import NodeCache, NodeReader, recording
from sync_server.services.rosters import Rosters, Standing

WORKSPACES, ENTRIES, NODES = table_of(Workspace), table_of(Entry), table_of(Node)
ADDRESSED, OBJECTS = table_of(Addressed), table_of(StoredObject)
_HEADS_KEPT = 10_000
Rows = list[tuple[Any, ...]]
# Statements are made once: SQLAlchemy then finds their compiled form at once.
_LOCK_LOG = select(WORKSPACES).where(WORKSPACES.c.workspace_id == bindparam("workspace")).with_for_update()
_GROW = (
    WORKSPACES.update()
    .where(WORKSPACES.c.workspace_id == bindparam("workspace"))
    .values(
        {name: bindparam(name) for name in ("size", "frontier", "checkpoint", "roster_count", "roster_head")}
    )
)


@dataclass(frozen=True)
class Head:
    """Where a device's chain stands: the next seq and the digest its manifest must name."""

    seq: int = 0
    digest: str = ""


@dataclass
class Carried:
    """What one process remembers of a log between transactions; void once another process has grown it."""

    frontier: Frontier
    heads: dict[str, Head]


@dataclass
class Tools:
    """What every transaction of this process uses. `clock` gives Unix seconds, `stamp` RFC 3339 in UTC."""

    key: SigningKey
    rosters: Rosters
    nodes: NodeCache
    clock: Callable[[], float]
    stamp: Callable[[], str]
    carried: dict[str, Carried] = field(default_factory=dict)


class OpenLog:
    """One workspace's log while its row is locked."""

    def __init__(
        self,
        transaction: "Transaction",
        workspace: str,
        standing: Standing,
        frontier: Frontier,
        checkpoint: str,
    ) -> None:
        self._transaction = transaction
        self._connection, self._tools = transaction.connection, transaction.tools
        self.workspace = workspace
        self.standing = standing
        self.size, self._stack = frontier.size, list(frontier.hashes)
        self.checkpoint = checkpoint
        self.grown = False
        known = self._tools.carried.get(workspace)
        self.heads = known.heads if known and known.frontier == frontier else {}
        self._made: dict[tuple[int, int], bytes] = {}
        reader = NodeReader(self._connection, self.workspace, self._tools.nodes)
        self.read: Read = recording(reader, self._made)

    @property
    def frontier(self) -> Frontier:
        return Frontier(self.size, tuple(self._stack))

    def head(self, device: str) -> Head:
        if device not in self.heads:
            query = (
                select(ENTRIES.c.seq, ENTRIES.c.digest)
                .where(ENTRIES.c.workspace_id == self.workspace, ENTRIES.c.device_id == device)
                .order_by(ENTRIES.c.seq.desc())
                .limit(1)
            )
            row = self._connection.execute(query).first()
            self.heads[device] = Head(row.seq + 1, bytes(row.digest).hex()) if row else Head()
        return self.heads[device]

    def position_of(self, manifest: Manifest) -> int | None:
        """The index of exactly this manifest, None where another one has its number."""
        waiting = self._transaction.waiting_entry(self.workspace, manifest.device, manifest.seq)
        if waiting is None:
            query = select(ENTRIES.c.position, ENTRIES.c.digest).where(
                ENTRIES.c.workspace_id == self.workspace,
                ENTRIES.c.device_id == manifest.device,
                ENTRIES.c.seq == manifest.seq,
            )
            row = self._connection.execute(query).first()
            waiting = (row.position, bytes(row.digest)) if row else None
        if waiting is None or waiting[1].hex() != manifest.digest():
            return None
        return waiting[0]

    def append(self, manifest: Manifest) -> int:
        """The manifest's index, its rows waiting for the end of the transaction."""
        position = self.size
        self.size = grow(self._stack, position, 0, manifest.leaf_hash(), self._keep)
        self.heads[manifest.device] = Head(manifest.seq + 1, manifest.digest())
        self.grown = True
        self._transaction.add_entry(manifest, position)
        return position

    def restand(self, standing: Standing) -> None:
        """The roster grew."""
        self.standing = standing
        self.grown = True

    def _keep(self, level: int, position: int, digest: bytes) -> None:
        self._made[level, position] = digest
        self._transaction.nodes.append((self.workspace, level, position, digest))

    def seal(self) -> None:
        """Signs the new checkpoint and writes the workspace's row."""
        roster, frontier = self.standing.roster, self.frontier
        checkpoint = Checkpoint(
            origin_of(self.workspace),
            frontier.size,
            frontier.root(),
            self._tools.stamp(),
            roster.count,
            roster.head,
        )
        self.checkpoint = checkpoint.sign(self._tools.key)
        values = {
            "workspace": self.workspace,
            "size": frontier.size,
            "frontier": b"".join(frontier.hashes),
            "checkpoint": self.checkpoint,
            "roster_count": roster.count,
            "roster_head": roster.head,
        }
        self._connection.execute(_GROW, values)

    def remember(self) -> None:
        """After the commit: what is now true for the next transaction and for readers."""
        for (level, position), digest in self._made.items():
            self._tools.nodes.put((self.workspace, level, position), digest)
        while len(self.heads) > _HEADS_KEPT:
            self.heads.pop(next(iter(self.heads)))
        self._tools.carried[self.workspace] = Carried(self.frontier, self.heads)
        self._tools.rosters.keep(self.workspace, self.standing)


class Transaction:
    """Collects rows and writes them together at the end. Jobs check first and add rows after."""

    def __init__(self, connection: Connection, tools: Tools) -> None:
        self.connection = connection
        self.tools = tools
        self._logs: dict[str, OpenLog] = {}
        self._object_rows: Rows = []
        self._entry_rows: Rows = []
        self._addressed: Rows = []
        self.nodes: Rows = []  # filled by the open logs
        self._rows: dict[Table, Rows] = {
            OBJECTS: self._object_rows,
            ENTRIES: self._entry_rows,
            ADDRESSED: self._addressed,
            NODES: self.nodes,
        }
        self._entries: dict[tuple[str, str, int], tuple[int, bytes]] = {}
        self._objects: dict[tuple[str, bytes], int] = {}
        self._holders: dict[tuple[str, bytes], set[str]] = {}
        self._holders_of = 0  # so many of the entries that wait are among them

    def log(self, workspace: str) -> OpenLog | None:
        """The workspace's log, locked until the end; None where there is none."""
        if workspace not in self._logs:
            row = self.connection.execute(_LOCK_LOG, {"workspace": workspace}).first()
            if row is None:
                return None
            standing = self.tools.rosters.fresh(self.connection, workspace, row.roster_count)
            frontier = Frontier(row.size, split(bytes(row.frontier), "frontier"))
            self._logs[workspace] = OpenLog(self, workspace, standing, frontier, row.checkpoint)
        return self._logs[workspace]

    def found(self, workspace: str, standing: Standing) -> OpenLog:
        """A new workspace's empty log."""
        values = {"size": 0, "frontier": b"", "checkpoint": "", "roster_count": 0, "roster_head": ""}
        self.connection.execute(WORKSPACES.insert().values(workspace_id=workspace, **values))
        self._logs[workspace] = OpenLog(self, workspace, standing, Frontier(), "")
        return self._logs[workspace]

    def add(self, table: Table, row: tuple[Any, ...]) -> None:
        """A row waits for the flush; its values in the order of the table's columns."""
        self._rows.setdefault(table, []).append(row)

    def add_entry(self, manifest: Manifest, position: int) -> None:
        digest = bytes.fromhex(manifest.digest())
        row = (
            manifest.workspace,
            position,
            manifest.device,
            manifest.seq,
            bytes.fromhex(manifest.prev),
            bytes.fromhex(manifest.sha256),
            manifest.size,
            manifest.epoch,
            " ".join(manifest.audience),
            manifest.raw_signature(),
            digest,
        )
        self._entries[manifest.workspace, manifest.device, manifest.seq] = (position, digest)
        self._entry_rows.append(row)
        self._addressed.extend([(manifest.workspace, device, position) for device in manifest.audience])

    def waiting_entry(self, workspace: str, device: str, seq: int) -> tuple[int, bytes] | None:
        """Index and digest of an entry that this very transaction has taken."""
        return self._entries.get((workspace, device, seq))

    def add_object(self, workspace: str, sha256: bytes, size: int, content: bytes | None) -> None:
        """Harmless where the object is there already."""
        if (workspace, sha256) not in self._objects:
            self._objects[workspace, sha256] = size
            self._object_rows.append((workspace, sha256, size, content))

    def add_uploaded(self, workspace: str, sha256: bytes, device: str) -> None:
        """The device has sent all of the object. Harmless where that is known."""
        self._holders.setdefault((workspace, sha256), set()).add(device)
        self.add(UPLOADED, (workspace, sha256, device))

    def holds(self, workspace: str, sha256: bytes, devices: Collection[str]) -> bool:
        """As `holders.holds`, with what this very transaction has taken."""
        for row in self._entry_rows[self._holders_of :]:
            self._holders.setdefault((row[0], row[5]), set()).update((row[2], *row[8].split()))
        self._holders_of = len(self._entry_rows)
        if not self._holders.get((workspace, sha256), set()).isdisjoint(devices):
            return True
        return holds(self.connection, workspace, sha256, devices)

    def object_size(self, workspace: str, sha256: bytes) -> int | None:
        """None where the object is not here in full."""
        if (workspace, sha256) in self._objects:
            return self._objects[workspace, sha256]
        query = select(OBJECTS.c.size).where(OBJECTS.c.workspace_id == workspace, OBJECTS.c.sha256 == sha256)
        size: int | None = self.connection.execute(query).scalar()
        return size

    def flush(self) -> None:
        """Writes everything but the commit."""
        for table, rows in self._rows.items():
            if rows:
                insert_rows(self.connection, table, rows)
                rows.clear()
        self._holders_of = 0
        for log in self._logs.values():
            if log.grown:
                log.seal()

    def remember(self) -> None:
        for log in self._logs.values():
            log.remember()
