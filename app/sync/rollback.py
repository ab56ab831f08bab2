"""Numbers that this device has used and forgotten: an earlier copy of its store was put back.

Every entry of a device has a number, used once. A store that was put back would give numbers out again, and two
entries with one number would be a fork of the device's own chain: whoever runs the server could show one to some
and the other to the rest. So before anything is sent for the first time since the store was opened, the server is
asked what it has from this device beyond what is proved here. It cannot invent an answer (this device signed it);
it can keep one back, which is the known gap.

Where it has entries that this store does not know, this store goes on behind them: what waits under a taken number
is numbered, signed and sealed again (nobody has it yet), and the person is told. What was sent before comes back
with the pull.
"""

from dataclasses import dataclass, replace
from typing import Any

from app.crypto.device import DeviceKeys
from app.crypto.record import SignedRecord, seal_record
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.protocol.pull import ManifestsAnswer, PulledEntry
from app.protocol.versions import MSGPACK, PAGE_ENTRIES, PREFIX
from app.store.generation import PUT_BACK, looked_into
from app.store.store import OutboxEntry, Store, StoredRecord
from app.sync.courier import Courier
from app.sync.state import OWN_UNTIL, SyncState

COMPARED = "sync.compared"
"""A value: the generation of the store that was last compared with the server."""


@dataclass
class Comparing:
    """One comparison of this device's numbers with those the server has."""

    store: Store
    courier: Courier
    state: SyncState
    device: DeviceKeys

    def run(self) -> Problem | None:
        """Puts the numbers right; gives what to tell the person where they were wrong. Raises Problem, Cancelled."""
        generation = self.store.generation
        if generation is None or not self._is_due(generation):
            return None
        waiting = [one for one in self.store.outbox.waiting() if one.seq is not None]
        forgotten = self._forgotten(waiting)
        with self.store.transaction():
            renumbered = self._go_on_behind(forgotten, waiting) if forgotten else 0
            self.store.values.set(COMPARED, generation)
            looked_into(self.store.values)
        return (
            Problem("sync.set_back", forgotten=len(forgotten), renumbered=renumbered) if forgotten else None
        )

    def _is_due(self, generation: int) -> bool:
        """Once an opening, as soon as there is anything to send; at once where the store's marks speak."""
        if self.store.values.get(PUT_BACK) is not None:
            return True
        due = self.store.values.get(COMPARED) != generation
        return due and self.store.outbox.waiting_count() > 0

    def _forgotten(self, waiting: list[OutboxEntry]) -> list[PulledEntry]:
        """The server's entries of this device that are not in this store, in their order."""
        ours = {one.seq: Manifest.from_wire(one.manifest).digest() for one in waiting}
        first = min((one.seq for one in waiting if one.seq is not None), default=self.store.outbox.next_seq())
        found = self._chain_from(first)
        known = 0
        while known < len(found) and ours.get(found[known].manifest.seq) == found[known].manifest.digest():
            known += 1  # sent before; only the receipt was lost
        return found[known:]

    def _chain_from(self, first: int) -> list[PulledEntry]:
        """Everything that the server shows of this device from a number on, each link and signature checked."""
        found: list[PulledEntry] = []
        while True:
            page = self._page(first + len(found))
            for entry in page:
                manifest = entry.manifest
                place = (manifest.workspace, manifest.device, manifest.seq)
                if place != (self.state.workspace, self.device.device_id, first + len(found)):
                    raise Problem("server.bad_proof", reason="a chain with a hole")
                if found and manifest.prev != found[-1].manifest.digest():
                    raise Problem("server.bad_proof", reason="a chain that does not link")
                manifest.verify(self.device.signing.public)
                found.append(entry)
            if len(page) < PAGE_ENTRIES:
                return found

    def _page(self, after: int) -> list[PulledEntry]:
        query = f"device={self.device.device_id}&after={after}&limit={PAGE_ENTRIES}"
        answer = self.courier.ask("GET", f"{PREFIX}/manifests?{query}", MSGPACK, ManifestsAnswer.decode)
        return list(answer.entries)

    def _go_on_behind(self, forgotten: list[PulledEntry], waiting: list[OutboxEntry]) -> int:
        """Gives what waits under a taken number, and what follows it, fresh numbers; how many. The pull brings
        the forgotten entries back."""
        first, last = forgotten[0].manifest, forgotten[-1].manifest
        taken = [one for one in waiting if one.seq is not None and one.seq >= first.seq]
        self.store.outbox.renumber(last.to_wire(), taken, self._again)
        self.store.values.set(OWN_UNTIL, 1 + max(entry.index for entry in forgotten))
        return len(taken)

    def _again(self, entry: OutboxEntry, seq: int, last: dict[str, Any] | None) -> OutboxEntry:
        """The entry under another number: a record signed and sealed again, anything else without a number."""
        if entry.role != "record":
            return replace(entry, seq=None, manifest=None, state="waiting", problem=None)
        stored = self.store.records.get(entry.revision)
        if stored is None or last is None:
            raise Problem("store.not_found", what="record")
        old = SignedRecord.from_parts(stored.record, stored.signature).record
        recipients = self.state.roster.recipients_at(entry.audience, old.epoch)
        signed, sealed = seal_record(replace(old, seq=seq), self.device.signing, recipients)
        manifest = Manifest.signed(
            key=self.device.signing, workspace=self.state.workspace, device=self.device.device_id, seq=seq,
            prev=Manifest.from_wire(last).digest(), sha256=sealed.sha256, size=sealed.size, epoch=old.epoch,
            audience=entry.audience,
        )  # fmt: skip
        self.store.records.remove(entry.revision)
        self.store.records.add(
            StoredRecord(
                signed.record.to_dict(), signed.signature, sealed.sha256, None, stored.origin, stored.readers
            )
        )
        return replace(
            entry, seq=seq, manifest=manifest.to_wire(), sealed=sealed.data, state="waiting", problem=None
        )
