"""What the form's components share: the steady context, text with markdown, identifiers on controls."""

from dataclasses import dataclass, fields
from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import RTL_LANGUAGES, Ctx
from app.ui.form.marked import Paragraph, paragraphs
from app.ui.pieces import col, text

# A width that stands for its layout class.
_ROOMS = {"compact": 390.0, "medium": 800.0, "expanded": 1280.0}
_HEADING_ROLES = {1: "title", 2: "title", 3: "subtitle"}


@dataclass(frozen=True)
class FormCtx(Ctx):
    """The context inside a form, whose direction is the form's. Words of the product in a left-to-right language
    keep their order inside a right-to-left form."""

    def _(self, message: str, /, **fields: object) -> str:
        return self._kept(super()._(message, **fields))

    def n_(self, one: str, many: str, n: int, /, **fields: object) -> str:
        return self._kept(super().n_(one, many, n, **fields))

    def _kept(self, said: str) -> str:
        return self.ltr(said) if said and self.language not in RTL_LANGUAGES else said


def steady(c: Ctx, form_language: str) -> FormCtx:
    """The context as far as questions care: equal for every size of one layout class, so that a keyboard that
    opens below a field (and changes the page's height) draws no question again."""
    same = {entry.name: getattr(c, entry.name) for entry in fields(Ctx)}
    same |= {"width": _ROOMS[c.room] * c.scale, "height": 0, "rtl": is_rtl(form_language, c.rtl)}
    return FormCtx(**same)


def is_rtl(form_language: str, otherwise: bool = False) -> bool:
    """Whether a form's language (`العربية (ar)`, `ur`) is written from right to left; a form without languages
    goes the way of the page."""
    if not form_language or form_language == "default":
        return otherwise
    code = form_language.rsplit("(", 1)[-1].rstrip(")").strip().lower()
    return code.split("-")[0] in RTL_LANGUAGES


def nothing(key: ft.ScrollKey | None = None) -> ft.Container:
    """Takes no room and has no words."""
    return ft.Container(visible=False, key=key)


def marked_text(c: Ctx, source: str, role: str, color: str = t.INK) -> ft.Control:
    """A form author's text with its markdown subset."""
    lines = paragraphs(source)
    if len(lines) == 1:
        return _line(c, lines[0], role, color)
    return col(*[_line(c, line, role, color) for line in lines], spacing=t.S1, stretch=True)


def _line(c: Ctx, line: Paragraph, role: str, color: str) -> ft.Text:
    if line.heading:
        role = _HEADING_ROLES.get(line.heading, "strong")
    if all(run.kind == "plain" for run in line.runs):
        return text(c, line.text, role, color)
    spans = [
        ft.TextSpan(run.text, _span_style(c, role, run.kind, color), url=run.address or None)
        for run in line.runs
    ]
    return ft.Text(spans=spans, style=t.style(role, c.scale, color))


def _span_style(c: Ctx, role: str, kind: str, color: str) -> ft.TextStyle:
    bolder = {"body": "strong", "meta": "meta_strong", "answer": "answer_strong"}.get(role, role)
    style = t.style(bolder if kind == "strong" else role, c.scale, t.ACCENT if kind == "link" else color)
    if kind == "soft":
        style.italic = True
    if kind == "link":
        style.decoration = ft.TextDecoration.UNDERLINE
    return style


def on(c: Ctx, **handlers: Any) -> dict[str, Any]:
    """Event handlers, guarded: a failure becomes a calm notice."""
    return {name: c.on(handler) for name, handler in handlers.items()}
