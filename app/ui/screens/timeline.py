"""What happened, newest first, as marks on a line."""

from collections.abc import Callable, Sequence

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.ids import tag
from app.ui.pieces import card, col, dim, review_pill, row, text, tile, wrap
from app.ui.pieces.layout import CROSS
from app.ui.theme import LINE, R_FIELD, S2, S4, S5
from app.usecases.views import TimelineItem


def timeline(
    c: Ctx, items: Sequence[TimelineItem], on_open: Callable[[str], None] | None = None
) -> ft.Control:
    """One card. `on_open(record)` where this role may open a record."""
    last = len(items) - 1
    rows = [_item(c, one, index == last, on_open) for index, one in enumerate(items)]
    return card(
        col(*rows, spacing=0, stretch=True),
        padding=ft.Padding.symmetric(horizontal=S4 if c.compact else S5, vertical=S4),
    )


def _item(c: Ctx, one: TimelineItem, last: bool, on_open: Callable[[str], None] | None) -> ft.Control:
    rail = col(
        tile(ft.Icons.ARTICLE_OUTLINED, "accent" if one.own else "neutral", 36, 18),
        *([] if last else [ft.Container(width=2, bgcolor=LINE, expand=True)]),
        spacing=4,
        horizontal_alignment=CROSS.CENTER,
        tight=False,
    )
    about = " · ".join(piece for piece in (moment(c, one.at), one.by) if piece)
    words = col(
        text(c, one.form_title, "strong"),
        dim(c, about),
        wrap(review_pill(c, one.state)),
        *([dim(c, c._("Both are kept; a supervisor will merge them."))] if one.state == "inConflict" else []),
        spacing=S2 / 2,
        stretch=True,
    )
    held = ft.Container(words, padding=ft.Padding(top=6, bottom=S2 if last else S5), expand=True)
    line = row(rail, held, spacing=S4, align=CROSS.STRETCH, intrinsic_height=True)
    if on_open is None:
        return tag(f"timeline.{one.record}", line)
    body = ft.Container(line, border_radius=R_FIELD, ink=True, on_click=c.on(lambda: on_open(one.record)))
    return tag(f"timeline.{one.record}", body, button=True)
