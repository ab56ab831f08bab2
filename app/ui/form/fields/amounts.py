"""Ranges: numbers to press where they are few, else a value that is stepped up and down.

No slider: with a screen reader on the web, Flutter lays its value bubble over the whole page, and nothing below can
be pressed any more.
"""

from decimal import Decimal

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.idents import choice_id, part_id, question_id
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.nodes import Node
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import button, col, dim, gap, grow, icon_button, row, spacer, text

Icons = ft.Icons
FEW = 31  # every number is one press
FEWEST_PER_LINE, MOST_PER_LINE = 5, 11
LEAP = 10


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


@leaf
def range_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """Unanswered until it is touched; what was chosen can be taken back."""
    values = stops(*range_of(session.node(model.ref)))
    return _numbers(c, session, model, values) if len(values) <= FEW else _stepper(c, session, model, values)


def _numbers(c: Ctx, session: FormSession, model: QuestionModel, values: list[str]) -> ft.Control:
    cells = [_number(c, session, model, value) for value in values]
    per_line = 6 if c.compact else max(FEWEST_PER_LINE, len(values) if len(values) <= MOST_PER_LINE else 0)
    lines = []
    for at in range(0, len(cells), per_line):
        line = [grow(one) for one in cells[at : at + per_line]]
        lines.append(row(*line, *[grow(gap(1)) for _ in range(per_line - len(line))], spacing=t.S1 + 2))
    return tag(question_id(model.ref), col(*lines, stretch=True), plain(model.frame.label), container=True)


def _number(c: Ctx, session: FormSession, model: QuestionModel, value: str) -> ft.Control:
    chosen = model.written == value
    body = ft.Container(
        text(
            c,
            value,
            "answer_strong" if chosen else "answer",
            t.TONES["accent"].on_ground if chosen else t.INK,
            no_wrap=True,
        ),
        padding=ft.Padding.symmetric(vertical=t.S3),
        alignment=ft.Alignment.CENTER,
        bgcolor=t.TONES["accent"].ground if chosen else t.CARD,
        border=ft.Border.all(2 if chosen else 1, t.ACCENT if chosen else t.SOFT_EDGE),
        border_radius=t.R_FIELD,
        ink=True,
        on_click=c.on(lambda: session.chose(model, "" if chosen else value)),
    )
    return tag(choice_id(model.ref, value), body, button=True, checked=chosen)


def _stepper(c: Ctx, session: FormSession, model: QuestionModel, values: list[str]) -> ft.Control:
    at = values.index(model.written) if model.written in values else None

    def step(by: int) -> None:
        to = 0 if at is None else max(0, min(len(values) - 1, at + by))
        session.chose(model, values[to])

    def stepping(name: str, icon: ft.IconData, label: str, by: int) -> ft.Control:
        return icon_button(c, part_id(model.ref, name), icon, label, lambda: step(by), color=t.ACCENT)

    said = text(c, model.written, "title") if at is not None else dim(c, c._("Not answered yet"), "body")
    clear = button(
        c,
        part_id(model.ref, "clear"),
        c._("Clear"),
        lambda: session.chose(model, ""),
        kind="text",
        small=True,
    )
    line = row(
        stepping("leap_down", Icons.KEYBOARD_DOUBLE_ARROW_DOWN_ROUNDED, c._("Much less"), -LEAP),
        stepping("down", Icons.REMOVE_ROUNDED, c._("Less"), -1),
        ft.Container(said, expand=True, alignment=ft.Alignment.CENTER),
        stepping("up", Icons.ADD_ROUNDED, c._("More"), 1),
        stepping("leap_up", Icons.KEYBOARD_DOUBLE_ARROW_UP_ROUNDED, c._("Much more"), LEAP),
    )
    box = ft.Container(
        line, bgcolor=t.CARD, border=ft.Border.all(1, t.EDGE), border_radius=t.R_FIELD, padding=2
    )
    limits = dim(c, c._("From {first} to {last}", first=values[0], last=values[-1]))
    return col(
        tag(question_id(model.ref), box, plain(model.frame.label), container=True),
        row(limits, spacer(), *([clear] if at is not None else [])),
        spacing=t.S1,
        stretch=True,
    )
