"""Serve the form screen alone on loopback, for a browser: `python -m tests.ui.form_serve PORT`.

The route says how: `/fake/light/ro`, `/household_baseline/dark/en`, `/post_relocation_visit/light/ro/2.0`
(form, theme, page language, text size). Every load starts a new filling. Where DOORSTEP_FORM_OUT names a file, the
finished XML is written to it.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("FLET_SESSION_TIMEOUT", "600")

import flet as ft
import uvicorn

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form import screen
from app.ui.material import build_theme
from app.ui.typography import FONTS
from tests.ui.form_desk import StubDesk, context
from tests.ui.form_fake import visit


def filling_of(name: str) -> Any:
    if name == "fake":
        return visit()
    from tests.ui.form_real import filling

    return filling(name)


@ft.component
def app(base: Ctx, filling: Any) -> ft.Control:
    """What the shell does: a new context at every change of size."""
    size, resize = ft.use_state((base.width, base.height))
    outcome, leave = ft.use_state("")
    page = ft.context.page
    page.on_resize = lambda event: resize((event.width, event.height))
    if outcome == "finished" and (wanted := os.environ.get("DOORSTEP_FORM_OUT")):
        Path(wanted).write_bytes(filling.finished.xml)
    if outcome:
        return ft.Semantics(identifier="left", content=ft.Text(f"left: {outcome}"))
    c = replace(base, width=size[0], height=size[1])
    inner = ft.SafeArea(screen(c, filling, leave), expand=True, minimum_padding=0)
    return ft.Semantics(identifier="ready", content=inner, expand=True)


def main(page: ft.Page) -> None:
    parts = [part for part in page.route.split("/") if part] + ["", "", "", ""]
    name, theme, language, scale = parts[:4]
    size = float(scale or 1)
    page.fonts = FONTS
    page.theme, page.dark_theme = build_theme(t.LIGHT, size), build_theme(t.DARK, size)
    page.theme_mode = ft.ThemeMode.DARK if theme == "dark" else ft.ThemeMode.LIGHT
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[ft.Locale("ro"), ft.Locale("en", "GB"), ft.Locale("ar")],
        current_locale=ft.Locale("ro"),
    )
    page.padding, page.spacing, page.bgcolor = 0, 0, t.PAPER
    filling = filling_of(name or "fake")
    c = context(
        page.width or 1280, page.height or 800, scale=size, language=language or "ro", desk=StubDesk()
    )
    page.render(app, c, filling)


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8561
    asgi = ft.run(main, export_asgi_app=True, no_cdn=True, assets_dir=os.path.abspath("assets"))
    uvicorn.run(asgi, host="127.0.0.1", port=port, log_level="warning")
