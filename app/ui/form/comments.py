"""What the supervisor said: at each question, and as a list at the top of a correction."""

from collections.abc import Sequence

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.form.idents import place_id
from app.ui.form.session import FormSession
from app.ui.ids import tag
from app.ui.pieces import button, col, dim, grow, icon, row, text
from app.usecases.views import Comment


def comment_cards(c: Ctx, comments: Sequence[Comment]) -> ft.Control | None:
    """The comments on one question, oldest first."""
    if not comments:
        return None
    return col(*[_card(c, one) for one in comments], stretch=True)


def _card(c: Ctx, comment: Comment) -> ft.Container:
    ground, front, _ = t.TONES["clay"]
    who = c._("{name}, {when}", name=comment.by or c._("Supervisor"), when=moment(c, comment.at))
    words = col(text(c, comment.text, "strong", front), text(c, who, "meta", front), spacing=2, stretch=True)
    line = row(
        icon(ft.Icons.REPLY_ROUNDED, front, 20), grow(words), spacing=t.S3, align=ft.CrossAxisAlignment.START
    )
    return ft.Container(line, bgcolor=ground, border_radius=t.R_SMALL, padding=t.S3)


def correction_list(c: Ctx, session: FormSession) -> ft.Control | None:
    """Everything the supervisor asks about, each with a way there."""
    filling = session.filling
    every = [(ref, one) for ref, many in filling.comments.items() for one in many]
    if not filling.correction or not every:
        return None
    title = c.n_("{n} comment to answer", "{n} comments to answer", len(every))
    lines = [_line(c, session, ref, one) for ref, one in every]
    ground, front, _ = t.TONES["clay"]
    body = col(text(c, title, "subtitle", front), *lines, spacing=t.S3, stretch=True)
    return tag(
        "form.comments",
        ft.Container(body, bgcolor=ground, border_radius=t.R_CARD, padding=t.S5),
        container=True,
    )


def _line(c: Ctx, session: FormSession, ref: str, comment: Comment) -> ft.Control:
    front = t.TONES["clay"].on_ground
    words = col(
        *([text(c, comment.question, "meta_strong", front)] if comment.question else []),
        text(c, comment.text, "body", front),
        dim(c, c._("{name}, {when}", name=comment.by or c._("Supervisor"), when=moment(c, comment.at))),
        spacing=2,
        stretch=True,
    )
    if not ref:
        return words
    there = button(
        c,
        place_id("comment", ref),
        c._("Go there"),
        lambda: session.go_question(ref, session.section_of(ref)),
        kind="text",
        small=True,
    )
    return row(grow(words), there) if not c.compact else col(words, row(there), spacing=0, stretch=True)
