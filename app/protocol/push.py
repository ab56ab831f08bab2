"""POST /v1/entries: manifests with their small sealed objects, and the answer that proves receipt."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.protocol import wire
from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.manifest import Manifest
from app.protocol.tree import Frontier, ProofError, verify_consistency, verify_cover
from app.protocol.versions import BATCH_ENTRIES, INLINE_LIMIT

_REQUEST = ("workspace", "known", "names", "audiences", "entries")
_ANSWER = ("outcomes", "proof", "checkpoint", "consistency", "roster", "revoked")


@dataclass(frozen=True)
class PushRequest:
    """Manifests in the order they shall enter the log. `objects` holds small sealed objects by their sha256;

    an object that is not in it must already be on the server. `known` is the size of the client's last
    checkpoint: the answer then proves that the log only grew since (0: no proof wanted).
    """

    workspace: str
    manifests: tuple[Manifest, ...]
    objects: Mapping[str, bytes] = field(default_factory=dict)
    known: int = 0

    def encode(self) -> bytes:
        tables, entries = wire.Tables(), []
        for manifest in self.manifests:
            data = self.objects.get(manifest.sha256)
            body = [bytes.fromhex(manifest.sha256), manifest.size] if data is None else data
            entries.append([*row_of(manifest, tables), body])
        return wire.pack(
            {"workspace": self.workspace, "known": self.known, **tables.to_wire(), "entries": entries}
        )

    @classmethod
    def decode(cls, data: bytes) -> "PushRequest":
        """Raises Problem("server.malformed" | "server.too_many" | "server.object_too_large")."""
        found = wire.unpack(data, _REQUEST)
        entries = wire.rows(found["entries"], "entries", BATCH_ENTRIES)
        workspace = wire.text(found["workspace"], "workspace", 64)
        reader = wire.TableReader(workspace, found["names"], found["audiences"], BATCH_ENTRIES)
        manifests, objects = [], {}
        for row in entries:
            if not isinstance(row, list) or len(row) != 7:
                raise wire.malformed("an entry")
            sha256, size, content = _content(row[6])
            if content is not None:
                objects[sha256] = content
            manifests.append(reader.manifest(row[:6], sha256, size))
        return cls(workspace, tuple(manifests), objects, wire.count(found["known"], "known"))


def row_of(manifest: Manifest, tables: wire.Tables) -> list[Any]:
    """[device, seq, prev, epoch, audience, signature], names and audience by their place in the tables."""
    return [
        tables.name(manifest.device),
        manifest.seq,
        tables.prev(manifest),
        manifest.epoch,
        tables.audience(manifest.audience),
        manifest.raw_signature(),
    ]


def _content(value: Any) -> tuple[str, int, bytes | None]:
    if isinstance(value, list) and len(value) == 2:
        return wire.octets(value[0], "sha256", 32).hex(), wire.count(value[1], "size"), None
    content = wire.octets(value, "object")
    if len(content) > INLINE_LIMIT:
        raise Problem("server.object_too_large", limit=INLINE_LIMIT)
    return hashlib.sha256(content).hexdigest(), len(content), content


@dataclass(frozen=True)
class Outcome:
    """What became of one manifest: its log index, or the problem document of its refusal."""

    index: int | None = None
    problem: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class PushAnswer:
    """One outcome a manifest, in order, and one proof for all that were received.

    `checkpoint` is a signed note; `consistency` leads from the request's `known` to it. `roster` is the
    number of roster statements the server holds. `revoked`: the asking device has been removed; its entries
    were taken over, but it will be given nothing.
    """

    outcomes: tuple[Outcome, ...]
    proof: tuple[bytes, ...]
    checkpoint: str
    consistency: tuple[bytes, ...] = ()
    roster: int = 0
    revoked: bool = False

    def encode(self) -> bytes:
        outcomes = [one.index if one.index is not None else dict(one.problem or {}) for one in self.outcomes]
        return wire.pack(
            {
                "outcomes": outcomes,
                "proof": wire.join(self.proof),
                "checkpoint": self.checkpoint,
                "consistency": wire.join(self.consistency),
                "roster": self.roster,
                "revoked": self.revoked,
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> "PushAnswer":
        found = wire.unpack(data, _ANSWER)
        return cls(
            tuple(_outcome(one) for one in wire.rows(found["outcomes"], "outcomes", BATCH_ENTRIES)),
            wire.split(found["proof"], "proof"),
            wire.text(found["checkpoint"], "checkpoint"),
            wire.split(found["consistency"], "consistency"),
            wire.count(found["roster"], "roster"),
            found["revoked"] is True,
        )

    def verify(
        self,
        manifests: Sequence[Manifest],
        workspace: str,
        log_key: VerifyKey,
        known: Checkpoint | None = None,
    ) -> Checkpoint:
        """The checkpoint under which every manifest with an index is proved to be in the log.

        `known` must be the checkpoint whose size the request named. Raises Problem("server.bad_checkpoint"),
        ("server.bad_proof") or, where the log is not the one known grown, ("server.fork").
        """
        checkpoint = Checkpoint.open(self.checkpoint, log_key, origin_of(workspace))
        if len(self.outcomes) != len(manifests):
            raise Problem("server.bad_proof", reason="another number of outcomes")
        leaves: dict[int, bytes] = {}
        for manifest, outcome in zip(manifests, self.outcomes, strict=True):
            if outcome.index is None:
                continue
            digest = manifest.leaf_hash()
            if leaves.setdefault(outcome.index, digest) != digest:
                raise Problem("server.bad_proof", reason="one index given twice")
        try:
            verify_cover(Frontier(), sorted(leaves.items()), checkpoint.size, self.proof, checkpoint.root)
        except ProofError as error:
            raise Problem("server.bad_proof", reason=str(error)) from error
        if known is not None:
            check_growth(known, checkpoint, self.consistency)
        return checkpoint


def check_growth(known: Checkpoint, newer: Checkpoint, proof: Sequence[bytes]) -> None:
    """Raises Problem("server.fork") unless the newer checkpoint's log is the known one, grown or equal."""
    if newer.size < known.size:
        raise Problem("server.fork", reason="the log became shorter")
    try:
        verify_consistency(known.size, known.root, newer.size, newer.root, proof)
    except ProofError as error:
        raise Problem("server.fork", reason=str(error)) from error


def _outcome(value: Any) -> Outcome:
    if isinstance(value, dict) and isinstance(value.get("code"), str):
        return Outcome(problem=value)
    return Outcome(index=wire.count(value, "outcomes"))
