"""Long lists, `minimal` and `autocomplete`: a box with what is chosen, and the sheet to search that it opens."""

from dataclasses import replace
from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.fields.choices import chosen_values, toggled
from app.ui.form.fields.typed import field_look, named
from app.ui.form.idents import choice_id, part_id, question_id
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.matching import Match, matches
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.form.widgets import Widget
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, col, dim, grow, icon, row, text

Icons = ft.Icons


@leaf
def search_field(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """The box, and the sheet while it is open."""
    opened, open_sheet = ft.use_state(False)
    found = ft.use_ref(lambda: Match())
    many = model.widget is Widget.MANY_SEARCH

    def close() -> None:
        found.current.query = ""
        open_sheet(False)

    def press(value: str) -> None:
        session.chose(model, toggled(model, value, many))
        if many:
            found.current.changed.fire()
        else:
            close()

    ft.use_dialog(_sheet(c, session, model, found.current, press, close) if opened else None)
    return _box(c, model, lambda: open_sheet(True), lambda: session.chose(model, ""))


def _box(c: Ctx, model: QuestionModel, opens: Any, clears: Any) -> ft.Control:
    labels = dict(model.answer.choices)
    chosen = [plain(labels.get(value) or value) for value in chosen_values(model)]
    said = text(c, ", ".join(chosen), "answer") if chosen else dim(c, c._("Choose from the list"), "answer")
    body = ft.Container(
        row(
            icon(Icons.SEARCH_ROUNDED, t.INK2, 22),
            grow(said),
            icon(Icons.EXPAND_MORE_ROUNDED, t.INK2, 24),
            spacing=t.S3,
        ),
        padding=t.S4,
        bgcolor=t.CARD,
        border=ft.Border.all(1, t.EDGE),
        border_radius=t.R_FIELD,
        ink=True,
        on_click=c.on(opens),
    )
    box = tag(question_id(model.ref), body, plain(model.frame.label), button=True)
    if not chosen:
        return box
    clear = button(c, part_id(model.ref, "clear"), c._("Clear"), clears, kind="text", small=True)
    return col(box, row(clear), spacing=0, stretch=True)


def _sheet(
    c: Ctx, session: FormSession, model: QuestionModel, found: Match, press: Any, close: Any
) -> ft.BottomSheet:
    roomy = replace(c, height=session.window_height)
    body = col(
        row(grow(text(c, plain(model.frame.label), "title")), *_done(c, model, close)),
        search_line(c, model, found),
        ft.Container(search_results(c, model, found, found.changed, press), expand=True),
        spacing=t.S3,
        tight=False,
        stretch=True,
    )
    held = ft.Container(
        body,
        padding=ft.Padding(left=t.S4, right=t.S4, top=0, bottom=t.S3),
        height=max(360, roomy.height * 0.78),
    )
    return ft.BottomSheet(
        tag(part_id(model.ref, "sheet"), held, container=True),
        show_drag_handle=True,
        scrollable=True,
        use_safe_area=True,
        on_dismiss=c.on(close),
    )


def _done(c: Ctx, model: QuestionModel, close: Any) -> list[ft.Control]:
    if model.widget is not Widget.MANY_SEARCH:
        return []
    return [button(c, part_id(model.ref, "done"), c._("Done"), close, kind="tonal", small=True)]


@leaf
def search_line(c: Ctx, model: QuestionModel, found: Match) -> ft.Control:
    """Drawn once; its keys go to the match, which the results listen to."""

    def typed(event: Any) -> None:
        found.query = event.control.value
        found.changed.fire()

    field = field_look(
        c,
        value=found.query,
        hint_text=c._("Search"),
        prefix_icon=ft.Icon(Icons.SEARCH_ROUNDED, color=t.INK2, size=22),
        autofocus=True,
        on_change=c.on(typed),
    )
    line = named(part_id(model.ref, "search"), field, c._("Search"))
    return ft.Container(line, bgcolor=t.CARD, border=ft.Border.all(1, t.EDGE), border_radius=t.R_FIELD)


@part
def search_results(c: Ctx, model: QuestionModel, found: Match, changed: Topic, press: Any) -> ft.Control:
    """The first matches, and how many more there are."""
    shown, more = matches(model.answer.choices, found.query)
    chosen = set(chosen_values(model))
    lines: list[ft.Control] = [
        _result(c, model, value, label, value in chosen, lambda value=value: press(value))
        for value, label in shown
    ]
    if not shown:
        lines.append(ft.Container(dim(c, c._("Nothing fits. Try fewer letters."), "body"), padding=t.S4))
    if more:
        words = c.n_("{n} more fits. Write more letters.", "{n} more fit. Write more letters.", more)
        lines.append(ft.Container(dim(c, words, "body"), padding=t.S4))
    return ft.ListView(lines, expand=True, padding=0, spacing=0)


def _result(c: Ctx, model: QuestionModel, value: str, label: str, chosen: bool, press: Any) -> ft.Control:
    many = model.widget is Widget.MANY_SEARCH
    glyph = (
        (Icons.CHECK_BOX_ROUNDED if chosen else Icons.CHECK_BOX_OUTLINE_BLANK_ROUNDED)
        if many
        else Icons.CHECK_ROUNDED
    )
    mark = [icon(glyph, t.ACCENT if chosen else t.EDGE, 24)] if many or chosen else []
    color = t.TONES["accent"].on_ground if chosen else t.INK
    body = ft.Container(
        row(
            grow(text(c, plain(label or value), "answer_strong" if chosen else "answer", color)),
            *mark,
            spacing=t.S3,
        ),
        padding=t.S4,
        bgcolor=t.TONES["accent"].ground if chosen else None,
        border_radius=t.R_FIELD,
        ink=True,
        on_click=c.on(press),
    )
    return tag(choice_id(model.ref, value), body, button=True, selected=chosen)
