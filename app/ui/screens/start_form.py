"""Starting a form: from a household's page, or without a household from the list.

One button says the form that is most likely wanted; the others are in a sheet, each with the reason where it cannot
be started.
"""

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.guard import part
from app.ui.i18n import N_
from app.ui.ids import tag
from app.ui.pieces import button, col, dim, grow, icon, icon_button, list_row, row, sheet, text
from app.ui.theme import ACCENT, INK2, S3, S4
from app.usecases.views import HouseholdPage, StartableForm

Icons = ft.Icons
ELSEWHERE = "registers_new"  # such a form starts from the list of households
WHY_NOT = {
    "not_here": N_("This form has not reached this tablet. Sync when there is a connection."),
    "no_tenancy": N_("This household has no running tenancy yet, and a visit belongs to one."),
}
Start = Callable[[str], Callable[[], Any]]


def new_household(c: Ctx) -> list[ft.Control]:
    """The forms that start without a household; nothing where the role or the programme has none."""
    desk = c.desk
    if desk is None or desk.role != "fieldworker":
        return []
    offered = [one for one in desk.cases.startable(desk.worker, c.language) if one.enabled]
    if not offered:
        return []
    return [Menu(c, "households.start", c._("New record"), offered, _starter(desk), True)]


def start_buttons(c: Ctx, page: HouseholdPage) -> list[ft.Control]:
    """The first form that may be started, filled; the others in a sheet."""
    desk = c.desk
    if desk is None or desk.role != "fieldworker":
        return []
    offered = [one for one in page.forms if one.why_not != ELSEWHERE]
    ready = next((one for one in offered if one.enabled), None)
    start = _starter(desk, page.row.id, page.planned[0].visit_kind if page.planned else None)
    buttons: list[ft.Control] = []
    if ready is not None:
        label = c._("Start: {form}", form=ready.title)
        identifier = f"household.start.{ready.form}"
        wide = c.compact or None
        first = button(c, identifier, label, start(ready.form), icon=Icons.EDIT_NOTE_ROUNDED, expand=wide)
        buttons.append(row(first) if c.compact else first)
    others = [one for one in offered if one is not ready]
    if others:
        buttons.append(Menu(c, "household.others", c._("Other forms"), others, start, False))
    if not buttons:
        return []
    return [col(*buttons, stretch=True) if c.compact else row(*buttons, spacing=S3)]


def _starter(desk: Desk, household: str | None = None, visit_kind: str | None = None) -> Start:
    return lambda form: lambda: desk.open_form(form, household, visit_kind)


@part
def Menu(
    c: Ctx, identifier: str, label: str, offered: Sequence[StartableForm], start: Start, small: bool
) -> ft.Control:
    """A button that opens a sheet of forms. `small` is an icon alone on a narrow screen."""
    shown, show = ft.use_state(False)
    body = [_line(c, identifier, one, start, lambda: show(False)) for one in offered]
    tall = (72 + 76 * len(body)) * c.scale
    ft.use_dialog(
        sheet(c, f"{identifier}.sheet", label, *body, on_dismiss=lambda: show(False), height=tall)
        if shown
        else None
    )
    if small and c.compact:
        return icon_button(c, identifier, Icons.ADD_ROUNDED, label, lambda: show(True), color=ACCENT)
    mark = Icons.ADD_ROUNDED if small else Icons.ARTICLE_OUTLINED
    wide = None if small or not c.compact else True
    pressed = button(
        c, identifier, label, lambda: show(True), kind="outlined", icon=mark, small=small, expand=wide
    )
    return row(pressed) if wide else pressed


def _line(c: Ctx, identifier: str, one: StartableForm, start: Start, close: Callable[[], None]) -> ft.Control:
    if not one.enabled:
        why = c._(WHY_NOT.get(one.why_not, "")) or one.why_not
        words = col(text(c, one.title, "strong", INK2), dim(c, why), spacing=2)
        held = ft.Container(
            row(icon(Icons.BLOCK_ROUNDED, INK2, 20), grow(words), spacing=S3),
            padding=ft.Padding.symmetric(horizontal=S4, vertical=S3),
        )
        return tag(f"{identifier}.{one.form}", held)
    begin = start(one.form)

    async def press() -> None:
        close()
        await begin()

    return list_row(
        c,
        f"{identifier}.{one.form}",
        one.title,
        lead=icon(Icons.EDIT_NOTE_ROUNDED, ACCENT, 24),
        on_click=press,
    )
