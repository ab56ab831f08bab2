"""Which component draws which widget."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.form.fields.amounts import range_field
from app.ui.form.fields.choices import choice_field
from app.ui.form.fields.dates import date_field, moment_field
from app.ui.form.fields.pictures import picture_field
from app.ui.form.fields.places import place_field
from app.ui.form.fields.plain import acknowledge_field, readonly_field, unsupported_field
from app.ui.form.fields.ranks import rank_field
from app.ui.form.fields.search import search_field
from app.ui.form.fields.signature import signature_field
from app.ui.form.fields.typed import typed_field
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.widgets import Widget

_COMPONENTS = {
    Widget.TEXT: typed_field,
    Widget.MULTILINE: typed_field,
    Widget.INTEGER: typed_field,
    Widget.DECIMAL: typed_field,
    Widget.DATE: date_field,
    Widget.MONTH: date_field,
    Widget.YEAR: date_field,
    Widget.TIME: date_field,
    Widget.DATETIME: moment_field,
    Widget.ONE: choice_field,
    Widget.MANY: choice_field,
    Widget.ONE_SEARCH: search_field,
    Widget.MANY_SEARCH: search_field,
    Widget.RANK: rank_field,
    Widget.RANGE: range_field,
    Widget.ACKNOWLEDGE: acknowledge_field,
    Widget.GEOPOINT: place_field,
    Widget.IMAGE: picture_field,
    Widget.SIGNATURE: signature_field,
    Widget.UNSUPPORTED: unsupported_field,
}
_BOXED = frozenset(
    (
        Widget.TEXT,
        Widget.MULTILINE,
        Widget.INTEGER,
        Widget.DECIMAL,
        Widget.DATE,
        Widget.MONTH,
        Widget.YEAR,
        Widget.TIME,
        Widget.GEOPOINT,
    )
)


def control_of(c: Ctx, session: FormSession, model: QuestionModel) -> ft.Control:
    """The question's control; read-only answers are shown, not offered for change."""
    component = readonly_field if model.answer.readonly else _COMPONENTS[model.widget]
    control: ft.Control = component(c, session, model, model.within, key=f"{component.__name__}:{model.ref}")
    return control


def is_boxed(model: QuestionModel) -> bool:
    """Whether the frame draws a field's box around the control."""
    return model.widget in _BOXED and not model.answer.readonly
