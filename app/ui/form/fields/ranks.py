"""Ranking: every choice on a line, moved up or down. Nothing is answered until the order was touched or confirmed."""

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.idents import choice_id, part_id, question_id
from app.ui.form.leaf import leaf
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import button, col, group, grow, icon_button, row, text

Icons = ft.Icons


def ranked(model: QuestionModel) -> list[tuple[str, str]]:
    """The choices in the answer's order; those it does not name come after, in the list's order."""
    order = {value: at for at, value in enumerate(model.written.split())}
    return sorted(model.answer.choices, key=lambda choice: order.get(choice[0], len(order)))


def moved(values: list[str], at: int, by: int) -> str:
    """The answer's text after the line `at` moved by `by`."""
    to = at + by
    values[at], values[to] = values[to], values[at]
    return " ".join(values)


@leaf
def rank_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """First is most important. The order as it stands can be confirmed with one press."""
    order = ranked(model)
    values = [value for value, _ in order]
    lines = [_line(c, session, model, at, values, label or value) for at, (value, label) in enumerate(order)]
    listed = tag(question_id(model.ref), group(*lines, inset=t.S4), container=True)
    if model.written:
        return listed
    keep = button(
        c,
        part_id(model.ref, "keep"),
        c._("This order is right"),
        lambda: session.chose(model, " ".join(values)),
        kind="tonal",
        icon=Icons.CHECK_ROUNDED,
        small=True,
    )
    return col(listed, row(keep), stretch=True)


def _line(
    c: Ctx, session: FormSession, model: QuestionModel, at: int, values: list[str], label: str
) -> ft.Control:
    def move(by: int) -> None:
        session.chose(model, moved(list(values), at, by))

    name = choice_id(model.ref, values[at])
    color = t.INK if model.written else t.INK2
    line = row(
        ft.Container(text(c, str(at + 1), "label", t.INK2), width=24),
        grow(text(c, label, "answer", color)),
        icon_button(
            c,
            f"{name}.up",
            Icons.ARROW_UPWARD_ROUNDED,
            c._("Move {what} up", what=label),
            lambda: move(-1),
            disabled=at == 0,
        ),
        icon_button(
            c,
            f"{name}.down",
            Icons.ARROW_DOWNWARD_ROUNDED,
            c._("Move {what} down", what=label),
            lambda: move(1),
            disabled=at == len(values) - 1,
        ),
    )
    return ft.Container(line, padding=ft.Padding.symmetric(horizontal=t.S4, vertical=t.S1))
