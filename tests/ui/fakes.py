"""The use cases without a store: the same functions over synthetic data, so that every screen can be opened.

`make_cases()` gives a bundle; what a test wants different, it replaces: `make_cases(today=lambda worker: …)`.
"""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from threading import Event
from typing import Any

from app.protocol.errors import Problem
from app.ui.cases import UseCases
from app.usecases.device_settings import DeviceSettings
from app.usecases.problems import problem_text
from app.usecases.views import HouseholdRow, StartableForm, SyncOutcome, SyncProgress, SyncStatus
from tests.ui import sample

PASSPHRASE = "numai pentru probă"


@dataclass
class FakeWorker:
    profile: str
    name: str
    role: str


@dataclass
class FakeFilling:
    """Enough of a Filling to be opened and closed by the shell."""

    draft: str = "d1"
    title: str = "Vizită la domiciliu"
    household_label: str = "Familia Exemplu 12"
    closed: int = 0

    def close(self) -> None:
        self.closed += 1


@dataclass
class World:
    """What the fakes remember between calls."""

    settings: DeviceSettings = field(default_factory=DeviceSettings)
    now: datetime = sample.NOW
    tries: int = 0
    locked: list[str] = field(default_factory=list)
    waiting: int = 3
    last_problem: Any = None
    sync_steps: int = 3
    sync_pause: float = 0.0
    outcome: SyncOutcome = field(default_factory=lambda: SyncOutcome(3, 1, 0, None))
    opened: list[FakeFilling] = field(default_factory=list)


def plain(words: str) -> str:
    split = unicodedata.normalize("NFD", words.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def search(rows: list[HouseholdRow], query: str) -> list[HouseholdRow]:
    wanted = plain(query).split()
    return [one for one in rows if all(w in plain(f"{one.label} {one.address} {one.code}") for w in wanted)]


def make_cases(world: World | None = None, **replaced: Callable[..., Any]) -> UseCases:
    kept = world or World()
    rows = [sample.household_row(number) for number in sample.NUMBERS]
    functions: dict[str, Any] = {
        "services": None,
        "clock": lambda: kept.now,
        "timezone": lambda: timezone(timedelta(hours=2)),
        "read_settings": lambda services: kept.settings,
        "write_settings": lambda services, settings: setattr(kept, "settings", settings),
        "profiles": lambda services: list(sample.PROFILES),
        "unlock": lambda services, profile, passphrase: _unlock(kept, profile, passphrase),
        "lock": lambda worker: kept.locked.append(worker.profile),
        "today": lambda worker, language: sample.today(),
        "households": lambda worker, query="", language="": search(rows, query),
        "household": lambda worker, household, language: sample.household_page(int(household[1:])),
        "startable": lambda worker, language: (
            StartableForm("household_baseline", "Gospodărie nouă", True, ""),
        ),
        "start": lambda worker, form, household, kind, language: _open(kept, f"new-{form}"),
        "resume": lambda worker, draft: _open(kept, draft),
        "correct": lambda worker, record, language: _open(kept, f"fix-{record}"),
        "ledger": lambda worker, language: list(sample.LEDGER),
        "sync_status": lambda worker: SyncStatus(
            "https://exemplu.invalid",
            kept.waiting,
            kept.now - timedelta(hours=3),
            kept.last_problem,
            False,
            0,
        ),
        "sync_now": lambda worker, progress, cancel: _sync(kept, progress, cancel),
        "problem_text": problem_text,
    }
    for name in (
        "queue",
        "submission",
        "comment",
        "draft_comments",
        "remove_comment",
        "send_back",
        "approve",
        "reject",
    ):
        functions[name] = _absent(name)
    return UseCases(**(functions | replaced))


def _absent(name: str) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        raise AssertionError(f"{name} is not part of this test")

    return call


def _unlock(world: World, profile: str, passphrase: str) -> FakeWorker:
    if passphrase != PASSPHRASE:
        world.tries += 1
        wait = 24 if world.tries >= 5 else 0
        raise Problem("crypto.wrong_passphrase", tries=world.tries, wait=wait)
    card = next(one for one in sample.PROFILES if one.id == profile)
    return FakeWorker(profile, card.label, card.role)


def _open(world: World, draft: str) -> FakeFilling:
    filling = FakeFilling(draft)
    world.opened.append(filling)
    return filling


def _sync(world: World, progress: Callable[[SyncProgress], None], cancel: Event) -> SyncOutcome:
    for phase in ("start", "push", "pull", "verify", "finish"):
        for done in range(world.sync_steps):
            if cancel.is_set():
                return world.outcome
            progress(SyncProgress(phase, done, world.sync_steps, done * 1024, world.sync_steps * 1024))
            time.sleep(world.sync_pause)
    if world.outcome.problem is None:
        world.waiting = 0
    return world.outcome
