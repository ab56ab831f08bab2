"""One window's state and its doors to the rest: who is working, where they are, what was just said.

A Desk belongs to one page. Screens reach it as `c.desk`; they read `worker`, `settings`, `cases`, and call
`nav`, `open_form`, `resume`, `correct`, `tell`, `say`, `in_thread`, `later`. It holds nothing that is not
in the store.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from app.protocol.errors import Problem
from app.ui.cases import UseCases
from app.ui.guard import guarded
from app.ui.nav import ROOTS, Nav, Place, parse_path
from app.ui.signals import Signal
from app.ui.syncing import Syncing
from app.usecases.views import ProblemText

T = TypeVar("T")

# Windows by the worker they show: locking one profile closes it in every window of this process.
_windows: dict[int, set["Desk"]] = {}


class Desk:
    """`changed` fires when the worker or a setting changes, `noticed` when there is something to say."""

    def __init__(
        self, cases: UseCases, first_path: str = "", beat: Callable[[], float] | None = None
    ) -> None:
        self.cases = cases
        self.settings = cases.read_settings(cases.services)
        self.worker: Any = None
        self.nav = Nav(Place("unlock"))
        self.changed, self.noticed = Signal(), Signal()
        self.problem: ProblemText | None = None
        self.saying = ""
        self.loop: asyncio.AbstractEventLoop | None = None
        self.sync = Syncing(self)
        self._return_to: tuple[str, str] = ("", first_path)  # profile ("" for any) and path
        self._beat = beat or (lambda: asyncio.get_running_loop().time())
        self._active_at = 0.0
        self._busy = 0

    # What was said
    def tell(self, problem: ProblemText) -> None:
        """Show a problem until it is put away or something else happens."""
        self.problem, self.saying = problem, ""
        self.noticed.emit()

    def say(self, words: str) -> None:
        """Show one translated sentence about what was just done."""
        self.problem, self.saying = None, words
        self.noticed.emit()

    def hush(self) -> None:
        if self.problem or self.saying:
            self.problem, self.saying = None, ""
            self.noticed.emit()

    def guard(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """The handler, never raising; using it counts as activity for the idle lock."""
        safe = guarded(handler, self.tell, self.cases.problem_text)

        async def run(event: Any = None) -> None:
            self.touch()
            await safe(event)

        return run

    # Threads
    async def in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run blocking work beside the event loop; while it runs the idle lock waits."""
        self._busy += 1
        try:
            return await asyncio.to_thread(work, *arguments)
        finally:
            self._busy -= 1
            self.touch()

    def later(self, call: Callable[..., Any], *arguments: Any) -> None:
        """From a thread: call on the page's event loop."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(call, *arguments)

    # Who is working
    @property
    def role(self) -> str:
        return self.worker.role if self.worker is not None else ""

    async def unlock(self, profile: str, passphrase: str) -> None:
        """Open a profile and go where its person left off. Raises Problem where the passphrase is wrong."""
        worker = await self.in_thread(self.cases.unlock, self.cases.services, profile, passphrase)
        self.worker = worker
        _windows.setdefault(id(worker), set()).add(self)
        self.nav = Nav(Place(ROOTS[worker.role][0]), self._left)
        self.hush()
        left_by, path = self._return_to
        self._return_to = (profile, "")
        if left_by in ("", profile):
            await self._go_back_to(path)
        self.sync.refresh()
        self.changed.emit()

    async def _go_back_to(self, path: str) -> None:
        place = parse_path(path)
        if place is None or place.name in ("unlock", self.nav.place.name):
            return
        if place.name in ROOTS[self.role]:
            self.nav.switch(place.name)
        elif place.name == "form":
            try:
                await self.resume(place.params["draft"])
            except Problem as problem:
                self.tell(self.cases.problem_text(problem))
        elif place.name in ("household", "submission"):
            self.nav.show(place)

    def lock(self) -> None:
        """Close this profile in every window; keys and opened records leave memory."""
        worker = self.worker
        if worker is None:
            return
        self.sync.stop()
        for desk in tuple(_windows.pop(id(worker), {self})):
            desk._forget()
        self.cases.lock(worker)

    def leave(self) -> None:
        """This window is gone (idle, closed): close the profile where no other window shows it."""
        others = _windows.get(id(self.worker), set()) - {self}
        if self.worker is None:
            return
        if not others:
            self.lock()
            return
        _windows[id(self.worker)] = others
        self._forget()

    def _forget(self) -> None:
        profile = getattr(self.worker, "profile", "")
        self._return_to = (profile, self.nav.place.path)
        while self.nav.close():
            pass  # every form is closed, which keeps its draft
        self.worker = None
        self.nav = Nav(Place("unlock"))
        self.problem, self.saying = None, ""
        self.changed.emit()

    # Idle
    def touch(self) -> None:
        self._active_at = self._beat()

    def idle_for(self) -> float:
        """Seconds since a person last did something; 0 while work is running."""
        return 0.0 if self._busy or self.sync.running else self._beat() - self._active_at

    def lock_when_idle(self) -> bool:
        """Lock where nobody did anything for the chosen minutes. True where it locked."""
        if self.worker is None or self.idle_for() < self.settings.lock_minutes * 60:
            return False
        self.leave()
        return True

    # Settings
    def change_settings(self, settings: Any) -> None:
        self.cases.write_settings(self.cases.services, settings)
        self.settings = settings
        self.changed.emit()

    # Forms
    async def open_form(self, form: str, household: str | None = None, visit_kind: str | None = None) -> None:
        """Start a form, for a household where one is given, and show it."""
        self._show(await self.in_thread(self.cases.start, self.worker, form, household, visit_kind))

    async def resume(self, draft: str) -> None:
        """Open a draft where it was left."""
        self._show(await self.in_thread(self.cases.resume, self.worker, draft))

    async def correct(self, record: str) -> None:
        """Open a record that was sent back, to make its next revision."""
        self._show(await self.in_thread(self.cases.correct, self.worker, record))

    def _show(self, filling: Any) -> None:
        self.hush()
        self.nav.go("form", carry=filling, draft=filling.draft)

    def _left(self, place: Place) -> None:
        if place.carry is not None:
            place.carry.close()
