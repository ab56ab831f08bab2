"""The safety net behind a window: the page that stands before unlocking, drafts kept outside, what a sync brought.

A window has one (`desk.safety`). Without `cases.safety` (a test of something else) it does nothing.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from app.ui.i18n import N_, Words
from app.ui.signals import Signal

if TYPE_CHECKING:
    from app.ui.desk import Desk

SAVE_AFTER_S = 10  # drafts are sealed outside the store this often at most while somebody writes
Page = Literal["", "refused", "clock", "forgotten", "removed"]


class SafetyNet:
    """`page` is what stands before the list of profiles. `left` is what the forgotten profile holds.

    `changed` fires when another page stands there.
    """

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.changed = Signal()
        self.page: Page = ""
        self.start: Any = None
        self.left: Any = None
        self._saved_at = desk.cases.clock()
        self._seen: Any = None
        self.look()
        desk.sync.changed.subscribe(self._synced)

    @property
    def cases(self) -> Any:
        return self._desk.cases.safety

    # Before unlocking
    def look(self) -> None:
        """Test the device; a refusal or a doubt about the clock stands before everything else."""
        if self.cases is None:
            return
        self.start = self.cases.check_start(self._desk.cases.services)
        self._show("refused" if self.start.refused else "clock" if self.start.clock else "")

    def go_on(self) -> None:
        """The person says that the date is right, or that it cannot be mended now."""
        self.cases.accept_clock(self._desk.cases.services)
        self._show("")

    async def forgot(self, profile: str) -> None:
        """Show what happens to a profile whose passphrase is forgotten."""
        self.left = await self._desk.in_thread(self.cases.forgotten, self._desk.cases.services, profile)
        self._show("forgotten")

    async def begin_anew(self) -> None:
        """Mark the profile and lead to enrolment, under the same name."""
        from app.ui.enrol.model import joining_of
        from app.ui.enrol.person_model import PersonModel

        left, services = self.left, self._desk.cases.services
        await self._desk.in_thread(self.cases.begin_anew, services, left.profile)
        self._show("")
        joining = joining_of(self._desk)
        joining.start()
        joining.person = PersonModel(self._desk, name=left.label)

    def back(self) -> None:
        self.left = None
        self._show("")

    def _show(self, page: Page) -> None:
        self.page = page
        self.changed.emit()

    # While somebody works
    async def welcome(self) -> None:
        """After unlocking: what an earlier profile of the same person had not sent is carried from now on."""
        if self.cases is None:
            return
        desk = self._desk
        found = await desk.in_thread(self.cases.successions, desk.worker)
        fresh = [one for one in found if one.ours and not one.taken]
        for one in fresh:
            await desk.in_thread(self.cases.take_over, desk.worker, one.left.profile)
        if fresh:
            self._say(
                N_("What your earlier profile had not sent is carried over. It goes with the next sync.")
            )
            desk.sync.refresh()

    def draft_left(self) -> None:
        """A draft was left: it is sealed outside the store at the next beat, without waiting for its turn."""
        self._saved_at -= timedelta(seconds=SAVE_AFTER_S)

    async def save_drafts(self) -> None:
        """Keep the drafts sealed outside the store as well, at most every few seconds."""
        desk = self._desk
        now = desk.cases.clock()
        if self.cases is None or desk.worker is None or desk.sync.running:
            return
        if 0 <= (now - self._saved_at).total_seconds() < SAVE_AFTER_S:
            return
        self._saved_at = now
        await desk.quietly(self.cases.save_drafts, desk.worker)

    def _synced(self) -> None:
        outcome = self._desk.sync.outcome
        if outcome is None or outcome is self._seen or self._desk.sync.running:
            return
        self._seen = outcome
        if outcome.removed:
            self._desk.lock()
            self._show("removed")
        elif outcome.handed_over:
            self._say(
                N_("Everything of your earlier profile was received. It has been removed from this tablet.")
            )
        elif outcome.came_home:
            self._say(N_("Drafts of your earlier profile are back on the page “Today”."))

    def _say(self, words: str) -> None:
        self._desk.say(Words(self._desk.settings.language).text(words))
