"""Effects of a component that never reach a person as an error, and always undo what they did.

Flet 1.0.5 shows an exception of an effect in place of the whole page, and forgets a returned cleanup at the next
drawing. So every screen takes `use_effect` from here: a defect is logged, and the cleanup is kept until it is run.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app.ui.guard import log_defect


def use_effect(
    setup: Callable[[], Any],
    dependencies: Sequence[Any] | None = None,
    cleanup: Callable[[], Any] | None = None,
) -> None:
    """Hook: like ft.use_effect. `setup` may be async, or return the function that undoes it; `cleanup` runs too."""
    kept: list[Callable[[], Any] | None] = ft.use_ref(lambda: [None]).current

    async def begin_later() -> None:
        try:
            await setup()
        except Exception as error:  # noqa: BLE001 - the outermost edge of an effect, logged
            log_defect(error, setup.__qualname__)

    def begin() -> None:
        undo = _run(setup)
        kept[0] = undo if callable(undo) else None

    def end() -> None:
        undo, kept[0] = kept[0], None
        for step in (undo, cleanup):
            if step is not None:
                _run(step)

    ft.use_effect(begin_later if inspect.iscoroutinefunction(setup) else begin, dependencies, end)


def _run(step: Callable[[], Any]) -> Any:
    try:
        return step()
    except Exception as error:  # noqa: BLE001 - the outermost edge of an effect, logged
        log_defect(error, getattr(step, "__qualname__", "effect"))
        return None
