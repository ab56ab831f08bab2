"""Verify: what was set aside gets another chance, and holes in other devices' chains are looked into.

A reader sees only what is addressed to it, so holes are normal. But the server might have kept something
back and shown it as somebody else's. Each author's manifests are chained by hashes: asking for the ones in
the hole and checking that they fill it exactly shows whether one of them was addressed to this device.
The check costs traffic, so each run looks into as many holes as fit its budget; the others wait.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.protocol.messages import ManifestsAnswer, PulledEntry
from app.protocol.versions import MSGPACK, PAGE_ENTRIES, PREFIX
from app.sync.intake import Intake, Verdict, published_forms
from app.sync.pull import Pulling, entry_of, entrys_fault
from app.sync.state import GAPS

SECOND_CHANCE = frozenset(
    {
        "sync.altered",
        "sync.object_missing",
        "crypto.damaged",
        "crypto.future_epoch",
        "crypto.unknown_form_version",
        "crypto.unknown_author",
        "crypto.not_for_me",  # an attachment whose record came later
    }
)
RETRIES_A_RUN = 50
AUDIT_SHARE = 0.05  # of the bytes this run received …
AUDIT_LEAST = 32 * 1024  # … or this many, if that is more


@dataclass
class Verifying:
    """One run of the verify step, on top of the pull step's tools."""

    pulling: Pulling
    told: Callable[[int, int, int, int], None]
    healed: int = 0

    def run(self) -> None:
        """Raises Problem("server.dropped" | "server.bad_proof") with an alarm, others, Cancelled."""
        self._second_chances()
        self._audit()

    def _second_chances(self) -> None:
        pulling = self.pulling
        kept = [one for one in pulling.store.quarantine.all() if one.reason in SECOND_CHANCE][:RETRIES_A_RUN]
        if not kept:
            return
        intake = Intake(pulling.store, pulling.device, pulling.state.roster, published_forms(pulling.store))
        for number, one in enumerate(kept):
            self.told(number, len(kept), 0, 0)
            verdict = self._again(intake, entry_of(one))
            if verdict.refused is None:
                pulling.accept(verdict, healed=True)
                self.healed += 1

    def _again(self, intake: Intake, entry: PulledEntry) -> Verdict:
        if intake.is_attachment(entry.manifest):
            return Verdict(
                entry.index, entry.manifest, attachment=entry.manifest.sha256, content=entry.content
            )
        try:
            author = intake.roster.devices.get(entry.manifest.device)
            if author is None:
                raise Problem("crypto.unknown_author", device=entry.manifest.device)
            entry.manifest.verify(author.sign_key)
            return intake.opened(entry.index, entry.manifest, self.pulling.content(entry, fresh=True))
        except Problem as problem:
            if not entrys_fault(problem):
                raise
            return Verdict(entry.index, entry.manifest, refused=problem, content=entry.content)

    def _audit(self) -> None:
        store, courier = self.pulling.store, self.pulling.courier
        gaps: list[dict[str, Any]] = store.values.get(GAPS, [])
        budget = courier.bytes_received + max(AUDIT_LEAST, int(AUDIT_SHARE * courier.bytes_received))
        while gaps and courier.bytes_received < budget:
            self.told(0, len(gaps), 0, 0)
            gap = self._look_into(gaps.pop(0))
            gaps += [gap] if gap is not None else []
            store.values.set(GAPS, gaps)

    def _look_into(self, gap: dict[str, Any]) -> dict[str, Any] | None:
        """Checks one hole; gives what is left of it after one answer."""
        state = self.pulling.state
        wanted = min(gap["to"] - gap["from"], PAGE_ENTRIES)
        query = f"device={gap['device']}&after={gap['from']}&limit={wanted}"
        answer = self.pulling.courier.ask(
            "GET", f"{PREFIX}/manifests?{query}", MSGPACK, ManifestsAnswer.decode
        )
        author = state.roster.devices[gap["device"]]
        digest, number = gap["start"], gap["from"]
        for entry in answer.entries[:wanted]:
            manifest = entry.manifest
            if manifest.seq != number or manifest.device != author.id:
                raise Problem("server.bad_proof", reason="a chain with a hole")
            if digest is not None and manifest.prev != digest:
                raise Problem("server.bad_proof", reason="a chain that does not link")
            manifest.verify(author.sign_key)
            self._refuse_if_ours(manifest)
            digest, number = manifest.digest(), number + 1
        if number == gap["from"]:
            raise Problem("server.bad_proof", reason="a chain that ends early")
        if number < gap["to"]:
            return {**gap, "from": number, "start": digest}
        if digest != gap["prev"]:
            raise Problem("server.bad_proof", reason="a chain that does not link")
        return None

    def _refuse_if_ours(self, manifest: Manifest) -> None:
        """A manifest in a hole must not be addressed to this device."""
        if self.pulling.device.device_id in manifest.audience:
            raise Problem("server.dropped", device=manifest.device, number=manifest.seq)
