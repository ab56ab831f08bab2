"""Pull: the log from where this device stopped reading, page by page.

Each page is proved (every entry stands where the page says, the log only grew) before anything of it is
looked at, and is kept in one transaction with the new place: after a kill the page is either all here or
asked for again. An entry that cannot be believed is set aside with its reason and never stops the others.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from app.crypto.device import DeviceKeys
from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.protocol.messages import PulledEntry, PullPage, PullQuery, check_growth
from app.protocol.tree import Frontier
from app.protocol.versions import MSGPACK, PAGE_BYTES, PREFIX
from app.store.store import Quarantined, Store
from app.sync.aside import Aside
from app.sync.courier import Courier
from app.sync.intake import ATTACHMENT, Chains, Intake, Verdict, forms_of, published_forms
from app.sync.objects import download, matches
from app.sync.roster import check_head, fetch_roster
from app.sync.state import GAPS, OWN_UNTIL, SyncState

KEPT_DATA = 1024 * 1024  # bytes of a refused object worth keeping; more can be asked for again
# Nobody of ours stands for these: their bytes are not kept, or a hostile server could fill the disk.
_UNSIGNED = frozenset({"crypto.unknown_author", "crypto.bad_signature", "sync.repeated", "sync.chain_broken"})
_ENTRY_FAULTS = frozenset(
    {"sync.altered", "sync.object_missing", "sync.repeated", "sync.chain_broken", "sync.revision_taken"}
)


@dataclass(frozen=True)
class _Place:
    """How far the log has been read, and the checkpoint that proves it."""

    frontier: Frontier
    checkpoint: Checkpoint | None

    @property
    def size(self) -> int:
        """Of the checkpoint, 0 before the first."""
        return 0 if self.checkpoint is None else self.checkpoint.size


@dataclass
class Pulling:
    """One run of the pull step. `told(entries done, of, bytes)` after every page; `threaded`: a page is opened while
    the next one is on its way."""

    store: Store
    courier: Courier
    state: SyncState
    device: DeviceKeys
    clock: Callable[[], datetime]
    told: Callable[[int, int, int, int], None]
    threaded: bool = False
    revisions: list[str] = field(default_factory=list)
    quarantined: int = 0
    _forms: set[tuple[str, str]] | None = None

    def run(self) -> None:
        """Reads to the end of the log. Raises Problem, Cancelled; pages read before that are kept."""
        place = first = _Place(self.state.frontier, self.state.checkpoint)
        self._forms = published_forms(self.store)
        with Aside(self.threaded) as aside:
            while True:  # a page is opened and kept while the next one is on its way
                page = self._page(place)
                place = self._proved(page, place)
                aside.do(partial(self._take, page, place, first.frontier.size))
                if page.next == place.size:
                    break

    def _page(self, place: "_Place") -> PullPage:
        query = PullQuery(
            after=place.frontier.size,
            known=place.size,
            size=self.courier.pace.batch(PAGE_BYTES),
            own=int(place.frontier.size < self.store.values.get(OWN_UNTIL, 0)),
        )
        try:
            return self.courier.ask("GET", f"{PREFIX}/entries?{query.query()}", MSGPACK, PullPage.decode)
        except Problem as problem:
            if problem.code == "server.tree_size":
                raise Problem("server.fork", reason="the log became shorter") from problem
            raise

    def _take(self, page: PullPage, place: "_Place", first: int) -> None:
        """Judges a proved page and keeps it together with the new place."""
        assert place.checkpoint is not None  # it proved the page
        if page.roster != self.state.roster.count:
            fetch_roster(self.courier, self.state)
        check_head(self.state, place.checkpoint)
        chains = Chains(self.store)
        verdicts = self.judge(page.entries, chains)
        with self.store.transaction():
            for verdict in verdicts:
                self._keep(verdict)
            chains.save()
            if chains.gaps:
                self.store.values.set(GAPS, [*self.store.values.get(GAPS, []), *chains.gaps])
            self.state.grow(page.checkpoint, place.checkpoint, place.frontier)
        self._count(verdicts)
        self.told(place.frontier.size - first, place.size - first, 0, 0)

    def _proved(self, page: PullPage, place: "_Place") -> "_Place":
        """The place after the page. Where the proof fails, a changed past is the more telling finding."""
        state, known = self.state, place.checkpoint
        try:
            there = _Place(*page.verify(place.frontier, state.workspace, state.log_key, known))
        except Problem as problem:
            if problem.code == "server.bad_proof" and known is not None:
                claimed = Checkpoint.open(page.checkpoint, state.log_key, origin_of(state.workspace))
                check_growth(known, claimed, page.consistency)
            raise
        if page.next == page.after < there.size:
            raise Problem("server.bad_proof", reason="a page that leads nowhere")
        return there

    def judge(self, entries: tuple[PulledEntry, ...], chains: Chains) -> list[Verdict]:
        """Verdicts on entries in log order; forms published by an earlier entry count already."""
        intake = Intake(self.store, self.device, self.state.roster, self._forms)
        verdicts = []
        for entry in entries:
            verdict = self._judged(intake, entry, chains)
            if verdict.record is not None and verdict.record.record["kind"] == "programme":
                self._forms = (self._forms or set()) | forms_of(verdict.record) or None
                intake.forms = self._forms
            verdicts.append(verdict)
        return verdicts

    def _judged(self, intake: Intake, entry: PulledEntry, chains: Chains) -> Verdict:
        content = entry.content
        try:
            intake.announced(entry.manifest, entry.index, chains)
            if intake.is_here(entry.manifest):
                return Verdict(entry.index, entry.manifest)
            if intake.is_attachment(entry.manifest):
                return Verdict(entry.index, entry.manifest, attachment=entry.manifest.sha256, content=content)
            content = self.content(entry)
            return intake.opened(entry.index, entry.manifest, content)
        except Problem as problem:
            if not entrys_fault(problem):
                raise
            return Verdict(entry.index, entry.manifest, refused=problem, content=content)

    def content(self, entry: PulledEntry, *, fresh: bool = False) -> bytes:
        """The object: as it came with its entry, else fetched; `fresh` distrusts what came if it is not whole."""
        sha256 = entry.manifest.sha256
        if entry.content is not None and not (
            fresh and not matches(entry.content, sha256, entry.manifest.size)
        ):
            return entry.content
        if not self.store.media.has(sha256):
            download(self.courier, sha256, entry.manifest.size, self.store.media)
        return self.store.media.read(sha256)

    def accept(self, verdict: Verdict, *, healed: bool) -> None:
        """Keeps one entry that had been set aside."""
        with self.store.transaction():
            self._keep(verdict)
            if healed:
                self.store.quarantine.remove(verdict.index)
        self._count([verdict])

    def _keep(self, verdict: Verdict) -> None:
        if verdict.refused is not None:
            self.store.quarantine.put(quarantined(verdict, self.clock()))
        if verdict.record is not None:
            self.store.records.add(verdict.record)
        if verdict.known:
            head = self.store.records.head(verdict.known)
            if head is not None and head.log_index is None:
                self.store.records.set_index(
                    verdict.known, verdict.index if verdict.place is None else verdict.place
                )
        for one in verdict.attachments:
            name = ATTACHMENT + str(one["sha256"])
            if self.store.values.get(name) is None:
                self.store.values.set(name, {"index": None, "size": one["size"]})
        if verdict.attachment:
            known = self.store.values.get(ATTACHMENT + verdict.attachment, {})
            if known.get("index") is None:  # announced again to more readers: its first place stands
                self.store.values.set(ATTACHMENT + verdict.attachment, {**known, "index": verdict.index})

    def _count(self, verdicts: list[Verdict]) -> None:
        """After the page is durable: the report, and files that are not needed any more."""
        for verdict in verdicts:
            if verdict.record is not None:
                self.revisions.append(verdict.record.revision)
                self.store.media.delete(verdict.manifest.sha256)
            elif verdict.attachment and verdict.content is not None:
                self.store.media.put(verdict.attachment, verdict.content)
            elif verdict.refused is not None:
                self.quarantined += 1


def entrys_fault(problem: Problem) -> bool:
    """Whether a problem lies in the entry (it is set aside) and not in the connection, server or device."""
    return problem.code.startswith(("crypto.", "roster.")) or problem.code in _ENTRY_FAULTS


def quarantined(verdict: Verdict, now: datetime) -> Quarantined:
    """The quarantine entry of a refused verdict."""
    problem = verdict.refused or Problem("sync.altered")
    data = verdict.content
    if data is not None and (len(data) > KEPT_DATA or problem.code in _UNSIGNED):
        data = None
    return Quarantined(
        index=verdict.index,
        reason=problem.code,
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
        manifest=verdict.manifest.to_wire(),
        detail={
            name: value for name, value in problem.detail.items() if isinstance(value, str | int | float)
        },
        data=data,
    )


def entry_of(kept: Quarantined) -> PulledEntry:
    """A quarantined entry as it was pulled, to be judged again."""
    return PulledEntry(kept.index, Manifest.from_wire(kept.manifest), kept.data)
