"""What was said about one question, and the field for saying something."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.guard import part
from app.ui.pieces import avatar, button, col, grow, row, text, text_field, wrap
from app.ui.pieces.layout import CROSS
from app.ui.review.models import RecordModel, ident
from app.ui.theme import INK, INK2, R_FIELD, S2, S3, S4, SUNK, TONES
from app.usecases.views import Comment

Icons = ft.Icons
AVATAR = 32


def comments(
    c: Ctx, model: RecordModel, ref: str, question: str, said: tuple[Comment, ...]
) -> list[ft.Control]:
    """The thread below a question: what was sent, what will be sent, and the open field."""
    parts = [bubble(c, one.by, moment(c, one.at), one.text) for one in said]
    if model.writing == ref:
        parts.append(Writing(c, model, ref, question, key=f"write.{ref}"))
    elif model.draft(ref):
        parts.append(_waiting(c, model, ref))
    return parts


def bubble(c: Ctx, by: str, when: str, words: str, tone: str = "neutral", *below: ft.Control) -> ft.Control:
    """Somebody's words with their initials, name and time."""
    plain = tone == "neutral"
    ground, front = (SUNK, INK) if plain else (TONES[tone].ground, TONES[tone].on_ground)
    who = row(
        text(c, by or c._("Somebody"), "meta_strong", front),
        text(c, when, "meta", INK2 if plain else front),
        spacing=S2,
        wrap=True,
        run_spacing=0,
    )
    held = ft.Container(
        col(who, text(c, words, "body", front), *below, spacing=2, stretch=True),
        bgcolor=ground,
        border_radius=R_FIELD,
        padding=ft.Padding.symmetric(horizontal=S4, vertical=S3),
    )
    return row(avatar(c, by, "accent", AVATAR), grow(held), spacing=S3, align=CROSS.START)


def _waiting(c: Ctx, model: RecordModel, ref: str) -> ft.Control:
    """A comment that goes along with the decision; until then it can be changed."""
    edit = button(
        c,
        f"submission.comment_edit.{ident(ref)}",
        c._("Change"),
        lambda: model.write(ref),
        kind="text",
        small=True,
    )
    drop = button(
        c,
        f"submission.comment_drop.{ident(ref)}",
        c._("Take away"),
        lambda: model.keep(ref, ""),
        kind="text",
        small=True,
    )
    mine, when = model.desk.worker.name, c._("not sent yet")
    indent = AVATAR * min(c.scale, 1.5) + S3
    said = bubble(c, mine, when, model.draft(ref), "clay")
    return col(said, ft.Container(wrap(edit, drop), padding=c.pad(start=indent)), spacing=0, stretch=True)


@part
def Writing(c: Ctx, model: RecordModel, ref: str, question: str) -> ft.Control:
    """The open field. Nothing draws it again while somebody types; drawn again, it shows what was typed."""
    name = ident(ref)
    field = text_field(
        c,
        f"submission.comment_text.{name}",
        c._("Comment on: {question}", question=question),
        model.written,
        lambda e: model.type(e.control.value or ""),
        hint=c._("What should be looked at again?"),
        lines=2,
        autofocus=True,
    )
    keep = button(
        c,
        f"submission.comment_save.{name}",
        c._("Keep this comment"),
        lambda: model.keep(ref, model.written),
        kind="tonal",
        small=True,
    )
    cancel = button(
        c, f"submission.comment_cancel.{name}", c._("Cancel"), model.close, kind="text", small=True
    )
    inner = col(field, wrap(keep, cancel), spacing=S2, stretch=True)
    return ft.Container(inner, padding=c.pad(0, S2, S2, S2))


@part
def Note(c: Ctx, model: RecordModel) -> ft.Control:
    """Words on the whole record; in the store when the field is left."""
    return text_field(
        c,
        "submission.note",
        c._("A note on the whole record"),
        model.note,
        lambda e: model.type_note(e.control.value or ""),
        hint=c._("Goes along with your decision"),
        lines=2,
        on_blur=lambda: model.keep("", model.note),
    )
