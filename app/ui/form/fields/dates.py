"""Dates and times: typed by hand or picked. `12.03.2026`, `03.2026`, `2026`, `09:30`."""

from datetime import date, datetime, time
from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.fields.typed import bare_field, field_look, named
from app.ui.form.idents import part_id, question_id
from app.ui.form.kit import on
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.form.widgets import Widget
from app.ui.form.written import join_moment, read_date, read_time, split_moment, to_form, to_screen, zone_text
from app.ui.pieces import icon_button, row

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


@leaf
def date_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """A date, month, year or time of day. The picker fills the same field."""
    hints = {
        Widget.DATE: c._("DD.MM.YYYY"),
        Widget.MONTH: c._("MM.YYYY"),
        Widget.YEAR: c._("YYYY"),
        Widget.TIME: c._("HH:MM"),
    }
    picker = None
    if model.widget in (Widget.DATE, Widget.TIME):
        picker = pick_button(
            c,
            part_id(model.ref, "pick"),
            model.widget,
            lambda: model.written,
            lambda text: _picked(session, model, text),
        )
    field = bare_field(c, session, model, hint_text=hints[model.widget])
    return with_button(named(question_id(model.ref), field, plain(model.frame.label)), picker)


def with_button(field: ft.Control, button: ft.Control | None) -> ft.Control:
    """A field and the button at its end, side by side so that each has its own name."""
    if button is None:
        return field
    return row(
        ft.Container(field, expand=True), ft.Container(button, padding=ft.Padding(right=4, left=4)), spacing=0
    )


def _picked(session: FormSession, model: QuestionModel, written: str) -> None:
    session.chose(model, written)
    model.within.fire()


@leaf
def moment_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """A date and a time of day beside each other, kept as one dateTime in the device's timezone."""
    halves = ft.use_ref(lambda: list(split_moment(model.written)))
    written = halves.current
    if join_moment(written[0], written[1], _zone(c)) != model.written:
        written[:] = split_moment(model.written)

    def wrote(half: int, text: str, picked: bool = False) -> None:
        written[half] = text
        session.typed(model, join_moment(written[0], written[1], _zone(c)))
        if picked:
            session.keep(model)
            model.within.fire()

    fields = [
        _half(c, session, model, widget, half, written, wrote)
        for half, widget in enumerate((Widget.DATE, Widget.TIME))
    ]
    return row(*[ft.Container(one, expand=3 - at) for at, one in enumerate(fields)])


def _half(
    c: Ctx,
    session: FormSession,
    model: QuestionModel,
    widget: Widget,
    half: int,
    written: list[str],
    wrote: Any,
) -> ft.Control:
    name = "date" if widget is Widget.DATE else "time"
    field = field_look(
        c,
        value=written[half],
        hint_text=c._("DD.MM.YYYY") if widget is Widget.DATE else c._("HH:MM"),
        keyboard_type=ft.KeyboardType.DATETIME,
        **on(
            c,
            on_change=lambda event: wrote(half, event.control.value),
            on_focus=lambda: session.focused(model, True),
            on_blur=lambda: session.focused(model, False),
        ),
    )
    spoken = c._("Date") if widget is Widget.DATE else c._("Time")
    pick = pick_button(
        c,
        part_id(model.ref, f"{name}_pick"),
        widget,
        lambda: written[half],
        lambda text: wrote(half, text, picked=True),
    )
    line = with_button(named(part_id(model.ref, name), field, f"{plain(model.frame.label)}, {spoken}"), pick)
    return ft.Container(line, bgcolor=t.CARD, border=ft.Border.all(1, t.EDGE), border_radius=t.R_FIELD)


def pick_button(c: Ctx, identifier: str, widget: Widget, written: Any, wrote: Any) -> ft.Control:
    """The button that opens the calendar or the clock; `written()` reads the field, `wrote(text)` fills it."""

    def open_picker() -> None:
        page = ft.context.page
        kept = to_form(widget, written())
        if widget is Widget.DATE:
            page.show_dialog(_calendar(c, kept, wrote))
        else:
            page.show_dialog(_clock(c, kept, wrote))

    name, label = (
        (ft.Icons.EVENT_OUTLINED, c._("Choose a date"))
        if widget is Widget.DATE
        else (ft.Icons.SCHEDULE_ROUNDED, c._("Choose a time"))
    )
    return icon_button(c, identifier, name, label, open_picker)


def _calendar(c: Ctx, kept: str, wrote: Any) -> ft.DatePicker:
    def picked(event: Any) -> None:
        day = event.control.value
        if day is not None:
            wrote(to_screen(Widget.DATE, _local_day(day, c).isoformat()))

    return ft.DatePicker(
        value=read_date(kept),
        first_date=EARLIEST,
        last_date=LATEST,
        cancel_text=c._("Cancel"),
        confirm_text=c._("Choose"),
        help_text=c._("Choose a date"),
        on_change=c.on(picked),
    )


def _clock(c: Ctx, kept: str, wrote: Any) -> ft.TimePicker:
    def picked(event: Any) -> None:
        value: time | None = event.control.value
        if value is not None:
            wrote(f"{value:%H:%M}")

    return ft.TimePicker(
        value=read_time(kept),
        hour_format=ft.TimePickerHourFormat.H24,
        cancel_text=c._("Cancel"),
        confirm_text=c._("Choose"),
        help_text=c._("Choose a time"),
        on_change=c.on(picked),
    )


def _local_day(picked: date | datetime, c: Ctx) -> date:
    """The calendar answers with a moment; an aware one is the picked midnight seen from UTC."""
    if isinstance(picked, datetime):
        return picked.astimezone().date() if picked.tzinfo else picked.date()
    return picked


def _zone(c: Ctx) -> str:
    now = c.desk.cases.clock() if c.desk else datetime.now().astimezone()
    return zone_text(c.local(now))
