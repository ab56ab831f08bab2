"""The safety net without a store: what its screens are shown, and what they asked for."""

from dataclasses import dataclass, field, replace
from typing import Any

from app.protocol.errors import Problem
from app.ui.safety.cases import SafetyCases
from app.usecases.problems import problem_text
from app.usecases.recovery import Left, Succession
from app.usecases.safety import Colleague, CopyFile, Taken, Unsafe
from app.usecases.start import Start
from app.usecases.unlocking import LockKind

LEFT = Left("p-ana", "Ana Exemplu", records=3, files=2, drafts=True)
TOO_WEAK = Start(refused=problem_text(Problem("crypto.platform_too_weak", missing="X25519")))
WRONG_CLOCK = Start(clock=problem_text(Problem("crypto.clock_wrong", now="2019-01-01 00:00")))


@dataclass
class Net:
    """One tablet. `asked` holds the calls that change something, with what they were given."""

    start: Start = field(default_factory=Start)
    left: Left = LEFT
    earlier: list[Succession] = field(default_factory=list)
    here: Unsafe = field(default_factory=lambda: Unsafe(3, 2, 1, 0))
    taken: Taken | None = field(default_factory=lambda: Taken(4, 1, locked=False))
    pin: bool = False
    right: str = "fraza veche"
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    saves: int = 0

    def cases(self) -> SafetyCases:
        return SafetyCases(
            check_start=lambda services: self.start,
            accept_clock=lambda services: self.asked.append(("accept_clock",)),
            change_lock=self._change,
            lock_kind=lambda services: LockKind(self.pin),
            forgotten=lambda services, profile: replace(self.left, profile=profile),
            begin_anew=lambda services, profile: self.asked.append(("begin_anew", profile)),
            successions=lambda worker: list(self.earlier),
            take_over=self._take_over,
            let_go=self._let_go,
            only_here=lambda worker: self.here,
            colleagues=lambda worker: [
                Colleague("dev-ion", "Ion Exemplu"),
                Colleague("dev-mara", "Mara Exemplu"),
            ],
            make_copy=self._make_copy,
            take_copy=self._take_copy,
            save_drafts=self._save,
        )

    def _change(self, services: Any, profile: str, old: str, new: str) -> None:
        if old != self.right:
            raise Problem("crypto.wrong_passphrase", tries=5, wait=30)
        self.asked.append(("change", profile, new))

    def _take_over(self, worker: Any, profile: str) -> Succession:
        self.asked.append(("take_over", profile))
        self.earlier = [replace(one, taken=True, waiting=6) for one in self.earlier]
        return self.earlier[0]

    def _let_go(self, worker: Any, profile: str) -> None:
        self.asked.append(("let_go", profile))
        self.earlier = []

    def _make_copy(self, worker: Any, colleague: str = "") -> CopyFile:
        self.asked.append(("make_copy", colleague))
        return CopyFile("doorstep-2026-03-01-1030.doorstep", b"sealed", 5, 1)

    def _take_copy(self, worker: Any, data: bytes) -> Taken:
        if self.taken is None:
            raise Problem("store.bad_copy", reason="BadZipFile")
        self.asked.append(("take_copy", data))
        return self.taken

    def _save(self, worker: Any) -> bool:
        self.saves += 1
        return True
