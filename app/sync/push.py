"""Push: what waits in the outbox goes to the log, and nothing counts as received before it is proved.

Batches follow the device's own numbering. After a lost answer the same batch goes out again; the server
finds the entries it has and answers as it would have done, so nothing is doubled.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.protocol.checkpoint import Checkpoint
from app.protocol.errors import Problem, catalogue
from app.protocol.manifest import Manifest
from app.protocol.messages import Outcome, PushAnswer, PushRequest
from app.protocol.versions import BATCH_BYTES, BATCH_ENTRIES, INLINE_LIMIT, MSGPACK, PREFIX
from app.store.store import OutboxEntry, Store
from app.sync.courier import Courier
from app.sync.objects import upload
from app.sync.state import SyncState

ENTRY_OVERHEAD = 128  # bytes of a manifest on the wire, roughly; the sealed object dominates
LEFT_OVER = 2.0  # so many requests' worth goes in one
_FINAL = frozenset({"server.sequence_conflict", "server.chain_broken", "server.entry_signature"})


@dataclass
class Pushing:
    """One run of the push step. `told(entries done, of, bytes done, of)` after every batch and chunk."""

    store: Store
    courier: Courier
    state: SyncState
    told: Callable[[int, int, int, int], None]
    sent: int = 0
    revoked: bool = False
    roster_there: int = 0
    refusal: Problem | None = None
    done: int = 0
    _count: int = 0
    _bytes: int = 0
    _total: int = 0

    def run(self) -> None:
        """Sends everything that waits; stops at the first entry the server refuses, because later ones of
        this device could not follow it. Raises Problem, Cancelled."""
        waiting = [entry for entry in self.store.outbox.waiting() if entry.state != "stopped"]
        self._count, self._total = len(waiting), sum(_size(entry) for entry in waiting)
        self.told(0, self._count, 0, self._total)
        while waiting and self.refusal is None:
            self._push(self._next_batch(waiting))

    def carry(self) -> int:
        """Hands over entries of other devices from a safety copy; gives how many the server now has.

        What the server refuses stays carried and is tried again; it may still miss an earlier one of its author.
        """
        handed_over = 0
        for wire in self.store.carried.all():
            manifest = Manifest.from_wire(wire)
            sealed = self.store.media.read(manifest.sha256)
            objects = {manifest.sha256: sealed} if manifest.size <= INLINE_LIMIT else {}
            if not objects:
                upload(self.courier, manifest.sha256, manifest.size, _reader(sealed))
            answer, checkpoint = self._posted((manifest,), objects)
            with self.store.transaction():
                self.state.grow(answer.checkpoint, checkpoint)
            if answer.outcomes[0].index is not None:
                self.store.carried.remove(wire)
                handed_over += 1
        return handed_over

    def _posted(
        self, manifests: tuple[Manifest, ...], objects: dict[str, bytes]
    ) -> tuple[PushAnswer, Checkpoint]:
        """One request, and the checkpoint that proves its answer."""
        request = PushRequest(self.state.workspace, manifests, objects, self.state.known)
        answer = self.courier.ask(
            "POST",
            f"{PREFIX}/entries",
            MSGPACK,
            PushAnswer.decode,
            body=request.encode(),
            headers={"content-type": MSGPACK},
        )
        return answer, answer.verify(
            manifests, self.state.workspace, self.state.log_key, self.state.checkpoint
        )

    def _next_batch(self, rest: list[OutboxEntry]) -> list[OutboxEntry]:
        """Takes as many entries as the link carries in a breath (all, if few would be left over); a large
        object makes a batch of its own."""
        size, limit = 0, self.courier.pace.size(BATCH_BYTES - 64 * 1024)
        if sum(_cost(entry) for entry in rest) < LEFT_OVER * limit:
            limit = BATCH_BYTES - 64 * 1024
        batch: list[OutboxEntry] = []
        while rest and len(batch) < BATCH_ENTRIES and size < limit:
            batch.append(rest.pop(0))
            size += _cost(batch[-1])
            if not _inline(batch[-1]):
                break
        return batch

    def _push(self, batch: list[OutboxEntry]) -> None:
        self._mark_sending(batch)
        objects = {}
        for entry in batch:
            if _inline(entry):
                objects[str(entry.manifest["sha256"])] = self._sealed(entry)
            else:
                self._upload(entry)
        manifests = tuple(Manifest.from_wire(entry.manifest) for entry in batch)
        answer, checkpoint = self._posted(manifests, objects)
        self._settle(batch, answer, checkpoint)

    def _settle(self, batch: list[OutboxEntry], answer: PushAnswer, checkpoint: Checkpoint) -> None:
        """Notes what was proved to be received, and the first refusal."""
        with self.store.transaction():
            for entry, outcome in zip(batch, answer.outcomes, strict=True):
                if outcome.index is None:
                    self._note_refusal(entry, outcome)
                else:
                    self._note_receipt(entry, outcome.index, checkpoint)
            self.state.grow(answer.checkpoint, checkpoint)
        received = [
            entry for entry, outcome in zip(batch, answer.outcomes, strict=True) if outcome.index is not None
        ]
        self.sent += sum(1 for entry in received if entry.role == "record")
        self._bytes += sum(_size(entry) for entry in received)
        self.done += len(received)
        self.revoked, self.roster_there = answer.revoked, answer.roster
        self.told(self.done, self._count, self._bytes, self._total)

    def _note_receipt(self, entry: OutboxEntry, index: int, checkpoint: Checkpoint) -> None:
        receipt = {
            "index": index,
            "at": checkpoint.at,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
        }
        self.store.outbox.update(entry.revision, state="received", receipt=receipt, problem=None)
        if entry.role == "record" and self.store.records.head(entry.revision) is not None:
            self.store.records.set_index(entry.revision, index)

    def _note_refusal(self, entry: OutboxEntry, outcome: Outcome) -> None:
        problem = problem_from(dict(outcome.problem or {}))
        state = "stopped" if problem.code in _FINAL else "waiting"
        self.store.outbox.update(
            entry.revision, state=state, problem={"code": problem.code, **problem.detail}
        )
        self.refusal = self.refusal or problem

    def _mark_sending(self, batch: list[OutboxEntry]) -> None:
        fresh = [entry for entry in batch if entry.state != "sending"]
        if fresh:
            with self.store.transaction():
                for entry in fresh:
                    self.store.outbox.update(entry.revision, state="sending")

    def _sealed(self, entry: OutboxEntry) -> bytes:
        if entry.role == "attachment":
            return self.store.media.read(str(entry.manifest["sha256"]))
        sealed = self.store.outbox.sealed(entry.revision)
        if sealed is None:
            raise Problem("store.not_found", what="sealed record")
        return sealed

    def _upload(self, entry: OutboxEntry) -> None:
        """Streams an attachment from its file, or a large record from memory."""
        sha256, size = str(entry.manifest["sha256"]), _size(entry)

        def told(offset: int) -> None:
            self.told(self.done, self._count, self._bytes + offset, self._total)

        if entry.role == "record":
            sealed = self._sealed(entry)
            upload(self.courier, sha256, size, _reader(sealed), told)
            return
        with self.store.media.open(sha256) as file:

            def read(at: int, length: int) -> bytes:
                file.seek(at)
                return file.read(length)

            upload(self.courier, sha256, size, read, told)


def _reader(data: bytes) -> Callable[[int, int], bytes]:
    return lambda offset, size: data[offset : offset + size]


def problem_from(document: dict[str, object]) -> Problem:
    """The problem of a problem document inside an answer."""
    code = str(document.get("code", ""))
    known = {
        name: value for name, value in document.items() if name in ("limit", "expected", "reason", "part")
    }
    return Problem(code, **known) if code in catalogue() else Problem("sync.refused", reason=code)


def _cost(entry: OutboxEntry) -> int:
    """Bytes of an entry inside a batch."""
    return ENTRY_OVERHEAD + (_size(entry) if _inline(entry) else 0)


def _size(entry: OutboxEntry) -> int:
    return int(entry.manifest["size"])


def _inline(entry: OutboxEntry) -> bool:
    return _size(entry) <= INLINE_LIMIT
