"""What was said about one question, and the field for saying something."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.guard import part
from app.ui.pieces import avatar, button, col, dim, grow, row, text, text_field, wrap
from app.ui.pieces.layout import CROSS
from app.ui.review.models import RecordModel, ident
from app.ui.theme import R_FIELD, S2, S3, S4, SUNK, TONES
from app.usecases.views import Comment


def Comments(
    c: Ctx, model: RecordModel, ref: str, question: str, said: tuple[Comment, ...], draft: str
) -> list[ft.Control]:
    """The thread below a question: what was sent, what will be sent, and the open field."""
    parts = [bubble(c, one.by, moment(c, one.at), one.text) for one in said]
    if model.writing == ref:
        parts.append(Writing(c, model, ref, question, draft, key=f"write.{ref}"))
    elif draft:
        parts.append(_waiting(c, model, ref, draft))
    return parts


def bubble(c: Ctx, by: str, when: str, words: str, tone: str = "neutral") -> ft.Control:
    who = row(text(c, by or c._("Somebody"), "meta_strong"), dim(c, when), spacing=S2, wrap=True)
    held = ft.Container(
        col(who, text(c, words, "body"), spacing=2, stretch=True),
        bgcolor=SUNK if tone == "neutral" else TONES[tone].ground,
        border_radius=R_FIELD,
        padding=ft.Padding.symmetric(horizontal=S4, vertical=S3),
    )
    return row(avatar(c, by, "accent", 32), grow(held), spacing=S3, align=CROSS.START)


def _waiting(c: Ctx, model: RecordModel, ref: str, draft: str) -> ft.Control:
    """A comment that goes along with the decision; until then it can be changed."""
    mine = model.desk.worker.name
    said = bubble(c, mine, c._("goes along when you send it back"), draft, "clay")
    edit = button(
        c, f"submission.comment_edit.{ident(ref)}", c._("Change"), lambda: model.write(ref), kind="text"
    )
    drop = button(
        c, f"submission.comment_drop.{ident(ref)}", c._("Take away"), lambda: model.keep(ref, ""), kind="text"
    )
    return col(said, ft.Container(wrap(edit, drop), padding=c.pad(start=S4 + 28)), spacing=0, stretch=True)


@part
def Writing(c: Ctx, model: RecordModel, ref: str, question: str, draft: str) -> ft.Control:
    """The open field. Its words live in a ref: nothing draws it again while somebody types."""
    words = ft.use_ref(lambda: [draft]).current

    def typed(event: ft.ControlEvent) -> None:
        words[0] = event.control.value or ""

    field = text_field(
        c,
        f"submission.comment_text.{ident(ref)}",
        c._("Comment on: {question}", question=question),
        draft,
        typed,
        hint=c._("What should be looked at again?"),
        lines=2,
        autofocus=True,
    )
    keep = button(
        c,
        f"submission.comment_save.{ident(ref)}",
        c._("Keep this comment"),
        lambda: model.keep(ref, words[0]),
        kind="tonal",
        small=True,
    )
    cancel = button(
        c,
        f"submission.comment_cancel.{ident(ref)}",
        c._("Cancel"),
        lambda: model.write(None),
        kind="text",
        small=True,
    )
    return ft.Container(
        col(field, wrap(keep, cancel), spacing=S2, stretch=True), padding=c.pad(0, S2, S2, S2)
    )
