"""The planned visits of a tenancy and the state of each, by the programme's schedule.

States: upcoming (before the window), due (in it), overdue (after the grace days), missed (much later, no met
visit), excused (postponed by the family, new date near), held, held_late (met after the grace days),
cancelled (the tenancy ended before), not_here (held or not before this device's records begin).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.programme.calendar_days import add_months
from app.programme.rules import ScheduleRules, VisitRule
from app.programme.visits import Visit

OPEN_STATES = ("due", "overdue", "missed", "excused", "upcoming")
WANTING = ("overdue", "due")


@dataclass(frozen=True)
class TenancyDates:
    """What the schedule needs of a tenancy. `start_on` is the day from which months are counted.

    `known_until`, `known_kind`: the last visit of the register that the tenancy was brought in from; of what
    was before it there are no records here.
    """

    start_on: date
    kind: str = "permanent"
    end_on: date | None = None
    visits_ok: bool = True
    known_until: date | None = None
    known_kind: str = ""


@dataclass(frozen=True)
class PlannedVisit:
    """One visit of the plan. On time from `opens_on` to `grace_until`; missed when `missed_after` has passed.

    `try_again_on`: after an attempt at which nobody was met. `excused`: the family had it postponed.
    """

    kind: str
    due_on: date
    opens_on: date
    grace_until: date
    missed_after: date
    state: str
    held_on: date | None = None
    record: str = ""
    by_phone: bool = False
    try_again_on: date | None = None
    excused: bool = False

    @property
    def on_time(self) -> bool:
        return self.held_on is not None and self.opens_on <= self.held_on <= self.grace_until


def planned_visits(
    tenancy: TenancyDates, visits: Sequence[Visit], rules: ScheduleRules, today: date
) -> list[PlannedVisit]:
    """Every planned visit in order; none for another kind of tenancy or where the family refused visits."""
    if tenancy.kind not in rules.tenancy_kinds or not tenancy.visits_ok:
        return []
    windows = [_window(rule, tenancy.start_on) for rule in rules.visits]
    met = [one for one in visits if one.met]
    kept = tenancy.known_until
    if kept and all(one.on != kept for one in met):
        met = [Visit(on=kept, kind=tenancy.known_kind, outcome="met", mode=""), *met]
    held = _assign(rules.visits, windows, met)
    attempts = [one for one in visits if not one.met and one.outcome != "gone"]
    return [
        _planned(rule, window, found, _attempt(rule, window, attempts), tenancy, rules, today)
        for rule, window, found in zip(rules.visits, windows, held, strict=True)
    ]


def next_planned(planned: Sequence[PlannedVisit]) -> PlannedVisit | None:
    """What to do next: the most recent one overdue or due, else the next one to come."""
    wanting = [one for one in planned if one.state in (*WANTING, "excused")]
    coming = [one for one in planned if one.state == "upcoming"]
    return wanting[-1] if wanting else coming[0] if coming else None


@dataclass(frozen=True)
class _Window:
    due: date
    opens: date
    grace: date
    missed: date


def _window(rule: VisitRule, start: date) -> _Window:
    due = add_months(start, rule.after_months) + timedelta(days=rule.after_days)
    return _Window(
        due=due,
        opens=due - timedelta(days=rule.early),
        grace=due + timedelta(days=rule.grace),
        missed=due + timedelta(days=rule.missed),
    )


def _assign(
    rules: Sequence[VisitRule], windows: Sequence[_Window], met: Sequence[Visit]
) -> list[Visit | None]:
    """The met visit that satisfies each planned one, none twice.

    A visit of the right kind comes first; then, because kinds get mis-chosen, the nearest one inside the
    window that is not the first of its own kind.
    """
    first_of_kind: dict[str, Visit] = {}
    for visit in met:
        first_of_kind.setdefault(visit.kind, visit)
    kinds = {rule.kind for rule in rules}
    reserved = {id_of(one) for kind, one in first_of_kind.items() if kind in kinds}
    used: set[str] = set()
    assigned: list[Visit | None] = []
    for rule, window in zip(rules, windows, strict=True):
        phone_before = bool(assigned) and assigned[-1] is not None and assigned[-1].mode == "phone"
        fit = [one for one in met if id_of(one) not in used and _may(rule, one, phone_before)]
        own = [one for one in fit if one.kind == rule.kind]
        near = [one for one in fit if window.opens <= one.on <= window.grace and id_of(one) not in reserved]
        near.sort(key=lambda one: abs(one.on - window.due))
        found = next(iter([*own, *near]), None)
        if found is not None:
            used.add(id_of(found))
        assigned.append(found)
    return assigned


def _may(rule: VisitRule, visit: Visit, phone_before: bool) -> bool:
    return visit.mode != "phone" or (rule.phone and not phone_before)


def _attempt(rule: VisitRule, window: _Window, attempts: Sequence[Visit]) -> Visit | None:
    """The last time somebody tried and met nobody."""
    tried = [
        one
        for one in attempts
        if one.kind == rule.kind or (window.opens <= one.on <= window.missed and one.kind == "extra")
    ]
    return tried[-1] if tried else None


def _planned(
    rule: VisitRule,
    window: _Window,
    held: Visit | None,
    attempt: Visit | None,
    tenancy: TenancyDates,
    rules: ScheduleRules,
    today: date,
) -> PlannedVisit:
    excused_until = _excused_until(attempt, rules)
    state = _state(window, held, excused_until, tenancy, today)
    again = attempt.on + timedelta(days=rule.retry) if attempt and held is None else None
    return PlannedVisit(
        kind=rule.kind,
        due_on=window.due,
        opens_on=window.opens,
        grace_until=window.grace,
        missed_after=window.missed,
        state=state,
        held_on=held.on if held else None,
        record=held.record if held else "",
        by_phone=bool(held) and held is not None and held.mode == "phone",
        try_again_on=again,
        excused=excused_until is not None and (held is None or held.on <= excused_until),
    )


def _excused_until(attempt: Visit | None, rules: ScheduleRules) -> date | None:
    """Until when a postponed visit is excused: to the new date if it is near, else for the allowed days."""
    if attempt is None or attempt.outcome != "postponed":
        return None
    limit = attempt.on + timedelta(days=rules.postponed_days)
    if attempt.next_on is None:
        return limit
    return attempt.next_on if attempt.next_on <= limit else None


def _state(
    window: _Window, held: Visit | None, excused_until: date | None, tenancy: TenancyDates, today: date
) -> str:
    if held is not None:
        return "held" if held.on <= window.grace else "held_late"
    if tenancy.end_on is not None and window.due > tenancy.end_on:
        return "cancelled"
    if tenancy.known_until is not None and window.due < tenancy.known_until:
        return "not_here"
    if today < window.opens:
        return "upcoming"
    if excused_until is not None and today <= excused_until:
        return "excused"
    if today <= window.grace:
        return "due"
    return "overdue" if today <= window.missed else "missed"


def id_of(visit: Visit) -> str:
    """What tells two visits apart, also where they have no record yet."""
    return visit.record or f"{visit.on}/{visit.kind}"
