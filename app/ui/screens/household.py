"""One household: who lives here, what was agreed, what is planned, what happened, and why it needs attention.

The risk card is a prompt for a person: it says its reasons and never more than the programme's rules do.
"""

from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import day
from app.ui.desk import Desk
from app.ui.guard import part
from app.ui.i18n import N_
from app.ui.pieces import (
    avatar,
    card,
    col,
    dim,
    due_pill,
    empty,
    group,
    grow,
    icon,
    list_row,
    row,
    scroller,
    section,
    synthetic_pill,
    text,
    tile,
    top_bar,
    wrap,
)
from app.ui.pieces.layout import CROSS
from app.ui.screens.coded import HERE, coded
from app.ui.screens.start_form import start_buttons
from app.ui.screens.timeline import timeline
from app.ui.screens.today import draft_row
from app.ui.screens.visitors import Visitors
from app.ui.shell import STOPS
from app.ui.signals import use_signal
from app.ui.theme import S3, S4, S5, S6, TONES
from app.usecases.views import DueVisit, HouseholdPage, Person, RiskFlag

Icons = ft.Icons
SIDE = 360
NEXT_VISITS = 3
LEVELS = {
    "steady": (N_("No sign that asks for more"), "neutral", Icons.CHECK_ROUNDED),
    "watch": (N_("Look closer"), "warn", Icons.FLAG_OUTLINED),
    "high": (N_("Needs attention"), "warn", Icons.FLAG_ROUNDED),
    "urgent": (N_("Needs attention now"), "bad", Icons.FLAG_ROUNDED),
}


