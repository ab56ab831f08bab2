"""What lifts above the page: sheets for choosing, dialogs only for what cannot be undone.

Both are shown from a component with `ft.use_dialog(sheet(...) if shown else None)`.
"""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.pieces.buttons import Handler, button
from app.ui.pieces.layout import MAIN, col, wrap
from app.ui.pieces.text import text
from app.ui.theme import S3, S4, S5, S6


def sheet(
    c: Ctx, identifier: str, title: str, *children: ft.Control, on_dismiss: Handler, height: float = 0
) -> ft.BottomSheet:
    """A sheet from below with a heading and a scrolling body; closes by its handle, the scrim or back.

    `height` of the whole in dp, never more than 78 % of the window, which is also the default.
    """
    most = c.height * 0.78
    body = ft.ListView(list(children), expand=True, padding=0, spacing=0)
    inner = col(text(c, title, "title"), body, spacing=S3, tight=False, stretch=True)
    held = ft.Container(
        inner,
        padding=ft.Padding(left=S4, right=S4, top=0, bottom=S3),
        height=min(height, most) if height else most,
    )
    return ft.BottomSheet(
        tag(identifier, held, container=True),
        open=True,
        show_drag_handle=True,
        scrollable=True,
        use_safe_area=True,
        on_dismiss=c.on(on_dismiss),
    )


def dialog(
    c: Ctx,
    identifier: str,
    title: str,
    body: str | ft.Control,
    confirm: str,
    on_confirm: Handler,
    on_cancel: Handler,
    *,
    danger: bool = False,
) -> ft.AlertDialog:
    """A question before something that cannot be undone. The safe answer comes first and has the focus."""
    words = text(c, body, "body") if isinstance(body, str) else body
    return ft.AlertDialog(
        modal=True,
        title=text(c, title, "title"),
        content=tag(identifier, ft.Container(words, width=min(440, c.width - 80)), container=True),
        content_padding=ft.Padding(left=S6, right=S6, top=S3, bottom=S3),
        actions_padding=S5,
        actions=[
            wrap(
                button(
                    c,
                    f"{identifier}.cancel",
                    c._("Cancel"),
                    on_cancel,
                    kind="outlined",
                    small=True,
                    autofocus=True,
                ),
                button(
                    c,
                    f"{identifier}.confirm",
                    confirm,
                    on_confirm,
                    kind="danger" if danger else "filled",
                    small=True,
                ),
            )
        ],
        actions_alignment=MAIN.END,
        on_dismiss=c.on(on_cancel),
    )
