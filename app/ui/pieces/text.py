"""Text in the roles of the type scale, grown by the page's text size."""

from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.theme import INK, INK2
from app.ui.typography import style


def text(
    c: Ctx, words: str, role: str = "body", color: str | None = INK, one_line: bool = False, **more: Any
) -> ft.Text:
    """`role`: display, headline, title, subtitle, answer, body, strong, label, meta, meta_strong, over, stat.

    `one_line` cuts with an ellipsis; use it only where the full text stands elsewhere.
    """
    if one_line:
        more = {"max_lines": 1, "overflow": ft.TextOverflow.ELLIPSIS, **more}
    return ft.Text(words, style=style(role, c.scale, color), **more)


def dim(c: Ctx, words: str, role: str = "meta", **more: Any) -> ft.Text:
    """Secondary text: same scale, second ink."""
    return text(c, words, role, INK2, **more)
