"""One synchronisation: start → roster → push → pull → verify → finish.

 start    what this device remembers; entries that a crash left "sending" simply go out again
 roster   new statements on top of the trusted ones
 push     the outbox, batch by batch; received = proved to be in the log
 pull     the log from where this device stopped reading
 verify   second chances, and holes in other devices' chains
 finish   the report

Every step keeps what it has proved as it goes, so stopping anywhere (a cut, a cancel, a kill) costs only
the request under way. `Syncer.run` is the one place that puts right what a stopped step leaves behind.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event

from app.crypto.device import DeviceKeys
from app.protocol.errors import Problem
from app.protocol.statement import Statement
from app.store.purge import ALARM
from app.store.store import OutboxEntry, Store
from app.sync.attachments import fetch_attachment
from app.sync.carry import carry
from app.sync.courier import Cancelled, Courier
from app.sync.pacing import Backoff, Pace
from app.sync.progress import Phase, Progress, SyncReport
from app.sync.pull import Pulling
from app.sync.push import Pushing
from app.sync.rollback import Comparing
from app.sync.roster import fetch_roster, not_in_roster, publish, revoked_here
from app.sync.state import ALARMING, SyncState
from app.sync.transport import Transport
from app.sync.verify import Verifying

__all__ = ["Progress", "SyncReport", "Syncer"]

RATE = "sync.rate"
ROSTER_AT = "sync.roster_at"
ROSTER_SECONDS = 24 * 3600
TELLING_SECONDS = 2.0  # before that nobody can tell how long it will take


class Syncer:
    """Synchronises one device's store with its server. Make a new one for every run."""

    def __init__(
        self,
        store: Store,
        device: DeviceKeys,
        transport: Transport,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes] = os.urandom,
        sleep: Callable[[float], None] | None = None,
        *,
        tries: int = 5,
        monotonic: Callable[[], float] = time.monotonic,
        lanes: int = 1,
        postpone: Callable[[OutboxEntry], bool] = lambda _: False,
    ) -> None:
        """`lanes`: how many requests may be under way at once (`transport` must bear it). `postpone`: which
        unnumbered entries of the outbox are left for another time."""
        self._store = store
        self._device = device
        self._transport = transport
        self._clock = clock
        self._random = random
        self._sleep = sleep
        self._tries = tries
        self._monotonic = monotonic
        self._lanes = lanes
        self._postpone = postpone
        self._report = SyncReport()
        self._progress: Callable[[Progress], None] = lambda _: None
        self._phase: Phase = "start"
        self._phase_started = 0.0

    def run(
        self, progress: Callable[[Progress], None] = lambda _: None, cancel: Event | None = None
    ) -> SyncReport:
        """Runs the whole sequence. Never raises a Problem: what went wrong is in the report's `problems`."""
        self._progress = progress
        report = self._report
        courier: Courier | None = None
        try:
            self._enter("start")
            state = SyncState.load(self._store)
            courier = self._courier(state, cancel or Event())
            self._steps(courier, state)
        except Cancelled:
            report.cancelled = True
            self._roll_back()
        except Problem as problem:
            report.problems.insert(0, problem)
            self._roll_back()
            self._raise_alarm(problem)
        self._enter("finish")
        self._finish(courier)
        return report

    def fetch(self, sha256: str, size: int, cancel: Event | None = None) -> bytes:
        """The sealed bytes of one attachment of a record, from this device or from the server.

        Raises Problem("sync.…" | "server.…"), Cancelled.
        """
        state = SyncState.load(self._store)
        return fetch_attachment(self._store, self._courier(state, cancel or Event()), sha256, size)

    def publish(self, statement: Statement) -> None:
        """Brings a supervisor's new roster statement to the server and, once it is there, applies it here.

        Raises RosterError("roster.stale") when somebody else's came first, other Problems; nothing changes then.
        """
        state = SyncState.load(self._store)
        publish(self._courier(state, Event()), state, statement)

    def _steps(self, courier: Courier, state: SyncState) -> None:
        self._enter("roster")
        revoked = self._roster(courier, state)
        self._enter("push")
        if not revoked:
            self._compare(courier, state)
        pushing = Pushing(self._store, courier, state, self._told, self._postpone, self._lanes)
        try:
            pushing.records()
            self._report.carried = carry(pushing)
            pushing.files()
        finally:
            self._report.sent, self._report.postponed = pushing.sent, pushing.postponed
            self._report.carried += pushing.carried
        if pushing.refusal is not None:
            self._report.problems.append(pushing.refusal)
        if not (revoked or pushing.revoked):
            revoked = self._pull(courier, state)
        if revoked or pushing.revoked:
            self._report.revoked = True
            raise Problem("sync.device_revoked", unsent=self._store.outbox.waiting_count())

    def _compare(self, courier: Courier, state: SyncState) -> None:
        """No number is used twice, also where an earlier copy of the store was put back."""
        try:
            told = Comparing(self._store, courier, state, self._device).run()
        except Problem as problem:
            if problem.code != "server.device_revoked":
                raise
            return  # it may still hand over, but is told nothing
        if told is not None:
            self._report.problems.append(told)

    def _roster(self, courier: Courier, state: SyncState) -> bool:
        """Whether this device has been removed: then only its unsent work is handed over.

        Once a day the roster is asked for as such. In between every answer says how long it is, and the
        signed checkpoint where it ends, so a request that would bring nothing is saved.
        """
        try:
            if self._roster_is_due():
                fetch_roster(courier, state)
                self._store.values.set(ROSTER_AT, self._clock().timestamp())
        except Problem as problem:
            if problem.code != "server.device_revoked":
                raise
            return True
        unknown = not_in_roster(state, self._device.device_id)
        if unknown is not None:
            raise unknown
        return revoked_here(state, self._device.device_id)

    def _roster_is_due(self) -> bool:
        """Also when the clock was set back; a wrong clock costs a request, nothing else."""
        last = self._store.values.get(ROSTER_AT)
        return last is None or not 0 <= self._clock().timestamp() - last < ROSTER_SECONDS

    def _pull(self, courier: Courier, state: SyncState) -> bool:
        """Whether the server says that this device has been removed; nothing is told to it then."""
        self._enter("pull")
        pulling = Pulling(self._store, courier, state, self._device, self._clock, self._told, self._lanes > 1)
        try:
            pulling.run()
            self._enter("verify")
            Verifying(pulling, self._told).run()
        except Problem as problem:
            if problem.code != "server.device_revoked":
                raise
            return True
        finally:
            self._report.pulled_revisions = pulling.revisions
            self._report.received = len(pulling.revisions)
            self._report.quarantined = pulling.quarantined
        return False

    def _courier(self, state: SyncState, cancel: Event) -> Courier:
        return Courier(
            transport=self._transport,
            device=self._device,
            workspace=state.workspace,
            clock=self._clock,
            random=self._random,
            sleep=self._sleep or (lambda seconds: _wait(cancel, seconds)),
            cancel=cancel,
            pace=Pace(self._store.values.get(RATE)),
            backoff=Backoff(self._random, self._tries),
            monotonic=self._monotonic,
        )

    def _roll_back(self) -> None:
        """The one place: entries on their way when a step stopped wait again. Receipts that were proved stay."""
        try:
            with self._store.transaction():
                for entry in self._store.outbox.waiting():
                    if entry.state == "sending":
                        self._store.outbox.update(entry.revision, state="waiting")
        except (
            Problem
        ) as problem:  # a full disk, say: they stay "sending", and the next run sends them all the same
            self._report.problems.append(problem)

    def _raise_alarm(self, problem: Problem) -> None:
        """A lying server or roster stops all deletion on this device until a person has looked."""
        if problem.code in ALARMING and self._store.values.get(ALARM) is None:
            detail = {k: v for k, v in problem.detail.items() if isinstance(v, str | int | float)}
            at = self._clock().astimezone(UTC).isoformat(timespec="seconds")
            try:
                self._store.values.set(ALARM, {"code": problem.code, "at": at, "detail": detail})
            except Problem as second:  # the next run meets the same lie again
                self._report.problems.append(second)

    def _finish(self, courier: Courier | None) -> None:
        report = self._report
        with suppress(
            Problem
        ):  # a store that fails here has already been reported, or fails at the next step
            report.last_index = int((self._store.values.get("sync.frontier") or {}).get("size", 0))
            report.unsent = self._store.outbox.waiting_count()
            if courier is not None:
                report.bytes_sent, report.bytes_received = courier.bytes_sent, courier.bytes_received
                self._store.values.set(RATE, courier.pace.rate)

    def _enter(self, phase: Phase) -> None:
        self._phase, self._phase_started = phase, self._monotonic()
        self._progress(Progress(phase))

    def _told(self, done: int, total: int, bytes_done: int, bytes_total: int) -> None:
        left = self._left(bytes_done, bytes_total) if bytes_total else self._left(done, total)
        self._progress(Progress(self._phase, done, total, bytes_done, bytes_total, left))

    def _left(self, done: int, total: int) -> float | None:
        """Seconds left in this phase if it goes on as it went; bytes tell more than records where they are known."""
        elapsed = self._monotonic() - self._phase_started
        if not done or elapsed < TELLING_SECONDS:
            return None
        return elapsed / done * max(0, total - done)


def _wait(cancel: Event, seconds: float) -> None:
    cancel.wait(seconds)
