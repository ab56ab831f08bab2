"""What was just said, above the screen: a problem until it is put away, a remark for a few seconds."""

import asyncio

import flet as ft

from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import icon_button, problem_banner, row, text
from app.ui.pieces.layout import grow
from app.ui.pieces.marks import icon as mark
from app.ui.signals import use_signal
from app.ui.theme import R_FIELD, S2, S3, S4, TONES

REMARK_S = 6


@part
def noticeboard(c: Ctx) -> ft.Control:
    """Empty and without height while there is nothing to say."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.noticed)
    said = desk.saying

    async def fade() -> None:
        await asyncio.sleep(REMARK_S)
        if said and desk.saying == said:
            desk.hush()

    use_effect(fade, [said])
    around = ft.Padding.symmetric(horizontal=c.gutter, vertical=S2)
    if desk.problem is not None:
        return ft.Container(problem_banner(c, "notice", desk.problem, desk.hush), padding=around)
    if said:
        ground, front, _ = TONES["good"]
        line = row(
            mark(ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED, front, 22),
            grow(text(c, said, "body", front)),
            icon_button(c, "notice.dismiss", ft.Icons.CLOSE_ROUNDED, c._("Put away"), desk.hush, color=front),
            spacing=S3,
        )
        box = ft.Container(line, bgcolor=ground, border_radius=R_FIELD, padding=c.pad(S4, 2, S2, 2))
        return ft.Container(tag("notice", box, live_region=True, container=True), padding=around)
    return ft.Container(height=0)
