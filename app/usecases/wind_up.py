"""What follows a synchronisation: the shelf made true, old profiles settled, drafts sent home, old visits cleared."""

from collections.abc import Callable
from dataclasses import dataclass

from app.sync.syncer import Syncer, SyncReport
from app.usecases.recovery import settle
from app.usecases.removal import end_if_removed
from app.usecases.retention import purge_daily
from app.usecases.returned_drafts import drafts_home
from app.usecases.shelving import tidy_shelf
from app.usecases.worker import Worker


@dataclass(frozen=True)
class WindUp:
    """`removed`: this device was removed and is locked for good. `handed_over`: names of old profiles of which
    everything was received. `came_home`: drafts of an old profile that are drafts here now. `more`: something new
    waits to be sent."""

    removed: bool = False
    handed_over: tuple[str, ...] = ()
    came_home: int = 0
    more: bool = False


def wind_up(worker: Worker, report: SyncReport, syncer: Callable[[], Syncer]) -> WindUp:
    """After every run, also one that met a problem."""
    tidy_shelf(worker)
    if report.revoked:
        return WindUp(removed=end_if_removed(worker, syncer()))
    if report.problems or report.cancelled:
        return WindUp()
    handed_over = tuple(settle(worker))
    home = drafts_home(worker, syncer())
    purge_daily(worker)
    return WindUp(False, handed_over, home.came_home, more=home.returned > 0)
