"""Verify a whole log again, from its rows alone: roster, signatures, chains, tree, checkpoint, objects."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.roster import Roster
from app.protocol.tree import Frontier
from sync_server.objectstore.base import ObjectStore
from sync_server.services.reading import manifest_of
from sync_server.services.rosters import Rosters, Standing
from sync_server.services.transaction import ADDRESSED, ENTRIES, NODES, OBJECTS, WORKSPACES, Head

_STEP = 1000
MOST = 50  # findings kept of one workspace


@dataclass
class Findings:
    """What one workspace's check found; sound where `wrong` is empty."""

    workspace: str
    entries: int = 0
    objects: int = 0
    root: bytes = b""
    wrong: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        if len(self.wrong) < MOST:
            self.wrong.append(text)


@dataclass
class Check:
    """One workspace's check over one read transaction."""

    connection: Connection
    workspace: str
    log_key: VerifyKey
    objects: ObjectStore

    def run(self) -> Findings:
        found = Findings(self.workspace)
        row = self.connection.execute(
            select(WORKSPACES).where(WORKSPACES.c.workspace_id == self.workspace)
        ).one()
        try:
            standing = Rosters().fresh(self.connection, self.workspace, row.roster_count)
            checkpoint = Checkpoint.open(row.checkpoint, self.log_key, origin_of(self.workspace))
        except Problem as problem:
            found.note(f"roster or checkpoint: {problem}")
            return found
        frontier = self._entries(standing, found)
        found.root = frontier.root()
        self._heads(row, checkpoint, standing.roster, frontier, found)
        self._objects(found)
        return found

    def _heads(
        self, row: Row[Any], checkpoint: Checkpoint, roster: Roster, frontier: Frontier, found: Findings
    ) -> None:
        if (checkpoint.size, checkpoint.root) != (frontier.size, found.root):
            found.note("the checkpoint is not this log's")
        if (row.size, bytes(row.frontier)) != (frontier.size, b"".join(frontier.hashes)):
            found.note("the workspace's row is not this log's")
        if (checkpoint.roster_count, checkpoint.roster_head) != (roster.count, roster.head):
            found.note("the checkpoint names another roster")

    def _entries(self, standing: Standing, found: Findings) -> Frontier:
        frontier, heads = Frontier(), dict[str, Head]()
        for start in range(0, self._size(), _STEP):
            nodes, addressed = self._nodes(start), self._addressed(start)
            for row in self._rows(start):
                if row.position != frontier.size:
                    found.note(f"entry {frontier.size} is missing")
                    return frontier
                try:
                    frontier = self._entry(row, standing, frontier, heads, nodes, addressed, found)
                except Problem as problem:
                    found.note(f"entry {row.position}: {problem}")
                    return frontier
                found.entries += 1
        return frontier

    def _entry(
        self,
        row: Row[Any],
        standing: Standing,
        frontier: Frontier,
        heads: dict[str, Head],
        nodes: dict[tuple[int, int], bytes],
        addressed: dict[int, set[str]],
        found: Findings,
    ) -> Frontier:
        manifest = manifest_of(row)
        manifest.verify(standing.device(manifest.device).sign_key)
        head = heads.get(manifest.device, Head())
        if (manifest.seq, manifest.prev) != (head.seq, head.digest):
            found.note(f"entry {row.position} does not follow its device's last one")
        if bytes(row.digest).hex() != manifest.digest():
            found.note(f"entry {row.position} keeps a wrong digest")
        if addressed.get(row.position, set()) != set(manifest.audience):
            found.note(f"entry {row.position} is filed under other readers")
        heads[manifest.device] = Head(manifest.seq + 1, manifest.digest())

        def compare(level: int, position: int, digest: bytes) -> None:
            stored = nodes.get((level, position)) or self._node(level, position)
            if stored != digest:
                found.note(f"node {level}/{position} is wrong or missing")

        return frontier.push(0, manifest.leaf_hash(), compare)

    def _objects(self, found: Findings) -> None:
        """Every object that an entry names is here, and its bytes are what its name says."""
        named = select(ENTRIES.c.sha256, ENTRIES.c.size).where(ENTRIES.c.workspace_id == self.workspace)
        kept = {
            bytes(row.sha256): row
            for row in self.connection.execute(
                select(OBJECTS.c.sha256, OBJECTS.c.size).where(OBJECTS.c.workspace_id == self.workspace)
            )
        }
        for row in self.connection.execute(named.distinct()):
            name = bytes(row.sha256)
            if name not in kept or kept[name].size != row.size:
                found.note(f"object {name.hex()} is missing or has another size")
        for name in kept:
            found.objects += 1
            try:
                digest = hashlib.sha256()
                for piece in self._pieces(name):
                    digest.update(piece)
            except OSError:
                found.note(f"object {name.hex()} cannot be read")
                continue
            if digest.digest() != name:
                found.note(f"object {name.hex()} is damaged")

    def _pieces(self, name: bytes) -> Iterator[bytes]:
        query = select(OBJECTS.c.size, OBJECTS.c.content).where(
            OBJECTS.c.workspace_id == self.workspace, OBJECTS.c.sha256 == name
        )
        row = self.connection.execute(query).one()
        if row.content is not None:
            return iter((bytes(row.content),))
        return self.objects.read(self.workspace, name.hex(), 0, row.size)

    def _size(self) -> int:
        query = select(ENTRIES.c.position).where(ENTRIES.c.workspace_id == self.workspace)
        last = self.connection.execute(query.order_by(ENTRIES.c.position.desc()).limit(1)).scalar()
        return 0 if last is None else int(last) + 1

    def _rows(self, start: int) -> list[Row[Any]]:
        query = select(ENTRIES).where(
            ENTRIES.c.workspace_id == self.workspace,
            ENTRIES.c.position >= start,
            ENTRIES.c.position < start + _STEP,
        )
        return list(self.connection.execute(query.order_by(ENTRIES.c.position)))

    def _nodes(self, start: int) -> dict[tuple[int, int], bytes]:
        query = select(NODES).where(
            NODES.c.workspace_id == self.workspace,
            NODES.c.level == 0,
            NODES.c.position >= start,
            NODES.c.position < start + _STEP,
        )
        return {(row.level, row.position): bytes(row.hash) for row in self.connection.execute(query)}

    def _node(self, level: int, position: int) -> bytes | None:
        query = select(NODES.c.hash).where(
            NODES.c.workspace_id == self.workspace, NODES.c.level == level, NODES.c.position == position
        )
        found = self.connection.execute(query).scalar()
        return None if found is None else bytes(found)

    def _addressed(self, start: int) -> dict[int, set[str]]:
        query = select(ADDRESSED.c.position, ADDRESSED.c.device_id).where(
            ADDRESSED.c.workspace_id == self.workspace,
            ADDRESSED.c.position >= start,
            ADDRESSED.c.position < start + _STEP,
        )
        found: dict[int, set[str]] = {}
        for row in self.connection.execute(query):
            found.setdefault(row.position, set()).add(row.device_id)
        return found


def workspaces(connection: Connection) -> list[str]:
    return list(
        connection.execute(select(WORKSPACES.c.workspace_id).order_by(WORKSPACES.c.workspace_id)).scalars()
    )
