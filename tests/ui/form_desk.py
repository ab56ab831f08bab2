"""The least desk and context that the form screen can stand on, for tests and for the browser script."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from app.protocol.errors import Problem
from app.ui.ctx import Ctx
from app.ui.guard import guarded
from app.ui.nav import Nav, Place
from app.ui.signals import Signal
from app.usecases.views import ProblemText

NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)


def problem_text(problem: Problem) -> ProblemText:
    entry = problem.entry
    return ProblemText(
        problem.code, entry.title, entry.happened, entry.lost, entry.todo, dict(problem.detail)
    )


class StubDesk:
    """Handlers are guarded as in the app; what was told is kept for the test to look at."""

    def __init__(self) -> None:
        self.cases = SimpleNamespace(clock=lambda: NOW, problem_text=problem_text)
        self.told: list[ProblemText] = []
        self.nav = Nav(Place("today"))
        self.keep = Signal()

    def guard(self, handler: Any) -> Any:
        return guarded(handler, self.told.append, problem_text)


def context(width: float = 1280, height: float = 800, **more: Any) -> Ctx:
    """A context of a given size; `desk` is a fresh stub unless given."""
    more.setdefault("desk", StubDesk())
    return Ctx(width=width, height=height, **more)
