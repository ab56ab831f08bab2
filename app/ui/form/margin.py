"""The past beside the present: what the last visit answered, in the margin or as a strip above the control."""

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.dates import day
from app.ui.form.question_model import Frame, Last
from app.ui.form.units import unit_of
from app.ui.form.widgets import Widget
from app.ui.form.written import as_number, grouped
from app.ui.pieces import col, grow, icon, row, text, wrap


def last_visit(c: Ctx, frame: Frame, widget: Widget) -> ft.Control:
    """The margin note (expanded) or strip (narrower) of a question that was answered last time."""
    last = frame.last
    assert last is not None
    said = [
        text(c, _when(c, last), "meta", t.TONES["last"].on_ground),
        text(c, _amount(c, last, frame, widget), "strong"),
    ]
    change = _change(c, frame)
    if c.expanded:
        rule = ft.Container(width=2, bgcolor=t.TONES["last"].solid, border_radius=1)
        words = col(*said, *([change] if change else []), spacing=3)
        return row(
            rule, grow(words), spacing=t.S3, align=ft.CrossAxisAlignment.STRETCH, intrinsic_height=True
        )
    return ft.Container(
        row(
            icon(ft.Icons.HISTORY_ROUNDED, t.TONES["last"].on_ground, 18),
            grow(wrap(*said, run_spacing=0)),
            *([change] if change else []),
        ),
        bgcolor=t.TONES["last"].ground,
        border_radius=t.R_SMALL,
        padding=ft.Padding.symmetric(horizontal=t.S3, vertical=t.S2),
    )


def _when(c: Ctx, last: Last) -> str:
    return c._("Last visit · {day}", day=day(c, last.on)) if last.on else c._("At the last visit")


def _amount(c: Ctx, last: Last, frame: Frame, widget: Widget) -> str:
    number = as_number(last.value) if widget in (Widget.INTEGER, Widget.DECIMAL) else None
    if number is None:
        return last.text
    return c.ltr(f"{_plain(c, number, widget)} {unit_of(frame.label)}".strip())


def _change(c: Ctx, frame: Frame) -> ft.Text | None:
    if frame.change is None:
        return None
    size = c.ltr(grouped(abs(frame.change)))
    words = c._("{amount} more", amount=size) if frame.change > 0 else c._("{amount} less", amount=size)
    return text(c, words, "meta_strong", t.TONES["warn"].solid)


def _plain(c: Ctx, number: float, widget: Widget) -> str:
    """Years and other four-digit numbers stay ungrouped."""
    return f"{number:g}" if abs(number) < 10_000 else grouped(number)
