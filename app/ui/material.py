"""The Flet theme built from the tokens, and the button styles."""

import flet as ft

from app.ui import theme as t
from app.ui.typography import style, text_theme

C = ft.Colors


def rounded(radius: float) -> ft.RoundedRectangleBorder:
    return ft.RoundedRectangleBorder(radius=radius)


def button_style(kind: str, scale: float, height: float = t.BUTTON) -> ft.ButtonStyle:
    """`kind`: filled, tonal, outlined, danger, text or link. Height comes from padding: big text may grow
    it.
    """
    vertical = (height - 20) / 2
    horizontal = {"text": t.S3, "link": 0}.get(kind, t.S5)
    common: dict[str, object] = {
        "shape": rounded(t.R_FIELD),
        "padding": ft.Padding.symmetric(horizontal=horizontal, vertical=vertical),
        "text_style": style("label", scale),
        "elevation": 0,
        "icon_size": 20,
        "animation_duration": t.FAST_MS,
    }
    return ft.ButtonStyle(**common, **_colours(kind))


def _colours(kind: str) -> dict[str, object]:
    off, normal = ft.ControlState.DISABLED, ft.ControlState.DEFAULT
    hairline = ft.BorderSide(1, t.SOFT_EDGE)
    if kind == "filled":
        on = {off: t.INK2, normal: t.ON_ACCENT}
        return {"bgcolor": {off: t.TRACK, normal: t.ACCENT}, "color": on, "icon_color": on}
    if kind == "tonal":
        return {
            "bgcolor": C.PRIMARY_CONTAINER,
            "color": C.ON_PRIMARY_CONTAINER,
            "icon_color": C.ON_PRIMARY_CONTAINER,
        }
    if kind == "outlined":
        return {
            "bgcolor": t.CARD,
            "color": {off: t.INK2, normal: t.INK},
            "icon_color": t.INK2,
            "side": hairline,
        }
    if kind == "danger":
        return {"bgcolor": t.CARD, "color": C.ERROR, "icon_color": C.ERROR, "side": hairline}
    colours: dict[str, object] = {
        "color": {off: t.INK2, normal: t.ACCENT},
        "icon_color": {off: t.INK2, normal: t.ACCENT},
    }
    return colours | ({"overlay_color": C.TRANSPARENT} if kind == "link" else {})


def build_theme(tokens: dict[str, str], scale: float) -> ft.Theme:
    """A Flet theme for one set of colour tokens at one text size."""
    return ft.Theme(
        color_scheme=ft.ColorScheme(**tokens),
        text_theme=text_theme(scale),
        font_family="Door",
        use_material3=True,
        scaffold_bgcolor=tokens["surface"],
        focus_color=C.with_opacity(0.28, tokens["primary"]),
        hover_color=C.with_opacity(0.05, tokens["on_surface"]),
        splash_color=C.with_opacity(0.08, tokens["primary"]),
        highlight_color=C.with_opacity(0.05, tokens["primary"]),
        visual_density=ft.VisualDensity.STANDARD,
        divider_theme=ft.DividerTheme(color=tokens["outline_variant"], thickness=1, space=1),
        scrollbar_theme=ft.ScrollbarTheme(thickness=6, radius=3, thumb_color=tokens["primary_fixed_dim"]),
        checkbox_theme=ft.CheckboxTheme(shape=rounded(6), border_side=ft.BorderSide(1.5, tokens["outline"])),
        progress_indicator_theme=ft.ProgressIndicatorTheme(
            color=tokens["primary"], linear_track_color=tokens["surface_container_high"], linear_min_height=6
        ),
        navigation_bar_theme=_navigation_bar(tokens, scale),
        bottom_sheet_theme=ft.BottomSheetTheme(
            bgcolor=tokens["surface_container_lowest"],
            shape=rounded(ft.BorderRadius.only(top_left=t.R_SHEET, top_right=t.R_SHEET)),
            elevation=0,
            drag_handle_color=tokens["primary_fixed_dim"],
        ),
        dialog_theme=ft.DialogTheme(bgcolor=tokens["surface_container_lowest"], shape=rounded(t.R_SHEET)),
        tooltip_theme=ft.TooltipTheme(text_style=style("meta", scale, tokens["on_inverse_surface"])),
    )


def _navigation_bar(tokens: dict[str, str], scale: float) -> ft.NavigationBarTheme:
    return ft.NavigationBarTheme(
        bgcolor=tokens["surface_container_lowest"],
        indicator_color=tokens["primary_container"],
        elevation=0,
        height=72 if scale <= 1.2 else 84,
        label_text_style={
            ft.ControlState.SELECTED: style("over", scale, tokens["on_surface"]),
            ft.ControlState.DEFAULT: style("over", scale, tokens["on_surface_variant"]),
        },
    )
