"""The languages of a form, to read its questions and choices in another one."""

from collections.abc import Callable, Sequence

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.pieces import row, text
from app.ui.pieces.marks import icon
from app.ui.theme import CARD, INK, INK2, LINE, R_FIELD, S2, S4, TOUCH

Icons = ft.Icons


def language_menu(
    c: Ctx, screen: str, names: Sequence[str], present: str, choose: Callable[[str], None]
) -> list[ft.Control]:
    """A menu with every language of the form; nothing where it has only one."""
    if len(names) < 2:
        return []
    items = [_item(c, screen, n, name, name == present, choose) for n, name in enumerate(names)]
    spoken = c._("Language of the questions: {language}", language=present)
    shown: list[ft.Control] = [icon(Icons.LANGUAGE_ROUNDED, INK2, 24)]
    if c.expanded:
        shown.append(text(c, _short(present), "label", no_wrap=True))
    face = ft.Container(
        row(*shown, spacing=S2, tight=True),
        padding=ft.Padding.symmetric(horizontal=S2),
        height=TOUCH,
        width=None if c.expanded else TOUCH,
        alignment=ft.Alignment.CENTER,
    )
    menu = ft.PopupMenuButton(
        content=face,
        items=items,
        padding=0,
        bgcolor=CARD,
        elevation=0,
        menu_position=ft.PopupMenuPosition.UNDER,
        shape=ft.RoundedRectangleBorder(radius=R_FIELD, side=ft.BorderSide(1, LINE)),
        tooltip=c._("Language of the questions"),
    )
    return [tag(f"{screen}.language", menu, spoken, button=True)]


def _item(
    c: Ctx, screen: str, place: int, name: str, chosen: bool, choose: Callable[[str], None]
) -> ft.PopupMenuItem:
    words = text(c, _short(name), "label" if chosen else "body", INK)
    mark = [icon(Icons.CHECK_ROUNDED, INK2, 20)] if chosen else [ft.Container(width=20)]
    inner = ft.Container(row(*mark, words, spacing=S2, tight=True), padding=c.pad(end=S4))
    return ft.PopupMenuItem(
        content=tag(f"{screen}.language.{place}", inner), height=TOUCH, on_click=c.on(lambda: choose(name))
    )


def _short(name: str) -> str:
    """Forms write “Română (ro)”; the code in brackets says nothing to a reader."""
    return name.split(" (")[0] or name
