"""Sending and receiving as the screens see it: running or not, how far, how it ended; true at every
instant.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

from app.ui.guard import UNEXPECTED, log_defect
from app.ui.signals import Signal
from app.usecases.connection import UNKNOWN, connection_of, hear_connection
from app.usecases.views import SyncOutcome, SyncProgress, SyncStatus

if TYPE_CHECKING:
    from app.ui.desk import Desk


ASKING_S = 2.0  # the platform has this long to say what the device is connected by


class Syncing:
    """`changed` fires on every step. `outcome` is of the last run in this window, None before the first.

    `connection` is what the device is connected by, in a word of `connection_of`; `ask` asks the platform, None
    where it cannot tell (a browser).
    """

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._cancel = Event()
        self.running = False
        self.stopping = False
        self.progress: SyncProgress | None = None
        self.outcome: SyncOutcome | None = None
        self.status: SyncStatus | None = None
        self.changed = Signal()
        self.connection = UNKNOWN
        self.ask: Callable[[], Awaitable[Iterable[Any]]] | None = None
        self._afterwards: list[Callable[[], None]] = []

    def refresh(self) -> None:
        """Ask the store again how many records wait."""
        if self._desk.worker is not None:
            hear_connection(self._desk.worker, self.connection)
            self.status = self._desk.cases.sync_status(self._desk.worker)
        self.changed.emit()

    async def start(self, *, photos_anyway: bool = False) -> None:
        """Run one synchronisation beside the event loop. A second call while it runs changes nothing.

        `photos_anyway`: photos go now, also where they would wait for Wi-Fi.
        """
        desk, worker = self._desk, self._desk.worker
        if self.running or worker is None:
            return
        self.running, self.stopping, self.progress, self.outcome = True, False, None, None
        self._cancel = Event()
        self.changed.emit()
        await self._ask(worker)
        sync_now = partial(desk.cases.sync_now, photos_anyway=True) if photos_anyway else desk.cases.sync_now
        try:
            self.outcome = await desk.in_thread(sync_now, worker, self._heard, self._cancel)
        except Exception as error:  # noqa: BLE001 - it promises not to raise: a defect
            log_defect(error, "sync_now")
            self.outcome = SyncOutcome(0, 0, 0, UNEXPECTED)
        finally:
            self.running, self.progress = False, None
            afterwards, self._afterwards = self._afterwards, []
            for step in afterwards:
                step()
        self.refresh()
        desk.data.emit()

    async def send_photos_anyway(self) -> None:
        await self.start(photos_anyway=True)

    async def start_if_waiting(self) -> None:
        """Synchronise where something waits that can go now."""
        self.refresh()
        status = self.status
        if status is not None and (status.waiting or status.photos > status.for_wifi):
            await self.start()

    async def hear(self, kinds: Iterable[Any]) -> None:
        """The device is connected by something else: what waited for that goes now, without any button."""
        self._note(kinds)
        self.refresh()
        if self.connection != "none":
            await self.start_if_waiting()

    async def _ask(self, worker: Any) -> None:
        """What the platform says now; where it does not answer, what it said last."""
        if self.ask is None:
            return
        try:
            self._note(await asyncio.wait_for(self.ask(), ASKING_S))
        except (
            TimeoutError,
            RuntimeError,
        ):  # a page that is going away; the synchronisation is not its affair
            return
        hear_connection(worker, self.connection)

    def _note(self, kinds: Iterable[Any]) -> None:
        self.connection = connection_of(str(getattr(kind, "value", kind)) for kind in kinds)

    def stop(self) -> None:
        """Ask the run to end after the record it is sending; what was received stays received."""
        if self.running:
            self.stopping = True
            self._cancel.set()
            self.changed.emit()

    def afterwards(self, step: Callable[[], None]) -> None:
        """Do something when nothing is running: now, or when the run has ended."""
        if self.running:
            self._afterwards.append(step)
        else:
            step()

    def _heard(self, progress: SyncProgress) -> None:
        self._desk.later(self._show, progress)

    def _show(self, progress: SyncProgress) -> None:
        if self.running:
            self.progress = progress
            self.changed.emit()
