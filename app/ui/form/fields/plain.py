"""Small controls: a tick that says it was done, an answer that may only be read, a question this device cannot ask."""

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.fields.choices import choice_card
from app.ui.form.idents import question_id
from app.ui.form.leaf import leaf
from app.ui.form.pages import shown_answer
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import grow, icon, note, row, text

DONE = "OK"


@leaf
def acknowledge_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """A trigger (`acknowledge`): its answer is `OK` or nothing."""
    done = model.written == DONE
    press = lambda: session.chose(model, "" if model.written == DONE else DONE)  # noqa: E731 - a handler in place
    return choice_card(c, model.ref, DONE, c._("Yes, done"), done, True, press)


@leaf
def readonly_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """An answer that the form itself gives."""
    shown = shown_answer(session.node(model.ref)) or "–"
    line = row(icon(ft.Icons.LOCK_OUTLINE_ROUNDED, t.INK2, 22), grow(text(c, shown, "answer")), spacing=t.S4)
    box = ft.Container(
        line,
        bgcolor=t.SUNK,
        border=ft.Border.all(1, t.LINE),
        border_radius=t.R_FIELD,
        padding=t.S4,
    )
    return tag(question_id(model.ref), box, read_only=True)


@leaf
def unsupported_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """A kind of question that has no control here yet: said calmly, and the visit goes on."""
    told = c._(
        "This tablet cannot take this kind of answer yet. Go on with the next question; nothing is lost."
    )
    if model.answer.text:
        told = " ".join((told, c._("Answered elsewhere: {answer}", answer=model.answer.text)))
    return tag(question_id(model.ref), note(c, told, ft.Icons.INFO_OUTLINE_ROUNDED, "neutral"))
