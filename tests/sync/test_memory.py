"""What the client holds in memory does not grow with a photo."""

import hashlib
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from app.protocol.canonical import canonical_json
from app.store.store import Store
from app.sync.objects import download
from app.sync.state import SyncState
from app.sync.transport import Response
from tests.sync.conftest import Town

PIECE = bytes(range(256)) * 4096  # 1 MiB
MOST = 12 * 1024 * 1024  # a chunk of 1 MiB, its copies on the way, and what the interpreter likes to keep


def pieces(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield number.to_bytes(8, "big") + PIECE[8:]


def hash_of(count: int) -> str:
    digest = hashlib.sha256()
    for piece in pieces(count):
        digest.update(piece)
    return digest.hexdigest()


@dataclass
class Sink:
    """In front of the fake server: takes chunks and keeps only their number of bytes; gives an object by range."""

    town: Town
    name: str
    size: int
    there: int = 0
    largest: int = 0
    methods: list[str] = field(default_factory=list)

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        if "/objects/" not in path:
            return self.town.server.request(method, path, headers, body, timeout)
        self.methods.append(method)
        if method == "GET":
            first, last = (int(one) for one in headers["range"].removeprefix("bytes=").split("-"))
            self.largest = max(self.largest, last - first + 1)
            return Response(206, {"content-type": "application/octet-stream"}, self._bytes(first, last + 1))
        if method == "PATCH":
            assert int(headers["upload-offset"]) == self.there
            self.there += len(body)
            self.largest = max(self.largest, len(body))
        if self.there == self.size:
            self.town.server.objects[self.name] = _Pretended(self.size)
        answer = {"upload-offset": str(self.there), "content-type": "application/json"}
        return Response(200, answer, b"" if method == "HEAD" else canonical_json({}))

    def _bytes(self, first: int, end: int) -> bytes:
        found = bytearray()
        for number in range(first // len(PIECE), (end - 1) // len(PIECE) + 1):
            found += number.to_bytes(8, "big") + PIECE[8:]
        start = first - first // len(PIECE) * len(PIECE)
        return bytes(found[start : start + end - first])


class _Pretended(bytes):
    """An object of which the server only knows the size."""

    size = 0

    def __new__(cls, size: int) -> "_Pretended":
        made = super().__new__(cls)
        made.size = size
        return made

    def __len__(self) -> int:
        return self.size


@pytest.mark.parametrize("megabytes", [8, 48])
def test_an_upload_holds_a_chunk_and_not_the_file(town: Town, tmp_path: Path, megabytes: int) -> None:
    name, size = hash_of(megabytes), megabytes * len(PIECE)
    town.ana.store = Store.open(tmp_path / "store.db", bytes(32))
    town.ana.remember_enrolment()
    record = town.ana.finish()
    town.ana.store.media.put(name, pieces(megabytes))
    town.ana.queue_file(record.record_id, name, size, 1, [town.maria.keys.device_id])
    sink = Sink(town, name, size)
    peak = traced(lambda: town.ana.sync(sink).problems)
    assert sink.there == size and town.ana.store.outbox.waiting_count() == 0
    assert peak < MOST, f"{peak / 2**20:.1f} MiB"
    town.ana.store.close()


@pytest.mark.parametrize("megabytes", [8, 48])
def test_a_download_holds_a_chunk_and_not_the_file(town: Town, tmp_path: Path, megabytes: int) -> None:
    name, size = hash_of(megabytes), megabytes * len(PIECE)
    town.maria.store = Store.open(tmp_path / "store.db", bytes(32))
    town.maria.remember_enrolment()
    sink = Sink(town, name, size)
    syncer = town.maria.syncer(sink)
    courier = syncer._courier(SyncState.load(town.maria.store), Event())
    peak = traced(lambda: download(courier, name, size, town.maria.store.media))
    assert town.maria.store.media.size(name) == size and set(sink.methods) == {"GET"}
    assert peak < MOST, f"{peak / 2**20:.1f} MiB"
    town.maria.store.close()


def traced(work: Callable[[], object]) -> int:
    """Bytes that Python had allocated at most while it worked."""
    tracemalloc.start()
    try:
        assert not work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
