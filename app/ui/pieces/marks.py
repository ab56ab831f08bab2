"""Small marks: icons, tinted tiles, initials, and the door that is our sign."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.pieces.text import text
from app.ui.theme import ACCENT, INK2, ON_ACCENT, R_FIELD, TONES


def icon(name: ft.IconData, color: str | None = INK2, size: float = 20) -> ft.Icon:
    return ft.Icon(name, color=color, size=size)


def tile(name: ft.IconData, tone: str = "neutral", size: float = 44, radius: float = R_FIELD) -> ft.Container:
    """An icon on a tinted square. Homes and people keep the neutral tone, whatever their state."""
    ground, on_ground, _ = TONES[tone]
    return ft.Container(
        icon(name, on_ground, size * 0.5),
        width=size,
        height=size,
        bgcolor=ground,
        border_radius=radius,
        alignment=ft.Alignment.CENTER,
    )


def initials(name: str) -> str:
    """Up to two letters of a person's name."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def avatar(c: Ctx, name: str, tone: str = "neutral", size: float = 44) -> ft.Container:
    """A person's initials. Spoken by the name beside it, so silent for screen readers."""
    ground, on_ground, _ = TONES[tone]
    letters = ft.Semantics(
        content=text(c, initials(name), "label", on_ground, no_wrap=True), exclude_semantics=True
    )
    grown = size * min(c.scale, 1.5)
    return ft.Container(
        letters,
        width=grown,
        height=grown,
        bgcolor=ground,
        border_radius=grown / 2,
        alignment=ft.Alignment.CENTER,
    )


def numeral(c: Ctx, number: int, tone: str = "accent", size: float = 32) -> ft.Container:
    """The number of a step, in a ring that grows with the text."""
    ground, on_ground, _ = TONES[tone]
    grown = size * min(c.scale, 1.4)
    return ft.Container(
        text(c, str(number), "label", on_ground, no_wrap=True),
        width=grown,
        height=grown,
        border_radius=grown / 2,
        bgcolor=ground,
        alignment=ft.Alignment.CENTER,
    )


def brand(size: float = 32) -> ft.Stack:
    """A door with its knob."""
    width, curve = size * 0.78, size * 0.39
    door = ft.Container(
        width=width,
        height=size,
        bgcolor=ACCENT,
        border_radius=ft.BorderRadius.only(top_left=curve, top_right=curve, bottom_left=3, bottom_right=3),
    )
    knob_size = size * 0.13
    knob = ft.Container(
        width=knob_size,
        height=knob_size,
        bgcolor=ON_ACCENT,
        border_radius=size,
        left=size * 0.52,
        top=size * 0.55,
    )
    return ft.Stack([door, knob], width=width, height=size)
