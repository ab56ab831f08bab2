"""Taking entries in: every signature, every chain, every hash is checked before a receipt is given."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.protocol.messages import Outcome, PushAnswer, PushRequest
from app.protocol.roster import Device
from app.protocol.tree import consistency_proof, cover_proof
from app.protocol.versions import INLINE_LIMIT
from sync_server.checking import Checker, Claim
from sync_server.services.rosters import Standing
from sync_server.services.transaction import OpenLog, Transaction


def signature_problems(
    manifests: Sequence[Manifest], standing: Standing, checker: Checker
) -> list[Problem | None]:
    """For each, None where its own device signed it. Costs an Ed25519 check each: done before the log is locked."""
    devices = standing.roster.devices
    claims: list[Claim] = [
        (devices[one.device].sign_key, one.unsigned(), one.raw_signature())
        for one in manifests
        if one.device in devices
    ]
    verdicts = iter(checker.check(claims))
    return [_verdict(one.device in devices and next(verdicts), one.device in devices) for one in manifests]


def _verdict(holds: bool, known: bool) -> Problem | None:
    if holds:
        return None
    return Problem("server.entry_signature" if known else "server.device_unknown")


@dataclass
class PushJob:
    """One request. `verdicts` are the manifests' signature problems, in order; `device` asked."""

    request: PushRequest
    device: str
    verdicts: list[Problem | None]
    handover_days: int
    _outcomes: list[Outcome] = field(default_factory=list)

    def run(self, transaction: Transaction) -> None:
        log = transaction.log(self.request.workspace)
        if log is None:
            raise Problem("server.workspace_unknown")
        now = transaction.tools.clock()
        if not log.standing.may_hand_over(self.device, now, self.handover_days):
            raise Problem("server.device_revoked")
        for manifest, verdict in zip(self.request.manifests, self.verdicts, strict=True):
            try:
                if verdict is not None:
                    raise verdict
                self._outcomes.append(Outcome(index=self._take(manifest, log, transaction, now)))
            except Problem as problem:
                self._outcomes.append(Outcome(problem=problem.to_wire()))

    def _take(self, manifest: Manifest, log: OpenLog, transaction: Transaction, now: float) -> int:
        head = log.head(manifest.device)
        if manifest.seq < head.seq:
            index = log.position_of(manifest)
            if index is None:
                raise Problem("server.sequence_conflict", seq=manifest.seq)
            return index
        if manifest.seq > head.seq:
            raise Problem("server.sequence_gap", expected=head.seq)
        if manifest.prev != head.digest:
            raise Problem("server.chain_broken", seq=manifest.seq)
        self._check_standing(manifest, log.standing, now)
        self._check_object(manifest, transaction)
        return log.append(manifest)

    def _check_standing(self, manifest: Manifest, standing: Standing, now: float) -> None:
        author: Device = standing.device(manifest.device)
        if not standing.may_hand_over(author.id, now, self.handover_days):
            raise Problem("server.device_revoked")
        if manifest.epoch > standing.roster.epoch:
            raise Problem("server.epoch_unknown")
        if author.role_at(manifest.epoch) is None:
            raise Problem("server.device_revoked")
        if not all(map(standing.roster.devices.__contains__, manifest.audience)):
            raise Problem("server.audience_unknown")

    def _check_object(self, manifest: Manifest, transaction: Transaction) -> None:
        sha256 = bytes.fromhex(manifest.sha256)
        content = self.request.objects.get(manifest.sha256)
        if content is not None:
            if len(content) != manifest.size or len(content) > INLINE_LIMIT:
                raise Problem("server.size_mismatch")
            transaction.add_object(manifest.workspace, sha256, len(content), content)
            return
        size = transaction.object_size(manifest.workspace, sha256)
        if size is None or not transaction.holds(
            manifest.workspace, sha256, (manifest.device, self.device)
        ):  # to somebody who has not got it, it is not here
            raise Problem("server.object_missing")
        if size != manifest.size:
            raise Problem("server.size_mismatch")

    def answer(self, transaction: Transaction) -> PushAnswer:
        log = transaction.log(self.request.workspace)
        if log is None:
            raise LookupError("the log of an accepted push is gone")
        size = log.size
        indices = sorted({outcome.index for outcome in self._outcomes if outcome.index is not None})
        return PushAnswer(
            outcomes=tuple(self._outcomes),
            proof=cover_proof(log.read, 0, indices, size),
            checkpoint=log.checkpoint,
            consistency=growth_proof(log, self.request.known),
            roster=log.standing.roster.count,
            revoked=not log.standing.device(self.device).active,
        )


def growth_proof(log: OpenLog, known: int) -> tuple[bytes, ...]:
    """Empty where the client knows a longer log than this one: it will see that from the sizes."""
    size = log.size
    return consistency_proof(log.read, known, size) if 0 < known < size else ()
