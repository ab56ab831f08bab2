"""The bar at the top: what is being filled in, for whom, that it is saved, and in which language."""

from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.dates import clock
from app.ui.form.leaf import leaf
from app.ui.form.outline import progress_of
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import icon, problem_banner, progress_bar, row, text, top_bar

Icons = ft.Icons


@leaf
def form_header(c: Ctx, session: FormSession, language: Topic, on_back: Any) -> ft.Control:
    """Title, household, the save stamp and the language menu."""
    filling = session.filling
    actions: list[ft.Control] = [save_stamp(c, session, session.on.saved, session.on.trouble)]
    if len(filling.languages) > 1:
        actions.append(language_menu(c, session))
    return top_bar(c, "form", filling.title, filling.household_label, *actions, on_back=on_back)


@leaf
def save_stamp(c: Ctx, session: FormSession, saved: Topic, trouble: Topic) -> ft.Control:
    """Saved 10:42; in big text only the time, and in red when the last answer could not be kept."""
    failed = session.trouble is not None
    tone = t.TONES["bad" if failed else "good"].solid
    at = clock(c, session.filling.saved_at)
    words = (
        c._("Not saved") if failed else at if c.compact and c.scale > 1.4 else c._("Saved {time}", time=at)
    )
    name = Icons.ERROR_OUTLINE_ROUNDED if failed else Icons.CHECK_ROUNDED
    line = row(icon(name, tone, 18), text(c, words, "meta_strong", tone), spacing=t.S1, tight=True)
    return tag("form.saved", line)


def language_menu(c: Ctx, session: FormSession) -> ft.Control:
    """The form's languages by their own names. Answers stay as they are."""
    filling = session.filling
    items = [
        ft.PopupMenuItem(
            content=tag(f"form.language.{language_code(name)}", text(c, language_name(name), "body")),
            checked=name == filling.language,
            on_click=c.on(lambda name=name: session.set_language(name)),
        )
        for name in filling.languages
    ]
    face: list[ft.Control] = [icon(Icons.LANGUAGE_ROUNDED, t.ACCENT if not c.compact else t.INK2, 22)]
    if not c.compact:
        face.append(text(c, language_name(filling.language), "label", t.ACCENT))
    button = ft.PopupMenuButton(
        content=ft.Container(
            row(*face, tight=True), padding=ft.Padding.symmetric(horizontal=t.S3, vertical=t.S3)
        ),
        items=items,
        bgcolor=t.CARD,
        elevation=0,
        shape=ft.RoundedRectangleBorder(radius=t.R_FIELD, side=ft.BorderSide(1, t.LINE)),
        tooltip=c._("Language of the form"),
    )
    return tag("form.language", button, c._("Language of the form"))


def language_name(name: str) -> str:
    """`Română (ro)` → `Română`."""
    return name.rsplit("(", 1)[0].strip() or name


def language_code(name: str) -> str:
    """`Română (ro)` → `ro`; of a language without a code its letters."""
    code = name.rsplit("(", 1)[-1].rstrip(")").strip()
    return "".join(letter for letter in code if letter.isascii() and letter.isalnum()) or "other"


@leaf
def trouble_banner(c: Ctx, session: FormSession, trouble: Topic) -> ft.Control:
    """Why the last answer could not be kept; it still stands on the screen."""
    if session.trouble is None or c.desk is None:
        return ft.Container(visible=False)
    told = problem_banner(c, "form.trouble", c.desk.cases.problem_text(session.trouble))
    return ft.Container(told, padding=ft.Padding.symmetric(horizontal=c.gutter, vertical=t.S3))


@leaf
def progress_line(c: Ctx, session: FormSession, counts: Topic) -> ft.Control:
    """How far the whole form is, as a thin line under the bar where there is no outline at the side."""
    done, total = progress_of(session)
    return progress_bar(done / total if total else 0, 4)
