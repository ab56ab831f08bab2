"""How far something is: bars, a ring, and the four steps of a record on its way."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.pieces.layout import col, grow, row
from app.ui.pieces.text import text
from app.ui.theme import ACCENT, INK, INK2, TONES, TRACK


def progress_bar(value: float | None, height: float = 6, color: str = ACCENT) -> ft.Control:
    """`value` 0.0 to 1.0, None while the length is unknown. Say the same in words beside it: it is silent."""
    bar = ft.ProgressBar(
        value=value,
        bar_height=height,
        border_radius=height / 2,
        bgcolor=TRACK,
        color=color,
        track_gap=0,
        stop_indicator_radius=0,
        stop_indicator_color=ft.Colors.TRANSPARENT,
    )
    return ft.Semantics(content=bar, exclude_semantics=True)


def spinner(size: float = 20, color: str = ACCENT) -> ft.Control:
    return ft.Semantics(
        content=ft.ProgressRing(width=size, height=size, stroke_width=2.5, color=color),
        exclude_semantics=True,
    )


def journey(c: Ctx, reached: int, tone: str, part: float | None = None) -> ft.Control:
    """Finished, sent, received, reviewed under four segments; `part` fills the segment that is under way."""
    steps = [
        c._("Finished"),
        c._("Sending") if part is not None else c._("Sent (step)"),
        c._("Received"),
        c._("Reviewed"),
    ]
    solid = TONES[tone].solid
    cells = []
    for index, words in enumerate(steps):
        current = index == reached - 1
        if current and part is not None:
            bar = progress_bar(part, color=solid)
        else:
            bar = ft.Container(height=6, border_radius=3, bgcolor=solid if index < reached else TRACK)
        color = solid if current else INK if index < reached else INK2
        cells.append(grow(col(bar, text(c, words, "over", color, one_line=True), spacing=5, stretch=True)))
    return row(*cells, spacing=4)
