"""Fields that are typed into: text, several lines, whole and decimal numbers.

The component draws the field once and again only when somebody else changed the answer: keys go to the session.
"""

from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.idents import question_id
from app.ui.form.kit import on
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.form.units import unit_of
from app.ui.form.widgets import Widget, numeric_keyboard
from app.ui.ids import tag
from app.ui.pieces import row, text

_NUMBERS = (Widget.INTEGER, Widget.DECIMAL)


@leaf
def typed_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """A text field; a number's unit stands at its end."""
    unit = unit_of(plain(model.frame.label)) if model.widget in _NUMBERS else ""
    field = bare_field(c, session, model, suffix_icon=_unit(c, unit) if unit else None)
    return named(question_id(model.ref), field, plain(model.frame.label))


def named(identifier: str, field: ft.Control, label: str) -> ft.Control:
    """A field that says the question's words itself: label and field become one for screen readers."""
    return ft.MergeSemantics(content=tag(identifier, field, label))


def bare_field(c: Ctx, session: FormSession, model: QuestionModel, **more: Any) -> ft.TextField:
    """The field without border (the frame draws the box) and without identifier."""
    lines = 3 if model.widget is Widget.MULTILINE else 1
    node = session.node(model.ref)
    handlers = on(
        c,
        on_change=lambda event: session.typed(model, event.control.value),
        on_focus=lambda: session.focused(model, True),
        on_blur=lambda: session.focused(model, False),
        on_submit=lambda: session.keep(model),
    )
    return field_look(
        c,
        value=model.written,
        multiline=lines > 1,
        min_lines=lines,
        max_lines=8 if lines > 1 else 1,
        keyboard_type=keyboard(model.widget, numeric_keyboard(node, model.widget)),
        capitalization=ft.TextCapitalization.SENTENCES if lines > 1 else None,
        **handlers,
        **more,
    )


def field_look(c: Ctx, **more: Any) -> ft.TextField:
    """The look of text being written."""
    return ft.TextField(
        border=ft.NoInputBorder(),
        filled=False,
        text_style=t.style("answer", c.scale, t.INK),
        hint_style=t.style("answer", c.scale, t.INK2),
        content_padding=ft.Padding.symmetric(horizontal=t.S4, vertical=t.S4 - 2),
        cursor_color=t.ACCENT,
        cursor_width=2,
        **more,
    )


def keyboard(widget: Widget, numeric: bool) -> ft.KeyboardType:
    if widget is Widget.MULTILINE:
        return ft.KeyboardType.MULTILINE
    if widget in (Widget.DATE, Widget.MONTH, Widget.TIME):
        return ft.KeyboardType.DATETIME
    return ft.KeyboardType.NUMBER if numeric else ft.KeyboardType.TEXT


def _unit(c: Ctx, unit: str) -> ft.Container:
    """In the place of an icon, because Material hides a suffix while the field is empty."""
    return ft.Container(
        row(text(c, unit, "answer", t.INK2), tight=True), padding=ft.Padding.symmetric(horizontal=t.S4)
    )
