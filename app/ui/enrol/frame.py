"""The frame of a joining step: where one is in the three steps, the page's question, what it says, what can be done."""

from typing import NamedTuple

import flet as ft

from app.ui.ctx import Ctx
from app.ui.i18n import N_
from app.ui.ids import tag
from app.ui.pieces import brand, col, dim, gap, grow, row, spacer, text, wrap
from app.ui.pieces.layout import CROSS
from app.ui.pieces.marks import icon as mark
from app.ui.screens.street import street
from app.ui.screens.unlock import languages
from app.ui.theme import INK, INK2, S1, S2, S3, S4, S5, S6, S8, S10, SUNK, TONES

STEPS = (N_("Invitation"), N_("You"), N_("Six words"))
STEPS_FIRST = (N_("You"), N_("Letting in"))
PANEL, STREET_W = 560, 448


class Head(NamedTuple):
    """`at` is the step's place, 1 first; past the last one when all are done. `steps` are their names."""

    title: str
    lead: str
    at: int
    steps: tuple[str, ...] = STEPS


def panel_width(c: Ctx) -> float:
    """How wide the page's content is, in dp."""
    if c.expanded:
        return min(PANEL * min(c.scale, 1.2), c.width - _side_width(c) - 2 * S10)
    return min(c.width - 2 * c.gutter, PANEL * max(1, c.scale * 0.8))


def _big(c: Ctx) -> bool:
    """A narrow window with large text: long words need a smaller heading, and a line of their own."""
    return c.compact and c.scale > 1.5


def title_role(c: Ctx) -> str:
    """The type of a page's heading."""
    return "title" if _big(c) else "headline"


def roomy(c: Ctx) -> bool | None:
    """For a quiet button in a row: takes the row's width where its words may need two lines."""
    return True if c.compact and c.scale > 1.2 else None


def _side_width(c: Ctx) -> float:
    return int(min(0.42 * c.width, 540))


def frame(c: Ctx, identifier: str, head: Head, *content: ft.Control) -> ft.Control:
    """The whole window of one step."""
    title = ft.Semantics(content=text(c, head.title, title_role(c)), heading_level=1)
    words = [title, *([dim(c, head.lead, "body")] if head.lead else [])]
    over = [_over(c, head)] if not c.expanded and 0 < head.at <= len(head.steps) else []
    inner = col(*over, col(*words, spacing=S2, stretch=True), *content, spacing=S5, stretch=True)
    held = ft.Container(inner, width=panel_width(c))
    framed = _wide(c, head, held) if c.expanded else _narrow(c, held)
    return tag(f"page.{identifier}", framed)


def _over(c: Ctx, head: Head) -> ft.Control:
    said = c._("Step {n} of {m}: {name}", n=head.at, m=len(head.steps), name=c._(head.steps[head.at - 1]))
    return text(c, said, "meta_strong", TONES["accent"].solid)


def _wide(c: Ctx, head: Head, held: ft.Control) -> ft.Control:
    width = _side_width(c)
    side = ft.Container(
        col(
            row(brand(34), text(c, "Doorstep", "headline"), spacing=S3),
            spacer(),
            *([street(220), spacer()] if width - 2 * S10 >= STREET_W else []),
            _steps(c, head),
            tight=False,
        ),
        width=width,
        bgcolor=SUNK,
        padding=S10,
    )
    body = ft.Container(
        col(gap(S4), held, gap(S8), horizontal_alignment=CROSS.CENTER),
        padding=ft.Padding.symmetric(horizontal=S10),
    )
    top = ft.Container(row(spacer(), languages(c)), padding=S6)
    right = col(top, ft.ListView([body], expand=True, padding=0), spacing=0, tight=False, stretch=True)
    return ft.Row([side, grow(right)], spacing=0, expand=True, vertical_alignment=CROSS.STRETCH)


def _narrow(c: Ctx, held: ft.Control) -> ft.Control:
    sign = text(c, "Doorstep", "title", one_line=True)
    if _big(c):
        head: ft.Control = col(
            row(brand(28), grow(sign), spacing=S3), wrap(*languages(c).controls), spacing=S3
        )
    else:
        head = row(brand(28), grow(sign), languages(c), spacing=S3)
    body = col(gap(S2), held, gap(S8), horizontal_alignment=CROSS.CENTER)
    return ft.ListView([ft.Container(head, padding=c.gutter), body], expand=True, padding=0)


def _steps(c: Ctx, head: Head) -> ft.Control:
    lines = [_step(c, head, index, name) for index, name in enumerate(head.steps, start=1)]
    return col(*lines, spacing=S3)


def _step(c: Ctx, head: Head, index: int, name: str) -> ft.Control:
    done, now = index < head.at, index == head.at
    ground, front, _ = TONES["good" if done else "accent" if now else "neutral"]
    inner = (
        mark(ft.Icons.CHECK_ROUNDED, front, 20) if done else text(c, str(index), "label", front, no_wrap=True)
    )
    size = 36 * min(c.scale, 1.3)
    ring = ft.Container(
        inner,
        width=size,
        height=size,
        border_radius=size / 2,
        bgcolor=ground,
        alignment=ft.Alignment.CENTER,
    )
    state = c._("done") if done else c._("now") if now else ""
    words = [text(c, c._(name), "strong" if now else "body", INK if now else INK2)]
    if state:
        words.append(dim(c, state))
    return row(ring, grow(col(*words, spacing=0)), spacing=S4)


def actions(c: Ctx, *buttons: ft.Control) -> ft.Control:
    """What can be done here: below each other where room is short, the filled one first."""
    if c.compact:
        return col(*[row(one) for one in buttons], spacing=S2, stretch=True)
    return row(*buttons, spacing=S3, wrap=True, run_spacing=S1)
