"""The household list: one row a household with its people, its next visit and its risk flag."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.programme.config import ProgrammeConfig
from app.programme.entities import Entity, EntityStore
from app.programme.people import people_of
from app.programme.risk import Risk, RiskInputs, assess, from_tenancy
from app.programme.schedule import PlannedVisit, next_planned, planned_visits
from app.programme.tenancies import Tenancy, current, tenancies
from app.programme.visits import Visit

SYNTHETIC_CODE = "SYN-"


@dataclass(frozen=True)
class HouseholdRow:
    """A household as lists show it. `label` is without the code; `planned`: visits of the current home."""

    id: str
    label: str
    code: str
    area: str
    phase: str
    n_people: int
    n_children: int
    may_contact: bool
    geometry: str
    tenancy: Tenancy | None
    last_visit_on: date | None
    planned: tuple[PlannedVisit, ...]
    next_visit: PlannedVisit | None
    risk: Risk | None
    synthetic: bool

    @property
    def address(self) -> str:
        """The flat, while there is one."""
        return self.tenancy.flat_code if self.tenancy and self.tenancy.active else ""


def household_rows(
    store: EntityStore, visits: Mapping[str, Sequence[Visit]], config: ProgrammeConfig, today: date
) -> list[HouseholdRow]:
    """Every household by its code. `visits`: tenancy id → visits (app.programme.visits.visits_of)."""
    homes = tenancies(store, config.schedule)
    rows = [
        household_row(one, store, homes.get(one.id, []), visits, config, today)
        for one in store.all("households")
    ]
    return sorted(rows, key=lambda row: (row.code, row.label))


def household_row(
    entity: Entity,
    store: EntityStore,
    homes: list[Tenancy],
    visits: Mapping[str, Sequence[Visit]],
    config: ProgrammeConfig,
    today: date,
) -> HouseholdRow:
    """One household's row; `homes` are its tenancies."""
    home = current(homes)
    mine = [visit for one in homes for visit in visits.get(one.id, ())]
    planned = _planned(home, mine, config, today)
    people = people_of(store, entity.id, today)
    code = entity.get("code")
    return HouseholdRow(
        id=entity.id,
        label=name_without_code(entity.label, code),
        code=code,
        area=entity.get("area"),
        phase="moved" if home and home.active and home.kind == "permanent" else entity.get("phase"),
        n_people=len(people) or _whole(entity.get("n_people")),
        n_children=sum(one.age is not None and one.age < 18 for one in people),
        may_contact=entity.get("may_contact") == "yes",
        geometry=entity.get("geometry") if entity.get("may_contact") == "yes" else "",
        tenancy=home,
        last_visit_on=_last_met(mine) or (home.last_visit_on if home else None),
        planned=tuple(planned),
        next_visit=next_planned(planned),
        risk=risk_of(home, mine, config),
        synthetic=code.startswith(SYNTHETIC_CODE),
    )


def risk_of(home: Tenancy | None, visits: Sequence[Visit], config: ProgrammeConfig) -> Risk | None:
    """The risk at the last met visit: from its answers where they are here, else as the tenancy kept it."""
    if home is None:
        return None
    met = [one for one in visits if one.met and one.tenancy == home.id]
    if met and (home.last_visit_on is None or met[-1].on >= home.last_visit_on):
        return assess(RiskInputs.from_answers(met[-1].answers, met[-1].on), config.risk)
    if home.risk_level and home.last_visit_on:
        return from_tenancy(
            home.risk_level, home.risk_score, home.risk_codes, home.last_visit_on, config.risk
        )
    return None


def name_without_code(label: str, code: str) -> str:
    """`SYN-001 Familia Exemplu 1` → `Familia Exemplu 1`."""
    return label.removeprefix(code).strip() or label


def _planned(
    home: Tenancy | None, visits: Sequence[Visit], config: ProgrammeConfig, today: date
) -> list[PlannedVisit]:
    dates = home.dates() if home else None
    return planned_visits(dates, visits, config.schedule, today) if dates else []


def _last_met(visits: Sequence[Visit]) -> date | None:
    return max((one.on for one in visits if one.met), default=None)


def _whole(text: str) -> int:
    return int(float(text)) if text.replace(".", "", 1).isdecimal() else 0
