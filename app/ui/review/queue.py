"""The review queue: what came in and wants a decision, oldest first; in reach of the keyboard."""

import asyncio
from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import (
    button,
    chip,
    col,
    dim,
    empty,
    gap,
    icon_button,
    page_head,
    row,
    synthetic_pill,
    text,
    text_field,
)
from app.ui.review.models import FILTERS, OPEN, PORTION, QueueModel, queue_of
from app.ui.review.queue_row import columns, line
from app.ui.signals import use_signal
from app.ui.sync_card import sync_card
from app.ui.theme import ACCENT, CARD, LINE, R_SMALL, S1, S2, S3, S4, S6, S8, TABLE_W
from app.usecases.views import ReviewRow

Icons = ft.Icons
DRAWN_S = 0.03
ROW_H, SEEN = 73, 240  # about: where to scroll so that the marked line stays in sight


@part
def screen(c: Ctx) -> ft.Control:
    """The supervisor's first screen."""
    desk = c.desk
    assert desk is not None
    model = queue_of(desk)
    ft.use_ref(model.mounted)
    ends: list[Callable[[], None]] = ft.use_ref(lambda: []).current

    def begin() -> None:
        ends[:] = [desk.data.subscribe(lambda: model.changed.emit())]

    use_effect(begin, [], lambda: [end() for end in ends] and None)
    listed: ft.Ref[ft.ListView] = ft.use_ref(lambda: ft.Ref()).current
    head = ft.Container(
        col(Head(c, model), Search(c, model), spacing=S4, stretch=True),
        padding=ft.Padding(left=0, right=0, top=S6 if c.compact else S8, bottom=S3),
    )
    column = ft.Column([_placed(c, head), Found(c, model, listed)], spacing=0, expand=True)
    keys = ft.KeyboardListener(
        column,
        autofocus=True,
        expand=True,
        on_key_down=c.on(lambda e: _key(c, model, listed, e.key)),
        on_key_repeat=c.on(lambda e: _key(c, model, listed, e.key)),
    )
    return keys


def _placed(c: Ctx, content: ft.Control) -> ft.Control:
    """In the middle of a very wide window, else with the gutter at both sides."""
    return ft.Container(content, padding=ft.Padding.symmetric(horizontal=_side(c)))


def _side(c: Ctx) -> float:
    return max(c.gutter, (c.width - TABLE_W - 240) / 2) if c.expanded else c.gutter


async def _key(c: Ctx, model: QueueModel, listed: ft.Ref[ft.ListView], key: str) -> None:
    """Arrows, J and K move the mark, Enter opens. Letters belong to the search while somebody types there."""
    steps = {"Arrow Down": 1, "Arrow Up": -1}
    if not model.searching:
        steps |= {"J": 1, "K": -1, "j": 1, "k": -1}
    one = model.marked()
    if key in ("Enter", "Numpad Enter") and one is not None:
        model.desk.nav.go("submission", record=one.record)
    elif key in steps:
        model.step(steps[key])
        await _into_sight(c, model, listed)


async def _into_sight(c: Ctx, model: QueueModel, listed: ft.Ref[ft.ListView]) -> None:
    """Scroll to the mark, once the list has been drawn with it; a list that is gone is left alone."""
    at = model.at
    await asyncio.sleep(DRAWN_S)
    shown = listed.current
    if shown is None or at is None or at != model.at:
        return
    try:
        shown.page  # noqa: B018 - raises where this list has just been replaced; the next key finds the new one
    except RuntimeError:
        return
    await shown.scroll_to(offset=max(0.0, at * ROW_H * c.scale - SEEN), duration=0)


@part
def Head(c: Ctx, model: QueueModel) -> ft.Control:
    desk = model.desk
    use_signal(model.changed)
    rows: list[ReviewRow] = desk.cases.queue(desk.worker, None, "", desk.settings.language)
    waiting = sum(1 for one in rows if one.state in OPEN)
    said = c.n_("{n} record wants a decision", "{n} records want a decision", waiting)
    if not waiting:
        said = c._("Records are opened on this computer only")
    pills = [synthetic_pill(c)] if any(one.synthetic for one in rows) and not c.compact else []
    return page_head(c, c._("Review"), said, *pills, SyncButton(c))


