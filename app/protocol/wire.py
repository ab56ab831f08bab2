"""Strict msgpack, and the tables by which batches of manifests stay small on the wire.

Entries of one batch repeat the same few device ids and audiences: they are written once, in `names` and
`audiences`, and referred to by position. A `prev` that follows from the entry before it is left out.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgpack

from app.protocol.canonical import b64
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.protocol.tree import HASH_SIZE

AUDIENCE_TOTAL = 100_000  # ids over all entries of one message: bounds the work one small body can ask for


def pack(value: Any) -> bytes:
    return bytes(msgpack.packb(value, use_bin_type=True))


def unpack(data: bytes, fields: Iterable[str]) -> dict[str, Any]:
    """A message with exactly these members; raises Problem("server.malformed")."""
    try:
        value = msgpack.unpackb(data, raw=False, strict_map_key=True, use_list=True)
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        raise malformed("not msgpack") from error
    if not isinstance(value, dict) or set(value) != set(fields):
        raise malformed("members")
    return value


def malformed(part: str) -> Problem:
    return Problem("server.malformed", part=part)


def count(value: Any, part: str) -> int:
    """A whole number that fits in 53 bits."""
    if type(value) is not int or not 0 <= value < 2**53:
        raise malformed(part)
    return value


def text(value: Any, part: str, limit: int = 4096) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise malformed(part)
    return value


def octets(value: Any, part: str, size: int | None = None) -> bytes:
    if not isinstance(value, bytes) or (size is not None and len(value) != size):
        raise malformed(part)
    return value


def rows(value: Any, part: str, limit: int) -> list[Any]:
    if not isinstance(value, list):
        raise malformed(part)
    if len(value) > limit:
        raise Problem("server.too_many", limit=limit)
    return value


def join(hashes: Iterable[bytes]) -> bytes:
    """A proof on the wire: its hashes one after another."""
    return b"".join(hashes)


def split(value: Any, part: str) -> tuple[bytes, ...]:
    data = octets(value, part)
    if len(data) % HASH_SIZE:
        raise malformed(part)
    return tuple(data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE))


class Tables:
    """Collects names and audiences while entries are written."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.audiences: dict[tuple[str, ...], int] = {}
        self._last: dict[str, Manifest] = {}

    def name(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names))

    def audience(self, audience: tuple[str, ...]) -> int:
        return self.audiences.setdefault(audience, len(self.audiences))

    def prev(self, manifest: Manifest) -> bytes | None:
        """The manifest's `prev`, or None where the reader can work it out."""
        last = self._last.get(manifest.device)
        self._last[manifest.device] = manifest
        if not manifest.prev or (last and last.digest() == manifest.prev):
            return None
        return bytes.fromhex(manifest.prev)

    def to_wire(self) -> dict[str, Any]:
        audiences = [[self.name(name) for name in audience] for audience in self.audiences]
        return {"names": list(self.names), "audiences": audiences}


class TableReader:
    """Builds manifests from the tables and rows of one message."""

    def __init__(self, workspace: str, names: Any, audiences: Any, limit: int) -> None:
        self.workspace = workspace
        self.names = [text(name, "names", 64) for name in rows(names, "names", AUDIENCE_TOTAL)]
        listed = rows(audiences, "audiences", limit)
        if sum(len(one) for one in listed if isinstance(one, list)) > AUDIENCE_TOTAL:
            raise Problem("server.too_many", limit=AUDIENCE_TOTAL)
        self.audiences = [
            tuple(self._name(at) for at in rows(one, "audiences", AUDIENCE_TOTAL)) for one in listed
        ]
        self._room = AUDIENCE_TOTAL
        self._digests: dict[str, tuple[int, str]] = {}

    def _name(self, at: Any) -> str:
        name: str = _item(self.names, at, "names")
        return name

    def manifest(self, row: Sequence[Any], sha256: str, size: int) -> Manifest:
        """The manifest of [device, seq, prev, epoch, audience, signature] and its object's hash and size."""
        if len(row) != 6:
            raise malformed("an entry")
        device, seq = self._name(row[0]), count(row[1], "seq")
        audience: tuple[str, ...] = _item(self.audiences, row[4], "audience")
        self._room -= len(audience)
        if self._room < 0:
            raise Problem("server.too_many", limit=AUDIENCE_TOTAL)
        manifest = Manifest(
            workspace=self.workspace,
            device=device,
            seq=seq,
            prev=self._prev(device, seq, row[2]),
            sha256=sha256,
            size=size,
            epoch=count(row[3], "epoch"),
            audience=audience,
            signature=b64(octets(row[5], "signature", 64)),
        )
        self._digests[device] = (seq, manifest.digest())
        return manifest

    def _prev(self, device: str, seq: int, value: Any) -> str:
        if value is not None:
            return octets(value, "prev", HASH_SIZE).hex()
        if seq == 0:
            return ""
        known = self._digests.get(device)
        if known is None or known[0] != seq - 1:
            raise malformed("prev")
        return known[1]


def _item(items: Sequence[Any], at: Any, part: str) -> Any:
    if type(at) is not int or not 0 <= at < len(items):
        raise malformed(part)
    return items[at]
