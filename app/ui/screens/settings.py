"""Settings of this device: language, theme, text size, when it locks; what is protected; lock now."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.guard import part
from app.ui.i18n import LANGUAGES, N_
from app.ui.photos_setting import photos_setting
from app.ui.pieces import (
    button,
    card,
    chip,
    col,
    dim,
    grow,
    icon,
    page_head,
    row,
    scroller,
    section,
    text,
    wrap,
)
from app.ui.pieces.layout import CROSS
from app.ui.safety.rows import away, safety_rows
from app.ui.signals import use_signal
from app.ui.theme import S3, S5, S6, TONES

Icons = ft.Icons
WIDTH = 720
THEMES = {"system": N_("As the device"), "light": N_("Light"), "dark": N_("Dark")}
TEXT_SIZES = (1.0, 1.15, 1.3, 1.6, 2.0)
LOCK_MINUTES = (1, 5, 10, 30)
PROTECTED = (
    (
        Icons.LOCK_OUTLINE_ROUNDED,
        N_("Visits are encrypted on this tablet and open only with your passphrase."),
    ),
    (
        Icons.VISIBILITY_OFF_OUTLINED,
        N_("The server keeps sealed records. It cannot read names, answers or photos."),
    ),
    (
        Icons.VERIFIED_OUTLINED,
        N_("“Received” means that the server gave a receipt and this tablet checked it."),
    ),
    (
        Icons.HISTORY_ROUNDED,
        N_("A correction is a new version. Nothing is overwritten, nothing disappears silently."),
    ),
)


@part
def screen(c: Ctx) -> ft.Control:
    """All settings on one page, each working at once."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.sync.changed)
    parts = [
        page_head(c, c._("Settings"), c._("They belong to this device and work at once.")),
        section(c, c._("Language"), _choice(c, desk, "language", LANGUAGES)),
        section(
            c, c._("Colours"), _choice(c, desk, "theme", {name: c._(label) for name, label in THEMES.items()})
        ),
        section(c, c._("Text size"), _text_size(c, desk)),
        section(c, c._("Locks by itself"), _lock_after(c, desk)),
        *([away(c, desk)] if desk.cases.safety else []),
        *safety_rows(c, desk),
        photos_setting(c, desk),
        section(c, c._("What is protected"), _protected(c)),
        section(c, c._("Server"), _server(c, desk)),
        row(
            button(
                c,
                "settings.lock",
                c._("Lock now"),
                desk.lock,
                kind="outlined",
                icon=Icons.LOCK_OUTLINE_ROUNDED,
                expand=c.compact or None,
            )
        ),
    ]
    return scroller(c, *parts, width=WIDTH, key="settings", spacing=S6)


def _setting(desk: Desk, name: str, value: Any) -> Callable[[], None]:
    return lambda: desk.change_settings(replace(desk.settings, **{name: value}))


def _choice(c: Ctx, desk: Desk, name: str, options: Any) -> ft.Control:
    current = getattr(desk.settings, name)
    chips = [
        chip(c, f"settings.{name}.{value}", label, value == current, _setting(desk, name, value))
        for value, label in options.items()
    ]
    return wrap(*chips)


def _text_size(c: Ctx, desk: Desk) -> ft.Control:
    return _numbers(c, desk, "text_size", TEXT_SIZES, lambda size: f"{round(size * 100)} %")


def _lock_after(c: Ctx, desk: Desk) -> ft.Control:
    choice = _numbers(
        c, desk, "lock_minutes", LOCK_MINUTES, lambda n: c.n_("after {n} minute", "after {n} minutes", int(n))
    )
    said = c._("When nobody touches it. What you wrote is saved before.")
    return col(choice, dim(c, said), spacing=S3, stretch=True)


def _numbers(
    c: Ctx, desk: Desk, name: str, values: Sequence[float], words: Callable[[float], str]
) -> ft.Control:
    current = getattr(desk.settings, name)
    chips = [
        chip(
            c,
            f"settings.{name}.{value:g}",
            words(value),
            abs(value - current) < 0.01,
            _setting(desk, name, value),
        )
        for value in values
    ]
    return wrap(*chips)


def _protected(c: Ctx) -> ft.Control:
    lines = [
        row(
            icon(mark, TONES["accent"].solid, 22),
            grow(text(c, c._(words), "body")),
            spacing=S3,
            align=CROSS.START,
        )
        for mark, words in PROTECTED
    ]
    return card(col(*lines, spacing=S3, stretch=True), padding=S5)


def _server(c: Ctx, desk: Desk) -> ft.Control:
    status = desk.sync.status
    server = (
        status.server if status and status.server else c._("This device has not been enrolled with a server.")
    )
    words = col(
        text(c, server, "answer", selectable=True),
        dim(
            c,
            c._("If this address is not the one of your organisation, do not sync and tell your supervisor."),
            "body",
        ),
        stretch=True,
    )
    return card(words, padding=S5)