@part
def SyncButton(c: Ctx) -> ft.Control:
    """Fetch what is new, and send what was decided; how far it is stands in the sidebar."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.sync.changed)
    start, busy = desk.sync.start, desk.sync.running
    label = c._("Syncing") if busy else c._("Sync now")
    name = "review.sync.running" if busy else "review.sync"
    if c.compact:
        return icon_button(c, name, Icons.SYNC_ROUNDED, label, start, color=ACCENT, disabled=busy)
    return button(c, name, label, start, kind="outlined", icon=Icons.SYNC_ROUNDED, small=True, disabled=busy)


@part
def Syncing(c: Ctx) -> ft.Control:
    """Without a sidebar: how far it is, and what went wrong."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.sync.changed)
    outcome = desk.sync.outcome
    if not desk.sync.running and (outcome is None or outcome.problem is None):
        return gap(0)
    return col(sync_card(c, "review.state", wide=True), gap(S3), spacing=0, stretch=True)


@part
def Search(c: Ctx, model: QueueModel) -> ft.Control:
    """The field; it tells whether it has the keys."""

    def entered(inside: bool) -> Callable[[], None]:
        def tell() -> None:
            model.searching = inside

        return tell

    return text_field(
        c,
        "review.search",
        c._("Search the records"),
        model.query,
        lambda e: model.search(e.control.value or ""),
        hint=c._("Household, form or person"),
        icon=Icons.SEARCH_ROUNDED,
        on_focus=entered(True),
        on_blur=entered(False),
    )


@part
def Found(c: Ctx, model: QueueModel, listed: ft.Ref[ft.ListView]) -> ft.Control:
    """Filters with their counts, and the lines."""
    use_signal(model.changed)
    found = model.found()
    rows = [one for one in found if one.state in FILTERS[model.filter][1]]
    lines: list[ft.Control] = [] if c.expanded else [Syncing(c)]
    if rows:
        lines += [columns(c)] if c.expanded else []
        shown = rows[: model.shown]
        lines += [line(c, model, one, n, len(rows)) for n, one in enumerate(shown)]
    else:
        lines.append(_nothing(c, model))
    if len(rows) > model.shown:
        label = c.n_("Show {n} more", "Show {n} more", min(len(rows) - model.shown, PORTION))
        lines += [gap(S3), row(button(c, "review.more", label, model.more, kind="outlined", expand=True))]
    lines.append(gap(S8))
    table = ft.ListView(
        lines,
        ref=listed,
        expand=True,
        padding=ft.Padding.symmetric(horizontal=_side(c)),
        spacing=0,
    )
    foot = [_keys(c, len(rows))] if c.expanded and rows else []
    body = ft.Column([_placed(c, _chips(c, model, found)), gap(S3), table, *foot], spacing=0, expand=True)
    return tag("review.list", body)


def _chips(c: Ctx, model: QueueModel, found: list[ReviewRow]) -> ft.Control:
    chips = []
    for name, (label, states) in FILTERS.items():
        count = sum(1 for one in found if one.state in states)
        if count or name in ("open", "back", "done", "all", model.filter):
            press = _choosing(model, name)
            chips.append(
                chip(c, f"review.filter.{name}", c._(label), name == model.filter, press, count=count)
            )
    return ft.Row(chips, spacing=S2, scroll=ft.ScrollMode.HIDDEN)


def _choosing(model: QueueModel, name: str) -> Callable[[], None]:
    return lambda: model.choose(name)


def _nothing(c: Ctx, model: QueueModel) -> ft.Control:
    if model.query:
        fact, following = c._("No record fits"), c._("Try part of a household's or a person's name.")
        return empty(c, "review.none", Icons.SEARCH_OFF_ROUNDED, fact, following)
    if model.filter == "open":
        fact, following = c._("Nothing to review"), c._("New records come with the next sync.")
        sync = model.desk.sync.start
        act = button(c, "review.none.sync", c._("Sync now"), sync, kind="tonal", icon=Icons.SYNC_ROUNDED)
        return empty(c, "review.none", Icons.DONE_ALL_ROUNDED, fact, following, act)
    fact, following = c._("No records here"), c._("Choose another filter above.")
    return empty(c, "review.none", Icons.INBOX_OUTLINED, fact, following)


def _keys(c: Ctx, count: int) -> ft.Control:
    """What the keyboard does, for those who have one."""
    hints = [("J K", c._("move")), ("Enter", c._("open"))]
    shown = [row(_cap(c, key), dim(c, said), spacing=S2, tight=True) for key, said in hints]
    line_ = row(
        dim(c, c.n_("{n} record", "{n} records", count)), ft.Container(expand=True), *shown, spacing=S4
    )
    return ft.Semantics(
        content=ft.Container(line_, padding=ft.Padding(left=_side(c), right=_side(c), top=S2, bottom=S3)),
        exclude_semantics=True,
    )


def _cap(c: Ctx, key: str) -> ft.Control:
    return ft.Container(
        text(c, key, "over"),
        bgcolor=CARD,
        border=ft.Border.all(1, LINE),
        border_radius=R_SMALL,
        padding=ft.Padding.symmetric(horizontal=S2, vertical=S1),
    )
