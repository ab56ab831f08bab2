"""Columns, rows and room between things. Distances come from the theme's steps."""

from typing import Any

import flet as ft

from app.ui.theme import LINE, S2

MAIN, CROSS = ft.MainAxisAlignment, ft.CrossAxisAlignment


def gap(size: float) -> ft.Container:
    return ft.Container(width=size, height=size)


def spacer() -> ft.Container:
    """Takes whatever room is left in a row or column."""
    return ft.Container(expand=True)


def col(*children: ft.Control, spacing: float = S2, stretch: bool = False, **more: Any) -> ft.Column:
    """A column as tall as its children. `stretch` gives every child the full width."""
    if stretch:
        more.setdefault("horizontal_alignment", CROSS.STRETCH)
    return ft.Column(list(children), spacing=spacing, **({"tight": True} | more))


def row(*children: ft.Control, spacing: float = S2, align: CROSS = CROSS.CENTER, **more: Any) -> ft.Row:
    return ft.Row(list(children), spacing=spacing, vertical_alignment=align, **more)


def wrap(*children: ft.Control, spacing: float = S2, run_spacing: float = S2) -> ft.Row:
    """A row that continues on the next line where there is no room."""
    return ft.Row(
        list(children), wrap=True, spacing=spacing, run_spacing=run_spacing, vertical_alignment=CROSS.CENTER
    )


def grow(child: ft.Control) -> ft.Container:
    return ft.Container(child, expand=True)


def centred(child: ft.Control, width: float) -> ft.Row:
    """`child` in the middle, `width` wide."""
    return ft.Row([ft.Container(child, width=width)], alignment=MAIN.CENTER)


def hairline() -> ft.Container:
    return ft.Container(height=1, bgcolor=LINE)
