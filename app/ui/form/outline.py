"""The sections with what is answered, missing and wrong in each: at the side, or in a sheet."""

from dataclasses import replace
from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.idents import place_id
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import chip, col, dim, grow, icon, progress_bar, row, spacer, text, wrap
from app.usecases.views import SectionState

Icons = ft.Icons


@leaf
def side_outline(c: Ctx, session: FormSession, counts: Topic, place: Topic, language: Topic) -> ft.Control:
    """Always in view where there is room."""
    done, total = progress_of(session)
    head = col(
        row(
            text(c, c._("Sections"), "subtitle"),
            spacer(),
            dim(c, c._("{done} of {total}", done=done, total=total), "meta_strong"),
        ),
        progress_bar(done / total if total else 0),
    )
    rows = ft.ListView(section_rows(c, session, session.go_section), expand=True, padding=0, spacing=2)
    return tag(
        "form.outline",
        ft.Container(
            col(
                ft.Container(head, padding=ft.Padding(left=t.S4, right=t.S4, top=t.S3, bottom=t.S3)),
                rows,
                tight=False,
                spacing=0,
            ),
            width=t.OUTLINE_W,
            bgcolor=t.SUNK,
            padding=t.S3,
        ),
        container=True,
    )


def progress_of(session: FormSession) -> tuple[int, int]:
    """Answered and relevant questions of the whole form."""
    return sum(one.answered for one in session.sections), sum(one.total for one in session.sections)


def section_rows(c: Ctx, session: FormSession, go: Any, only: str = "") -> list[ft.Control]:
    """One line a section. `only`: "missing" or "wrong" keeps those that have any."""
    shown = [one for one in session.sections if not only or getattr(one, only)]
    return [
        section_row(c, one, session.place.section == one.ref, session.known(one), lambda ref=one.ref: go(ref))
        for one in shown
    ]


def section_row(c: Ctx, state: SectionState, current: bool, known: bool, go: Any) -> ft.Control:
    """`known`: the person was there, so that what is missing may be said."""
    front = t.TONES["accent"].on_ground if current else t.INK
    second = t.TONES["accent"].on_ground if current else t.INK2
    said = (
        c._("{done} of {total} answered", done=state.answered, total=state.total)
        if state.total
        else c._("To read")
    )
    words = col(
        text(c, plain(state.title), "strong" if current else "body", front, one_line=True),
        text(c, said, "meta", second),
        spacing=0,
    )
    body = ft.Container(
        row(grow(words), *_marks(c, state, known), spacing=t.S1),
        padding=ft.Padding.symmetric(horizontal=t.S4, vertical=10),
        border_radius=t.R_FIELD,
        bgcolor=t.TONES["accent"].ground if current else None,
        ink=True,
        on_click=c.on(go),
    )
    return tag(place_id("section", state.ref), body, button=True, selected=current)


def _marks(c: Ctx, state: SectionState, known: bool) -> list[ft.Control]:
    marks: list[ft.Control] = []
    if state.wrong:
        marks.append(_counted(c, Icons.ERROR_ROUNDED, t.TONES["bad"].solid, state.wrong, c._("to correct")))
    if state.missing and known:
        marks.append(
            _counted(
                c, Icons.RADIO_BUTTON_UNCHECKED_ROUNDED, t.TONES["warn"].solid, state.missing, c._("missing")
            )
        )
    if marks:
        return marks
    if not state.missing and (state.answered or (known and not state.total)):
        done = icon(Icons.CHECK_CIRCLE_ROUNDED, t.TONES["good"].solid, 20)
        return [ft.Semantics(content=done, label=c._("Nothing missing"))]
    return [ft.Semantics(content=dim(c, "–"), exclude_semantics=True)]


def _counted(c: Ctx, name: ft.IconData, color: str, n: int, spoken: str) -> ft.Control:
    line = row(icon(name, color, 18), text(c, str(n), "meta_strong", color), spacing=t.S1, tight=True)
    return ft.Semantics(content=line, label=f"{n} {spoken}", exclude_semantics=True)


@part
def sheet_body(c: Ctx, session: FormSession, counts: Topic, close: Any) -> ft.Control:
    """The outline where it does not stand at the side, with filters for what is left to do."""
    only, keep_only = ft.use_state("")
    done, total = progress_of(session)
    missing = sum(one.missing for one in session.sections if session.known(one))
    wrong = sum(one.wrong for one in session.sections)

    def go(ref: str) -> None:
        close()
        session.go_section(ref)

    chips = [chip(c, "form.outline.all", c._("All"), not only, lambda: keep_only(""))]
    if missing:
        words = c.n_("{n} missing", "{n} missing", missing)
        chips.append(chip(c, "form.outline.missing", words, only == "missing", lambda: keep_only("missing")))
    if wrong:
        words = c.n_("{n} to correct", "{n} to correct", wrong)
        chips.append(chip(c, "form.outline.wrong", words, only == "wrong", lambda: keep_only("wrong")))
    head = wrap(
        text(c, c._("Sections"), "title"),
        dim(c, c._("{done} of {total} answered", done=done, total=total), "meta_strong"),
    )
    rows = ft.ListView(section_rows(c, session, go, only), expand=True, padding=0, spacing=2)
    return col(
        head, *([wrap(*chips)] if len(chips) > 1 else []), rows, spacing=t.S3, tight=False, stretch=True
    )


def outline_sheet(c: Ctx, session: FormSession, close: Any) -> ft.BottomSheet:
    """The sheet that a button in the footer opens."""
    height = max(320, session.window_height * 0.78)
    body = ft.Container(
        sheet_body(replace(c, height=height), session, session.on.counts, close),
        padding=ft.Padding(left=t.S4, right=t.S4, top=0, bottom=t.S3),
        height=height,
    )
    return ft.BottomSheet(
        tag("form.outline", body, container=True),
        show_drag_handle=True,
        scrollable=True,
        use_safe_area=True,
        on_dismiss=c.on(close),
    )
