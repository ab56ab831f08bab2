"""Saying something: what went wrong, what is missing, what an empty screen is for.

A problem is always told in the same order: what happened, whether anything is lost, what to do.
"""

from typing import NamedTuple

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.pieces.buttons import Handler, icon_button
from app.ui.pieces.cards import card
from app.ui.pieces.layout import CROSS, col, gap, grow, row
from app.ui.pieces.marks import icon as mark
from app.ui.pieces.marks import tile
from app.ui.pieces.text import dim, text
from app.ui.theme import R_CARD, R_FIELD, S1, S2, S3, S4, S5, S8, TONES
from app.usecases.views import ProblemText

Icons = ft.Icons


class Told(NamedTuple):
    """A problem in the page's language."""

    title: str
    happened: str
    lost: str
    todo: str


def tell(c: Ctx, problem: ProblemText) -> Told:
    """The four sentences, translated, with their fields filled in."""
    return Told(
        *(
            c._(words, **problem.detail)
            for words in (problem.title, problem.happened, problem.lost, problem.todo)
        )
    )


def problem_banner(
    c: Ctx, identifier: str, problem: ProblemText, on_dismiss: Handler | None = None, tone: str = "bad"
) -> ft.Semantics:
    """A problem as a strip across the page, announced when it appears; a cross where it may be put away."""
    told = tell(c, problem)
    ground, front, _ = TONES[tone]
    words = col(
        text(c, told.title, "strong", front),
        text(c, told.happened, "body", front),
        text(c, told.lost, "strong", front),
        text(c, told.todo, "body", front),
        spacing=2,
        stretch=True,
    )
    cross = []
    if on_dismiss is not None:
        cross.append(
            icon_button(
                c, f"{identifier}.dismiss", Icons.CLOSE_ROUNDED, c._("Put away"), on_dismiss, color=front
            )
        )
    line = row(
        mark(Icons.ERROR_OUTLINE_ROUNDED, front, 24), grow(words), *cross, spacing=S4, align=CROSS.START
    )
    box = ft.Container(
        line, bgcolor=ground, border_radius=R_CARD, padding=c.pad(S5, S4, S2 if cross else S5, S4)
    )
    return tag(identifier, box, live_region=True, container=True)


def problem_card(c: Ctx, problem: ProblemText) -> ft.Control:
    """A problem in place of what could not be shown."""
    return ft.Container(problem_banner(c, "problem", problem), padding=c.gutter)


def message(c: Ctx, words: str, tone: str = "bad", identifier: str | None = None) -> ft.Control:
    """One line at a field: wrong (filled icon) or missing (ring). Announced when it appears."""
    solid = TONES[tone].solid
    name = Icons.ERROR_ROUNDED if tone == "bad" else Icons.RADIO_BUTTON_UNCHECKED_ROUNDED
    line = row(mark(name, solid, 20), grow(text(c, words, "strong", solid)), align=CROSS.START)
    return tag(identifier, line, live_region=True) if identifier else line


def note(
    c: Ctx, words: str, icon: ft.IconData = Icons.LIGHTBULB_OUTLINE_ROUNDED, tone: str = "accent"
) -> ft.Container:
    """A remark of the product, tinted, never urgent."""
    ground, front, _ = TONES[tone]
    line = row(mark(icon, front, 22), grow(text(c, words, "body", front)), spacing=S3, align=CROSS.START)
    return ft.Container(line, bgcolor=ground, border_radius=R_FIELD, padding=S4)


def empty(
    c: Ctx, identifier: str, icon: ft.IconData, fact: str, next_step: str, action: ft.Control | None = None
) -> ft.Semantics:
    """An empty list: an icon, the fact, what to do next, one button."""
    inner = col(
        tile(icon, "neutral", 72, 24),
        gap(S2),
        text(c, fact, "subtitle", text_align=ft.TextAlign.CENTER),
        dim(c, next_step, "body", text_align=ft.TextAlign.CENTER),
        *([gap(S2), action] if action else []),
        spacing=S1,
        horizontal_alignment=CROSS.CENTER,
    )
    held = ft.Container(inner, padding=S4 if c.compact else S8, alignment=ft.Alignment.CENTER)
    return tag(identifier, card(held), container=True)
