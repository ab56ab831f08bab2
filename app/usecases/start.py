"""What is looked at before anybody unlocks: can this device keep data safe, and can its clock be right?"""

from dataclasses import dataclass

from app.crypto.selftest import CHECKS, Checks, self_test
from app.protocol.errors import Problem
from app.store.profiles import sweep_removed
from app.usecases.device_facts import note_facts, read_facts
from app.usecases.problems import problem_text
from app.usecases.services import Services
from app.usecases.views import ProblemText

_FULL = ("store.disk_full", "store.read_only")


@dataclass(frozen=True)
class Start:
    """`refused`: nobody may unlock here, and why. `clock`: the date is hardly true; a person may go on."""

    refused: ProblemText | None = None
    clock: ProblemText | None = None

    @property
    def fine(self) -> bool:
        return self.refused is None and self.clock is None


def check_start(services: Services, checks: Checks = CHECKS) -> Start:
    """Runs the self-test and remembers the time. Takes about 10 ms; changes nothing of anybody's data."""
    facts = read_facts(services)
    report = self_test(services.clock(), last_seen=facts.last_seen_at, random=services.random, checks=checks)
    try:
        report.require()
    except Problem as problem:
        told = problem_text(problem)
        return Start(refused=told) if report.missing else Start(clock=told)
    seen_now(services)
    sweep_removed(services.data_dir)
    return Start()


def accept_clock(services: Services) -> None:
    """The person says that the date is right, or cannot be mended now: from here on it counts as seen."""
    _note(services, services.clock().timestamp())


def seen_now(services: Services) -> None:
    """Remembers the time where it went forward."""
    now = services.clock().timestamp()
    if now > read_facts(services).last_seen:
        _note(services, now)


def _note(services: Services, seen: float) -> None:
    try:
        note_facts(services, last_seen=seen)
    except Problem as problem:
        if problem.code not in _FULL:  # a full device still opens what is on it
            raise
