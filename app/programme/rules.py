"""What `programme.toml` says, as frozen data: forms and where they start, the schedule, the risk rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.programme.texts import Text


class ProgrammeError(Exception):
    """A `programme.toml` that cannot be used: `place` in the file, what was `found`, how to `mend` it."""

    def __init__(self, place: str, found: str, mend: str) -> None:
        super().__init__(f"{place}: {found}. {mend}")
        self.place, self.found, self.mend = place, found, mend


@dataclass(frozen=True)
class FormRule:
    """Where a form starts, what the app fills in, and which answers say whom a record is about."""

    id: str
    title: Text
    starts_from: str  # listing, household, tenancy, referral or anywhere
    icon: str = "description"
    minutes: int = 0
    visit: bool = False
    phases: tuple[str, ...] = ()
    tenancy_status: tuple[str, ...] = ()
    prefill: tuple[Mapping[str, Any], ...] = ()
    proposes: tuple[Mapping[str, str], ...] = ()
    offers: tuple[Mapping[str, str], ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    # household, tenancy, label, kind, date, outcome, mode → the ref of the question that says it
    refs: Mapping[str, str] = field(default_factory=dict)
    sensitive: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    unverified_languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class VisitRule:
    """One planned visit: counted from the day of the keys by days or by calendar months."""

    kind: str
    title: Text
    focus: Text
    early: int
    grace: int
    missed: int
    phone: bool
    retry: int
    after_days: int = 0
    after_months: int = 0


@dataclass(frozen=True)
class ExtraRule:
    """What asks for a visit besides the planned ones, and how soon."""

    trigger: str
    within: int
    unit: str  # days, working, hours
    reason: Text
    phone: bool = False
    count: int = 0
    overdue: int = 0
    before_deadline: int = 0


@dataclass(frozen=True)
class ScheduleRules:
    visits: tuple[VisitRule, ...]
    extra: Mapping[str, ExtraRule]
    tenancy_kinds: tuple[str, ...] = ("permanent",)
    postponed_days: int = 30
    closing_days: int = 30
    same_clock_in_new_flat: bool = True


@dataclass(frozen=True)
class SignalRule:
    """One signal: points by case, limits, and sentences (`sentence`, `sentence_<case>`, `plain`)."""

    code: str
    title: Text
    fields: tuple[str, ...]
    points: Mapping[str, int]
    limits: Mapping[str, int]
    sentences: Mapping[str, Text]
    words: Mapping[str, Text]
    unasked: Text | None


@dataclass(frozen=True)
class LevelRule:
    level: str
    start: int  # points from which it holds
    title: Text
    act: Text


@dataclass(frozen=True)
class RiskRules:
    version: str
    signals: Mapping[str, SignalRule]
    levels: tuple[LevelRule, ...]
    stale_after_days: int = 100
    sentences_shown: int = 3
    urgent_signal_points: int = 4

    def level(self, name: str) -> LevelRule:
        return next(one for one in self.levels if one.level == name)
