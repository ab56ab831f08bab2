"""The setting that lets photos wait for Wi-Fi: for tablets on a small data plan."""

from dataclasses import replace

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.pieces import chip, col, dim, section, wrap
from app.ui.theme import S3


def photos_setting(c: Ctx, desk: Desk) -> ft.Control:
    """Two choices, and what they mean."""
    current = desk.settings.photos_on_wifi_only

    def choice(name: str, label: str, value: bool) -> ft.Control:
        def choose() -> None:
            desk.change_settings(replace(desk.settings, photos_on_wifi_only=value))
            desk.sync.refresh()

        return chip(c, f"settings.photos.{name}", label, current == value, choose)

    said = c._(
        "Forms always go at once. A photo that waits is kept here, encrypted, and goes by itself when there is Wi-Fi."
    )
    choices = wrap(
        choice("any", c._("Over any connection"), False), choice("wifi", c._("Only over Wi-Fi"), True)
    )
    return section(c, c._("Photos are sent"), col(choices, dim(c, said), spacing=S3, stretch=True))
