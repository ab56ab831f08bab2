"""The use cases a screen may call, as one bundle that is handed in.

The app hands in the real ones (`real_cases`); tests hand in fakes with the same signatures. The functions are
those of `app.usecases`, documented there; all raise only `app.protocol.errors.Problem`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from importlib import import_module
from typing import Any

from app.protocol.errors import Problem
from app.usecases.views import ProblemText

_REAL = {
    "read_settings": "device_settings", "write_settings": "device_settings",
    "profiles": "unlock", "unlock": "unlock", "lock": "unlock", "found_at_unlock": "unlock",
    "today": "today", "startable": "startable",
    "households": "households", "household": "households",
    "visitors": "visitors", "choose_visitors": "visitors",
    "standing_alarm": "alarms", "alarm_looked_into": "alarms",
    "start": "fill", "resume": "fill", "correct": "fill",
    "ledger": "ledger", "sync_status": "ledger", "sync_now": "sync_now",
    "queue": "review", "submission": "submission", "comment": "review", "draft_comments": "review",
    "remove_comment": "review", "send_back": "review", "approve": "review", "reject": "review",
}  # fmt: skip


@dataclass(frozen=True)
class UseCases:
    """Everything the screens call. `services` is handed to those that work before somebody has unlocked."""

    services: Any
    clock: Callable[[], datetime]
    timezone: Callable[[], tzinfo]
    read_settings: Callable[..., Any]
    write_settings: Callable[..., Any]
    profiles: Callable[..., Any]
    unlock: Callable[..., Any]
    lock: Callable[..., Any]
    today: Callable[..., Any]
    households: Callable[..., Any]
    household: Callable[..., Any]
    startable: Callable[..., Any]
    start: Callable[..., Any]
    resume: Callable[..., Any]
    correct: Callable[..., Any]
    ledger: Callable[..., Any]
    sync_status: Callable[..., Any]
    sync_now: Callable[..., Any]
    queue: Callable[..., Any]
    submission: Callable[..., Any]
    comment: Callable[..., Any]
    draft_comments: Callable[..., Any]
    remove_comment: Callable[..., Any]
    send_back: Callable[..., Any]
    approve: Callable[..., Any]
    reject: Callable[..., Any]
    problem_text: Callable[[Problem], ProblemText]
    found_at_unlock: Callable[[Any], list[ProblemText]] = field(default=lambda worker: [], kw_only=True)
    visitors: Callable[..., Any] = field(default=lambda worker, household: [], kw_only=True)
    choose_visitors: Callable[..., Any] = field(default=lambda *chosen: None, kw_only=True)
    standing_alarm: Callable[..., Any] = field(default=lambda worker: None, kw_only=True)
    alarm_looked_into: Callable[..., Any] = field(default=lambda worker: None, kw_only=True)
    enrolment: Any = field(default=None, kw_only=True)  # app.ui.enrol.cases.EnrolmentCases
    reviewing: Any = field(default=None, kw_only=True)  # app.ui.review.cases.ReviewCases
    safety: Any = field(default=None, kw_only=True)  # app.ui.safety.cases.SafetyCases


def real_cases(services: Any) -> UseCases:
    """The bundle of the real use cases over `services` (app.usecases.services.Services)."""
    functions = {
        name: getattr(import_module(f"app.usecases.{module}"), name) for name, module in _REAL.items()
    }
    return UseCases(
        services=services,
        clock=services.clock,
        timezone=services.timezone,
        problem_text=import_module("app.usecases.problems").problem_text,
        reviewing=import_module("app.ui.review.cases").real_reviewing(),
        safety=import_module("app.ui.safety.cases").real_safety(),
        enrolment=import_module("app.ui.enrol.cases").real_enrolment(),
        **functions,
    )
