"""A place on the map, typed: latitude and longitude. Where a positioning service is installed, by one press."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.form.fields.typed import bare_field, named
from app.ui.form.idents import question_id
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic


@leaf
def place_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """`46.77012, 23.62345`; what cannot be read as a place is kept and said to be wrong."""
    field = bare_field(
        c,
        session,
        model,
        hint_text=c._("Latitude, longitude: 46.77012, 23.62345"),
        prefix_icon=ft.Icons.PLACE_OUTLINED,
    )
    return named(question_id(model.ref), field, plain(model.frame.label))
