"""The safety page without its pixels: what is only here, writing a copy, taking one, earlier profiles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.protocol.errors import Problem
from app.ui.desk import Desk
from app.ui.signals import Signal
from app.usecases.views import ProblemText


@dataclass(eq=False)
class SafetyModel:
    """`here` is what is only on this tablet; `made` and `taken` are the last copy written or taken over here."""

    desk: Desk
    here: Any = None
    colleagues: Sequence[Any] = ()
    earlier: Sequence[Any] = ()
    colleague: str = ""
    busy: str = ""  # "", "write" or "take"
    made: Any = None
    taken: Any = None
    problem: ProblemText | None = None
    parting: Any = None  # the earlier profile that the person is asked about before it is let go
    changed: Signal = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self.refresh()

    @property
    def _cases(self) -> Any:
        return self.desk.cases.safety

    def refresh(self) -> None:
        if self.desk.worker is None:
            return
        self.here = self._cases.only_here(self.desk.worker)
        self.colleagues = self._cases.colleagues(self.desk.worker)
        self.earlier = self._cases.successions(self.desk.worker)
        self.changed.emit()

    def choose(self, device: str) -> None:
        self.colleague = "" if self.colleague == device else device
        self.changed.emit()

    async def write(self, picker: Any) -> None:
        """Make the copy and let the person choose where it goes; nothing is kept where they choose nothing."""
        made = await self._work("write", self._cases.make_copy, self.desk.worker, self.colleague)
        if made is None:
            return
        place = await picker.save_file(file_name=made.name, src_bytes=made.data)
        if place is not None or picker.page.web:  # a browser downloads without saying where
            self.made = made
        self.changed.emit()

    async def take(self, picker: Any) -> None:
        """Take over a copy that the person picks."""
        picked = await picker.pick_files(with_data=True, allow_multiple=False)
        if picked and picked[0].bytes is not None:
            await self.take_data(bytes(picked[0].bytes))

    async def take_data(self, data: bytes) -> None:
        self.taken = await self._work("take", self._cases.take_copy, self.desk.worker, data)
        self.refresh()
        self.desk.sync.refresh()

    async def carry(self, one: Any) -> None:
        """Take over what an earlier profile has not sent."""
        await self._work("take", self._cases.take_over, self.desk.worker, one.left.profile)
        self.refresh()
        self.desk.sync.refresh()

    def part_from(self, one: Any | None) -> None:
        """Ask before an earlier profile is let go; None puts the question away."""
        self.parting = one
        self.changed.emit()

    async def let_go(self) -> None:
        one, self.parting = self.parting, None
        await self._work("take", self._cases.let_go, self.desk.worker, one.left.profile)
        self.refresh()

    async def _work(self, what: str, call: Any, *arguments: Any) -> Any:
        self.busy, self.problem = what, None
        self.changed.emit()
        try:
            return await self.desk.in_thread(call, *arguments)
        except Problem as problem:
            self.problem = self.desk.cases.problem_text(problem)
            return None
        finally:
            self.busy = ""
            self.changed.emit()
