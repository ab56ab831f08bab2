"""Begin, continue and show jobs of sealing records again for further readers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from threading import Event

from app.protocol.errors import Problem
from app.store.store import RecordHead
from app.usecases.sharing.again import again
from app.usecases.sharing.jobs import FIRST, WATCH, Job, Jobs
from app.usecases.sharing.rights import Rights
from app.usecases.sharing.tidying import tidy
from app.usecases.sharing.views import Sharing, SharingJob
from app.usecases.worker import Worker

BUDGET = 500  # records sealed in one call, or a few more, unless told otherwise
PIECE = 20  # records in one transaction
SHARE = 0.75  # of what the outbox holds: the rest is for the day's own work


def start_sharing(
    worker: Worker, devices: Iterable[str], *, households: Iterable[str] | None = None, why: str = ""
) -> SharingJob:
    """Remembers that these devices should get what they may read, of these households or (None) of everything.

    Nothing is sealed yet; `continue_sharing` does that, and every synchronisation calls it. Records that arrive
    later are looked at too. Raises Problem("usecase.supervisors_only"), RosterError("roster.unknown_device" |
    "roster.device_revoked").
    """
    about = None if households is None else frozenset(households)
    return _start(worker, dict.fromkeys(devices, about), why)


def share_households(worker: Worker, households: Mapping[str, Iterable[str]], *, why: str = "") -> SharingJob:
    """As `start_sharing`, with households of its own for each device, all in one job."""
    return _start(worker, {name: frozenset(ours) for name, ours in households.items()}, why)


def _start(worker: Worker, readers: Mapping[str, frozenset[str] | None], why: str) -> SharingJob:
    if worker.role != "supervisor":
        raise Problem("usecase.supervisors_only")
    roster = worker.roster()
    wanted = {
        roster.active_device(name).id: households
        for name, households in sorted(readers.items())
        if name != worker.device and households != frozenset()
    }
    moment = worker.now().isoformat(timespec="seconds")
    job = Job(id=worker.services.new_id(), why=why, started=moment, readers=wanted)
    if wanted:
        with worker.store.transaction():
            Jobs(worker.store).add(job)
    return SharingJob(job.id, tuple(wanted), len(_todo(worker, Rights.of(worker), job)))


def continue_sharing(
    worker: Worker,
    progress: Callable[[Sharing], None] = lambda _: None,
    cancel: Event | None = None,
    budget: int = BUDGET,
) -> Sharing:
    """Seals records that a reader lacks, about `budget` of them, in small transactions.

    Stops early when the outbox is filled as far as it should be: synchronise, and call again. The sum of all
    jobs is given. Raises Problem("store.…"); what was sealed before that stays.
    """
    if not Jobs(worker.store).all() or not _may_share(worker):
        return Sharing(0, 0, 0)
    tidy(worker)
    return _Turn(worker, progress, cancel or Event(), budget).run()


def sharing_status(worker: Worker) -> list[Sharing]:
    """Every job that has not come to its end, the oldest first."""
    rights = Rights.of(worker)
    return [_shown(worker, rights, job) for job in Jobs(worker.store).all() if job.id != WATCH]


class _Turn:
    """One call: the jobs one after the other, until budget, outbox or patience end."""

    def __init__(
        self, worker: Worker, progress: Callable[[Sharing], None], cancel: Event, budget: int
    ) -> None:
        self._worker, self._progress, self._cancel, self._budget = worker, progress, cancel, budget
        self._jobs = Jobs(worker.store)
        self._rights = Rights.of(worker)
        heads = worker.store.records.heads()
        self._end = heads[-1].order + 1 if heads else 0
        self._work = [(job, _todo(worker, self._rights, job)) for job in self._jobs.all()]
        self._done = sum(job.done for job, _ in self._work)
        self._left = sum(len(todo) for _, todo in self._work)

    def run(self) -> Sharing:
        for job, todo in self._work:
            self._job(job, todo)
        return self._sum()

    def _job(self, job: Job, todo: list[RecordHead]) -> None:
        before = job.done
        for piece in _pieces(todo):
            # What is large travels last: let the forms arrive before what was written with them.
            if piece[0].kind not in FIRST and todo[0].kind in FIRST and job.done > before:
                return
            if self._budget <= 0 or not _room(self._worker) or self._cancel.is_set():
                return
            try:
                job = self._step(job, piece)
            except Problem as problem:
                if problem.code != "store.outbox_full":
                    raise
                return
            self._progress(self._sum())
        self._ended(job)

    def _step(self, job: Job, piece: list[RecordHead]) -> Job:
        """One transaction: what is sealed, for whom, and how far the job has come."""
        before, waited = job, len(job.waits)
        with self._worker.store.transaction():
            for head in piece:
                job = self._one(job, head)
            self._jobs.keep_place(job)
        self._budget -= job.done - before.done
        self._done += job.done - before.done
        self._left += len(job.waits) - waited - sum(head.revision not in before.waits for head in piece)
        return job

    def _one(self, job: Job, head: RecordHead) -> Job:
        made = [
            again(self._worker, self._rights, one, _readers(self._rights, job, one), anew=job.anew)
            for one in self._lineage(head)
        ]
        complete = all(whole for _, whole in made)
        waits = tuple(one for one in job.waits if one != head.revision)
        return replace(
            job if head.revision in job.waits else job.moved(head),
            waits=waits if complete else (*waits, head.revision),
            done=job.done + sum(sealed for sealed, _ in made),
        )

    def _lineage(self, head: RecordHead) -> list[RecordHead]:
        """A revision after those it corrects: it may have brought them to households that did not know them."""
        found = [head]
        for one in found:
            parents = (self._worker.store.records.head(name) for name in one.parents)
            found += [parent for parent in parents if parent is not None and parent not in found]
        return found[::-1]

    def _ended(self, job: Job) -> None:
        """A job that has seen all records becomes part of the watch; removed devices are forgotten."""
        devices = self._rights.roster.devices
        gone = [name for name in job.readers if name not in devices or not devices[name].active]
        at_end = replace(job, first=max(self._end, job.first), rest=max(self._end, job.rest))
        if not gone and job.id == WATCH and at_end == job:
            return
        with self._worker.store.transaction():
            if gone:
                at_end = self._jobs.forget(at_end, gone)
            self._jobs.keep_place(at_end)
            if job.id != WATCH:
                self._jobs.finish(at_end)

    def _sum(self) -> Sharing:
        return Sharing(self._done, self._done + self._left, self._left)


def _pieces(todo: list[RecordHead]) -> Iterator[list[RecordHead]]:
    """What goes into one transaction each; the first kinds apart from the others."""
    for wanted in (True, False):
        ours = [head for head in todo if (head.kind in FIRST) == wanted]
        for start in range(0, len(ours), PIECE):
            yield ours[start : start + PIECE]


def _todo(worker: Worker, rights: Rights, job: Job) -> list[RecordHead]:
    """What the job has not looked at and concerns one of its readers, in order of arrival; then what waits."""
    records = worker.store.records
    known = set(job.waits)
    fresh = [
        head
        for head in records.heads()
        if job.behind(head) and head.revision not in known and _readers(rights, job, head)
    ]
    fresh.sort(key=lambda head: (head.kind not in FIRST, head.order))
    return [*fresh, *(head for head in map(records.head, job.waits) if head is not None)]


def _readers(rights: Rights, job: Job, head: RecordHead) -> list[str]:
    """Those of the job's readers that may read a record and asked for it."""
    concerned = [
        name
        for name, households in job.readers.items()
        if households is None or households & rights.households(head)
    ]
    return rights.readers(concerned, head)


def _may_share(worker: Worker) -> bool:
    """Whether this device is still a supervisor's: what others seal again is refused everywhere."""
    ours = worker.roster().devices.get(worker.device)
    return ours is not None and ours.active and ours.role == "supervisor"


def _room(worker: Worker) -> bool:
    outbox = worker.store.outbox
    return outbox.waiting_count() + 4 * PIECE <= SHARE * outbox.limits.outbox_count


def _shown(worker: Worker, rights: Rights, job: Job) -> Sharing:
    left = len(_todo(worker, rights, job))
    return Sharing(job.done, job.done + left, left, job.id, job.why, tuple(sorted(job.readers)), job.started)
