"""A quiet street with one door of ours, drawn in the colours of the theme. Decoration: silent for screen
readers.
"""

from typing import NamedTuple

import flet as ft
import flet.canvas as cv

from app.ui.pieces.layout import MAIN
from app.ui.theme import ACCENT, CARD, INK2, SOFT_EDGE

C = ft.Colors
WIDTH, MARGIN = 448, 5
LIT, GLASS = C.TERTIARY_FIXED, C.with_opacity(0.55, CARD)


class House(NamedTuple):
    """x and width in px, height as a share of the street's, and what is drawn on it."""

    x: float
    width: float
    share: float
    gable: str | None  # the roof's colour, None for a flat roof
    wall: str
    columns: int
    rows: int
    door: str


HOUSES = (
    House(0, 66, 0.56, C.TERTIARY, C.TERTIARY_CONTAINER, 2, 2, C.TERTIARY),
    House(72, 74, 0.92, None, C.SURFACE_CONTAINER_HIGHEST, 3, 4, INK2),
    House(152, 62, 0.66, ACCENT, C.PRIMARY_CONTAINER, 2, 2, ACCENT),
    House(220, 80, 1.0, None, C.SURFACE_CONTAINER_HIGH, 3, 4, INK2),
    House(306, 60, 0.60, SOFT_EDGE, C.SURFACE_CONTAINER_HIGHEST, 2, 2, INK2),
    House(372, 68, 0.78, None, C.TERTIARY_CONTAINER, 3, 3, C.TERTIARY),
)


def street(height: float = 200) -> ft.Control:
    """The street, `height` px tall and 448 wide, centred."""
    ground = height - 6
    shapes: list[cv.Shape] = []
    for number, house in enumerate(HOUSES):
        shapes += _house(house, number, ground, height)
    shapes.append(cv.Rect(0, ground, WIDTH, 3, border_radius=2, paint=_fill(SOFT_EDGE)))
    canvas = ft.Semantics(content=cv.Canvas(shapes, width=WIDTH, height=height), exclude_semantics=True)
    return ft.Row([canvas], alignment=MAIN.CENTER)


def _fill(color: str) -> ft.Paint:
    return ft.Paint(color=color, style=ft.PaintingStyle.FILL)


def _house(house: House, number: int, ground: float, height: float) -> list[cv.Shape]:
    x, tall = house.x + MARGIN, (height - 30) * house.share
    top = ground - tall
    curve = None if house.gable else ft.BorderRadius.only(top_left=6, top_right=6)
    shapes: list[cv.Shape] = [
        cv.Rect(x, top, house.width, tall, border_radius=curve, paint=_fill(house.wall))
    ]
    if house.gable:
        roof = [
            cv.Path.MoveTo(x - 4, top + 1),
            cv.Path.LineTo(x + house.width / 2, top - 26),
            cv.Path.LineTo(x + house.width + 4, top + 1),
            cv.Path.Close(),
        ]
        shapes.append(cv.Path(roof, paint=_fill(house.gable)))
    return shapes + _windows(house, number, x, top, ground) + _door(house, x, ground)


def _windows(house: House, number: int, x: float, top: float, ground: float) -> list[cv.Shape]:
    between = (house.width - house.columns * 11) / (house.columns + 1)
    shapes: list[cv.Shape] = []
    for row in range(house.rows):
        y = top + 16 + row * 26
        if y + 14 >= ground - 40:
            break
        for column in range(house.columns):
            lit = (number * 7 + row * 3 + column * 5) % 4 == 0
            left = x + between + column * (11 + between)
            shapes.append(cv.Rect(left, y, 11, 15, border_radius=3, paint=_fill(LIT if lit else GLASS)))
    return shapes


def _door(house: House, x: float, ground: float) -> list[cv.Shape]:
    width, tall = 20, 32
    left = x + (house.width - width) / 2
    arch = ft.BorderRadius.only(top_left=10, top_right=10)
    return [
        cv.Rect(left, ground - tall, width, tall, border_radius=arch, paint=_fill(house.door)),
        cv.Circle(left + width - 5, ground - tall / 2 + 3, 1.6, paint=_fill(CARD)),
    ]
