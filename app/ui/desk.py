"""One window's state and its doors to the rest: who is working, where they are, what was just said.

A Desk belongs to one page. Screens reach it as `c.desk`; they read `worker`, `settings`, `cases`, and call
`nav`, `open_form`, `resume`, `correct`, `tell`, `say`, `in_thread`, `later`. It holds nothing that is not
in the store.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from app.protocol.errors import Problem
from app.ui.cases import UseCases
from app.ui.guard import guarded
from app.ui.nav import ROOTS, Nav, Place, parse_path
from app.ui.safety.net import SafetyNet
from app.ui.signals import Signal
from app.ui.syncing import Syncing
from app.usecases.views import ProblemText

T = TypeVar("T")

# Windows by the worker they show: locking one profile closes it in every window of this process.
_windows: dict[int, set["Desk"]] = {}


class Desk:
    """Signals: `changed` the worker or a setting; `noticed` something to say; `data` records may have
    changed; `keep` whatever is written must be in the store now (the app is being left, locked or
    closed).
    """

    def __init__(
        self, cases: UseCases, first_path: str = "", beat: Callable[[], float] | None = None
    ) -> None:
        self.cases = cases
        self.settings = cases.read_settings(cases.services)
        self.worker: Any = None
        self.nav = Nav(Place("unlock"))
        self.changed, self.noticed, self.data, self.keep = Signal(), Signal(), Signal(), Signal()
        self.problem: ProblemText | None = None
        self.saying = ""
        self.loop: asyncio.AbstractEventLoop | None = None
        self.sync = Syncing(self)
        self.safety = SafetyNet(self)
        self._return_to: tuple[str, str] = ("", first_path)  # profile ("" for any) and path
        self._active_at: datetime = cases.clock()
        self._kept: dict[str, Any] = {}
        self._busy = 0
        self._handling = (
            0  # handlers under way: one that waits for a camera or a file sends the app away itself
        )
        self._away_since: datetime | None = None

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
            self._handling += 1
            try:
                await safe(event)
            finally:
                self._handling -= 1

        return run

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What a screen wants to find again when it is opened next (search words, filters); gone after locking."""
        found: T = self._kept.setdefault(name, None) or make()
        self._kept[name] = found
        return found

    # Threads
    async def in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run blocking work beside the event loop; while it runs the idle lock waits."""
        self._busy += 1
        try:
            return await asyncio.to_thread(work, *arguments)
        finally:
            self._busy -= 1
            self.touch()

    async def quietly(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Run upkeep beside the event loop: it is no activity, and a profile locked meanwhile is no problem."""
        try:
            await asyncio.to_thread(work, *arguments)
        except Problem as problem:
            if problem.code != "store.closed":
                self.tell(self.cases.problem_text(problem))

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
        await self.welcome(await self.in_thread(self.cases.unlock, self.cases.services, profile, passphrase))

    async def welcome(self, worker: Any) -> None:
        """Show the screens of somebody whose profile is open: unlocked, or just enrolled."""
        self.worker = worker
        _windows.setdefault(id(worker), set()).add(self)
        self.nav = Nav(Place(ROOTS[worker.role][0]), self._left)
        self.hush()
        left_by, path = self._return_to
        self._return_to = (worker.profile, "")
        if left_by in ("", worker.profile):
            await self._go_back_to(path)
        self.sync.refresh()
        self.changed.emit()
        await self.safety.welcome()
        for found in self.cases.found_at_unlock(worker):
            self.tell(found)

    async def _go_back_to(self, path: str) -> None:
        try:
            await self.follow(path)
        except Problem as problem:
            self.tell(self.cases.problem_text(problem))

    def lock(self) -> None:
        """Close this profile in every window; keys and opened records leave memory."""
        worker = self.worker
        if worker is None:
            return
        self.sync.stop()
        for desk in tuple(_windows.pop(id(worker), {self})):
            desk._forget()
        self.sync.afterwards(lambda: self.cases.lock(worker))

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
        self.keep.emit()
        while self.nav.close():
            pass  # every form is closed, which keeps its draft
        self.worker = None
        self._kept = {}
        self.nav = Nav(Place("unlock"))
        self.problem, self.saying = None, ""
        self.changed.emit()

    # Idle
    def touch(self) -> None:
        self._active_at = self.cases.clock()

    def idle_for(self) -> float:
        """Seconds since a person last did something; 0 while work is running.

        Told by the wall clock, because the other one stands still while a tablet sleeps.
        """
        if self._busy or self.sync.running:
            return 0.0
        return max(0.0, (self.cases.clock() - self._active_at).total_seconds())

    def lock_when_idle(self) -> bool:
        """Lock where nobody did anything for the chosen minutes. True where it locked."""
        if self.worker is None or self.idle_for() < self.settings.lock_minutes * 60:
            return False
        self.leave()
        return True

    # Away
    def went_away(self) -> bool:
        """Another app is in front. True where this locked at once; not while a camera or a file is being chosen."""
        self.keep.emit()
        self._away_since = self.cases.clock()
        if self.worker is None or self.settings.away_minutes or self._handling:
            return False
        self.leave()
        return True

    def came_back(self) -> bool:
        """In front again. True where the absence was longer than the setting allows."""
        since, self._away_since = self._away_since, None
        return self._lock_after_absence(since) or self.lock_when_idle()

    def lock_when_away(self) -> bool:
        """While away: the same, for a platform that lets the app go on behind others."""
        return self._lock_after_absence(self._away_since)

    def _lock_after_absence(self, since: datetime | None) -> bool:
        if self.worker is None or since is None or self._busy or self.sync.running:
            return False
        # Whoever is taking a photo is at work: then the ordinary minutes of idling count.
        minutes = max(self.settings.away_minutes, self.settings.lock_minutes if self._handling else 0)
        if (self.cases.clock() - since).total_seconds() < minutes * 60:
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
        language = self.settings.language
        self._show(await self.in_thread(self.cases.start, self.worker, form, household, visit_kind, language))

    async def resume(self, draft: str) -> None:
        """Open a draft where it was left."""
        self._show(await self.in_thread(self.cases.resume, self.worker, draft))

    async def correct(self, record: str) -> None:
        """Open a record that was sent back, to make its next revision."""
        self._show(await self.in_thread(self.cases.correct, self.worker, record, self.settings.language))

    def _show(self, filling: Any) -> None:
        self.hush()
        self.nav.go("form", carry=filling, draft=filling.draft)
        if getattr(filling, "trouble", None) is not None:
            self.tell(self.cases.problem_text(filling.trouble))

    def _left(self, place: Place) -> None:
        if place.carry is not None:
            self.keep.emit()
            place.carry.close()
            self.safety.draft_left()

    # What the browser asks for
    def may_show(self, place: Place) -> bool:
        """Whether this role has such a screen."""
        return place.name in (*ROOTS[self.role], "household", "form", "safety", "passphrase") or (
            place.name in ("submission", "merge", "invite", "invitation") and self.role == "supervisor"
        )

    async def follow(self, path: str) -> None:
        """Go where the browser's address or its back button points. A place of somebody else stays closed."""
        place = parse_path(path)
        if self.worker is None or place is None or place == self.nav.place or not self.may_show(place):
            return
        if place == self.nav.below:
            self.nav.back()
        elif place.name == "form" and not self.nav.holds(place):
            await self.resume(place.params["draft"])
        elif place.name in ROOTS[self.role]:
            self.nav.switch(place.name)
        else:
            self.nav.show(place)
