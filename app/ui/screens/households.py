"""Households: search that answers while one types, filters with counts, one line per home.

Each line leads with what tells homes apart (name, where, how many people) and ends with when the next visit
is due; a home that needs attention says so in words. On a wide screen the lines are a table. Long lists are
drawn a part at a time, so that a thousand homes open at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.guard import part
from app.ui.i18n import N_
from app.ui.ids import tag
from app.ui.pieces import (
    button,
    chip,
    col,
    dim,
    empty,
    gap,
    grow,
    icon_button,
    page_head,
    row,
    synthetic_pill,
    text_field,
)
from app.ui.screens.household_lines import household_line, table_heading
from app.ui.screens.start_form import new_household
from app.ui.signals import Signal, use_signal
from app.ui.theme import PAGE_W, S2, S3, S4, S6, S8
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
            lines.append(table_heading(c))
        lines += [
            household_line(c, model.desk, one, index, len(rows))
            for index, one in enumerate(rows[: model.shown])
        ]
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
