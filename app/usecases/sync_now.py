"""Send what waits and fetch what is new; say in plain words how it went."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

from app.protocol.errors import Problem
from app.sync.syncer import Progress, Syncer, SyncReport
from app.usecases.connection import waits_for_wifi
from app.usecases.enrolment.own_role import follow_roster
from app.usecases.problems import problem_text
from app.usecases.sharing import Sharing, continue_sharing
from app.usecases.shelving import tidy_shelf
from app.usecases.views import SyncOutcome, SyncProgress
from app.usecases.wind_up import wind_up
from app.usecases.worker import Worker

LANES = 3  # requests at once, where the link has room for them


def sync_now(
    worker: Worker,
    progress: Callable[[SyncProgress], None] = lambda _: None,
    cancel: Event | None = None,
    *,
    photos_anyway: bool = False,
) -> SyncOutcome:
    """One synchronisation, blocking. Problems come back in the outcome; none is raised.

    `photos_anyway`: large files go now, whatever the device is connected by (see `connection.py`).
    A second call while one runs (another window) reports Problem("sync.busy").
    """
    if not worker.sync_guard.acquire(blocking=False):
        return SyncOutcome(0, 0, 0, problem_text(Problem("sync.busy")))
    try:
        worker.photos_anyway = photos_anyway
        report = _run(worker, progress, cancel or Event())
    finally:
        worker.photos_anyway = False
        worker.sync_guard.release()
        worker.changed()
    return report


def _run(worker: Worker, progress: Callable[[SyncProgress], None], cancel: Event) -> SyncOutcome:
    try:
        reports = _turns(worker, progress, cancel)
    except Problem as problem:
        tidy_shelf(worker)
        _remember(worker, problem)
        return SyncOutcome(0, 0, 0, problem_text(problem))
    try:
        ending = wind_up(worker, reports[-1], lambda: _syncer(worker))
        if ending.more:  # drafts given back to somebody should not wait for the next time
            reports.append(_exchange(worker, progress, cancel))
            tidy_shelf(worker)
    except Problem as problem:  # a full device, say: what was sent and fetched stays so, and the rest waits
        outcome = _outcome(worker, reports)
        return replace(outcome, problem=outcome.problem or problem_text(problem))
    return replace(
        _outcome(worker, reports),
        removed=ending.removed,
        handed_over=ending.handed_over,
        came_home=ending.came_home,
    )


def _turns(worker: Worker, progress: Callable[[SyncProgress], None], cancel: Event) -> list[SyncReport]:
    """What must be sealed again fills the outbox, a run empties it, until nothing more comes."""
    shared = _share(worker, progress, cancel)
    reports = [_exchange(worker, progress, cancel)]
    while not (reports[-1].problems or reports[-1].cancelled):
        before, shared = shared, _share(worker, progress, cancel)
        if shared.done == before.done and shared.left >= before.left:
            break
        reports.append(_exchange(worker, progress, cancel))
    return reports


def _share(worker: Worker, progress: Callable[[SyncProgress], None], cancel: Event) -> Sharing:
    def told(one: Sharing) -> None:
        progress(SyncProgress("sharing", one.done, one.total, 0, 0))

    return continue_sharing(worker, told, cancel)


def _exchange(worker: Worker, progress: Callable[[SyncProgress], None], cancel: Event) -> SyncReport:
    try:
        report = _syncer(worker).run(progress=lambda one: progress(_shown(one)), cancel=cancel)
        follow_roster(worker)
        return report
    finally:
        worker.changed()


def _syncer(worker: Worker) -> Syncer:
    services = worker.services
    return Syncer(
        store=worker.store,
        device=worker.device_keys,
        transport=services.transport(worker.organisation.server),
        clock=services.clock,
        random=services.random,
        lanes=LANES,
        postpone=waits_for_wifi(worker),
    )


def _outcome(worker: Worker, reports: list[SyncReport]) -> SyncOutcome:
    """The sum of the runs; only the last one can have met a problem."""
    last = reports[-1]
    problem = last.problems[0] if last.problems else None
    if problem is not None or not last.cancelled:  # a run that was stopped is no success to remember
        _remember(worker, problem)
    return SyncOutcome(
        sent=sum(one.sent for one in reports),
        received=sum(one.received for one in reports),
        quarantined=sum(one.quarantined for one in reports),
        problem=problem_text(problem) if problem else None,
        postponed=last.postponed,
    )


def _remember(worker: Worker, problem: Problem | None) -> None:
    state: dict[str, Any] = dict(worker.store.values.get("sync", {}))
    state["last_problem"] = {"code": problem.code, **problem.detail} if problem else None
    if problem is None:
        state["last_success"] = worker.now().isoformat()
    worker.store.values.set("sync", state)


def _shown(one: Progress) -> SyncProgress:
    return SyncProgress(one.phase, one.done, one.total, one.bytes_done, one.bytes_total, one.seconds_left)
