"""The people of the synthetic households: ages, sexes, relations, by the rules of the synthetic population."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_NAMES = {
    "f": ("Ana", "Ioana", "Maria", "Elena", "Irina", "Daria", "Sofia", "Mara", "Ilinca", "Teodora"),
    "m": ("Dan", "Andrei", "Mihai", "Radu", "Luca", "Matei", "Vlad", "Ionuț", "Ștefan", "Petru"),
}
# Between two of these ages the form asks the same questions.
AGE_BANDS = (0, 3, 6, 15, 16, 25, 120)


@dataclass(frozen=True)
class Member:
    """One synthetic person. `partner`: husband, wife or partner lives in the same household."""

    first: str
    last: str
    sex: str
    born: date
    relation: str
    partner: bool

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()

    def age(self, on: date) -> int:
        """Completed years on a day, as the baseline works it out (365.25 days a year)."""
        return int((on - self.born).days / 365.25)


def family(rng: random.Random, number: int, size: int, on: date, today: date) -> tuple[Member, ...]:
    """A reference person, usually a partner, children and, in the large ones, a third adult.

    Nobody passes from one age band of the form to the next between `on` and `today`: the same answers hold
    on both days.
    """
    surname = f"Exemplu {number}"
    adults = 1 if size == 1 or number == 6 else 2 + (size >= 6)
    couple = adults >= 2 and rng.random() < 0.92
    years = 67 if size == 1 else rng.choice((27, 29, 31, 34, 36, 38, 41, 44))
    members = [
        Member(f"Familia {surname}", "", rng.choice("fm"), _born(rng, years, on, today), "head", couple)
    ]
    names = {sex: list(one) for sex, one in FIRST_NAMES.items()}
    for sex in names:
        rng.shuffle(names[sex])
    for place in range(1, size):
        relation = _relation(place, adults, couple)
        sex = _other(members[0].sex) if relation == "partner" else rng.choice("fm")
        born = _born(rng, _years(rng, relation, years), on, today)
        members.append(Member(names[sex].pop(), surname, sex, born, relation, relation == "partner"))
    return tuple(members)


def _relation(place: int, adults: int, couple: bool) -> str:
    if place >= adults:
        return "child"
    return "parent" if place == 2 else "partner" if couple else "sibling"


def _years(rng: random.Random, relation: str, head: int) -> int:
    """An age that fits the reference person's."""
    if relation == "child":
        return rng.choice(
            [age for age in (0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14, 16) if age <= head - 18]
        )
    return head + 23 if relation == "parent" else max(25, head + rng.randint(-4, 4))


def rooms_needed(members: Sequence[Member], on: date) -> int:
    """Rooms by the European overcrowding norm: one for all, and one for each couple, adult, pair of children …"""
    alone = [one for one in members if not one.partner]
    teens = [one for one in alone if 12 <= one.age(on) < 18]
    pairs = [sum(one.sex == sex for one in teens) for sex in "fm"]
    small = sum(one.age(on) < 12 for one in alone)
    adults = sum(one.age(on) >= 18 for one in alone)
    couples = sum(one.partner for one in members) // 2
    return 1 + couples + adults + sum(-(-count // 2) for count in pairs) - (-small // 2)


def equivalent_size(members: Sequence[Member], on: date) -> float:
    """The modified OECD scale: 1 for the first adult, 0.5 for others aged 14 or more, 0.3 for children."""
    small = sum(one.age(on) < 14 for one in members)
    return 1 + 0.5 * (len(members) - small - 1) + 0.3 * small


def _born(rng: random.Random, years: int, on: date, today: date) -> date:
    """A birthday of somebody about this old, in one age band on both days."""
    while True:
        born = on - timedelta(days=int(years * 365.25) + rng.randint(20, 340))
        then, now = (int((day - born).days / 365.25) for day in (on, today))
        if _band(then) == _band(now):
            return born
        years = max(years - 1, 0) if years not in (0, 3, 6, 15, 16) else years + 3


def _band(age: int) -> int:
    return max(limit for limit in AGE_BANDS if age >= limit)


def _other(sex: str) -> str:
    return "m" if sex == "f" else "f"
