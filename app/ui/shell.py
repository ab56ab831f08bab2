"""The frame around the main screens: bottom bar, rail or sidebar, by the room there is.

A form has no frame of navigation: its own bar leads out. A submission opened for review keeps the rail,
because its comparison needs the width.
"""

from typing import NamedTuple

import flet as ft

from app.ui.ctx import Ctx
from app.ui.i18n import N_
from app.ui.ids import tag
from app.ui.pieces import avatar, brand, col, dim, gap, grow, hairline, icon_button, row, spacer, text
from app.ui.pieces.layout import CROSS
from app.ui.pieces.marks import icon as mark
from app.ui.sync_state import sync_state, waiting_count
from app.ui.theme import CARD, INK, INK2, LINE, R_FIELD, RAIL, S1, S2, S3, S4, S5, SIDEBAR, SUNK, TONES

Icons = ft.Icons
WIDE_FROM = 1400


class Stop(NamedTuple):
    """One entry of the navigation."""

    label: str
    icon: ft.IconData
    chosen: ft.IconData


STOPS = {
    "today": Stop(N_("Today"), Icons.WB_SUNNY_OUTLINED, Icons.WB_SUNNY_ROUNDED),
    "households": Stop(N_("Households"), Icons.HOME_OUTLINED, Icons.HOME_ROUNDED),
    "sent": Stop(N_("Sent"), Icons.OUTBOX_OUTLINED, Icons.OUTBOX_ROUNDED),
    "review": Stop(N_("Review"), Icons.RATE_REVIEW_OUTLINED, Icons.RATE_REVIEW_ROUNDED),
    "synced": Stop(N_("Sync"), Icons.SYNC_OUTLINED, Icons.SYNC_ROUNDED),
    "people": Stop(N_("People"), Icons.DEVICES_OUTLINED, Icons.DEVICES_ROUNDED),
    "settings": Stop(N_("Settings"), Icons.TUNE_OUTLINED, Icons.TUNE_ROUNDED),
}
NAVIGATION = {
    "fieldworker": ("today", "households", "sent", "settings"),
    "supervisor": ("review", "households", "people", "synced", "settings"),
}


RECORDS = ("submission", "merge")  # need the width, so the rail stays narrow


def shell(c: Ctx, body: ft.Control) -> ft.Control:
    """`body` in the frame that this place and this width ask for."""
    assert c.desk is not None
    name = c.desk.nav.place.name
    if name == "form" or (name in RECORDS and c.compact):
        return grow(body)
    if c.compact:
        return ft.Column([grow(body), _bottom_bar(c)], spacing=0, expand=True)
    narrow = not c.expanded or (name in RECORDS and c.width / c.scale < WIDE_FROM)
    side = _rail(c) if narrow else _sidebar(c)
    return ft.Row([side, grow(body)], spacing=0, expand=True, vertical_alignment=CROSS.STRETCH)


def _items(c: Ctx) -> list[tuple[str, Stop, bool]]:
    assert c.desk is not None
    root = c.desk.nav.root.name
    return [(name, STOPS[name], name == root) for name in NAVIGATION[c.desk.role]]


def _press(c: Ctx, name: str, label: str, chosen: bool, body: ft.Container) -> ft.Semantics:
    desk = c.desk
    assert desk is not None
    body.on_click = c.on(lambda: desk.nav.switch(name))
    body.ink = True
    return tag(f"nav.{name}", body, label, button=True, selected=chosen)


def _stacked(c: Ctx, name: str, stop: Stop, chosen: bool, width: float | None) -> ft.Semantics:
    """Icon over word, for the rail and the bottom bar."""
    ground, front, _ = TONES["accent"]
    lit = ft.Container(
        mark(stop.chosen if chosen else stop.icon, front if chosen else INK2, 24),
        width=56,
        height=32,
        border_radius=16,
        bgcolor=ground if chosen else None,
        alignment=ft.Alignment.CENTER,
    )
    word = text(
        c, c._(stop.label), "over", INK if chosen else INK2, text_align=ft.TextAlign.CENTER, one_line=True
    )
    inner = col(lit, word, spacing=S1, horizontal_alignment=CROSS.CENTER)
    body = ft.Container(inner, width=width, expand=width is None, padding=ft.Padding.symmetric(vertical=6))
    return _press(c, name, c._(stop.label), chosen, body)


def _bottom_bar(c: Ctx) -> ft.Control:
    items = [_stacked(c, name, stop, chosen, None) for name, stop, chosen in _items(c)]
    return ft.Container(
        row(*items, spacing=0),
        bgcolor=CARD,
        border=ft.Border(top=ft.BorderSide(1, LINE)),
        padding=ft.Padding.symmetric(horizontal=S2, vertical=6),
    )


def _rail(c: Ctx) -> ft.Control:
    assert c.desk is not None
    items = [_stacked(c, name, stop, chosen, RAIL) for name, stop, chosen in _items(c)]
    inner = col(
        ft.Container(brand(30), padding=ft.Padding.symmetric(vertical=S5)),
        *items,
        spacer(),
        _lock_button(c),
        avatar(c, c.desk.worker.name, "clay", 40),
        gap(S4),
        spacing=S2,
        horizontal_alignment=CROSS.CENTER,
        tight=False,
    )
    return ft.Container(inner, width=RAIL, bgcolor=SUNK)


def _sidebar(c: Ctx) -> ft.Control:
    assert c.desk is not None
    sign = row(brand(26), text(c, "Doorstep", "title"), spacing=S3)
    inner = col(
        ft.Container(sign, padding=ft.Padding.symmetric(horizontal=S4, vertical=S3)),
        gap(S2),
        *[_long(c, name, stop, chosen) for name, stop, chosen in _items(c)],
        spacer(),
        sync_state(c),
        ft.Container(hairline(), padding=ft.Padding.symmetric(vertical=S2, horizontal=S4)),
        _who(c),
        spacing=2,
        tight=False,
        stretch=True,
    )
    return ft.Container(inner, width=SIDEBAR * min(c.scale, 1.35), bgcolor=SUNK, padding=S3)


def _long(c: Ctx, name: str, stop: Stop, chosen: bool) -> ft.Semantics:
    ground, front, _ = TONES["accent"]
    label = c._(stop.label)
    badge = [waiting_count(c)] if name in ("sent", "synced") else []
    line = row(
        mark(stop.chosen if chosen else stop.icon, front if chosen else INK2, 22),
        grow(text(c, label, "label", front if chosen else INK)),
        *badge,
        spacing=S3,
    )
    body = ft.Container(
        line,
        padding=ft.Padding.symmetric(horizontal=S4, vertical=14),
        border_radius=R_FIELD,
        bgcolor=ground if chosen else None,
    )
    return _press(c, name, label, chosen, body)


def _who(c: Ctx) -> ft.Control:
    desk = c.desk
    assert desk is not None
    role = c._("Supervisor") if desk.role == "supervisor" else c._("Social worker")
    words = col(text(c, desk.worker.name, "strong", one_line=True), dim(c, role, one_line=True), spacing=0)
    line = row(avatar(c, desk.worker.name, "clay", 36), grow(words), _lock_button(c), spacing=S2)
    return ft.Container(line, padding=c.pad(S3, S1, 0, S1))


def _lock_button(c: Ctx) -> ft.Semantics:
    assert c.desk is not None
    return icon_button(c, "nav.lock", Icons.LOCK_OUTLINE_ROUNDED, c._("Lock"), c.desk.lock)
