"""Today: what was sent back, what is late, what is due, what is unfinished, and what has not been received
yet.

Most urgent first; every row says what pressing it does. On a wide screen the side holds what is on this
tablet.
"""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import long_day, moment
from app.ui.desk import Desk
from app.ui.guard import part
from app.ui.pieces import (
    button,
    card,
    col,
    dim,
    due_pill,
    empty,
    group,
    grow,
    icon_button,
    list_row,
    page_head,
    pill,
    progress_bar,
    row,
    scroller,
    section,
    synthetic_pill,
    text,
    tile,
    wrap,
)
from app.ui.pieces.layout import CROSS
from app.ui.signals import use_signal
from app.ui.sync_card import sync_card
from app.ui.theme import S2, S3, S4, S5, S6
from app.usecases.views import DraftRow, DueVisit, SentBackRow, Today

Icons = ft.Icons
SIDE = 328


@part
def screen(c: Ctx) -> ft.Control:
    """The fieldworker's first screen."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.data)
    today: Today = desk.cases.today(desk.worker, c.language)
    main = _main(c, desk, today)
    side = [sync_card(c, "today", wide=not c.expanded), *_drafts(c, desk, today)]
    head = _head(c, desk, today)
    if c.expanded:
        columns = row(
            grow(col(*main, spacing=S6, stretch=True)),
            ft.Container(col(*side, spacing=S6, stretch=True), width=SIDE),
            spacing=S6,
            align=CROSS.START,
        )
        return scroller(c, head, columns, key="today")
    # On a phone what is only on this tablet comes first: it is the one thing that can still be lost with it.
    return scroller(c, head, side[0], *main, *side[1:], key="today")


def _head(c: Ctx, desk: Desk, today: Today) -> ft.Control:
    marks: list[ft.Control] = [synthetic_pill(c)] if today.synthetic else []
    if c.compact:
        marks.append(icon_button(c, "nav.lock", Icons.LOCK_OUTLINE_ROUNDED, c._("Lock"), desk.lock))
        return col(page_head(c, c._("Today"), long_day(c, today.today), marks[-1]), *marks[:-1])
    return page_head(c, c._("Today"), long_day(c, today.today), *marks)


def _main(c: Ctx, desk: Desk, today: Today) -> list[ft.Control]:
    late = [visit for visit in today.visits if visit.state == "overdue"]
    due = [visit for visit in today.visits if visit.state == "due"]
    coming = [visit for visit in today.visits if visit.state == "upcoming"]
    parts: list[ft.Control] = []
    if today.sent_back:
        cards = [_sent_back(c, desk, one) for one in today.sent_back]
        parts.append(section(c, c._("Sent back to you"), *cards, count=len(cards)))
    if not late and not due:
        parts.append(_nothing_due(c, desk, coming))
    for title, visits in ((c._("Late"), late), (c._("Due now"), due), (c._("Coming up"), coming)):
        if visits:
            rows = [_visit(c, desk, visit) for visit in visits]
            parts.append(section(c, title, group(*rows), count=len(visits)))
    return parts


def _nothing_due(c: Ctx, desk: Desk, coming: list[DueVisit]) -> ft.Control:
    if coming:
        following = c._("The next one is {household}.", household=coming[0].household_label)
    else:
        following = c._("When a household needs a visit, it is shown here.")
    choose = button(
        c, "today.choose", c._("Choose a household"), lambda: desk.nav.switch("households"), kind="tonal"
    )
    words = following + " " + c._("You can also start a visit that was not planned.")
    return empty(c, "today.nothing", Icons.WB_SUNNY_OUTLINED, c._("No visits due"), words, choose)


def _sent_back(c: Ctx, desk: Desk, one: SentBackRow) -> ft.Control:
    by = one.comments[0].by if one.comments else ""
    when = moment(c, one.at)
    about = (
        c._("{form} · {person}, {when}", form=one.form_title, person=by, when=when)
        if by
        else f"{one.form_title} · {when}"
    )
    head = row(
        tile(Icons.REPLY_ROUNDED, "clay"),
        grow(col(text(c, one.household_label, "strong"), dim(c, about), spacing=2)),
        spacing=S3 if c.compact else S4,
    )

    async def go() -> None:
        await (desk.resume(one.draft) if one.draft else desk.correct(one.record))

    if one.draft:
        label = c._("Go on correcting")
    else:
        label = (
            c.n_("Answer {n} question", "Answer {n} questions", len(one.comments))
            if one.comments
            else c._("Correct it")
        )
    act = button(c, f"today.correct.{one.record}", label, go, small=True, expand=c.compact or None)
    quotes = [_quote(c, comment.question, comment.text) for comment in one.comments]
    return card(col(head, *quotes, row(act), spacing=S3, stretch=True), padding=S4 if c.compact else S5)


def _quote(c: Ctx, question: str, words: str) -> ft.Control:
    """What the supervisor wrote, with the question it is about."""
    said = col(
        *([dim(c, question)] if question else []),
        text(c, c._("“{words}”", words=words), "answer"),
        spacing=2,
        stretch=True,
    )
    return ft.Container(said, border=c.edge(3, ft.Colors.TERTIARY), padding=c.pad(start=S4))


def _visit(c: Ctx, desk: Desk, visit: DueVisit) -> ft.Control:
    marks: list[ft.Control] = [due_pill(c, visit)]
    if c.expanded:
        label = c._("Open")
        marks.append(
            button(
                c,
                f"today.open.{visit.household}.{visit.visit_kind}",
                label,
                _open(desk, visit),
                kind="text",
                small=True,
            )
        )
    where = " · ".join(piece for piece in (visit.code, visit.area, visit.flat) if piece)
    return list_row(
        c,
        f"today.visit.{visit.household}.{visit.visit_kind}",
        visit.household_label,
        where,
        *marks,
        lead=tile(Icons.HOME_ROUNDED),
        on_click=_open(desk, visit),
    )


def _open(desk: Desk, visit: DueVisit) -> Callable[[], Any]:
    return lambda: desk.nav.go("household", household=visit.household)


def _drafts(c: Ctx, desk: Desk, today: Today) -> list[ft.Control]:
    if not today.drafts:
        return []
    rows = [draft_row(c, desk, one) for one in today.drafts]
    return [section(c, c._("Drafts"), group(*rows), count=len(rows))]


def draft_row(c: Ctx, desk: Desk, one: DraftRow) -> ft.Control:
    """An unfinished form: how far it is, when it was saved, what it still asks for."""
    share = one.answered / one.total if one.total else 0.0
    said = [
        dim(
            c,
            c._(
                "{n} of {m} answered · saved {when}",
                n=one.answered,
                m=one.total,
                when=moment(c, one.saved_at),
            ),
        )
    ]
    marks: list[ft.Control] = []
    if one.correction_of:
        marks.append(pill(c, c._("Correction"), "clay", Icons.REPLY_ROUNDED))
    if one.problems:
        marks.append(
            pill(
                c,
                c.n_("{n} thing to do", "{n} things to do", one.problems),
                "warn",
                Icons.RADIO_BUTTON_UNCHECKED_ROUNDED,
            )
        )
    below = col(progress_bar(share), *said, *([wrap(*marks)] if marks else []), spacing=S2, stretch=True)
    return list_row(
        c,
        f"today.draft.{one.draft}",
        one.household_label or one.form_title,
        one.form_title if one.household_label else "",
        below=ft.Container(below, padding=ft.Padding(top=S2)),
        on_click=lambda: desk.resume(one.draft),
    )
