"""Push: what waits in the outbox goes to the log, and nothing counts as received before it is proved.

 records    have their numbers already; they go first, in batches that follow the numbering
 files      bytes first, then number, signature and manifest in one go: a photo that takes its time holds
            nothing back, and no number is spent on what is not there yet

After a lost answer the same manifests go out again; the server finds the entries it has and answers as it
would have done, so nothing is doubled.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.protocol.checkpoint import Checkpoint
from app.protocol.errors import Problem, catalogue
from app.protocol.manifest import Manifest
from app.protocol.messages import Outcome, PushAnswer, PushRequest
from app.protocol.versions import BATCH_BYTES, BATCH_ENTRIES, INLINE_LIMIT, MSGPACK, PREFIX
from app.store.store import OutboxEntry, Store
from app.sync.aside import Aside
from app.sync.courier import Courier
from app.sync.files import Files
from app.sync.lanes import side_by_side
from app.sync.state import SyncState

ENTRY_OVERHEAD = 128  # bytes of a manifest on the wire, roughly; the sealed object dominates
LEFT_OVER = 1.25  # so many requests' worth goes in one
_LARGEST = BATCH_BYTES - 64 * 1024
_FINAL = frozenset({"server.sequence_conflict", "server.chain_broken", "server.entry_signature"})


@dataclass
class Pushing:
    """One run of the push step. `told(entries done, of, bytes done, of)` after every batch and chunk.

    `postpone` says which unnumbered entries wait for a better connection. `sent` counts own records that were
    received, `carried` files of others, `postponed` what was left.
    """

    store: Store
    courier: Courier
    state: SyncState
    told: Callable[[int, int, int, int], None]
    postpone: Callable[[OutboxEntry], bool] = lambda _: False
    lanes: int = 1
    sent: int = 0
    carried: int = 0
    postponed: int = 0
    revoked: bool = False
    refusal: Problem | None = None
    _files: Files = field(init=False)
    _done: int = 0
    _count: int = 0
    _total: int = 0
    _next: int = 0  # the number after the last one that this run has seen

    def __post_init__(self) -> None:
        self._files = Files(self.store, self.courier, self._tell)

    def records(self) -> None:
        """Sends everything that has a number; stops at the first entry the server refuses, because later ones
        of this device could not follow it. Raises Problem, Cancelled."""
        ready = [entry for entry in self.store.outbox.waiting() if not self._left(entry)]
        self._count, self._total = len(ready), sum(entry.size for entry in ready)
        self._tell()
        self._send_numbered()

    def files(self) -> None:
        """Then everything else, also what was finished meanwhile. Raises Problem, Cancelled."""
        tried: set[str] = set()
        while self.refusal is None:
            files = [one for one in self._unnumbered() if one.revision not in tried and not self._left(one)]
            if not files:
                break
            tried |= {one.revision for one in files}
            self._send_files(files)
        self.postponed = sum(map(self.postpone, self._unnumbered()))

    def _unnumbered(self) -> list[OutboxEntry]:
        return [one for one in self.store.outbox.waiting() if not one.numbered and one.state != "stopped"]

    def _left(self, entry: OutboxEntry) -> bool:
        """Whether this run leaves an entry alone. A number must be followed up whatever the connection."""
        return entry.state == "stopped" or (not entry.numbered and self.postpone(entry))

    # -- what has a number ----------------------------------------------------------------------------

    def _send_numbered(self) -> None:
        """Everything numbered, as the store has it now: somebody may have finished a visit meanwhile."""
        while self.refusal is None:
            after = self.store.outbox.next_seq()  # asked first: what is queued from here on is seen as new
            waiting = [one for one in self.store.outbox.waiting() if one.numbered and one.state != "stopped"]
            self._next = max([after, *(one.seq + 1 for one in waiting if one.seq is not None)])
            if not waiting:
                return
            self._send(waiting)

    def _send(self, entries: list[OutboxEntry]) -> None:
        """Batch after batch. While one is under way, the answer to the last is kept and the next is read; but a
        batch only leaves when the one before is surely in the log: the server takes them in order or not at all."""
        rest, posted = list(entries), list[_Posted]()

        def beside() -> _Batch | None:
            while posted:
                self._settle(posted.pop())
            return self._prepared(rest) if rest else None

        batch: _Batch | None = self._prepared(rest)
        with Aside(self.lanes > 1) as aside:
            while batch is not None:
                following = aside.do(beside)
                answered = _Posted(batch.entries, *self.posted(batch.manifests, batch.objects))
                batch = following.result()
                posted.append(answered)
                if answered.refused:
                    break
        while posted:
            self._settle(posted.pop())

    def _next_batch(self, rest: list[OutboxEntry]) -> list[OutboxEntry]:
        """Takes as many entries as the link carries in a breath (all, if few would be left over); an object that
        must be uploaded first makes a batch of its own."""
        size, limit = 0, self.courier.pace.batch(_LARGEST)
        if sum(_cost(entry) for entry in rest) < LEFT_OVER * limit:
            limit = _LARGEST
        batch: list[OutboxEntry] = []
        while rest and len(batch) < BATCH_ENTRIES and size < limit:
            batch.append(rest.pop(0))
            size += _cost(batch[-1])
            if self._goes_first(batch[-1]):
                break
        return batch

    def _goes_first(self, entry: OutboxEntry) -> bool:
        return entry.size > INLINE_LIMIT and entry.role != "announced" and not self._files.there(entry)

    def _prepared(self, rest: list[OutboxEntry]) -> "_Batch":
        """Takes the next batch from what is left and reads its objects; large ones are brought at once."""
        entries = self._next_batch(rest)
        self._mark_sending(entries)
        objects = {}
        for entry in entries:
            if self._goes_first(entry):
                self._files.bring(entry)
            elif entry.size <= INLINE_LIMIT and entry.role != "announced":
                objects[entry.sha256] = self._files.sealed(entry)
        return _Batch(entries, tuple(Manifest.from_wire(entry.manifest) for entry in entries), objects)

    def posted(
        self, manifests: tuple[Manifest, ...], objects: dict[str, bytes]
    ) -> tuple[PushAnswer, Checkpoint]:
        """One request, and the checkpoint that proves its answer."""
        known = self.state.checkpoint  # once: another answer may be kept meanwhile
        request = PushRequest(self.state.workspace, manifests, objects, known.size if known else 0)
        answer = self.courier.ask(
            "POST",
            f"{PREFIX}/entries",
            MSGPACK,
            PushAnswer.decode,
            body=request.encode(),
            headers={"content-type": MSGPACK},
        )
        return answer, answer.verify(manifests, self.state.workspace, self.state.log_key, known)

    # -- what has none yet ----------------------------------------------------------------------------

    def _send_files(self, entries: list[OutboxEntry]) -> None:
        """Small ones go like records; large ones follow, several at once where the link has room."""
        small = [one for one in entries if not self._files.needs_work(one)]
        while small and self.refusal is None:
            self._number_and_send(self._next_batch(small))
        large = [one for one in entries if self._files.needs_work(one)]
        bringing = side_by_side(large, self._files.brought, self.lanes, self._lanes_now, self.courier.stop)
        for entry, there in bringing:
            if there and self.refusal is None:
                self._number_and_send([entry])
            elif there:
                self.store.outbox.update(entry.revision, state="waiting")

        self.courier.sharing = 1

    def _lanes_now(self) -> int:
        self.courier.sharing = self.courier.pace.lanes(self.lanes)
        return self.courier.sharing

    def _number_and_send(self, entries: list[OutboxEntry]) -> None:
        whole = [one for one in entries if self._files.usable(one)]
        if not whole:
            return
        numbered = self.store.outbox.number([one.revision for one in whole], self._signed)
        if numbered[0].seq == self._next:
            self._next += len(numbered)
            self._send(numbered)
        else:
            self._send_numbered()

    def _signed(self, entry: OutboxEntry, seq: int, before: dict[str, Any] | None) -> dict[str, Any]:
        device = self.courier.device
        manifest = Manifest.signed(
            key=device.signing,
            workspace=self.state.workspace,
            device=device.device_id,
            seq=seq,
            prev=Manifest.from_wire(before).digest() if before else "",
            sha256=entry.sha256,
            size=entry.size,
            epoch=entry.epoch if entry.role != "carried" else self._own_epoch(),
            audience=entry.audience,
        )
        return manifest.to_wire()

    def _own_epoch(self) -> int:
        """The latest epoch in which this device was a member: what it announces for others counts as said then."""
        roster = self.state.roster
        device = roster.devices[self.courier.device.device_id]
        return next((n for n in range(roster.epoch, 0, -1) if device.role_at(n) is not None), roster.epoch)

    # -- what came of it ------------------------------------------------------------------------------

    def _settle(self, posted: "_Posted") -> None:
        """Notes what was proved to be received, and the first refusal."""
        batch, answer, checkpoint = posted.entries, posted.answer, posted.checkpoint
        received = []
        with self.store.transaction():
            for entry, outcome in zip(batch, answer.outcomes, strict=True):
                if outcome.index is None:
                    self._note_refusal(entry, outcome)
                else:
                    self._note_receipt(entry, outcome.index, checkpoint)
                    received.append(entry)
            self.state.grow(answer.checkpoint, checkpoint)
            self.store.outbox.remove(one.revision for one in received if one.role == "carried")
        for entry in received:
            self._files.received(entry)
        self.sent += sum(entry.role == "record" for entry in received)
        self.carried += sum(entry.role == "carried" for entry in received)
        self._done += len(received)
        self.revoked = answer.revoked
        self._tell()

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

    def _mark_sending(self, batch: Iterable[OutboxEntry]) -> None:
        fresh = [entry for entry in batch if entry.state != "sending"]
        if fresh:
            with self.store.transaction():
                for entry in fresh:
                    self.store.outbox.update(entry.revision, state="sending")

    def _tell(self) -> None:
        self.told(self._done, max(self._count, self._done), self._files.bytes_there(), self._total)


@dataclass(frozen=True)
class _Batch:
    """Ready to be posted."""

    entries: list[OutboxEntry]
    manifests: tuple[Manifest, ...]
    objects: dict[str, bytes]


@dataclass(frozen=True)
class _Posted:
    """Posted, and the answer proved."""

    entries: list[OutboxEntry]
    answer: PushAnswer
    checkpoint: Checkpoint

    @property
    def refused(self) -> bool:
        return any(outcome.index is None for outcome in self.answer.outcomes)


def problem_from(document: dict[str, object]) -> Problem:
    """The problem of a problem document inside an answer."""
    code = str(document.get("code", ""))
    known = {
        name: value for name, value in document.items() if name in ("limit", "expected", "reason", "part")
    }
    return Problem(code, **known) if code in catalogue() else Problem("sync.refused", reason=code)


def _cost(entry: OutboxEntry) -> int:
    """Bytes of an entry inside a batch."""
    inline = entry.size <= INLINE_LIMIT and entry.role != "announced"
    return ENTRY_OVERHEAD + (entry.size if inline else 0)
