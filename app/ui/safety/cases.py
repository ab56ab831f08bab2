"""The use cases of unlocking and the safety net, as one bundle for `UseCases.safety`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

_REAL = {
    "check_start": "start", "accept_clock": "start",
    "change_lock": "unlocking", "lock_kind": "unlocking",
    "forgotten": "recovery", "begin_anew": "recovery",
    "successions": "recovery", "take_over": "recovery", "let_go": "recovery",
    "only_here": "safety", "colleagues": "safety", "make_copy": "safety", "take_copy": "safety",
    "save_drafts": "shelving",
}  # fmt: skip


@dataclass(frozen=True)
class SafetyCases:
    """The functions of `app.usecases` with these names; those before unlocking take the services."""

    check_start: Callable[..., Any]
    accept_clock: Callable[..., None]
    change_lock: Callable[..., None]
    lock_kind: Callable[..., Any]
    forgotten: Callable[..., Any]
    begin_anew: Callable[..., Any]
    successions: Callable[..., Any]
    take_over: Callable[..., Any]
    let_go: Callable[..., None]
    only_here: Callable[..., Any]
    colleagues: Callable[..., Any]
    make_copy: Callable[..., Any]
    take_copy: Callable[..., Any]
    save_drafts: Callable[..., bool]


def real_safety() -> SafetyCases:
    """The bundle over `app.usecases`."""
    return SafetyCases(
        **{name: getattr(import_module(f"app.usecases.{module}"), name) for name, module in _REAL.items()}
    )
