"""The form screen: header, outline at the side where there is room, one page at a time, and the bar below."""

from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.form.finish import finish_footer, finish_page
from app.ui.form.footer import form_footer
from app.ui.form.header import form_header, progress_line, trouble_banner
from app.ui.form.kit import is_rtl, steady
from app.ui.form.leaf import leaf
from app.ui.form.nodes import Filling
from app.ui.form.outline import side_outline
from app.ui.form.page import section_page
from app.ui.form.session import FormSession
from app.ui.form.timing import on_the_loop
from app.ui.form.topic import Topic
from app.ui.guard import part


@part
def screen(c: Ctx, filling: Filling, on_close: Any) -> ft.Control:
    """One filling on the page. `on_close(outcome)`: "kept" or "finished"."""
    held = ft.use_ref(lambda: FormSession(filling, on_the_loop))
    session = held.current
    session.window_height = c.height
    leave = ft.use_ref(lambda: Leave())
    leave.current.close = on_close
    use_effect(lambda: _hold_on(c, session), [], cleanup=session.stop)
    return form_frame(
        steady(c, filling.language), session, leave.current, session.on.place, session.on.language, c.rtl
    )


class Leave:
    """Leaving the form, the same object for every rendering."""

    close: Any = None

    def __call__(self, outcome: str) -> None:
        self.close(outcome)


@leaf
def form_frame(
    c: Ctx, session: FormSession, leave: Leave, place: Topic, language: Topic, page_rtl: bool
) -> ft.Control:
    """Everything on the screen; drawn again only for another page, another language or another layout class."""
    c = steady(c, session.filling.language)
    top = [
        form_header(c, session, session.on.language, session.back_action(leave)),
        trouble_banner(c, session, session.on.trouble),
    ]
    body = _finishing(c, session, leave) if session.place.finish else _filling_in(c, session)
    frame = ft.Column(
        [*top, *body], spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return ft.Container(frame, expand=True, bgcolor=t.PAPER, rtl=is_rtl(session.filling.language, page_rtl))


def _filling_in(c: Ctx, session: FormSession) -> list[ft.Control]:
    on = session.on
    page = section_page(c, session, on.place, on.language, key="page")
    footer = form_footer(c, session, on.place, on.counts, on.language, key="footer")
    if not c.expanded:
        return [progress_line(c, session, on.counts), ft.Container(page, expand=True), footer]
    main = ft.Column([ft.Container(page, expand=True), footer], spacing=0, expand=True)
    side = side_outline(c, session, on.counts, on.place, on.language)
    return [
        ft.Row(
            [side, ft.Container(main, expand=True)],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    ]


def _finishing(c: Ctx, session: FormSession, leave: Leave) -> list[ft.Control]:
    on = session.on
    return [
        ft.Container(finish_page(c, session, on.saved, on.language), expand=True),
        finish_footer(c, session, on.saved, leave),
    ]


def _hold_on(c: Ctx, session: FormSession) -> None:
    """The system's back gesture first goes one step out and never throws anything away; and when the app is left,
    locked or closed, what was just typed is kept first."""

    def back() -> bool:
        session.keep_all()
        return session.back_out()

    if c.desk is not None:
        c.desk.nav.hold_back(back)
        session.listen(c.desk.keep)
