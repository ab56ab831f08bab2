"""The languages of a form, to read its questions and choices in another one."""

from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.pieces import row, text
from app.ui.pieces.marks import icon
from app.ui.review.models import RecordModel
from app.ui.theme import CARD, INK, INK2, LINE, R_FIELD, S2, S4, TOUCH
from app.usecases.views import SubmissionPage

Icons = ft.Icons


def languages(c: Ctx, model: RecordModel, page: SubmissionPage) -> list[ft.Control]:
    """A menu with every language of the form; nothing where it has only one."""
    if len(page.languages) < 2:
        return []
    items = [_item(c, model, page, n, name) for n, name in enumerate(page.languages)]
    spoken = c._("Language of the questions: {language}", language=page.language)
    shown: list[ft.Control] = [icon(Icons.LANGUAGE_ROUNDED, INK2, 24)]
    if c.expanded:
        shown.append(text(c, _short(page.language), "label", no_wrap=True))
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
    return [tag("submission.language", menu, spoken, button=True)]


def _item(c: Ctx, model: RecordModel, page: SubmissionPage, place: int, name: str) -> ft.PopupMenuItem:
    chosen = name == page.language
    words = text(c, _short(name), "label" if chosen else "body", INK)
    mark = [icon(Icons.CHECK_ROUNDED, INK2, 20)] if chosen else [ft.Container(width=20)]
    inner = ft.Container(row(*mark, words, spacing=S2, tight=True), padding=c.pad(end=S4))
    return ft.PopupMenuItem(
        content=tag(f"submission.language.{place}", inner),
        height=TOUCH,
        on_click=c.on(_speaking(model, name)),
    )


def _speaking(model: RecordModel, name: str) -> Callable[[], None]:
    return lambda: model.speak(name)


def _short(name: str) -> str:
    """Forms write “Română (ro)”; the code in brackets says nothing to a reader."""
    return name.split(" (")[0] or name
