"""The six words: numbered, large, in the order in which they are read aloud."""

from collections.abc import Sequence

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.pieces import col, dim, row, text
from app.ui.theme import R_FIELD, S3, S4, TONES


def six_words(c: Ctx, identifier: str, words: Sequence[str], width: float) -> ft.Control:
    """A grid for about `width` dp: three, two or one in a line. A screen reader says them as one sentence."""
    columns = next(n for n in (3, 2, 1) if n == 1 or width / c.scale >= n * 155)
    cells = [_cell(c, index, word) for index, word in enumerate(words, start=1)]
    lines = [row(*cells[at : at + columns]) for at in range(0, len(cells), columns)]
    spoken = c._("The six words: {words}", words=said(words))
    return tag(
        identifier,
        ft.Semantics(content=col(*lines, stretch=True), exclude_semantics=True),
        spoken,
        container=True,
    )


def said(words: Sequence[str]) -> str:
    """1 lonik, 2 budas, … as it is read on the phone."""
    return ", ".join(f"{index} {word}" for index, word in enumerate(words, start=1))


def _cell(c: Ctx, index: int, word: str) -> ft.Control:
    ground, _, _ = TONES["neutral"]
    inner = row(
        dim(c, str(index), "answer"),
        text(c, c.ltr(word), "headline", selectable=True, no_wrap=True),
        spacing=S3,
    )
    return ft.Container(
        inner,
        expand=True,
        bgcolor=ground,
        border_radius=R_FIELD,
        padding=ft.Padding.symmetric(horizontal=S4, vertical=S4),
    )
