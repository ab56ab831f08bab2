"""The review queue: what came in and wants a decision, oldest first."""

from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import (
    avatar,
    button,
    chip,
    col,
    dim,
    empty,
    gap,
    grow,
    icon,
    page_head,
    review_pill,
    row,
    synthetic_pill,
    text,
    text_field,
)
from app.ui.review.models import FILTERS, QueueModel
from app.ui.signals import use_signal
from app.ui.sync_card import sync_card
from app.ui.theme import CARD, INK2, LINE, PAGE_W, R_CARD, S1, S2, S3, S4, S5, S6, S8
from app.usecases.views import ReviewRow

Icons = ft.Icons
SIDE = 328


@part
def screen(c: Ctx) -> ft.Control:
    """The supervisor's first screen."""
    desk = c.desk
    assert desk is not None
    model = ft.use_ref(lambda: QueueModel(desk)).current
    width = min(PAGE_W, c.width)
    around = ft.Padding(left=c.gutter, right=c.gutter, top=S6 if c.compact else S8, bottom=S3)
    search = text_field(
        c,
        "review.search",
        c._("Search the records"),
        model.query,
        lambda e: model.search(e.control.value or ""),
        hint=c._("Household, form or person"),
        icon=Icons.SEARCH_ROUNDED,
    )
    top: ft.Control = ft.Container(col(Head(c, model), search, spacing=S4, stretch=True), padding=around)
    if c.width > width + 300:
        top = ft.Row([ft.Container(top, width=width)], alignment=ft.MainAxisAlignment.CENTER)
    return ft.Column([top, Found(c, model)], spacing=0, expand=True)


@part
def Head(c: Ctx, model: QueueModel) -> ft.Control:
    use_signal(model.desk.data)
    rows = model.found() if not model.query else []
    waiting = sum(1 for one in rows if one.state in FILTERS["open"][1])
    said = c.n_("{n} record wants a decision", "{n} records want a decision", waiting)
    marks: list[ft.Control] = (
        [synthetic_pill(c)] if any(one.synthetic for one in rows) and not c.compact else []
    )
    return page_head(c, c._("Review"), said, *marks)


@part
def Found(c: Ctx, model: QueueModel) -> ft.Control:
    """Filters with their counts, and the lines."""
    use_signal(model.changed)
    use_signal(model.desk.data)
    found = model.found()
    rows = [one for one in found if one.state in FILTERS[model.filter][1]]
    lines: list[ft.Control] = [_chips(c, model, found), gap(S3)]
    lines += [_line(c, model, one, n, len(rows)) for n, one in enumerate(rows[: model.shown])]
    if not rows:
        lines.append(_nothing(c, model))
    if len(rows) > model.shown:
        label = c.n_("Show {n} more", "Show {n} more", min(len(rows) - model.shown, 60))
        lines += [gap(S3), row(button(c, "review.more", label, model.more, kind="outlined", expand=True))]
    lines += [gap(S6), *([] if c.expanded else [sync_card(c, "review")]), gap(S8)]
    return _placed(c, lines)


def _placed(c: Ctx, lines: list[ft.Control]) -> ft.Control:
    """One column; on a wide screen the state of sending and receiving stands beside it."""
    side = max(c.gutter, (c.width - PAGE_W - 240) / 2) if c.expanded else c.gutter
    listed = ft.ListView(lines, expand=True, padding=0, spacing=0)
    if not c.expanded:
        listed.padding = ft.Padding.symmetric(horizontal=side)
        return tag("review.list", listed)
    beside = ft.Container(sync_card(c, "review"), width=SIDE)
    columns = row(grow(listed), beside, spacing=S6, align=ft.CrossAxisAlignment.START)
    columns.expand = True
    return tag(
        "review.list", ft.Container(columns, padding=ft.Padding.symmetric(horizontal=side), expand=True)
    )


def _chips(c: Ctx, model: QueueModel, found: list[ReviewRow]) -> ft.Control:
    chips = []
    for name, (label, states) in FILTERS.items():
        count = sum(1 for one in found if one.state in states)
        press = _choosing(model, name)
        chips.append(chip(c, f"review.filter.{name}", c._(label), name == model.filter, press, count=count))
    return ft.Row(chips, spacing=S2, scroll=ft.ScrollMode.HIDDEN)


def _choosing(model: QueueModel, name: str) -> Callable[[], None]:
    return lambda: model.choose(name)


def _nothing(c: Ctx, model: QueueModel) -> ft.Control:
    if model.query:
        fact, following = c._("No record fits"), c._("Try part of a household's or a person's name.")
        return empty(c, "review.none", Icons.SEARCH_OFF_ROUNDED, fact, following)
    if model.filter == "open":
        fact = c._("Nothing to review")
        following = c._("Everything that came in has been decided. New records come with the next sync.")
        return empty(c, "review.none", Icons.DONE_ALL_ROUNDED, fact, following)
    return empty(
        c, "review.none", Icons.INBOX_OUTLINED, c._("No records here"), c._("Choose another filter above.")
    )


def _line(c: Ctx, model: QueueModel, one: ReviewRow, index: int, total: int) -> ft.Control:
    title = one.household_label or one.form_title
    words = col(
        row(grow(text(c, title, "strong")), *([] if c.compact else [_marks(c, one)]), spacing=S3),
        dim(
            c,
            c._(
                "{form} · {person} · {when}",
                form=one.form_title,
                person=one.by,
                when=moment(c, one.finished_at),
            ),
        ),
        *([row(_marks(c, one))] if c.compact else []),
        spacing=S1,
        stretch=True,
    )
    lead = [] if c.compact else [avatar(c, one.by, "neutral", 40)]
    inner = row(*lead, grow(words), icon(Icons.CHEVRON_RIGHT_ROUNDED, INK2, 22), spacing=S4)
    body = ft.Container(
        inner,
        padding=ft.Padding.symmetric(horizontal=S4 if c.compact else S5, vertical=S3 + 2),
        ink=True,
        on_click=c.on(lambda: model.desk.nav.go("submission", record=one.record)),
    )
    return tag(f"review.row.{one.record}", _frame(body, index, total), button=True)


def _marks(c: Ctx, one: ReviewRow) -> ft.Control:
    said = []
    if one.comments:
        count = dim(c, str(one.comments), "meta_strong")
        said.append(row(icon(Icons.CHAT_BUBBLE_OUTLINE_ROUNDED, INK2, 18), count, spacing=S1, tight=True))
    return row(*said, review_pill(c, one.state), spacing=S3, tight=True)


def _frame(content: ft.Control, index: int, total: int) -> ft.Container:
    """One line of a list that looks like a single card, though only the visible lines are drawn."""
    side = ft.BorderSide(1, LINE)
    top, bottom = R_CARD if index == 0 else 0, R_CARD if index == total - 1 else 0
    return ft.Container(
        content,
        bgcolor=CARD,
        border=ft.Border(left=side, right=side, bottom=side, top=side if index == 0 else None),
        border_radius=ft.BorderRadius(top_left=top, top_right=top, bottom_left=bottom, bottom_right=bottom),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