@part
def screen(c: Ctx, household: str) -> ft.Control:
    """The page of one household."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.data)
    page: HouseholdPage = desk.cases.household(desk.worker, household, c.language)
    bar = top_bar(
        c,
        "household",
        c._(STOPS[desk.nav.root.name].label),
        "",
        *([synthetic_pill(c)] if page.row.synthetic else []),
        on_back=desk.nav.back,
    )
    return ft.Column([bar, _body(c, desk, page)], spacing=0, expand=True)


def _body(c: Ctx, desk: Desk, page: HouseholdPage) -> ft.Control:
    top = [_hero(c, page), *([_risk(c, page.row.risk)] if page.row.risk else []), *_drafts(c, desk, page)]
    past = section(c, c._("Visits and events"), _history(c, desk, page), count=len(page.timeline) or None)
    who = [Visitors(c, page.row.id)] if desk.role == "supervisor" else []
    side = [_people(c, page), *who, *_steps(c, page), *_planned(c, page)]
    key = f"household.{page.row.id}"
    if c.expanded:
        columns = row(
            grow(past),
            ft.Container(col(*side, spacing=S6, stretch=True), width=SIDE),
            spacing=S6,
            align=CROSS.START,
        )
        return scroller(c, *top, columns, key=key, spacing=S5)
    return scroller(c, *top, *side, past, key=key)


def _hero(c: Ctx, page: HouseholdPage) -> ft.Control:
    one = page.row
    where = " · ".join(piece for piece in (one.code, one.address, one.area) if piece)
    name = ft.Semantics(content=text(c, one.label, "headline"), heading_level=1)
    words = col(name, *([dim(c, where, "body")] if where else []), spacing=0)
    # On a phone with big text the name needs the whole width.
    mark = (
        []
        if c.compact and c.scale > 1.4
        else [tile(Icons.HOME_ROUNDED, "accent", 52 if c.compact else 64, 18)]
    )
    head = row(*mark, grow(words), spacing=S4)
    marks = [due_pill(c, one.next_due)] if one.next_due else []
    starts = start_buttons(c, page)
    return col(head, *([wrap(*marks)] if marks else []), *starts, spacing=S4, stretch=True)


def _risk(c: Ctx, risk: RiskFlag) -> ft.Control:
    words, tone, mark = LEVELS[risk.level]
    asked = (
        c._("As of {day}: a prompt; a person decides what to do.", day=day(c, risk.as_of))
        if risk.as_of
        else ""
    )
    head = row(
        tile(mark, tone, 40),
        grow(col(text(c, c._(words), "subtitle"), *([dim(c, asked)] if asked else []), spacing=0)),
        spacing=S3,
    )
    reasons = [
        row(
            ft.Container(
                icon(Icons.FLAG_OUTLINED, TONES[tone].solid, 18),
                width=40,
                alignment=ft.Alignment.CENTER,
            ),
            grow(text(c, reason, "body")),
            spacing=S3,
            align=CROSS.START,
        )
        for reason in risk.reasons
    ]
    return card(col(head, *reasons, spacing=S3, stretch=True))


def _drafts(c: Ctx, desk: Desk, page: HouseholdPage) -> list[ft.Control]:
    if not page.drafts:
        return []
    return [
        section(
            c, c._("Drafts"), group(*[draft_row(c, desk, one) for one in page.drafts]), count=len(page.drafts)
        )
    ]


def _history(c: Ctx, desk: Desk, page: HouseholdPage) -> ft.Control:
    if not page.timeline:
        return empty(
            c,
            "household.no_history",
            Icons.HISTORY_ROUNDED,
            c._("Nothing has been recorded yet"),
            c._("Finished forms of this household are listed here."),
        )
    return timeline(c, page.timeline, _opener(desk))


def _opener(desk: Desk) -> Callable[[str], None] | None:
    if desk.role != "supervisor":
        return None
    return lambda record: desk.nav.go("submission", record=record)


def _people(c: Ctx, page: HouseholdPage) -> ft.Control:
    if not page.people:
        nobody = card(dim(c, c._("Nobody has been written down yet."), "body"))
        return section(c, c._("Who lives here"), nobody)
    return section(
        c, c._("Who lives here"), group(*[_person(c, one) for one in page.people]), count=len(page.people)
    )


def _person(c: Ctx, one: Person) -> ft.Control:
    born = c._("born {year}", year=one.birth_year) if one.birth_year else ""
    about = [coded(c, one.relation), born, "" if one.status in HERE else coded(c, one.status)]
    return list_row(
        c,
        f"household.person.{one.id}",
        one.name,
        " · ".join(piece for piece in about if piece),
        lead=avatar(c, one.name, size=40),
    )


def _steps(c: Ctx, page: HouseholdPage) -> list[ft.Control]:
    if not page.steps:
        return []
    rows = [
        ft.Container(
            row(icon(Icons.RADIO_BUTTON_UNCHECKED_ROUNDED, size=20), grow(text(c, step, "body")), spacing=S3),
            padding=ft.Padding.symmetric(horizontal=S5, vertical=S3),
        )
        for step in page.steps
    ]
    return [section(c, c._("Agreed steps"), group(*rows), count=len(rows))]


def _planned(c: Ctx, page: HouseholdPage) -> list[ft.Control]:
    if not page.planned:
        return []
    rows = [_visit(c, one) for one in page.planned[:NEXT_VISITS]]
    later = page.planned[NEXT_VISITS:]
    said = []
    if later:
        until = day(c, later[-1].due_on)
        said = [dim(c, c.n_("{n} more until {day}", "{n} more until {day}", len(later), day=until))]
    return [section(c, c._("Planned visits"), group(*rows), *said, count=len(page.planned))]


def visit_words(c: Ctx, kind: str) -> str:
    """The name of a planned visit: week or month of the follow-up, else an extra visit."""
    number = kind[1:]
    if kind[:1] == "w" and number.isdecimal():
        return c._("Week {n}", n=int(number))
    if kind[:1] == "m" and number.isdecimal():
        return c._("Month {n}", n=int(number))
    return c._("Extra visit")


def _visit(c: Ctx, one: DueVisit) -> ft.Control:
    identifier = f"household.planned.{one.visit_kind}.{one.due_on.isoformat()}"
    return list_row(c, identifier, visit_words(c, one.visit_kind), day(c, one.due_on), due_pill(c, one))
