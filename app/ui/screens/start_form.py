"""Starting a form: the buttons on a household's page, and the one that registers a new household."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.i18n import N_
from app.ui.pieces import button, col, dim, icon_button, row
from app.ui.theme import ACCENT, S2, S3
from app.usecases.views import HouseholdPage, StartableForm

Icons = ft.Icons
WHY_NOT = {
    "not_here": N_("this form has not reached this tablet. Sync when there is a connection."),
    "no_tenancy": N_("this household has no running tenancy yet, and a visit belongs to one."),
}


def new_household(c: Ctx) -> list[ft.Control]:
    """The buttons of the forms that start without a household; none where the role or the programme has
    none.
    """
    desk = c.desk
    if desk is None or desk.role != "fieldworker":
        return []
    offered = [one for one in desk.cases.startable(desk.worker, c.language) if one.enabled]
    return [_new_button(c, desk, one) for one in offered]


def _new_button(c: Ctx, desk: Desk, one: StartableForm) -> ft.Control:
    identifier, start = f"households.start.{one.form}", _starting(desk, one.form)
    if c.compact:
        label = c._("Start: {form}", form=one.title)
        return icon_button(c, identifier, Icons.ADD_ROUNDED, label, start, color=ACCENT)
    return button(c, identifier, one.title, start, kind="outlined", icon=Icons.ADD_ROUNDED, small=True)


def start_buttons(c: Ctx, page: HouseholdPage) -> list[ft.Control]:
    """One button a form: the first that may be started is filled; below, why the others may not."""
    desk = c.desk
    if desk is None or desk.role != "fieldworker":
        return []
    ready = [one for one in page.forms if one.enabled]
    held = [one for one in page.forms if one.why_not in WHY_NOT]
    kind_of_visit = page.planned[0].visit_kind if page.planned else None
    buttons = [
        button(
            c,
            f"household.start.{one.form}",
            c._("Start: {form}", form=one.title),
            _starting(desk, one.form, page.row.id, kind_of_visit),
            kind="filled" if index == 0 else "outlined",
            icon=Icons.EDIT_NOTE_ROUNDED if index == 0 else None,
            expand=c.compact or None,
        )
        for index, one in enumerate(ready)
    ]
    parts: list[ft.Control] = []
    if buttons:
        parts.append(
            col(*[row(one) for one in buttons], spacing=S2, stretch=True)
            if c.compact
            else row(*buttons, spacing=S3, wrap=True)
        )
    parts += [_why_not(c, one) for one in held]
    return parts


def _why_not(c: Ctx, one: StartableForm) -> ft.Control:
    return dim(c, c._("{form}: {reason}", form=one.title, reason=c._(WHY_NOT.get(one.why_not, one.why_not))))


def _starting(
    desk: Desk, form: str, household: str | None = None, visit_kind: str | None = None
) -> Callable[[], Any]:
    return lambda: desk.open_form(form, household, visit_kind)
