"""One scripted visit for the demo, and the visit before it, so that the margin has something to show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.demo.population import DemoHousehold
from app.demo.population_people import Member
from app.demo.population_steps import Step, answers
from app.programme.calendar_days import add_months


@dataclass(frozen=True)
class _Story:
    """What differs between the two visits."""

    kind: str
    rent_months: int
    rent_ron: int
    bill_months: int
    bill_ron: int
    plan: str
    income: int
    income_change: str
    stay: str
    step: str
    step_theme: str
    open_steps: int
    note: str


BEFORE = _Story(
    "m9", 1, 300, 0, 0, "new", 2900, "same", "yes", "Cerere pentru ajutorul de încălzire", "benefit", 0,
    "Vizită sintetică. A synthetic visit.",
)  # fmt: skip
NOW = _Story(
    "m12", 2, 610, 1, 120, "no", 2400, "less", "unsure", "Cerem împreună un plan de plată", "rent", 1,
    "Vizită sintetică. Familia vrea un plan de plată.",
)  # fmt: skip


def demo_visit_steps(household: DemoHousehold, today: date) -> list[Step]:
    """A complete, met, full post-relocation visit of this day; the earlier one is taken as recorded."""
    return list(_visit(household, today, NOW))


@dataclass(frozen=True)
class DemoLastVisit:
    """The visit before: to be filled with the clock at `on`."""

    on: date
    steps: tuple[Step, ...]


def demo_last_visit(household: DemoHousehold, today: date) -> DemoLastVisit:
    """The visit three months before, which left one agreed step open."""
    on = add_months(today, -3)
    return DemoLastVisit(on, tuple(_visit(household, on, BEFORE)))


def _visit(household: DemoHousehold, on: date, story: _Story) -> Iterator[Step]:
    yield from _start(household, on, story)
    yield Step("answer", "/data/b_people/n_new", "0")
    for place, member in enumerate(household.members, start=1):
        yield from _person(place, member, on)
    yield Step("answer", "/data/b_people/adult_left", "no")
    yield from _rent(story)
    yield from _home(on, story)
    yield from _life(story)
    yield from answers("/data/g_guard", alone="no")
    yield from answers(
        "/data/h_well", wb_life="6", wb_worry="some", wb_sleep="most", wb_help="no", distress="fine"
    )
    yield from _agreed(on, story)
    yield from _close(on, story)


def _start(household: DemoHousehold, on: date, story: _Story) -> Iterator[Step]:
    if household.tenancy is None:
        raise ValueError(f"{household.code} has no home to visit")
    group = "/data/a_start"
    yield Step("answer", f"{group}/tenancy", household.tenancy["entity_id"], prefilled=True)
    yield Step("answer", f"{group}/visit_on", on.isoformat(), prefilled=True)
    yield Step("answer", f"{group}/visit_kind", story.kind, prefilled=True)
    yield from answers(group, visit_mode="home", outcome="met", consent_still="yes", short="full")


def _person(place: int, one: Member, on: date) -> Iterator[Step]:
    card, age = f"/data/b_people/person[{place}]", on.year - one.born.year
    group = f"{card}/v_more"
    yield Step("answer", f"{card}/v_here", "here")
    if 3 <= age <= 18:
        school = "nursery" if age < 6 else "school" if age < 16 else "no"
        yield from answers(group, v_school=school, v_absent="2" if school == "school" else "")
        yield from answers(group, v_school_why="cost" if school == "no" else "")
    yield from answers(group, v_doctor="yes", v_insured="yes", v_papers="child" if age < 14 else "valid")
    if age >= 14:
        yield from answers(group, v_address="yes")
    if age >= 16:
        work = "student" if age < 18 else "contract" if place == 1 else "care"
        yield from answers(group, v_work=work)


def _rent(story: _Story) -> Iterator[Step]:
    group = "/data/c_rent"
    yield from answers(
        group, rent_seen="receipts", rent_months=str(story.rent_months), rent_ron=str(story.rent_ron)
    )
    yield from answers(f"{group}/util", u_el_m=str(story.bill_months), u_el_r=str(story.bill_ron))
    yield from answers(
        group, cut="none", notice="reminder", owe_why="less bill", plan=story.plan, afford="hard"
    )


def _home(on: date, story: _Story) -> Iterator[Step]:
    group, more = "/data/d_home", 0 if story is BEFORE else 300
    yield from answers(
        group,
        meters="yes",
        m_el=str(1840 + more),
        m_gas=str(612.5 + more),
        m_wat=str(95 + more / 10),
        warm="yes",
    )
    yield Step("answer", f"{group}/n_rep", "1")
    since = (on - timedelta(days=20)).isoformat()
    yield from answers(
        f"{group}/repair[1]", rp_what="window", rp_danger="no", rp_since=since, rp_told="told", rp_who="owner"
    )


def _life(story: _Story) -> Iterator[Step]:
    yield from answers("/data/e_life", unmet="no", baby="no", own_contracts="yes", vmi_now="children")
    yield from answers(
        "/data/e_life", income=str(story.income), income_change=story.income_change, job_new="no", food="once"
    )
    yield from answers("/data/f_neigh", nb_rel="good", nb_complaint="none", dis="no", home_feel="4")
    yield from answers("/data/f_neigh", stay_feel=story.stay, friends="yes")


def _agreed(on: date, story: _Story) -> Iterator[Step]:
    group = "/data/i_steps"
    yield Step("answer", f"{group}/n_step", "1")
    for place in range(1, story.open_steps + 1):
        yield from answers(f"{group}/step[{place}]", st_out="done")
    yield from answers(
        f"{group}/step[{story.open_steps + 1}]",
        st_text_in=story.step,
        st_theme_in=story.step_theme,
        st_who="both",
        st_due=(on + timedelta(days=21)).isoformat(),
    )


def _close(on: date, story: _Story) -> Iterator[Step]:
    yield from answers(
        "/data/j_worker",
        w_stable="3",
        w_home="good",
        w_child="no",
        w_good="Copiii merg la școală.",
        w_note=story.note,
        next_on=(on + timedelta(days=30)).isoformat(),
        next_how="home",
    )
    yield from answers("/data/k_risk", w_agree="same", close_feel="5")
