"""Choice cards: select one and select multiple. The whole card can be pressed; chosen is tint, line and glyph."""

from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.idents import choice_id, question_id
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.form.widgets import Widget, columns
from app.ui.ids import tag
from app.ui.pieces import col, dim, icon, row, spacer, text

Icons = ft.Icons


@leaf
def choice_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """One or several of a short list; pressing the chosen card of a single choice takes the answer back."""
    many = model.widget is Widget.MANY
    chosen = chosen_values(model)

    def press(value: str) -> None:
        session.chose(model, toggled(model, value, many))

    cards = [
        choice_card(
            c, model.ref, value, label or value, value in chosen, many, lambda value=value: press(value)
        )
        for value, label in model.answer.choices
    ]
    if not cards:
        return dim(c, c._("There is nothing to choose here yet."), "body")
    labels = [plain(label or value) for value, label in model.answer.choices]
    narrow = c.compact or c.scale > 1.4
    per_line = columns(session.node(model.ref), narrow, labels if c.scale <= 1.4 else ())
    return tag(question_id(model.ref), laid_out(cards, per_line), plain(model.frame.label), container=True)


def chosen_values(model: QuestionModel) -> list[str]:
    """The chosen values in the order in which they were chosen (a single one is never split)."""
    if model.widget in (Widget.ONE, Widget.ONE_SEARCH):
        return [model.written] if model.written else []
    return model.written.split()


def toggled(model: QuestionModel, value: str, many: bool) -> str:
    """The answer's text after `value` was pressed; several stay in the list's own order."""
    chosen = set(chosen_values(model))
    if not many:
        return "" if value in chosen else value
    chosen ^= {value}
    return " ".join(known for known, _ in model.answer.choices if known in chosen)


def choice_card(
    c: Ctx, ref: str, value: str, label: str, chosen: bool, many: bool, press: Any, key: str | None = None
) -> ft.Control:
    """One choice as a card."""
    if many:
        glyph = Icons.CHECK_BOX_ROUNDED if chosen else Icons.CHECK_BOX_OUTLINE_BLANK_ROUNDED
    else:
        glyph = Icons.RADIO_BUTTON_CHECKED_ROUNDED if chosen else Icons.RADIO_BUTTON_UNCHECKED_ROUNDED
    words = text(
        c,
        plain(label),
        "answer_strong" if chosen else "answer",
        t.TONES["accent"].on_ground if chosen else t.INK,
        expand=True,
    )
    body = ft.Container(
        row(icon(glyph, t.ACCENT if chosen else t.EDGE, 24), words, spacing=t.S3),
        padding=ft.Padding.symmetric(horizontal=t.S4 - chosen, vertical=t.S4 - 1 - chosen),
        bgcolor=t.TONES["accent"].ground if chosen else t.CARD,
        border=ft.Border.all(2 if chosen else 1, t.ACCENT if chosen else t.SOFT_EDGE),
        border_radius=t.R_FIELD,
        ink=True,
        on_click=c.on(press),
        animate=ft.Animation(t.FAST_MS, ft.AnimationCurve.EASE_OUT),
    )
    return tag(choice_id(ref, value), body, None, button=True, checked=chosen)


def laid_out(cards: list[ft.Control], per_line: int) -> ft.Control:
    """Cards side by side, every card of a line as high as the highest."""
    if per_line == 1:
        return col(*cards, stretch=True)
    lines = []
    for at in range(0, len(cards), per_line):
        line = cards[at : at + per_line]
        for one in line:
            one.expand = True
        cells = [*line, *[spacer() for _ in range(per_line - len(line))]]
        lines.append(row(*cells, align=ft.CrossAxisAlignment.STRETCH, intrinsic_height=True))
    return col(*lines, stretch=True)
