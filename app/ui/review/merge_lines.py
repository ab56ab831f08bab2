"""One question that was answered two ways: both answers side by side, and room for a third."""

import flet as ft

from app.programme.merge import OURS, THEIRS
from app.ui.ctx import Ctx
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, card, col, dim, grow, icon, row, text, text_field
from app.ui.pieces.layout import CROSS
from app.ui.review.merge_models import MergeModel
from app.ui.review.models import ident
from app.ui.review.plainly import plainly
from app.ui.signals import use_signal
from app.ui.theme import ACCENT, CARD, EDGE, INK, INK2, LINE, R_FIELD, S1, S2, S3, S4, S5, TONES
from app.usecases.conflict_views import HeadRow, MergeLine, MergePage

Icons = ft.Icons


@part
def Difference(c: Ctx, model: MergeModel, page: MergePage, line: MergeLine, place: int) -> ft.Control:
    """A card with the question, the answer both started from, and the two answers to choose from."""
    use_signal(model.signal(line.ref))
    label = ft.Semantics(content=text(c, line.label, "subtitle"), heading_level=2)
    above = [text(c, line.section, "over", INK2)] if line.section else []
    before = []
    if line.before is not None:
        was = plainly(c, line.before) or c._("no answer")
        before = [dim(c, c._("Before both corrections: {answer}", answer=was), "body")]
    sides = [
        _side(c, model, line, OURS, _who(c, page, OURS), line.ours),
        _side(c, model, line, THEIRS, _who(c, page, THEIRS), line.theirs),
    ]
    beside: ft.Control = col(*sides, spacing=S3, stretch=True)
    if not c.compact:
        beside = ft.Row(
            [grow(one) for one in sides],
            spacing=S4,
            vertical_alignment=CROSS.STRETCH,
            intrinsic_height=True,
        )
    marked = place == model.at
    inner = col(*above, label, *before, beside, *_own(c, model, line), spacing=S3, stretch=True)
    framed = card(inner, padding=S4 if c.compact else S5, border=ACCENT if marked else LINE)
    return tag(f"merge.line.{ident(line.ref)}", framed, container=True, selected=True if marked else None)


def _who(c: Ctx, page: MergePage, side: str) -> str:
    one = page.ours if side == OURS else page.theirs
    number = 1 if side == OURS else 2
    return c._("Version {n}, {person}", n=number, person=author(c, one))


def author(c: Ctx, one: HeadRow) -> str:
    """Who wrote a version, as the screen says it everywhere."""
    if one.own:
        return c._("{person} (you)", person=one.by)
    return one.by or c._("Somebody")


def _said(c: Ctx, line: MergeLine, answer: str | None) -> str:
    """An answer as the card says it."""
    if answer is None:
        return c._("Taken away") if line.kind == "card" else c._("Not asked")
    return plainly(c, answer) or c._("No answer")


def _side(c: Ctx, model: MergeModel, line: MergeLine, side: str, who: str, answer: str | None) -> ft.Control:
    """One answer as a choice card: the whole of it can be pressed."""
    chosen = model.choice(line.ref) == side
    front = TONES["accent"].on_ground if chosen else INK
    mark = Icons.RADIO_BUTTON_CHECKED_ROUNDED if chosen else Icons.RADIO_BUTTON_UNCHECKED_ROUNDED
    said = _said(c, line, answer)
    words = col(
        text(c, who, "meta_strong", front if chosen else INK2),
        text(c, said, "answer" if answer else "body", front if answer or chosen else INK2),
        spacing=S1,
        stretch=True,
    )
    body = ft.Container(
        row(icon(mark, ACCENT if chosen else EDGE, 24), grow(words), spacing=S3, align=CROSS.START),
        bgcolor=TONES["accent"].ground if chosen else CARD,
        border=ft.Border.all(2 if chosen else 1, ACCENT if chosen else EDGE),
        border_radius=R_FIELD,
        padding=ft.Padding.symmetric(
            horizontal=S4 - (1 if chosen else 0), vertical=S4 - (1 if chosen else 0)
        ),
        ink=True,
        on_click=c.on(lambda: model.choose(line.ref, side)),
    )
    name = f"merge.{side}.{ident(line.ref)}"
    return tag(name, body, f"{who}: {said}", button=True, selected=chosen)


def _own(c: Ctx, model: MergeModel, line: MergeLine) -> list[ft.Control]:
    """A third answer, where one can be written."""
    if not line.writable:
        return []
    words = model.own_words(line.ref)
    if words is None:
        label = c._("Write another answer")
        name = f"merge.write.{ident(line.ref)}"
        return [
            row(
                button(
                    c,
                    name,
                    label,
                    lambda: model.write(line),
                    kind="text",
                    icon=Icons.EDIT_ROUNDED,
                    small=True,
                )
            )
        ]
    return [Own(c, model, line, key=f"own.{line.ref}")]


@part
def Own(c: Ctx, model: MergeModel, line: MergeLine) -> ft.Control:
    """The field of an answer of one's own. Nothing draws it again while somebody types."""

    def entered() -> None:
        model.typing = True

    def left() -> None:
        model.typing = False
        model.keep_written()

    keyboard = ft.KeyboardType.NUMBER if line.number else ft.KeyboardType.TEXT
    field = text_field(
        c,
        f"merge.own.{ident(line.ref)}",
        c._("Another answer to: {question}", question=line.label),
        model.own_words(line.ref) or "",
        lambda e: model.type(line.ref, e.control.value or ""),
        hint=c._("The right answer"),
        autofocus=True,
        keyboard_type=keyboard,
        on_focus=entered,
        on_blur=left,
    )
    return col(text(c, c._("Another answer"), "label"), field, spacing=S2, stretch=True)
