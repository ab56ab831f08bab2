"""A question on the page: label, hint, last visit, comments, message, control, and the bar whose room is always there.

The control is a memoised component of its own: whatever changes around it, a field that is being typed in is not
drawn again.
"""

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.comments import comment_cards
from app.ui.form.fields import control_of, is_boxed
from app.ui.form.kit import marked_text, nothing
from app.ui.form.leaf import leaf
from app.ui.form.margin import last_visit
from app.ui.form.question_model import Frame, QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.form.widgets import Widget
from app.ui.guard import part
from app.ui.pieces import col, dim, gap, message, row, text, wrap

BAR = 4
AMOUNT_W = 208
MARK_TONES = {"": None, "missing": "warn", "wrong": "bad"}


def bar_gap(c: Ctx) -> int:
    """Between the state bar and the question."""
    return t.S2 if c.compact else t.S4


@leaf
def question_item(c: Ctx, session: FormSession, model: QuestionModel, around: Topic) -> ft.Control:
    """One question; `around` is the model's, given so that this is drawn again when it is fired."""
    frame = model.frame
    if not frame.relevant:
        return nothing(scroll_key(model))
    last = last_visit(c, frame, model.widget) if frame.last else None
    aside = model.item.tight and not c.compact and model.widget in (Widget.INTEGER, Widget.DECIMAL)
    control = ft.Container(_boxed(c, session, model), key="control")
    parts: list[ft.Control] = [
        ft.Container(_beside(_head(c, model), control) if aside else _head(c, model), key="head")
    ]
    if last is not None and not c.expanded:
        parts.append(ft.Container(last, key="last"))
    comments = comment_cards(c, session.filling.comments.get(model.ref, ()))
    if comments is not None:
        parts.append(ft.Container(comments, key="comments"))
    if frame.mark.kind:
        parts.append(ft.Container(_message(c, frame), key="message"))
    if not aside:
        parts.append(control)
    tone = MARK_TONES[frame.mark.kind]
    body = ft.Container(
        col(*parts, spacing=t.S3, stretch=True),
        border=c.edge(BAR, t.TONES[tone].solid if tone else ft.Colors.TRANSPARENT),
        padding=c.pad(start=bar_gap(c)),
    )
    below = c.pad(bottom=t.S3 if aside else t.S5 if model.item.tight else t.S8)
    if not c.expanded:
        return ft.Container(body, padding=below, key=scroll_key(model))
    margin = ft.Container(last or gap(1), width=t.MARGIN_W, padding=ft.Padding(top=2))
    line = row(
        ft.Container(body, width=t.FORM_W + 20), margin, spacing=t.S8, align=ft.CrossAxisAlignment.START
    )
    return ft.Container(line, padding=below, key=scroll_key(model))


def scroll_key(model: QuestionModel) -> ft.ScrollKey:
    """By which the page brings the item into view."""
    return ft.ScrollKey(model.ref)


def _beside(head: ft.Control, control: ft.Control) -> ft.Control:
    """Amounts of one table: the words at the start, a short field at the end of the same line."""
    control.width = AMOUNT_W
    return row(ft.Container(head, expand=True), control, spacing=t.S4)


def _head(c: Ctx, model: QuestionModel) -> ft.Control:
    frame = model.frame
    label: list[ft.Control] = [marked_text(c, frame.label or model.ref.rsplit("/", 1)[-1], "subtitle")]
    optional = c._("optional")
    if not frame.required and not model.answer.readonly and optional not in frame.label.lower():
        label.append(dim(c, optional))
    lines: list[ft.Control] = [wrap(*label, run_spacing=0)]
    if frame.hint:
        lines.append(marked_text(c, frame.hint, "body", t.INK2))
    if frame.guidance:
        lines.append(guidance(c, frame.guidance))
    return col(*lines, spacing=2, stretch=True)


@part
def guidance(c: Ctx, words: str) -> ft.Control:
    """ODK's guidance hint: folded away until it is wanted."""
    shown, show = ft.use_state(False)
    name = ft.Icons.EXPAND_LESS_ROUNDED if shown else ft.Icons.EXPAND_MORE_ROUNDED
    opener = ft.TextButton(
        content=row(
            text(c, c._("How to ask this"), "label", t.ACCENT),
            ft.Icon(name, size=20, color=t.ACCENT),
            tight=True,
        ),
        on_click=c.on(lambda: show(not shown)),
        style=ft.ButtonStyle(padding=ft.Padding.symmetric(horizontal=0, vertical=14)),
    )
    folded: list[ft.Control] = [row(opener)]
    if shown:
        folded.append(
            ft.Container(
                marked_text(c, words, "body", t.INK2), bgcolor=t.SUNK, border_radius=t.R_SMALL, padding=t.S3
            )
        )
    return col(*folded, spacing=0, stretch=True)


def _message(c: Ctx, frame: Frame) -> ft.Control:
    own = {
        "missing": c._("Not answered yet. It is needed before you finish."),
        "wrong": c._("This cannot be right. Please check it."),
    }
    tone = "warn" if frame.mark.kind == "missing" else "bad"
    return ft.Semantics(
        content=message(c, frame.mark.message or own[frame.mark.kind], tone), live_region=True
    )


def _boxed(c: Ctx, session: FormSession, model: QuestionModel) -> ft.Control:
    """Typed fields stand in a box whose border shows the state; the border belongs to the frame, so that it can
    change while the field inside is being typed in."""
    control = control_of(c, session, model)
    if not is_boxed(model):
        return control
    width, color = _edge(model)
    return ft.Container(
        control,
        bgcolor=t.CARD,
        border=ft.Border.all(width, color),
        border_radius=t.R_FIELD,
        padding=2 - width,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def _edge(model: QuestionModel) -> tuple[int, str]:
    tone = MARK_TONES[model.frame.mark.kind]
    if tone:
        return 2, t.TONES[tone].solid
    return (2, t.ACCENT) if model.focused else (1, t.EDGE)
