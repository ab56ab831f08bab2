"""The people of a household, as the entity list knows them."""

from dataclasses import dataclass
from datetime import date

from app.programme.entities import Entity, EntityStore


@dataclass(frozen=True)
class Person:
    """Somebody of a household. `age` is the age reached this year (only the year of birth is kept)."""

    id: str
    household: str
    name: str
    sex: str
    birth_year: int | None
    age: int | None
    relation: str
    status: str
    school_now: str
    family_doctor: str
    insured: str
    id_status: str
    work: str

    @property
    def present(self) -> bool:
        return self.status in ("", "present")


def people_of(store: EntityStore, household: str, today: date, *, everybody: bool = False) -> list[Person]:
    """Who lives in a household, the reference person first; with `everybody` also who moved out or died."""
    found = [_person(one, today) for one in store.where("persons", household=household)]
    found.sort(key=lambda one: one.relation != "head")
    return [one for one in found if everybody or one.present]


def _person(entity: Entity, today: date) -> Person:
    year = entity.get("birth_year")
    born = int(float(year)) if year.replace(".", "", 1).isdecimal() else None
    return Person(
        id=entity.id,
        household=entity.get("household"),
        name=entity.get("full_name", entity.label),
        sex=entity.get("sex"),
        birth_year=born,
        age=None if born is None else today.year - born,
        relation=entity.get("relation"),
        status=entity.get("status"),
        school_now=entity.get("school_now"),
        family_doctor=entity.get("family_doctor"),
        insured=entity.get("insured"),
        id_status=entity.get("id_status"),
        work=entity.get("work"),
    )
