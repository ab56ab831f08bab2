"""Grounds that hold things: cards, lists as one card with hairlines, sections, banners."""

from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.pieces.buttons import Handler
from app.ui.pieces.layout import CROSS, col, grow, hairline, row, spacer
from app.ui.pieces.marks import icon as mark
from app.ui.pieces.text import dim, text
from app.ui.theme import CARD, LINE, R_CARD, S2, S3, S4, S5, TONES


def card(
    content: ft.Control, padding: Any = S5, ground: str = CARD, border: str | None = LINE, **more: Any
) -> ft.Container:
    """A white card with a hairline; nothing casts a shadow."""
    return ft.Container(
        content,
        padding=padding,
        bgcolor=ground,
        border_radius=R_CARD,
        border=ft.Border.all(1, border) if border else None,
        **more,
    )


def group(*rows: ft.Control, inset: float = S5) -> ft.Container:
    """A list as one card with hairlines between its rows. For long lists use a ListView of rows."""
    lines: list[ft.Control] = []
    for index, one in enumerate(rows):
        if index:
            lines.append(ft.Container(hairline(), padding=ft.Padding.symmetric(horizontal=inset)))
        lines.append(one)
    return ft.Container(
        col(*lines, spacing=0, stretch=True),
        bgcolor=CARD,
        border_radius=R_CARD,
        border=ft.Border.all(1, LINE),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def list_row(
    c: Ctx,
    identifier: str,
    title: str,
    subtitle: str = "",
    *trailing: ft.Control,
    lead: ft.Control | None = None,
    below: ft.Control | None = None,
    on_click: Handler | None = None,
    spoken: str | None = None,
) -> ft.Semantics:
    """One line of a list; the whole row can be pressed. On a narrow screen the trailing marks go below.

    `spoken` is what a screen reader says, where the words in the row are not enough.
    """
    words = col(text(c, title, "strong"), *([dim(c, subtitle)] if subtitle else []), spacing=2)
    marks = list(trailing)
    if c.compact and marks:
        words.controls.append(ft.Container(row(*marks, wrap=True, run_spacing=S2), padding=c.pad(top=S2)))
        marks = []
    if below is not None:
        words.controls.append(below)
    chevron = [mark(ft.Icons.CHEVRON_RIGHT_ROUNDED, size=24)] if on_click and not c.expanded else []
    line = row(*([lead] if lead else []), grow(words), *marks, *chevron, spacing=S3 if c.compact else S4)
    body = ft.Container(
        line,
        padding=ft.Padding.symmetric(
            horizontal=S4 if c.compact else S5, vertical=S4 if c.compact else S3 + 2
        ),
        ink=on_click is not None,
        on_click=c.on(on_click) if on_click else None,
    )
    return tag(identifier, body, spoken, button=True if on_click else None)


def section(
    c: Ctx, title: str, *children: ft.Control, count: int | None = None, trailing: ft.Control | None = None
) -> ft.Column:
    """A heading with its count, and what stands below it."""
    heading = ft.Semantics(content=text(c, title, "subtitle"), heading_level=2)
    counted = [dim(c, str(count), "answer")] if count is not None else []
    head = row(heading, *counted, spacer(), *([trailing] if trailing else []))
    return col(
        ft.Container(head, padding=ft.Padding.symmetric(vertical=4)), *children, spacing=S3, stretch=True
    )


def banner(
    c: Ctx,
    identifier: str,
    icon: ft.IconData,
    title: str,
    body: str = "",
    tone: str = "accent",
    *,
    action: ft.Control | None = None,
    below: ft.Control | None = None,
) -> ft.Semantics:
    """A tinted strip across the page: one fact, one action. Announced by screen readers when it appears."""
    ground, front, _ = TONES[tone]
    words = col(
        text(c, title, "strong", front),
        *([text(c, body, "body", front)] if body else []),
        *([below] if below else []),
        spacing=2,
        stretch=True,
    )
    side = action is not None and not c.compact
    line: ft.Control = row(
        mark(icon, front, 24),
        grow(words),
        *([action] if side and action else []),
        spacing=S4,
        align=CROSS.CENTER if side else CROSS.START,
    )
    if action is not None and not side:
        line = col(line, row(grow(action)), spacing=S3, stretch=True)
    box = ft.Container(
        line, bgcolor=ground, border_radius=R_CARD, padding=ft.Padding.symmetric(horizontal=S5, vertical=S4)
    )
    return tag(identifier, box, live_region=True, container=True)
