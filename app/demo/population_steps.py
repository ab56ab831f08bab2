"""What a synthetic household answers in `household_baseline`, as steps for the form engine."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.demo.population_people import Member, equivalent_size

WORDS = ("see", "hear", "walk", "mem", "self", "comm")
WORK_ADULT = (
    "contract",
    "day",
    "recyclables",
    "recyclables",
    "no_contract",
    "seeking",
    "care",
    "not_seeking",
)
TENURE = ("owner_none", "tolerated", "owner_none", "tolerated", "rent_none", "relatives", "expired", "pnts")


@dataclass(frozen=True)
class Step:
    """One thing a person does in a form: `answer` the question at `ref`, or `add_repeat` after its last card.

    `prefilled`: the app has filled it in by itself when the form starts from the household's page.
    """

    op: str
    ref: str
    value: str = ""
    prefilled: bool = False


def answers(group: str, **values: str) -> Iterator[Step]:
    """Steps for questions of one group, in the order given; empty values are left out."""
    for name, value in values.items():
        if value:
            yield Step("answer", f"{group}/{name}", value)


def baseline_steps(
    rng: random.Random, number: int, members: Sequence[Member], on: date, rooms: int, *, moved: bool
) -> Iterator[Step]:
    """Every answer of one baseline: names first, details later, then home, tenure, income and close."""
    yield from _contact(number, moved)
    yield from _roster(members)
    for place, member in enumerate(members, start=1):
        yield from _details(rng, place, member, on)
    yield from _home(rng, rooms, on)
    yield from _tenure(rng)
    yield from _income(rng, members, on)
    yield from _close(rng, number)


def _contact(number: int, moved: bool) -> Iterator[Step]:
    yield from answers(
        "/data/a_contact",
        round="new" if moved else "reference",
        listing=f"syn{number:03}",
        result="interviewed",
        attempts="1",
        can_talk="yes",
        resp_adult="yes",
        consent_how="read",
        c_study="yes",
        c_health="yes",
        c_ethnicity="yes",
        c_contact="yes",
        c_photo="no",
    )


def _roster(members: Sequence[Member]) -> Iterator[Step]:
    for place, one in enumerate(members, start=1):
        if place > 1:
            yield Step("add_repeat", "/data/b_people/person")
        yield from answers(
            f"/data/b_people/person[{place}]/p_who",
            p_first=one.first,
            p_last=one.last,
            p_relation=one.relation,
            p_sex=one.sex,
        )
    yield Step("answer", "/data/b_people/roster_done", "yes")


def _details(rng: random.Random, place: int, one: Member, on: date) -> Iterator[Step]:
    group, age = f"/data/b_people/person[{place}]/p_details", one.age(on)
    yield from answers(group, p_age_how="date", p_birth_date=one.born.isoformat())
    if age >= 16:
        yield from answers(group, p_partner="yes" if one.partner else "no")
    yield from answers(group, p_absent="here", p_ethnicity=_ethnicity(rng))
    papers = "child" if age < 14 else rng.choices(("valid", "expired", "none"), (80, 12, 8))[0]
    yield from answers(group, p_papers=papers, p_birth_cert="" if papers == "valid" else "yes")
    yield from _school(rng, group, age)
    yield from _health(rng, group, age)
    yield from _work(rng, group, age)


def _ethnicity(rng: random.Random) -> str:
    return rng.choices(("roma", "romanian", "hungarian", "other", "pnts"), (972, 152, 34, 22, 104))[0]


def _school(rng: random.Random, group: str, age: int) -> Iterator[Step]:
    now = ""
    if 3 <= age <= 5:
        now = rng.choice(("nursery", "no"))
    elif 6 <= age <= 14:
        now = rng.choices(("school", "no"), (289, 45))[0]
    elif 15 <= age <= 24:
        now = rng.choices(("school", "no"), (37, 63))[0] if age < 18 else "no"
    yield from answers(group, p_school_now=now)
    if now == "school":
        yield from answers(
            group, p_school=f"school{rng.randint(1, 6)}", p_grade=str(max(0, min(age - 6, 12)))
        )
    if now == "no" and 6 <= age <= 17:
        yield from answers(group, p_school_why=rng.choice(("cost", "care", "work")))
    ever = ""
    if age >= 6 and (now == "no" or age >= 25):
        ever = rng.choices(("yes", "no"), (514, 202))[0] if age >= 15 else "yes"
        yield from answers(group, p_ever_school=ever)
    if age >= 15 and ever != "no":
        yield from answers(group, p_edu=rng.choice(("primary", "lower", "lower", "vocational")))
    if age >= 10:
        yield from answers(group, p_read="no" if ever == "no" else "yes")


def _health(rng: random.Random, group: str, age: int) -> Iterator[Step]:
    insured = "yes" if age < 18 else rng.choices(("yes", "no"), (382, 234))[0]
    doctor = "no" if insured == "no" and rng.random() < 0.68 else rng.choices(("yes", "no"), (92, 8))[0]
    yield from answers(group, p_insured=insured, p_doctor=doctor)
    yield from answers(group, p_doctor_seen="yes" if doctor == "yes" else "no")
    yield from answers(group, p_chronic=rng.choices(("no", "yes", "pnts"), (80, 15, 5))[0])
    if age >= 5:
        for word in WORDS:
            yield from answers(
                f"{group}/p_wg", **{f"p_wg_{word}": "some" if age > 50 and word == "see" else "none"}
            )
    yield from answers(group, p_disab_cert="no")


def _work(rng: random.Random, group: str, age: int) -> Iterator[Step]:
    if age >= 15:
        work = "pension" if age >= 65 else "student" if age < 18 else rng.choice(WORK_ADULT)
        yield from answers(group, p_work=work)
        if work in ("seeking", "not_seeking", "day", "no_contract"):
            yield from answers(group, p_ajofm=rng.choice(("yes", "no")))
    yield from answers(group, p_benefit="child" if age < 18 else "pension" if age >= 65 else "none")
    yield from answers(group, p_need=rng.choice(("papers", "doctor", "job", "school doctor", "none")))


def _home(rng: random.Random, rooms: int, on: date) -> Iterator[Step]:
    kind = rng.choices(("makeshift", "module", "house", "other"), (189, 52, 33, 8))[0]
    yield from answers(
        "/data/c_home",
        dw_type=kind,
        dw_shared=rng.choice(("no", "no", "yes")),
        rooms=str(rooms),
        area_m2=str(rooms * rng.randint(9, 14)),
        water=rng.choice(("public", "carried", "yard")),
        toilet=rng.choice(("shared", "yard")),
        bath="no",
        kitchen=rng.choice(("no", "no", "yes")),
        electricity=rng.choice(("shared", "informal", "contract", "pnts")),
        heating=rng.choice(("wood", "wood", "waste")),
        problems=rng.choice(("leak damp", "damp cold", "leak rats waste", "cold fire")),
        since=str(on.year - rng.randint(4, 18)),
        came_why=rng.choice(("evicted", "born", "no_money", "pnts")),
    )


def _tenure(rng: random.Random) -> Iterator[Step]:
    yield from answers(
        "/data/d_tenure",
        tenure=rng.choice(TENURE),
        notice=rng.choice(("no", "no", "yes")),
        evicted5=rng.choice(("no", "no", "pnts")),
        rent_paid="0",
        social_app=rng.choice(("yes", "no")),
    )


def _income(rng: random.Random, members: Sequence[Member], on: date) -> Iterator[Step]:
    size, children = equivalent_size(members, on), sum(one.age(on) < 18 for one in members)
    total = int(rng.choice((620, 860, 1120, 1340, 1780, 2080, 2450)) * size)
    allowance = min(total, 300 * children)
    support = rng.choice((0, 0, 200)) if children and total > allowance + 200 else 0
    wage = (total - allowance - support) if rng.random() < 0.5 else 0
    yield Step("answer", "/data/e_income/inc_refuse", "amounts")
    yield from answers(
        "/data/e_income/inc_table",
        i_wage=str(wage),
        i_recycle=str(total - allowance - support - wage),
        i_child=str(allowance),
        i_vmi=str(support),
    )
    vmi = "children" if support else rng.choice(("no", "no", "asked", "pnts"))
    yield Step("answer", "/data/e_income/vmi", vmi)
    if vmi == "no" and children:
        yield Step("answer", "/data/e_income/vmi_why", rng.choice(("papers", "unknown", "address")))
    yield from answers("/data/e_income", food=rng.choice(("once", "often", "never")), debts="none")


def _close(rng: random.Random, number: int) -> Iterator[Step]:
    want = rng.choice(("yes", "yes", "maybe"))
    yield from answers(
        "/data/f_close",
        want_move=want,
        want_where=rng.choice(("area_a", "area_b area_c")),
        phone=f"0700 000 {number:03}",
        gps=f"46.{77_000 + rng.randint(0, 2_000)} 23.{60_000 + rng.randint(0, 4_000)} 350 8",
        feelings="fine",
        others_present=rng.choice(("none", "partner", "child")),
        worker_note="Date sintetice. Synthetic data.",
    )
