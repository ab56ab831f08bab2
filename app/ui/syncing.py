"""Sending and receiving as the screens see it: running or not, how far, how it ended; true at every
instant.
"""

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING

from app.ui.guard import UNEXPECTED, log_defect
from app.ui.signals import Signal
from app.usecases.views import SyncOutcome, SyncProgress, SyncStatus

if TYPE_CHECKING:
    from app.ui.desk import Desk


class Syncing:
    """`changed` fires on every step. `outcome` is of the last run in this window, None before the first."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._cancel = Event()
        self.running = False
        self.stopping = False
        self.progress: SyncProgress | None = None
        self.outcome: SyncOutcome | None = None
        self.status: SyncStatus | None = None
        self.changed = Signal()
        self._afterwards: list[Callable[[], None]] = []

    def refresh(self) -> None:
        """Ask the store again how many records wait."""
        if self._desk.worker is not None:
            self.status = self._desk.cases.sync_status(self._desk.worker)
        self.changed.emit()

    async def start(self) -> None:
        """Run one synchronisation beside the event loop. A second call while it runs changes nothing."""
        desk = self._desk
        if self.running or desk.worker is None:
            return
        self.running, self.stopping, self.progress, self.outcome = True, False, None, None
        self._cancel = Event()
        self.changed.emit()
        try:
            self.outcome = await desk.in_thread(desk.cases.sync_now, desk.worker, self._heard, self._cancel)
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

    async def start_if_waiting(self) -> None:
        """Synchronise where something waits to be sent: a connection has appeared."""
        self.refresh()
        if self.status is not None and self.status.waiting:
            await self.start()

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
