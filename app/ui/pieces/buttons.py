"""Things to press: buttons, icon buttons, chips. One filled button per view; row actions are text."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.material import button_style
from app.ui.pieces.layout import MAIN, row
from app.ui.pieces.marks import icon as mark
from app.ui.pieces.text import text
from app.ui.theme import ACCENT, BUTTON, CARD, INK, INK2, LINE, R_PILL, S2, S3, S4, TONES, TOUCH
from app.ui.typography import style

Handler = Callable[..., Any]
_CLASSES: dict[str, type[ft.Button]] = {
    "text": ft.TextButton,
    "link": ft.TextButton,
    "outlined": ft.OutlinedButton,
    "danger": ft.OutlinedButton,
}


def button(
    c: Ctx,
    identifier: str,
    label: str,
    on_click: Handler | None = None,
    *,
    kind: str = "filled",
    icon: ft.IconData | None = None,
    end_icon: ft.IconData | None = None,
    disabled: bool = False,
    expand: bool | None = None,
    small: bool = False,
    autofocus: bool = False,
) -> ft.Semantics:
    """A button with a verb. `kind`: filled, tonal, outlined, danger, text, link. `small`: 48 dp high, else
    52.
    """
    words = ft.Text(
        label, style=style("label", c.scale), expand=True, expand_loose=True, text_align=ft.TextAlign.CENTER
    )
    inner: list[ft.Control] = [words]
    if icon is not None:
        inner.insert(0, mark(icon, None, 20))
    if end_icon is not None:
        inner.append(mark(end_icon, None, 20))
    control = _CLASSES.get(kind, ft.FilledButton)(
        content=ft.Row(inner, spacing=S2, tight=True, alignment=MAIN.CENTER),
        style=button_style(kind, c.scale, TOUCH if small else BUTTON),
        disabled=disabled,
        expand=expand,
        autofocus=autofocus,
        on_click=c.on(on_click) if on_click else None,
    )
    if kind in ("filled", "tonal"):
        control.elevation = 0  # a filled button paints a shadow even where its style says none
    return tag(identifier, control)


def icon_button(
    c: Ctx,
    identifier: str,
    icon: ft.IconData,
    label: str,
    on_click: Handler | None = None,
    *,
    color: str = INK2,
    disabled: bool = False,
) -> ft.Semantics:
    """A 48 dp icon button; `label` is its tooltip and what a screen reader says."""
    control = ft.IconButton(
        icon=icon,
        icon_color=color,
        icon_size=24,
        tooltip=label,
        width=TOUCH,
        height=TOUCH,
        disabled=disabled,
        on_click=c.on(on_click) if on_click else None,
    )
    return tag(identifier, control, label)


def chip(
    c: Ctx,
    identifier: str,
    label: str,
    chosen: bool,
    on_click: Handler | None = None,
    *,
    icon: ft.IconData | None = None,
    count: int | None = None,
) -> ft.Semantics:
    """A filter or a choice among few: tinted with a tick when chosen."""
    front = TONES["accent"].on_ground if chosen else INK
    inner: list[ft.Control] = []
    if chosen:
        inner.append(mark(ft.Icons.CHECK_ROUNDED, front, 18))
    elif icon is not None:
        inner.append(mark(icon, INK2, 18))
    inner.append(text(c, label, "label", front, no_wrap=True))
    if count is not None:
        inner.append(text(c, str(count), "label", front if chosen else INK2))
    body = ft.Container(
        row(*inner, spacing=6, tight=True),
        padding=ft.Padding.symmetric(horizontal=S4, vertical=S3 + 1),
        border_radius=R_PILL,
        bgcolor=TONES["accent"].ground if chosen else CARD,
        border=ft.Border.all(1, ACCENT if chosen else LINE),
        ink=True,
        on_click=c.on(on_click) if on_click else None,
    )
    spoken = label if count is None else f"{label}, {count}"
    return tag(identifier, body, spoken, button=True, selected=chosen)
