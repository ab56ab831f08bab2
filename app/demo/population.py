"""A dozen synthetic households for the demo and the tests, the same on every run.

Every answer is made up by the rules of the programme's synthetic population: crowded homes, mostly makeshift,
rarely a contract, half of the households poor. Nobody in it exists; names and codes say so.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.demo.population_people import Member, family, rooms_needed
from app.demo.population_steps import Step, baseline_steps
from app.programme.calendar_days import add_months

SEED = 20261121
SIZES = (5, 4, 3, 6, 4, 2, 7, 5, 3, 4, 1, 8)
AREAS = "AAAABBBCCD"


@dataclass(frozen=True)
class DemoHousehold:
    """One household: what was answered in its baseline on `baseline_on`, and its home where it has moved.

    `tenancy` is the entity operation that an existing register brings in, still without its household: the
    household's id is made by the form. `tenancy_operation(id)` completes it.
    """

    number: int
    code: str
    label: str
    listing: str
    baseline_on: date
    members: tuple[Member, ...]
    steps: tuple[Step, ...]
    tenancy: dict[str, Any] | None

    def tenancy_operation(self, household_id: str) -> dict[str, Any] | None:
        """The operation for the programme record's `entities`, None where the family has not moved."""
        if self.tenancy is None:
            return None
        return {**self.tenancy, "properties": {"household": household_id, **self.tenancy["properties"]}}


@dataclass(frozen=True)
class _Home:
    """A tenancy by its distance from today: the visit `kind` was or will be due `days` from today."""

    months: int
    days: int
    kept: dict[str, str]
    extra_days: int = 0  # for the visits of weeks: days after the keys


def _kept(
    kind: str, months_ago: int, rent_months: int = 0, ron: int = 0, level: str = "steady", **more: str
) -> dict[str, str]:
    score = {"steady": "1", "watch": "4", "high": "7", "urgent": "10"}[level]
    return {
        "last_visit_kind": kind,
        "months_ago": str(months_ago),
        "last_rent_months": str(rent_months),
        "last_rent_ron": str(ron),
        "last_util_ron": "0",
        "last_income": "2600",
        "risk_score": score,
        "risk_level": level,
        **more,
    }


# Household number → its home. The first one is the demo's own: its month-12 visit is due today.
HOMES: dict[int, _Home] = {
    1: _Home(12, 0, _kept("m6", 6)),
    2: _Home(0, 1, {}, extra_days=7),
    3: _Home(1, -9, _kept("w2", 1)),
    4: _Home(3, -20, _kept("m2", 2, 1, 260, "watch", risk_codes="R1 R6 R12")),
    5: _Home(6, 3, _kept("m3", 3)),
    6: _Home(24, 75, _kept("m18", 4)),
    7: _Home(
        18, -2, _kept("m12", 6, 3, 960, "high", risk_codes="R1 R4 R5", prevention="open", plan="broken")
    ),
    8: _Home(9, 10, _kept("m6", 3, 1, 280, "watch", risk_codes="R1 R8 R12")),
    9: _Home(2, 8, _kept("m1", 1)),
}


def demo_households(today: date) -> list[DemoHousehold]:
    """The dozen, as of this day. The baseline of each is to be filled with the clock at its `baseline_on`."""
    rng = random.Random(SEED)
    return [_household(rng, number, size, today) for number, size in enumerate(SIZES, start=1)]


def _household(rng: random.Random, number: int, size: int, today: date) -> DemoHousehold:
    code, home = f"SYN-{number:03}", HOMES.get(number)
    start = _start(home, today) if home else None
    baseline_on = (start or today) - timedelta(days=rng.randint(20, 45))
    members = family(rng, number, size, baseline_on, today)
    needed = rooms_needed(members, baseline_on)
    rooms = needed if number == 9 else max(1, min(needed - 1, rng.choice((1, 1, 2, 2, 3))))
    steps = baseline_steps(rng, number, members, baseline_on, rooms, moved=home is not None)
    tenancy = _tenancy(rng, number, home, start, len(members), today) if home and start else None
    return DemoHousehold(
        number=number,
        code=code,
        label=f"Familia Exemplu {number}",
        listing=f"syn{number:03}",
        baseline_on=baseline_on,
        members=members,
        steps=tuple(steps),
        tenancy=tenancy,
    )


def _start(home: _Home, today: date) -> date:
    """The day of the keys that puts the planned visit where the story wants it."""
    return add_months(today + timedelta(days=home.days - home.extra_days), -home.months)


def _tenancy(
    rng: random.Random, number: int, home: _Home, start: date, people: int, today: date
) -> dict[str, Any]:
    kept = dict(home.kept)
    rent = 300 if number == 1 else rng.randrange(180, 400, 20)
    flat = f"EX{1 + (number - 1) // 5}-{1 + (number - 1) % 5:02}"
    properties = {
        "flat_code": flat,
        "rooms": str(2 if people < 5 else 3),
        "kind": "permanent",
        "start_on": start.isoformat(),
        "contract_end": add_months(start, 60).isoformat(),
        "status": "active",
        "rent": str(rent),
        "n_moved": str(people),
        "visits_ok": "yes",
        "missed_visits": "0",
    }
    if kept:
        properties["last_visit_on"] = add_months(today, -int(kept.pop("months_ago"))).isoformat()
    if kept.get("prevention") == "open":
        kept["deadline_on"] = (today + timedelta(days=9)).isoformat()
    return {
        "list_name": "tenancies",
        "entity_id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "operation": "create",
        "label": f"{flat} {start.isoformat()}",
        "properties": {**properties, **kept},
        "base_version": None,
    }
