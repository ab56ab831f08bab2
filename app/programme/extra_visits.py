"""Visits besides the planned ones: what asks for them, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.programme.answers import day
from app.programme.calendar_days import add_working_days
from app.programme.entities import EntityStore
from app.programme.rules import ExtraRule, ScheduleRules
from app.programme.tenancies import Tenancy
from app.programme.texts import Text
from app.programme.visits import Visit

HOURS_A_DAY = 24


@dataclass(frozen=True)
class ExtraVisit:
    """A visit (or, with `phone`, a call) that something asks for. `since`: the day of what asks for it."""

    trigger: str
    since: date
    due_on: date
    reason: Text
    phone: bool


def extra_visits(
    tenancy: Tenancy, visits: Sequence[Visit], store: EntityStore, rules: ScheduleRules, today: date
) -> list[ExtraVisit]:
    """What is asked for now, soonest first. A met visit after the trigger settles it."""
    if not tenancy.active or not tenancy.visits_ok:
        return []
    asked = [*_by_tenancy(tenancy, visits), *_by_answers(visits), *_by_steps(tenancy, store, rules, today)]
    last_met = max((one.on for one in visits if one.met), default=None)
    found = [
        _extra(rules.extra[trigger], since, tenancy)
        for trigger, since in asked
        if trigger in rules.extra and (trigger in _OWN_VISIT or last_met is None or last_met <= since)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.trigger))


_OWN_VISIT = ("step",)


def _by_tenancy(tenancy: Tenancy, visits: Sequence[Visit]) -> list[tuple[str, date]]:
    found = []
    if tenancy.last_visit_on and tenancy.risk_level in ("urgent", "high", "watch"):
        found.append((tenancy.risk_level, tenancy.last_visit_on))
    if tenancy.last_visit_on and tenancy.deadline_on and tenancy.deadline_on > tenancy.last_visit_on:
        found.append(("letter", tenancy.last_visit_on))
    attempts = [one.on for one in visits if not one.met and one.outcome != "gone"]
    if tenancy.missed_visits >= 2 and (attempts or tenancy.last_visit_on):
        found.append(("missed", attempts[-1] if attempts else tenancy.last_visit_on or date.min))
    return found


def _by_answers(visits: Sequence[Visit]) -> list[tuple[str, date]]:
    met = [one for one in visits if one.met]
    if not met:
        return []
    last, found = met[-1], []
    if last.answers.get("distress") in ("upset", "crisis"):
        found.append(("distress", last.on))
    died = any(text == "died" for _, text in last.answers.each("v_here"))
    if died or last.answers.get("adult_left") == "yes" or last.answers.get("baby") == "yes":
        found.append(("change", last.on))
    if last.answers.day("notice_by") and not any(trigger == "letter" for trigger, _ in found):
        found.append(("letter", last.on))
    return found


def _by_steps(
    tenancy: Tenancy, store: EntityStore, rules: ScheduleRules, today: date
) -> list[tuple[str, date]]:
    rule = rules.extra.get("step")
    if rule is None:
        return []
    open_steps = store.where("steps", tenancy=tenancy.id, status="open")
    late = [due + timedelta(days=rule.overdue) for one in open_steps if (due := day(one.get("due_on")))]
    reached = [since for since in late if since <= today]
    return [("step", min(reached))] if reached else []


def _extra(rule: ExtraRule, since: date, tenancy: Tenancy) -> ExtraVisit:
    due = _due(rule, since)
    if rule.before_deadline and tenancy.deadline_on:
        due = min(due, max(since, tenancy.deadline_on - timedelta(days=rule.before_deadline)))
    return ExtraVisit(rule.trigger, since, due, rule.reason, rule.phone)


def _due(rule: ExtraRule, since: date) -> date:
    if rule.unit == "working":
        return add_working_days(since, rule.within)
    days = rule.within // HOURS_A_DAY if rule.unit == "hours" else rule.within
    return since + timedelta(days=days)
