"""The edge where a failure stops being an exception and becomes a notice that a person understands.

`guarded` wraps event handlers, `part` wraps components. A `Problem` is told in the words of the catalogue.
Anything else is a defect: the log gets its kind and place in our code, never its message or values, because
those may hold what was said at the door.
"""

import inspect
import logging
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import flet as ft

from app.protocol.errors import Problem
from app.ui.i18n import N_
from app.usecases.views import ProblemText

log = logging.getLogger("doorstep.ui")

UNEXPECTED = ProblemText(
    code="ui.unexpected",
    title=N_("Something unexpected happened"),
    happened=N_("This step could not be done because of a mistake in the program."),
    lost=N_("Nothing is lost. Everything you wrote until now is saved on this tablet."),
    todo=N_(
        "Please try again. If it happens again, lock the tablet, open it again, and tell your supervisor."
    ),
)


def log_defect(error: BaseException, where: str) -> None:
    """One line with the kind of error and where in our code it arose; no message, no values, no content."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
    log.error("unexpected %s in %s at %s", type(error).__name__, where, place)


def takes_event(handler: Callable[..., Any]) -> bool:
    """Whether a handler wants the event. Handlers of ours take no or one positional argument."""
    needed = [
        p
        for p in inspect.signature(handler).parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.VAR_POSITIONAL) and p.default is p.empty
    ]
    return bool(needed)


def guarded(
    handler: Callable[..., Any],
    tell: Callable[[ProblemText], None],
    words: Callable[[Problem], ProblemText],
) -> Callable[..., Any]:
    """The handler as Flet calls it: async, one event, never raising."""
    wants_event = takes_event(handler)

    @wraps(handler)
    async def run(event: Any = None) -> None:
        try:
            result = handler(event) if wants_event else handler()
            if inspect.isawaitable(result):
                await result
        except Problem as problem:
            tell(words(problem))
        except Exception as error:  # noqa: BLE001 - the outermost edge, told and logged
            log_defect(error, getattr(handler, "__qualname__", "handler"))
            tell(UNEXPECTED)

    # Flet looks at the signature to decide whether to pass the event; ours always takes it.
    del run.__wrapped__
    return run


def part(fn: Callable[..., Any]) -> Callable[..., Any]:
    """`@ft.component` for functions that take a `Ctx` first; failing to render shows a calm card."""

    @wraps(fn)
    def body(c: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return fn(c, *args, **kwargs)
        except Problem as problem:
            told = c.desk.cases.problem_text(problem) if c.desk else UNEXPECTED
            return _apology(c, told)
        except Exception as error:  # noqa: BLE001 - the outermost edge, told and logged
            log_defect(error, fn.__qualname__)
            return _apology(c, UNEXPECTED)

    return ft.component(body)


def _apology(c: Any, told: ProblemText) -> ft.Control:
    from app.ui.pieces.notices import problem_card  # pieces build on this module

    return problem_card(c, told)
