"""Where a person is: a stack of places, the paths the browser shows, and who builds each screen.

Builders are imported when first needed. Their signatures:

    app.ui.form.screen(c, filling, on_close)               filling: app.usecases.fill.Filling
    app.ui.review.screens.queue(c)                         the supervisor's first screen
    app.ui.review.screens.submission(c, record, on_close)  one record opened for review

Each returns a control (usually a `@part` component). `on_close(outcome)` leaves the screen; outcome is
`"kept"` (a draft stays, or nothing was changed), `"finished"` or `"discarded"`. A screen that wants the
system's back gesture first (to close a sheet, to go one section back) calls
`c.desk.nav.hold_back(handler)`; the handler returns True when it used the gesture. The holder is dropped
when its place is left.

Opening: `c.desk.open_form(form, household, visit_kind)`, `c.desk.resume(draft)`, `c.desk.correct(record)`,
`c.desk.nav.go("submission", record=…)`, `c.desk.nav.go("household", household=…)`, `c.desk.nav.back()`.
A form listens to `c.desk.keep` (a signal) and writes down at once what is still only on screen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from app.ui.signals import Signal

BUILDERS: Mapping[str, str] = {
    "today": "app.ui.screens.today:screen",
    "households": "app.ui.screens.households:screen",
    "household": "app.ui.screens.household:screen",
    "sent": "app.ui.screens.sent:screen",
    "synced": "app.ui.screens.synced:screen",
    "settings": "app.ui.screens.settings:screen",
    "form": "app.ui.form:screen",
    "review": "app.ui.review.screens:queue",
    "submission": "app.ui.review.screens:submission",
    "people": "app.ui.people.screen:screen",
    "invite": "app.ui.people.invite:screen",
    "invitation": "app.ui.people.invitation:screen",
    "merge": "app.ui.review.screens:merge",
    "safety": "app.ui.safety.screen:screen",
    "passphrase": "app.ui.safety.passphrase:screen",
}
ROOTS: Mapping[str, tuple[str, ...]] = {
    "fieldworker": ("today", "households", "sent", "settings"),
    "supervisor": ("review", "households", "people", "synced", "settings"),
}
PARAMETER: Mapping[str, str] = {
    "household": "household",
    "submission": "record",
    "merge": "record",
    "form": "draft",
    "invitation": "invitation",
}


@dataclass(frozen=True)
class Place:
    """One screen on the stack. `carry` is a live object (a Filling); the path holds only an opaque id."""

    name: str
    params: Mapping[str, str] = field(default_factory=dict)
    carry: Any = field(default=None, compare=False)

    @property
    def path(self) -> str:
        key = PARAMETER.get(self.name)
        return f"/{self.name}/{self.params[key]}" if key and key in self.params else f"/{self.name}"


def parse_path(path: str) -> Place | None:
    """The place of a path, None where nothing of ours has it."""
    pieces = [piece for piece in path.split("?")[0].split("/") if piece]
    if not pieces or pieces[0] not in BUILDERS:
        return None
    key = PARAMETER.get(pieces[0])
    if key is None:
        return Place(pieces[0])
    return Place(pieces[0], {key: pieces[1]}) if len(pieces) > 1 else None


def builder(name: str) -> Callable[..., Any]:
    """The function that builds the screen `name`."""
    module, attribute = BUILDERS[name].split(":")
    found: Callable[..., Any] = getattr(import_module(module), attribute)
    return found


class Nav:
    """The stack. Its first place is one of the role's roots, so back never leaves the app by surprise."""

    def __init__(self, first: Place, leave: Callable[[Place], None] = lambda place: None) -> None:
        self._stack = [first]
        self._leave = leave
        self._back_holder: Callable[[], bool] | None = None
        self.changed = Signal()

    @property
    def place(self) -> Place:
        return self._stack[-1]

    @property
    def root(self) -> Place:
        return self._stack[0]

    @property
    def below(self) -> Place | None:
        """Where back leads."""
        return self._stack[-2] if self.depth > 1 else None

    def holds(self, place: Place) -> bool:
        return place in self._stack

    @property
    def depth(self) -> int:
        return len(self._stack)

    def go(self, name: str, carry: Any = None, **params: str) -> None:
        """Open a screen on top of this one."""
        self._settle([*self._stack, Place(name, params, carry)])

    def switch(self, name: str) -> None:
        """Change to one of the role's main screens."""
        self._settle([Place(name)])

    def show(self, place: Place) -> None:
        """Follow the browser: back to a place that is on the stack, else open it."""
        for index, known in enumerate(self._stack):
            if known == place:
                self._settle(self._stack[: index + 1])
                return
        self._settle([*self._stack, place])

    def hold_back(self, handler: Callable[[], bool] | None) -> None:
        """Let the screen on top have the back gesture first."""
        self._back_holder = handler

    def back(self) -> bool:
        """One step back. False where there is nothing to go back to."""
        if self._back_holder is not None and self._back_holder():
            return True
        return self.close()

    def close(self) -> bool:
        """Leave the screen on top without asking it."""
        if self.depth == 1:
            return False
        self._settle(self._stack[:-1])
        return True

    def _settle(self, stack: list[Place]) -> None:
        gone = [place for place in self._stack if not any(place is kept for kept in stack)]
        self._stack = stack
        self._back_holder = None
        for place in gone:
            self._leave(place)
        self.changed.emit()
