"""The household list and one household's page."""

from collections.abc import Sequence
from datetime import date

from app.programme import households as rules
from app.programme.config import ProgrammeConfig
from app.programme.entities import Entity
from app.programme.people import people_of
from app.programme.risk import Risk
from app.programme.risk_words import reasons
from app.programme.rules import FormRule
from app.programme.schedule import PlannedVisit
from app.programme.search import SearchIndex
from app.programme.starting import why_not
from app.programme.texts import say
from app.programme.timeline import timeline
from app.programme.visits import Visit, visits_of
from app.protocol.errors import Problem
from app.usecases.drafts import drafts_of
from app.usecases.opened import COUNTING, accepted, opened_records
from app.usecases.places import area_name, area_names
from app.usecases.programme import entities, form_title, programme
from app.usecases.review_states import names
from app.usecases.views import (
    DueVisit,
    HouseholdPage,
    HouseholdRow,
    Person,
    RiskFlag,
    StartableForm,
    TimelineItem,
)
from app.usecases.worker import Worker


def households(worker: Worker, query: str = "", language: str = "") -> list[HouseholdRow]:
    """Every household that fits the query, the best fit first; without a query by code."""
    rows = {row.id: row for row in planned_rows(worker)}
    index = worker.derived(
        f"search:{worker.today()}",
        lambda: SearchIndex.build(rows.values(), entities(worker), area_names(worker)),
        kinds=COUNTING,
        also=accepted(worker),
    )
    return [_row(worker, rows[one], language) for one in index.find(query)]


def household(worker: Worker, household_id: str, language: str = "") -> HouseholdPage:
    """Raises Problem("usecase.no_household")."""
    row = next((one for one in planned_rows(worker) if one.id == household_id), None)
    if row is None:
        raise Problem("usecase.no_household")
    config = programme(worker).config
    return HouseholdPage(
        row=_row(worker, row, language),
        people=tuple(
            Person(one.id, one.name, one.sex, one.birth_year, one.relation, one.status)
            for one in people_of(entities(worker), household_id, worker.today())
        ),
        timeline=tuple(_timeline(worker, household_id, config, language)),
        planned=tuple(due_visit(worker, row, one) for one in _ahead(row)),
        steps=tuple(one.label for one in _open_steps(worker, household_id)),
        forms=tuple(_startable(worker, row, rule, language) for rule in config.forms.values()),
        drafts=tuple(one for one in drafts_of(worker, language) if one.household == household_id),
    )


def tenancy_of(worker: Worker, household_id: str) -> str | None:
    """The household's running tenancy."""
    row = next((one for one in planned_rows(worker) if one.id == household_id), None)
    return row.tenancy.id if row and row.tenancy and row.tenancy.active else None


def planned_rows(worker: Worker) -> list[rules.HouseholdRow]:
    """Every household with its plan and its risk, as of today; empty before a programme arrived."""
    today = worker.today()
    return worker.derived(
        f"households:{today}",
        lambda: _planned_rows(worker, today),
        kinds=COUNTING,
        also=accepted(worker),
    )


def due_visit(worker: Worker, row: rules.HouseholdRow, visit: PlannedVisit) -> DueVisit:
    return DueVisit(
        household=row.id,
        household_label=row.label,
        code=row.code,
        area=area_name(worker, row.area),
        tenancy=row.tenancy.id if row.tenancy else "",
        flat=row.address,
        visit_kind=visit.kind,
        due_on=visit.due_on,
        state=visit.state,
        days=(visit.due_on - worker.today()).days,
    )


def _planned_rows(worker: Worker, today: date) -> list[rules.HouseholdRow]:
    try:
        config = programme(worker).config
    except Problem:
        return []
    visits: dict[str, list[Visit]] = visits_of(opened_records(worker), config)
    return rules.household_rows(entities(worker), visits, config, today)


def _row(worker: Worker, row: rules.HouseholdRow, language: str) -> HouseholdRow:
    return HouseholdRow(
        id=row.id,
        label=row.label,
        code=row.code,
        area=area_name(worker, row.area),
        address=row.address,
        people=row.n_people,
        last_visit_on=row.last_visit_on,
        next_due=due_visit(worker, row, row.next_visit) if row.next_visit else None,
        risk=_risk(worker, row.risk, language),
        synthetic=row.synthetic,
    )


def _risk(worker: Worker, risk: Risk | None, language: str) -> RiskFlag | None:
    if risk is None:
        return None
    config = programme(worker).config
    sentences, _ = reasons(risk, config.risk, language)
    return RiskFlag(level=risk.level, points=risk.points, reasons=sentences, as_of=risk.on)


def _timeline(
    worker: Worker, household_id: str, config: ProgrammeConfig, language: str
) -> Sequence[TimelineItem]:
    return [
        TimelineItem(
            record=one.record,
            revision=one.revision,
            form=one.form,
            form_title=form_title(worker, one.form, language),
            at=one.at,
            by=names(worker).get(one.author, ""),
            state=one.state if one.received else "finished",
            own=one.author == worker.device,
        )
        for one in timeline(opened_records(worker), household_id, config)
    ]


def _open_steps(worker: Worker, household_id: str) -> list[Entity]:
    return [
        one
        for one in entities(worker).where("steps", household=household_id)
        if one.get("status", "open") == "open"
    ]


def _ahead(row: rules.HouseholdRow) -> list[PlannedVisit]:
    """The visit to do next, then those to come."""
    coming = [one for one in row.planned if one.state == "upcoming" and one is not row.next_visit]
    return [*([row.next_visit] if row.next_visit else []), *coming]


def _startable(worker: Worker, row: rules.HouseholdRow, rule: FormRule, language: str) -> StartableForm:
    why = why_not(rule, row, programme(worker).forms)
    return StartableForm(form=rule.id, title=say(rule.title, language), enabled=not why, why_not=why)
