"""Tenancies: the homes of the households, with the dates from which visits are planned."""

from dataclasses import dataclass
from datetime import date

from app.programme.answers import day
from app.programme.calendar_days import months_between
from app.programme.entities import Entity, EntityStore
from app.programme.rules import ScheduleRules
from app.programme.schedule import TenancyDates

MOVE_DAYS = 60  # a new flat of ours within so many days of the old one's end continues the same clock


@dataclass(frozen=True)
class Tenancy:
    """One tenancy. `clock_from`: the day from which the 36 months count (see `same_clock_in_new_flat`)."""

    id: str
    household: str
    label: str
    flat_code: str
    kind: str
    status: str
    start_on: date | None
    clock_from: date | None
    contract_end: date | None
    end_on: date | None
    end_reason: str
    rent: int | None
    visits_ok: bool
    next_visit_on: date | None
    last_visit_on: date | None
    missed_visits: int
    deadline_on: date | None
    risk_level: str
    risk_score: str
    risk_codes: str
    known_until: date | None = None
    known_kind: str = ""

    @property
    def active(self) -> bool:
        return self.status == "active"

    def month(self, today: date) -> int | None:
        """In which month of the follow-up the family is: 1 in the first one."""
        return None if self.clock_from is None else months_between(self.clock_from, today) + 1

    def dates(self) -> TenancyDates | None:
        """What the schedule needs; None before the day of the keys is known."""
        if self.clock_from is None:
            return None
        return TenancyDates(
            self.clock_from, self.kind, self.end_on, self.visits_ok, self.known_until, self.known_kind
        )


def tenancies(store: EntityStore, rules: ScheduleRules) -> dict[str, list[Tenancy]]:
    """Household id → its tenancies by start."""
    found: dict[str, list[Tenancy]] = {}
    entities = sorted(store.all("tenancies"), key=lambda one: one.get("start_on"))
    for entity in entities:
        mine = found.setdefault(entity.get("household"), [])
        mine.append(_tenancy(entity, mine[-1] if mine else None, rules))
    return found


def current(mine: list[Tenancy]) -> Tenancy | None:
    """The active tenancy that began last, else the last one of all."""
    active = [one for one in mine if one.active]
    found = active or mine
    return found[-1] if found else None


def _tenancy(entity: Entity, before: Tenancy | None, rules: ScheduleRules) -> Tenancy:
    start = day(entity.get("start_on"))
    return Tenancy(
        id=entity.id,
        household=entity.get("household"),
        label=entity.label,
        flat_code=entity.get("flat_code"),
        kind=entity.get("kind", "permanent"),
        status=entity.get("status", "active"),
        start_on=start,
        clock_from=_clock(start, entity.get("kind", "permanent"), before, rules),
        contract_end=day(entity.get("contract_end")),
        end_on=day(entity.get("end_on")),
        end_reason=entity.get("end_reason"),
        rent=_whole(entity.get("rent")),
        visits_ok=entity.get("visits_ok") != "no",
        next_visit_on=day(entity.get("next_visit_on")),
        last_visit_on=day(entity.get("last_visit_on")),
        missed_visits=_whole(entity.get("missed_visits")) or 0,
        deadline_on=day(entity.get("deadline_on")),
        risk_level=entity.get("risk_level"),
        risk_score=entity.get("risk_score"),
        risk_codes=entity.get("risk_codes"),
        known_until=day(entity.imported.get("last_visit_on", "")),
        known_kind=entity.imported.get("last_visit_kind", ""),
    )


def _clock(start: date | None, kind: str, before: Tenancy | None, rules: ScheduleRules) -> date | None:
    follows = before is not None and before.kind == kind and before.end_on is not None
    if not (rules.same_clock_in_new_flat and follows and start and before and before.end_on):
        return start
    return before.clock_from if abs((start - before.end_on).days) <= MOVE_DAYS else start


def _whole(text: str) -> int | None:
    try:
        return int(float(text))
    except ValueError:
        return None
