"""The bar at the bottom: back, the outline's button, and on to the next section."""

from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.outline import outline_sheet
from app.ui.form.repeats_nav import instance_buttons
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import button, icon, row, spacer, text

Icons = ft.Icons


@leaf
def form_footer(c: Ctx, session: FormSession, place: Topic, counts: Topic, language: Topic) -> ft.Control:
    """On a section's page: Back, the outline, Next. On a card's page: Done, and the next card. From the check: back
    to it."""
    opened, open_sheet = ft.use_state(False)
    ft.use_dialog(outline_sheet(c, session, lambda: open_sheet(False)) if opened else None)
    start: list[ft.Control] = []
    if session.mending:
        end = _to_check(c, session)
    elif session.place.inside:
        start, end = instance_buttons(c, session)
    else:
        if session.position() > 0 and not (c.compact and c.scale > 1.4):
            start.append(_back(c, session))
        if not c.expanded:
            start.append(_outline_button(c, session, lambda: open_sheet(True)))
        end = _next(c, session)
    gap = [] if c.compact else [spacer()]
    around = c.gutter if not c.expanded else t.S6
    return ft.Container(
        row(*start, *gap, end),
        padding=ft.Padding.symmetric(horizontal=around, vertical=t.S3),
        bgcolor=t.CARD,
        border=ft.Border(top=ft.BorderSide(1, t.LINE)),
    )


def _back(c: Ctx, session: FormSession) -> ft.Control:
    if not c.compact:
        return button(
            c,
            "form.previous",
            c._("Back"),
            lambda: _step(session, -1),
            kind="outlined",
            icon=Icons.ARROW_BACK_ROUNDED,
        )
    face = ft.Container(
        icon(Icons.ARROW_BACK_ROUNDED, t.INK, 22),
        width=t.BUTTON,
        height=t.BUTTON,
        alignment=ft.Alignment.CENTER,
        border=ft.Border.all(1, t.SOFT_EDGE),
        border_radius=t.R_FIELD,
        ink=True,
        on_click=c.on(lambda: _step(session, -1)),
    )
    return tag("form.previous", face, c._("Back"), button=True)


def _step(session: FormSession, by: int) -> None:
    session.step(by)


def _outline_button(c: Ctx, session: FormSession, opens: Any) -> ft.Control:
    """4/9, with a dot where something is to be corrected (red) or missing behind us (amber)."""
    where = f"{session.position() + 1}/{len(session.sections)}"
    wrong = any(one.wrong for one in session.sections)
    missing = any(one.missing and session.known(one) for one in session.sections)
    dot = []
    if wrong or missing:
        color = t.TONES["bad" if wrong else "warn"].solid
        dot = [ft.Container(width=8, height=8, border_radius=4, bgcolor=color)]
    face = ft.Container(
        row(icon(Icons.LIST_ROUNDED, t.INK, 22), text(c, where, "label"), *dot, spacing=6, tight=True),
        padding=ft.Padding.symmetric(horizontal=t.S4, vertical=15),
        border=ft.Border.all(1, t.SOFT_EDGE),
        border_radius=t.R_FIELD,
        ink=True,
        on_click=c.on(opens),
    )
    return tag("form.outline.open", face, c._("Sections, {where}", where=where), button=True)


def _next(c: Ctx, session: FormSession) -> ft.Control:
    at = session.position()
    if at + 1 < len(session.sections):
        title = plain(session.sections[at + 1].title)
        short = c.compact or c.scale > 1.3
        words = c._("Next") if short else c._("Next: {section}", section=_cut(title))
        press = lambda: _step(session, 1)  # noqa: E731 - one of two handlers
    else:
        words, press = c._("Check and finish"), lambda: _check(session)
    return button(
        c, "form.next", words, press, end_icon=Icons.ARROW_FORWARD_ROUNDED, expand=c.compact or None
    )


def _check(session: FormSession) -> None:
    session.try_finish()


def _to_check(c: Ctx, session: FormSession) -> ft.Control:
    """On a page that was opened from the check: back to it, to mend the next thing."""
    return button(
        c,
        "form.check",
        c._("Back to the check"),
        session.try_finish,
        icon=Icons.CHECKLIST_ROUNDED,
        expand=c.compact or None,
    )


def _cut(title: str, most: int = 36) -> str:
    return title if len(title) <= most else f"{title[: most - 1].rstrip()}…"
