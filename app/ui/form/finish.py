"""Before finishing: what is missing and what cannot be right, by section, each with a way there."""

from itertools import groupby
from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.idents import place_id
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.outline import progress_of
from app.ui.form.page import heading
from app.ui.form.pages import card_of
from app.ui.form.place import inside_of
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import (
    button,
    card,
    col,
    dim,
    group,
    grow,
    icon,
    row,
    scroller,
    section,
    spacer,
    spinner,
    text,
    tile,
)
from app.usecases.views import FillProblem

Icons = ft.Icons


@leaf
def finish_page(c: Ctx, session: FormSession, saved: Topic, language: Topic) -> ft.Control:
    """The summary; read afresh whenever something was kept."""
    problems = session.filling.problems()
    parts: list[ft.Control] = [_head(c, problems)]
    for ref, found in groupby(problems, key=lambda one: one.section):
        these = list(found)
        rows = [_problem(c, session, one) for one in these]
        parts.append(section(c, plain(these[0].section_title) or ref, group(*rows), count=len(these)))
    parts.append(_answered(c, session, done=not problems))
    return tag("form.finish.page", scroller(c, *parts, width=760, key="finish"))


def _head(c: Ctx, problems: list[FillProblem]) -> ft.Control:
    n = len(problems)
    if n:
        title = c.n_("{n} thing before you finish", "{n} things before you finish", n)
        body = c._("Everything you wrote is saved. You can also keep it as a draft and come back.")
    else:
        title = c._("Nothing is missing")
        body = c._(
            "When you finish, the record is sealed for your team. It is sent when there is a connection."
        )
    named = heading(c, "form.finish.title", title)
    return col(named, dim(c, body, "answer"), spacing=t.S1, stretch=True)


def _problem(c: Ctx, session: FormSession, problem: FillProblem) -> ft.Control:
    missing = problem.condition == "required"
    tone = "warn" if missing else "bad"
    name = Icons.RADIO_BUTTON_UNCHECKED_ROUNDED if missing else Icons.ERROR_ROUNDED
    why = problem.message or (
        c._("No answer yet") if missing else c._("This cannot be right. Please check it.")
    )
    where = _whose(session, problem.ref)
    words = col(
        text(c, plain(problem.question), "strong"),
        text(c, why, "body", t.TONES[tone].solid),
        *([dim(c, where)] if where else []),
        spacing=1,
        stretch=True,
    )
    way = (
        [icon(Icons.CHEVRON_RIGHT_ROUNDED, t.INK2, 24)]
        if c.compact
        else [text(c, c._("Go there"), "label", t.ACCENT), icon(Icons.ARROW_FORWARD_ROUNDED, t.ACCENT, 20)]
    )
    body = ft.Container(
        row(tile(name, tone, 40), grow(words), *way, spacing=t.S4 if not c.compact else t.S3),
        padding=ft.Padding.symmetric(horizontal=t.S5 if not c.compact else t.S4, vertical=t.S4),
        ink=True,
        on_click=c.on(lambda: session.go_question(problem.ref, problem.section)),
    )
    return tag(place_id("problem", problem.ref), body, button=True)


def _whose(session: FormSession, ref: str) -> str:
    """The names of the cards around a question: `Andrei Exemplu`."""
    names = [plain(card_of(session.node(one)).title) for one in inside_of(ref)]
    return " · ".join(name for name in names if name)


def _answered(c: Ctx, session: FormSession, done: bool) -> ft.Control:
    answered, total = progress_of(session)
    words = c.n_("{done} of {n} question answered", "{done} of {n} questions answered", total, done=answered)
    mark = (
        icon(Icons.CHECK_CIRCLE_ROUNDED, t.TONES["good"].solid, 24)
        if done
        else icon(Icons.PENDING_OUTLINED, t.INK2, 24)
    )
    line = row(
        mark,
        grow(
            col(
                text(c, words, "strong"),
                dim(c, c._("Questions marked optional may stay empty."), "body"),
                spacing=0,
                stretch=True,
            )
        ),
        spacing=t.S4,
    )
    return card(line, padding=t.S5)


@leaf
def finish_footer(c: Ctx, session: FormSession, saved: Topic, on_close: Any) -> ft.Control:
    """Keep it as a draft, go to what is left, or finish."""
    working, work = ft.use_state(False)
    problems = session.filling.problems()

    async def finish() -> None:
        work(True)
        try:
            outcome = await session.finish()
        finally:
            work(False)
        if outcome:
            on_close("finished")

    wide = c.compact or None
    keep = button(
        c,
        "form.keep",
        c._("Keep as a draft"),
        lambda: on_close("kept"),
        kind="outlined",
        expand=wide,
        disabled=working,
    )
    if problems:
        first = problems[0]
        act = button(
            c,
            "form.first",
            c._("Go to the first"),
            lambda: session.go_question(first.ref, first.section),
            end_icon=Icons.ARROW_FORWARD_ROUNDED,
            expand=wide,
        )
    else:
        act = button(
            c, "form.finish", c._("Finish"), finish, icon=Icons.CHECK_ROUNDED, expand=wide, disabled=working
        )
    busy: list[ft.Control] = [spinner(), dim(c, c._("Sealing the record …"), "body")] if working else []
    return ft.Container(
        row(*([] if c.compact else [spacer()]), *busy, keep, act, spacing=t.S3),
        padding=ft.Padding.symmetric(horizontal=c.gutter, vertical=t.S3),
        bgcolor=t.CARD,
        border=ft.Border(top=ft.BorderSide(1, t.LINE)),
    )
