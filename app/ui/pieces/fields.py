"""Text fields in the states of the look. Their value comes from a model (a re-render resets others)."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.pieces.layout import row
from app.ui.pieces.text import text
from app.ui.theme import ACCENT, CARD, EDGE, INK, INK2, LINE, R_FIELD, S4, SUNK, TONES
from app.ui.typography import style


def field_border(state: str | None = None) -> Any:
    """The border of a field. `state`: None, "bad" (wrong), "warn" (missing) or "off" (read only)."""

    def border(width: float, color: str) -> ft.OutlineInputBorder:
        return ft.OutlineInputBorder(side=ft.BorderSide(width, color), border_radius=R_FIELD)

    at = ft.ControlState
    if state == "off":
        return border(1, LINE)
    if state:
        solid = TONES[state].solid
        return {at.DEFAULT: border(2, solid), at.FOCUSED: border(2, solid)}
    return {at.DEFAULT: border(1, EDGE), at.FOCUSED: border(2, ACCENT), at.DISABLED: border(1, LINE)}


def text_field(
    c: Ctx,
    identifier: str,
    label: str,
    value: str,
    on_change: Callable[..., Any] | None = None,
    *,
    hint: str = "",
    state: str | None = None,
    icon: ft.IconData | None = None,
    suffix: str = "",
    lines: int = 1,
    password: bool = False,
    read_only: bool = False,
    disabled: bool = False,
    **more: Any,
) -> ft.Semantics:
    """A field; `label` is what a screen reader says (write the visible label above it).

    Further keywords go to ft.TextField. Handlers (`on_change`, `on_submit`, `on_blur`, …) are guarded like
    a button's.
    """
    for name in [key for key in more if key.startswith("on_") and more[key]]:
        more[name] = c.on(more[name])
    unit = ft.Container(
        row(text(c, suffix, "answer", INK2), tight=True), padding=ft.Padding.symmetric(horizontal=S4)
    )
    field = ft.TextField(
        value=value,
        on_change=c.on(on_change) if on_change else None,
        hint_text=hint or None,
        hint_style=style("answer", c.scale, INK2),
        text_style=style("answer", c.scale, INK),
        border=field_border("off" if read_only else state),
        filled=True,
        fill_color=SUNK if read_only else CARD,
        hover_color=ft.Colors.TRANSPARENT,
        multiline=lines > 1,
        min_lines=lines,
        max_lines=None if lines > 1 else 1,
        content_padding=ft.Padding.symmetric(horizontal=S4, vertical=S4),
        suffix_icon=unit if suffix else None,  # a plain suffix hides while the field is empty
        prefix_icon=ft.Icon(icon, color=INK2, size=22) if icon is not None else None,
        password=password,
        can_reveal_password=password,
        read_only=read_only,
        disabled=disabled,
        cursor_color=ACCENT,
        cursor_width=2,
        **more,
    )
    return tag(identifier, field, label)
