"""Households: search that answers while one types, filters with counts, one line per home.

Each line leads with what tells homes apart (name, where, how many people) and ends with when the next visit
is due; a home that needs attention says so in words. On a wide screen the lines are a table. Long lists are
drawn a part at a time, so that a thousand homes open at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import day
from app.ui.desk import Desk
from app.ui.guard import part
from app.ui.i18n import N_
from app.ui.ids import tag
from app.ui.pieces import (
    button,
    chip,
    col,
    dim,
    due_pill,
    empty,
    gap,
    grow,
    icon,
    icon_button,
    page_head,
    pill,
    row,
    synthetic_pill,
    text,
    text_field,
)
from app.ui.screens.start_form import new_household
from app.ui.signals import Signal, use_signal
from app.ui.theme import CARD, INK2, LINE, PAGE_W, R_CARD, S1, S2, S3, S4, S5, S6, S8, SUNK
from app.usecases.views import HouseholdRow

Icons = ft.Icons
PORTION = 60
FILTERS: dict[str, tuple[str, Callable[[HouseholdRow], bool]]] = {
    "all": (N_("All"), lambda one: True),
    "late": (N_("Late"), lambda one: one.next_due is not None and one.next_due.state == "overdue"),
    "due": (N_("Due now"), lambda one: one.next_due is not None and one.next_due.state == "due"),
    "attention": (
        N_("Needs attention"),
        lambda one: one.risk is not None and one.risk.level in ("high", "urgent"),
    ),
}
COLUMNS = {"where": 204, "people": 68, "last": 96, "next": 156}


@dataclass
class ListModel:
    """The search words, the filter, and how much of the list is drawn."""

    desk: Desk
    query: str = ""
    filter: str = "all"
    shown: int = PORTION
    changed: Signal = field(default_factory=Signal)
    cleared: Signal = field(default_factory=Signal)

    def search(self, words: str) -> None:
        self.query, self.shown = words, PORTION
        self.changed.emit()

    def clear(self) -> None:
        self.search("")
        self.cleared.emit()

    def choose(self, name: str) -> None:
        self.filter, self.shown = name, PORTION
        self.changed.emit()

    def more(self) -> None:
        self.shown += PORTION
        self.changed.emit()

    def found(self) -> list[HouseholdRow]:
        desk = self.desk
        found: list[HouseholdRow] = desk.cases.households(desk.worker, self.query, desk.settings.language)
        return found


@part
def screen(c: Ctx) -> ft.Control:
    """The list, with its search always in reach above it."""
    desk = c.desk
    assert desk is not None
    model = desk.kept("households", lambda: ListModel(desk))
    width = min(PAGE_W, c.width)
    head = col(Head(c), Search(c, model), spacing=S4, stretch=True)
    around = ft.Padding(left=c.gutter, right=c.gutter, top=S6 if c.compact else S8, bottom=S3)
    top: ft.Control = ft.Container(head, padding=around)
    if c.width > width + 300:
        top = ft.Row([ft.Container(top, width=width)], alignment=ft.MainAxisAlignment.CENTER)
    return ft.Column([top, Found(c, model)], spacing=0, expand=True)


@part
def Head(c: Ctx) -> ft.Control:
    desk = c.desk
    assert desk is not None
    use_signal(desk.data)
    rows = desk.cases.households(desk.worker, "", c.language)
    marks: list[ft.Control] = (
        [synthetic_pill(c)] if any(one.synthetic for one in rows) and not c.compact else []
    )
    said = c.n_("{n} household on this tablet", "{n} households on this tablet", len(rows))
    return page_head(c, c._("Households"), said, *marks, *new_household(c))


@part
def Search(c: Ctx, model: ListModel) -> ft.Control:
    """The field; drawn again only when the cross empties it."""
    use_signal(model.cleared)
    return text_field(
        c,
        "households.search",
        c._("Search for a household"),
        model.query,
        lambda e: model.search(e.control.value or ""),
        hint=c._("Name, address or code"),
        icon=Icons.SEARCH_ROUNDED,
    )


@part
def Found(c: Ctx, model: ListModel) -> ft.Control:
    """Filters and the lines that fit the words."""
    use_signal(model.changed)
    use_signal(model.desk.data)
    found = model.found()
    rows = [one for one in found if FILTERS[model.filter][1](one)]
    side = max(c.gutter, (c.width - PAGE_W - 240) / 2) if c.expanded else c.gutter
    lines: list[ft.Control] = [_chips(c, model, found), _count(c, model, rows), gap(S2)]
    if rows:
        if c.expanded:
            lines.append(_heading(c))
        lines += [_line(c, model, one, index, len(rows)) for index, one in enumerate(rows[: model.shown])]
        lines += _more(c, model, len(rows))
    else:
        lines.append(_nothing(c, model))
    lines.append(gap(S8))
    listed = ft.ListView(lines, expand=True, padding=ft.Padding.symmetric(horizontal=side), spacing=0)
    return tag("households.list", listed)


def _chips(c: Ctx, model: ListModel, found: list[HouseholdRow]) -> ft.Control:
    chips = []
    for name, (label, fits) in FILTERS.items():
        count = sum(1 for one in found if fits(one))
        if count or name in ("all", model.filter):
            press = _choosing(model, name)
            chips.append(
                chip(c, f"households.filter.{name}", c._(label), name == model.filter, press, count=count)
            )
    return ft.Row(chips, spacing=S2, scroll=ft.ScrollMode.HIDDEN)


def _choosing(model: ListModel, name: str) -> Callable[[], None]:
    return lambda: model.choose(name)


def _count(c: Ctx, model: ListModel, rows: list[HouseholdRow]) -> ft.Control:
    if not model.query.strip():
        return gap(S2)
    said = c.n_("{n} found. Accents do not matter.", "{n} found. Accents do not matter.", len(rows))
    line = row(
        grow(dim(c, said)),
        icon_button(c, "households.clear", Icons.CLOSE_ROUNDED, c._("Clear the search"), model.clear),
    )
    return tag("households.count", line, live_region=True)


def _nothing(c: Ctx, model: ListModel) -> ft.Control:
    if model.query.strip() or model.filter != "all":

        def show_all() -> None:
            model.filter = "all"
            model.clear()

        fact, following = c._("No household fits"), c._("Try part of the name, the street or the code.")
        act = button(c, "households.show_all", c._("Show all households"), show_all, kind="tonal")
        return empty(c, "households.none", Icons.SEARCH_OFF_ROUNDED, fact, following, act)
    return empty(
        c,
        "households.none",
        Icons.HOME_OUTLINED,
        c._("No households on this tablet yet"),
        c._("They come with the next sync, or with the first form that registers one."),
    )


def _more(c: Ctx, model: ListModel, total: int) -> list[ft.Control]:
    left = total - model.shown
    if left <= 0:
        return []
    label = c.n_("Show {n} more", "Show {n} more", min(left, PORTION))
    return [gap(S3), row(button(c, "households.more", label, model.more, kind="outlined", expand=True))]


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


def _line(c: Ctx, model: ListModel, one: HouseholdRow, index: int, total: int) -> ft.Control:
    inner = _table_line(c, one) if c.expanded else _narrow_line(c, one)
    body = ft.Container(
        inner,
        padding=ft.Padding.symmetric(horizontal=S5 if c.expanded else S4, vertical=S3),
        ink=True,
        on_click=c.on(lambda: model.desk.nav.go("household", household=one.id)),
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


def _heading(c: Ctx) -> ft.Control:
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
