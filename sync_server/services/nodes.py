"""Reading the stored tree: complete subtrees never change, so whatever was read once may be kept."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from app.protocol.tree import Read
from sync_server.models import Node, table_of

_NODES = table_of(Node)
_KEPT = 4_000
_CHUNK = 400  # positions asked for in one query; below SQLite's smallest limit of parameters

Key = tuple[str, int, int]


class NodeCache:
    """The nodes used last, bounded. Filled only from committed rows. Whoever misses one asks the database."""

    def __init__(self, limit: int = _KEPT) -> None:
        self._limit = limit
        self._kept: dict[Key, bytes] = {}

    def get(self, key: Key) -> bytes | None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._kept[key] = found  # used just now: the last to go
        return found

    def put(self, key: Key, digest: bytes) -> None:
        self._kept[key] = digest
        while len(self._kept) > self._limit:
            self._kept.pop(next(iter(self._kept)), None)


class NodeReader:
    """`read` for the proofs of one workspace, on one connection."""

    def __init__(self, connection: Connection, workspace: str, cache: NodeCache) -> None:
        self._connection = connection
        self._workspace = workspace
        self._cache = cache
        self._fetched: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, position: int) -> bytes:
        found = self._known(level, position)
        if found is None:
            self.fetch([(level, position)])
            found = self._fetched.get((level, position))
        if found is None:
            raise LookupError(f"node {level}/{position} is missing from the tree")
        return found

    def _known(self, level: int, position: int) -> bytes | None:
        found = self._fetched.get((level, position))
        return self._cache.get((self._workspace, level, position)) if found is None else found

    def fetch(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Reads many nodes with few queries."""
        levels: dict[int, list[int]] = {}
        for level, position in wanted:
            if self._known(level, position) is None:
                levels.setdefault(level, []).append(position)
        for level, positions in levels.items():
            for at in range(0, len(positions), _CHUNK):
                self._fetch_level(level, positions[at : at + _CHUNK])

    def _fetch_level(self, level: int, positions: list[int]) -> None:
        query = select(_NODES.c.position, _NODES.c.hash).where(
            _NODES.c.workspace_id == self._workspace,
            _NODES.c.level == level,
            _NODES.c.position.in_(positions),
        )
        for row in self._connection.execute(query):
            digest = self._fetched[level, row.position] = bytes(row.hash)
            self._cache.put((self._workspace, level, row.position), digest)


def recording(read: Read, made: dict[tuple[int, int], bytes]) -> Read:
    """`read` that first looks at nodes not yet stored."""

    def look(level: int, position: int) -> bytes:
        digest = made.get((level, position))
        return read(level, position) if digest is None else digest

    return look
