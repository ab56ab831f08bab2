"""One line of the queue: a table's row on a wide screen, two or three lines on a narrow one."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.ids import tag
from app.ui.pieces import col, dim, grow, icon, review_pill, row, text
from app.ui.review.models import QueueModel
from app.ui.theme import CARD, INK2, LINE, R_CARD, S1, S2, S3, S4, S5, SUNK, TONES
from app.usecases.views import ReviewRow

Icons = ft.Icons
WHO, WHEN, SAID, STATE = 152, 152, 96, 136


def columns(c: Ctx) -> ft.Control:
    """The table's heading."""
    names = [
        grow(dim(c, c._("Household and form"), "meta_strong")),
        _cell(c, dim(c, c._("Worker"), "meta_strong"), WHO),
        _cell(c, dim(c, c._("Finished"), "meta_strong"), WHEN),
        _cell(c, dim(c, c._("Comments"), "meta_strong"), SAID),
        _cell(c, dim(c, c._("State"), "meta_strong"), STATE),
    ]
    side = ft.BorderSide(1, LINE)
    return ft.Container(
        row(*names, spacing=S4),
        padding=ft.Padding.symmetric(horizontal=S5, vertical=S3),
        bgcolor=SUNK,
        border=ft.Border(left=side, right=side, top=side, bottom=side),
        border_radius=ft.BorderRadius(top_left=R_CARD, top_right=R_CARD, bottom_left=0, bottom_right=0),
    )


def _cell(c: Ctx, content: ft.Control, width: float) -> ft.Control:
    return ft.Container(content, width=width * c.scale)


def line(c: Ctx, model: QueueModel, one: ReviewRow, index: int, total: int) -> ft.Control:
    """The whole line opens the record."""
    marked = index == model.at
    body = ft.Container(
        _table_line(c, one) if c.expanded else _narrow_line(c, one),
        padding=ft.Padding.symmetric(horizontal=S5 if c.expanded else S4, vertical=S3),
        ink=True,
        on_click=c.on(lambda: model.desk.nav.go("submission", record=one.record)),
    )
    framed = _frame(c, body, index, total, marked)
    return tag(f"review.row.{one.record}", framed, button=True, selected=True if marked else None)


def _table_line(c: Ctx, one: ReviewRow) -> ft.Control:
    words = col(text(c, one.household_label or one.form_title, "strong"), dim(c, _about(c, one)), spacing=2)
    return row(
        grow(words),
        _cell(c, text(c, one.by or "–", "body"), WHO),
        _cell(c, dim(c, moment(c, one.finished_at), "body"), WHEN),
        _cell(c, row(*_said(c, one)), SAID),
        _cell(c, row(review_pill(c, one.state)), STATE),
        spacing=S4,
    )


def _narrow_line(c: Ctx, one: ReviewRow) -> ft.Control:
    """The household with its state beside it; below, the form, and who finished it when."""
    title = text(c, one.household_label or one.form_title, "strong")
    roomy = c.scale < 1.3
    pill = review_pill(c, one.state)
    top = row(grow(title), *_said(c, one), *([pill] if roomy else []), spacing=S2)
    who = " · ".join(piece for piece in (one.by, moment(c, one.finished_at)) if piece)
    below = [] if roomy else [row(pill)]
    words = col(top, dim(c, _about(c, one)), dim(c, who), *below, spacing=S1, stretch=True)
    return row(grow(words), icon(Icons.CHEVRON_RIGHT_ROUNDED, INK2, 22), spacing=S2)


def _about(c: Ctx, one: ReviewRow) -> str:
    pieces = [one.form_title] if one.household_label else []
    if one.revisions > 1 and one.state != "inConflict":
        pieces.append(c._("revision {n}", n=one.revisions))
    return " · ".join(pieces)


def _said(c: Ctx, one: ReviewRow) -> list[ft.Control]:
    """How many comments were made so far."""
    if not one.comments:
        return []
    spoken = c.n_("{n} comment", "{n} comments", one.comments)
    number = dim(c, str(one.comments), "meta_strong")
    inner = row(icon(Icons.CHAT_BUBBLE_OUTLINE_ROUNDED, INK2, 18), number, spacing=S1, tight=True)
    return [ft.Semantics(content=inner, label=spoken, exclude_semantics=True)]


def _frame(c: Ctx, content: ft.Control, index: int, total: int, marked: bool) -> ft.Container:
    """One line of a list that looks like a single card, though only the visible lines are drawn."""
    first, last = index == 0 and not c.expanded, index == total - 1
    side = ft.BorderSide(1, LINE)
    top, bottom = R_CARD if first else 0, R_CARD if last else 0
    return ft.Container(
        content,
        bgcolor=TONES["accent"].ground if marked else CARD,
        border=ft.Border(left=side, right=side, bottom=side, top=side if first else None),
        border_radius=ft.BorderRadius(top_left=top, top_right=top, bottom_left=bottom, bottom_right=bottom),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
