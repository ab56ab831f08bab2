"""The frames of a page: its head, its bar, and the one scrolling column."""

from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.pieces.buttons import Handler, icon_button
from app.ui.pieces.layout import MAIN, col, grow, row, wrap
from app.ui.pieces.text import dim, text
from app.ui.theme import CARD, INK, LINE, PAGE_W, S2, S4, S6, S8


def page_head(c: Ctx, title: str, subtitle: str = "", *actions: ft.Control) -> ft.Control:
    """The page's name, a line about it, and what can be done here; actions go below where room is short."""
    heading = ft.Semantics(content=text(c, title, "headline" if c.compact else "display"), heading_level=1)
    words = col(heading, *([dim(c, subtitle, "body")] if subtitle else []), spacing=2)
    if actions and c.compact and len(actions) > 1:
        return col(words, wrap(*actions), spacing=S4, stretch=True)
    return row(grow(words), *actions)


def top_bar(
    c: Ctx,
    identifier: str,
    title: str,
    subtitle: str = "",
    *actions: ft.Control,
    on_back: Handler | None = None,
) -> ft.Container:
    """The bar of a page that was opened from another one."""
    back = []
    if on_back is not None:
        back.append(
            icon_button(c, f"{identifier}.back", ft.Icons.ARROW_BACK_ROUNDED, c._("Back"), on_back, color=INK)
        )
    words = col(
        text(c, title, "subtitle", one_line=True),
        *([dim(c, subtitle, one_line=True)] if subtitle else []),
        spacing=0,
    )
    return ft.Container(
        row(*back, grow(words), *actions),
        padding=ft.Padding.symmetric(horizontal=S2 if c.compact else S4, vertical=S2 + 2),
        bgcolor=CARD,
        border=ft.Border(bottom=ft.BorderSide(1, LINE)),
    )


def scroller(
    c: Ctx,
    *children: ft.Control,
    spacing: float = S6,
    width: float = PAGE_W,
    key: str = "",
    padding: Any = None,
) -> ft.Control:
    """The page's scrolling column, never wider than `width`; `key` keeps its position through re-renders."""
    around = (
        padding
        if padding is not None
        else ft.Padding.symmetric(horizontal=c.gutter, vertical=S6 if c.compact else S8)
    )
    inner: ft.Control = ft.Container(col(*children, spacing=spacing, stretch=True), padding=around)
    if c.width > width + 300:
        inner = ft.Row([ft.Container(inner, width=width)], alignment=MAIN.CENTER)
    listed = ft.ListView([inner], expand=True, padding=0, key=key or None)
    return tag(f"page.{key}", listed) if key else listed
