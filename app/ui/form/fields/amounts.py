"""Ranges: a row of numbers to press where they are few, else a slider with its value in words."""

from decimal import Decimal
from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.idents import choice_id, part_id, question_id
from app.ui.form.marked import plain
from app.ui.form.nodes import Node
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, col, dim, row, spacer, text, wrap

FEW = 11  # 0 to 10: every number is one press


def range_of(node: Node) -> tuple[Decimal, Decimal, Decimal]:
    """Start, end and step of a range question (XForms `range`); 0 to 10 by 1 where the form says nothing."""
    given = node.attributes
    start, end, step = (
        Decimal(str(given.get(name, other))) for name, other in (("start", 0), ("end", 10), ("step", 1))
    )
    return start, end, abs(step) or Decimal(1)


def stops(start: Decimal, end: Decimal, step: Decimal) -> list[str]:
    """Every value that can be answered, from start to end (which may be the smaller one)."""
    count = int(abs(end - start) / step)
    way = step if end >= start else -step
    return [f"{start + way * at:f}" for at in range(count + 1)]


@ft.memo
@part
def range_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """Unanswered until it is touched; what was chosen can be taken back."""
    values = stops(*range_of(session.node(model.ref)))
    return _numbers(c, session, model, values) if len(values) <= FEW else _slider(c, session, model, values)


def _numbers(c: Ctx, session: FormSession, model: QuestionModel, values: list[str]) -> ft.Control:
    cells = [_number(c, session, model, value) for value in values]
    return tag(question_id(model.ref), wrap(*cells), plain(model.frame.label), container=True)


def _number(c: Ctx, session: FormSession, model: QuestionModel, value: str) -> ft.Control:
    chosen = model.written == value
    body = ft.Container(
        text(
            c,
            value,
            "answer_strong" if chosen else "answer",
            t.TONES["accent"].on_ground if chosen else t.INK,
        ),
        width=t.TOUCH * min(c.scale, 1.6),
        height=t.TOUCH * min(c.scale, 1.6),
        alignment=ft.Alignment.CENTER,
        bgcolor=t.TONES["accent"].ground if chosen else t.CARD,
        border=ft.Border.all(2 if chosen else 1, t.ACCENT if chosen else t.SOFT_EDGE),
        border_radius=t.R_FIELD,
        ink=True,
        on_click=c.on(lambda: session.chose(model, "" if chosen else value)),
    )
    return tag(choice_id(model.ref, value), body, button=True, checked=chosen)


def _slider(c: Ctx, session: FormSession, model: QuestionModel, values: list[str]) -> ft.Control:
    answered = model.written in values
    at = values.index(model.written) if answered else 0

    def slid(event: Any) -> None:
        session.chose(model, values[round(event.control.value)])

    slider = ft.Slider(
        value=at,
        min=0,
        max=len(values) - 1,
        divisions=len(values) - 1,
        active_color=t.ACCENT if answered else t.EDGE,
        inactive_color=t.TRACK,
        on_change_end=c.on(slid),
    )
    said = (
        text(c, model.written, "answer_strong")
        if answered
        else dim(c, c._("Not answered yet: move the knob"), "body")
    )
    clear = button(
        c,
        part_id(model.ref, "clear"),
        c._("Clear"),
        lambda: session.chose(model, ""),
        kind="text",
        small=True,
    )
    return col(
        row(said, spacer(), *([clear] if answered else [])),
        tag(question_id(model.ref), slider, plain(model.frame.label)),
        row(dim(c, values[0]), spacer(), dim(c, values[-1])),
        spacing=0,
        stretch=True,
    )
