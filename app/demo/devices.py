"""The demo's devices without a screen: unlock one, sync it, move its clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from app.demo.places import PASSPHRASES
from app.demo.processes import DemoError
from app.usecases.services import Services
from app.usecases.sync_now import sync_now
from app.usecases.unlock import lock, profiles, unlock
from app.usecases.views import SyncOutcome
from app.usecases.worker import Worker

VISIT_HOUR = time(10, 30, tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


def services(folder: Path, clock: Callable[[], datetime] = now) -> Services:
    """The surroundings of one of the demo's devices; its passphrases are printed, so its locks cost the least."""
    return Services(data_dir=folder, clock=clock, scrypt_target=0)


def open_as(folder: Path, name: str) -> Worker:
    """Unlocks the profile with this name, with its demo passphrase."""
    ours = services(folder)
    card = next(card for card in profiles(ours) if card.label == name)
    return unlock(ours, card.id, PASSPHRASES[name])


@contextmanager
def opened(folder: Path, name: str) -> Iterator[Worker]:
    """The same, locked again at the end."""
    worker = open_as(folder, name)
    try:
        yield worker
    finally:
        lock(worker)


@contextmanager
def on_day(worker: Worker, day: date) -> Iterator[None]:
    """The device's clock at half past ten of another day."""
    present = worker.services
    worker.services = replace(present, clock=lambda: datetime.combine(day, VISIT_HOUR))
    worker.changed()
    try:
        yield
    finally:
        worker.services = present
        worker.changed()


def sync(worker: Worker) -> SyncOutcome:
    """One synchronisation that must succeed; raises DemoError with what a person would have been told."""
    outcome = sync_now(worker)
    if outcome.problem is not None:
        problem = outcome.problem
        raise DemoError(
            f"{problem.title}. {problem.happened} {problem.todo} [{problem.code} {problem.detail}]"
        )
    return outcome
