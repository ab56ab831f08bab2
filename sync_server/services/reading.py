"""Reading the log: pages for one device, proofs, one device's chain. Nothing here writes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from app.protocol.canonical import b64
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.protocol.messages import ManifestsAnswer, ProofMessage, PulledEntry, PullPage, PullQuery
from app.protocol.roster import Device
from app.protocol.tree import consistency_proof, cover_proof, gaps, inclusion_proof, spans
from app.protocol.versions import PAGE_ENTRIES
from app.protocol.wire import AUDIENCE_TOTAL
from sync_server.services.nodes import NodeCache, NodeReader
from sync_server.services.rosters import Rosters, Standing
from sync_server.services.transaction import ADDRESSED, ENTRIES, OBJECTS, WORKSPACES

ENTRY_COST = 256  # bytes a manifest may take on the wire, for the size of a page


@dataclass
class LogView:
    """One workspace's log as one read transaction sees it."""

    connection: Connection
    workspace: str
    size: int
    checkpoint: str
    standing: Standing
    read: NodeReader

    @classmethod
    def open(cls, connection: Connection, workspace: str, rosters: Rosters, nodes: NodeCache) -> "LogView":
        """Raises Problem("server.workspace_unknown")."""
        row = connection.execute(select(WORKSPACES).where(WORKSPACES.c.workspace_id == workspace)).first()
        if row is None:
            raise Problem("server.workspace_unknown")
        standing = rosters.fresh(connection, workspace, row.roster_count)
        reader = NodeReader(connection, workspace, nodes)
        return cls(connection, workspace, row.size, row.checkpoint, standing, reader)

    # -- pages ---------------------------------------------------------------------------------------

    def page(self, query: PullQuery, device: Device) -> PullPage:
        """What is addressed to the device from `query.after` on. Raises Problem("server.tree_size")."""
        if query.after > self.size:
            raise Problem("server.tree_size", size=self.size)
        entries: list[PulledEntry] = []
        room, names = query.size, AUDIENCE_TOTAL
        end = self.size
        for row in self._addressed(query, device):
            cost = ENTRY_COST + (0 if row.content is None else len(row.content))
            readers = row.audience.count(" ") + 1
            if entries and (room < cost or names < readers or len(entries) >= query.limit):
                end = entries[-1].index + 1
                break
            room, names = room - cost, names - readers
            entries.append(PulledEntry(row.position, manifest_of(row), _whole(row)))
        return PullPage(
            workspace=self.workspace,
            after=query.after,
            next=end,
            entries=tuple(entries),
            proof=self._page_proof(query.after, [entry.index for entry in entries], end),
            checkpoint=self.checkpoint,
            consistency=self.growth(query.known),
            roster=self.standing.roster.count,
        )

    def _addressed(self, query: PullQuery, device: Device) -> Iterator[Row[Any]]:
        positions = (
            select(ADDRESSED.c.position)
            .where(
                ADDRESSED.c.workspace_id == self.workspace,
                ADDRESSED.c.device_id == device.id,
                ADDRESSED.c.position >= query.after,
                ADDRESSED.c.position < self.size,
            )
            .order_by(ADDRESSED.c.position)
        )
        after = query.after - 1
        while True:
            chunk = list(
                self.connection.execute(positions.where(ADDRESSED.c.position > after).limit(100)).scalars()
            )
            if not chunk:
                return
            after = chunk[-1]
            yield from self.connection.execute(self._rows(chunk, query, device))

    def _rows(self, positions: Sequence[int], query: PullQuery, device: Device) -> Select[Any]:
        """Manifests with their objects, where these are small enough to come along."""
        joined = ENTRIES.outerjoin(
            OBJECTS,
            (OBJECTS.c.workspace_id == ENTRIES.c.workspace_id)
            & (OBJECTS.c.sha256 == ENTRIES.c.sha256)
            & (OBJECTS.c.size <= query.inline),
        )
        rows = (
            select(ENTRIES, OBJECTS.c.content)
            .select_from(joined)
            .where(ENTRIES.c.workspace_id == self.workspace, ENTRIES.c.position.in_(positions))
            .order_by(ENTRIES.c.position)
        )
        return rows if query.own else rows.where(ENTRIES.c.device_id != device.id)

    def _page_proof(self, after: int, indices: list[int], end: int) -> tuple[bytes, ...]:
        self.read.fetch([*gaps(after, indices, end), *spans(end, self.size)])
        return cover_proof(self.read, after, indices, end) + cover_proof(self.read, end, [], self.size)

    # -- proofs and chains ---------------------------------------------------------------------------

    def growth(self, known: int) -> tuple[bytes, ...]:
        return consistency_proof(self.read, known, self.size) if 0 < known < self.size else ()

    def consistency(self, first: int, second: int) -> ProofMessage:
        if not first <= second <= self.size:
            raise Problem("server.tree_size", size=self.size)
        return ProofMessage(first, second, consistency_proof(self.read, first, second))

    def inclusion(self, index: int, size: int) -> ProofMessage:
        if not index < size <= self.size:
            raise Problem("server.tree_size", size=self.size)
        return ProofMessage(index, size, inclusion_proof(self.read, index, size))

    def chain(self, author: str, start: int, limit: int) -> ManifestsAnswer:
        """One device's manifests from number `start` on, whoever may read them."""
        self.standing.device(author)
        query = (
            select(ENTRIES)
            .where(
                ENTRIES.c.workspace_id == self.workspace,
                ENTRIES.c.device_id == author,
                ENTRIES.c.seq >= start,
                ENTRIES.c.position < self.size,
            )
            .order_by(ENTRIES.c.seq)
            .limit(min(limit, PAGE_ENTRIES))
        )
        entries: list[PulledEntry] = []
        room = AUDIENCE_TOTAL
        for row in self.connection.execute(query):
            room -= row.audience.count(" ") + 1
            if entries and room < 0:
                break
            entries.append(PulledEntry(row.position, manifest_of(row)))
        return ManifestsAnswer(self.workspace, tuple(entries))

    def may_read(self, sha256: str, device: Device) -> bool:
        """Whether some entry with this object is addressed to the device or written by it."""
        readable = ENTRIES.outerjoin(
            ADDRESSED,
            (ADDRESSED.c.workspace_id == ENTRIES.c.workspace_id)
            & (ADDRESSED.c.position == ENTRIES.c.position)
            & (ADDRESSED.c.device_id == device.id),
        )
        query = (
            select(ENTRIES.c.position)
            .select_from(readable)
            .where(ENTRIES.c.workspace_id == self.workspace, ENTRIES.c.sha256 == bytes.fromhex(sha256))
            .where(or_(ENTRIES.c.device_id == device.id, ADDRESSED.c.device_id.is_not(None)))
            .limit(1)
        )
        return self.connection.execute(query).first() is not None


def manifest_of(row: Row[Any]) -> Manifest:
    """The manifest exactly as it was signed."""
    return Manifest(
        workspace=row.workspace_id,
        device=row.device_id,
        seq=row.seq,
        prev=bytes(row.prev).hex(),
        sha256=bytes(row.sha256).hex(),
        size=row.size,
        epoch=row.epoch,
        audience=tuple(row.audience.split()),
        signature=b64(bytes(row.signature)),
    )


def _whole(row: Row[Any]) -> bytes | None:
    """The inline object; left out where the disk has changed it, so that one damaged row is one damaged record."""
    if row.content is None:
        return None
    content = bytes(row.content)
    return content if hashlib.sha256(content).digest() == bytes(row.sha256) else None
