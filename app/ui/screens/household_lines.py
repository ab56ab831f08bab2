"""One household in the list: two lines on a narrow screen, a table row on a wide one."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import day
from app.ui.desk import Desk
from app.ui.ids import tag
from app.ui.pieces import col, dim, due_pill, grow, icon, pill, row, text
from app.ui.theme import CARD, INK2, LINE, R_CARD, S1, S2, S3, S4, S5, SUNK
from app.usecases.views import HouseholdRow

Icons = ft.Icons
COLUMNS = {"where": 204, "people": 68, "last": 96, "next": 156}


def _frame(content: ft.Control, index: int, total: int, c: Ctx, **more: object) -> ft.Container:
    """One line of a list that looks like a single card, though only the visible lines are drawn."""
    first, last = index == 0 and not c.expanded, index == total - 1
    side = ft.BorderSide(1, LINE)
    top = R_CARD if first else 0
    bottom = R_CARD if last else 0
    return ft.Container(
        content,
        bgcolor=CARD,
        border=ft.Border(left=side, right=side, bottom=side, top=side if first else None),
        border_radius=ft.BorderRadius(top_left=top, top_right=top, bottom_left=bottom, bottom_right=bottom),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        **more,
    )


def household_line(c: Ctx, desk: Desk, one: HouseholdRow, index: int, total: int) -> ft.Control:
    inner = _table_line(c, one) if c.expanded else _narrow_line(c, one)
    body = ft.Container(
        inner,
        padding=ft.Padding.symmetric(horizontal=S5 if c.expanded else S4, vertical=S3),
        ink=True,
        on_click=c.on(lambda: desk.nav.go("household", household=one.id)),
    )
    return tag(f"households.row.{one.id}", _frame(body, index, total, c), button=True)


def _people(c: Ctx, one: HouseholdRow) -> str:
    return c.n_("{n} person", "{n} people", one.people)


def _narrow_line(c: Ctx, one: HouseholdRow) -> ft.Control:
    """Two lines: the name with the next visit beside it; below, where they live and how many."""
    due = due_pill(c, one.next_due) if one.next_due else None
    flag = _flag(c, one)
    about = " · ".join(piece for piece in (one.address or one.code, _people(c, one)) if piece)
    roomy = c.scale < 1.3
    top = row(grow(text(c, one.label, "strong")), *([due] if due and roomy else []), spacing=S2)
    below = [] if roomy or not due else [row(due)]
    chevron = icon(Icons.CHEVRON_RIGHT_ROUNDED, INK2, 22)
    return row(grow(col(top, dim(c, about), *flag, *below, spacing=S1, stretch=True)), chevron, spacing=S2)


def _flag(c: Ctx, one: HouseholdRow) -> list[ft.Control]:
    if one.risk is None or one.risk.level not in ("high", "urgent"):
        return []
    tone = "bad" if one.risk.level == "urgent" else "warn"
    return [row(pill(c, c._("Needs attention"), tone, Icons.FLAG_OUTLINED))]


def table_heading(c: Ctx) -> ft.Control:
    """The head of the table that the lines make on a wide screen."""
    names = [
        grow(dim(c, c._("Household"), "meta_strong")),
        ft.Container(dim(c, c._("Where"), "meta_strong"), width=COLUMNS["where"] * c.scale),
        ft.Container(dim(c, c._("People"), "meta_strong"), width=COLUMNS["people"] * c.scale),
        ft.Container(dim(c, c._("Last visit"), "meta_strong"), width=COLUMNS["last"] * c.scale),
        ft.Container(dim(c, c._("Next visit"), "meta_strong"), width=COLUMNS["next"] * c.scale),
    ]
    side = ft.BorderSide(1, LINE)
    return ft.Container(
        row(*names, spacing=S4),
        padding=ft.Padding.symmetric(horizontal=S5, vertical=S3),
        bgcolor=SUNK,
        border=ft.Border(left=side, right=side, top=side, bottom=side),
        border_radius=ft.BorderRadius(top_left=R_CARD, top_right=R_CARD, bottom_left=0, bottom_right=0),
    )


def _table_line(c: Ctx, one: HouseholdRow) -> ft.Control:
    about = " · ".join(piece for piece in (one.code, one.area) if piece)
    name = col(
        row(text(c, one.label, "strong", expand=True, expand_loose=True), *_flag(c, one), spacing=S3),
        dim(c, about),
        spacing=2,
    )
    last = day(c, one.last_visit_on) if one.last_visit_on else "–"
    due = row(due_pill(c, one.next_due)) if one.next_due else dim(c, c._("None planned"))
    return row(
        grow(name),
        ft.Container(dim(c, one.address or "–", "body"), width=COLUMNS["where"] * c.scale),
        ft.Container(dim(c, str(one.people), "body"), width=COLUMNS["people"] * c.scale),
        ft.Container(dim(c, last, "body"), width=COLUMNS["last"] * c.scale),
        ft.Container(due, width=COLUMNS["next"] * c.scale),
        spacing=S4,
    )
