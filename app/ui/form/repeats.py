"""Repeats as cards: names first, details later. A card says whose it is and what is left to do there."""

from typing import Any

import flet as ft

from app.ui import theme as t
from app.ui.ctx import Ctx
from app.ui.form.fields.typed import field_look, named
from app.ui.form.idents import part_id, question_id
from app.ui.form.kit import marked_text, nothing, on
from app.ui.form.leaf import leaf
from app.ui.form.marked import plain
from app.ui.form.pages import Card
from app.ui.form.question import BAR, bar_gap, scroll_key
from app.ui.form.question_model import QuestionModel
from app.ui.form.session import FormSession
from app.ui.form.topic import Topic
from app.ui.ids import tag
from app.ui.pieces import (
    avatar,
    button,
    col,
    dialog,
    dim,
    group,
    grow,
    icon,
    icon_button,
    pill,
    row,
    text,
    wrap,
)

Icons = ft.Icons


@leaf
def repeat_item(c: Ctx, session: FormSession, model: QuestionModel, around: Topic) -> ft.Control:
    """The cards of one repeat, with the line to add another where that is allowed."""
    frame = model.frame
    if not frame.relevant:
        return nothing(scroll_key(model))
    doomed, doom = ft.use_state("")
    ft.use_dialog(_farewell(c, session, model, doomed, lambda: doom("")) if doomed else None)
    allowed = session.repeats.may_change(model.ref)
    parts: list[ft.Control] = []
    if frame.label:
        parts.append(marked_text(c, frame.label, "subtitle"))
    if frame.hint:
        parts.append(marked_text(c, frame.hint, "body", t.INK2))
    if frame.cards:
        rows = [
            _card(c, session, model, at, card, doom if allowed else None)
            for at, card in enumerate(frame.cards)
        ]
        parts.append(group(*rows, inset=t.S5))
    elif not allowed:
        parts.append(dim(c, c._("Nobody and nothing to list here yet."), "body"))
    if allowed:
        parts.append(add_line(c, session, model, model.within))
    body = tag(question_id(model.ref), col(*parts, spacing=t.S3, stretch=True), container=True)
    around_it = c.pad(start=BAR + bar_gap(c), bottom=t.S8)
    if not c.expanded:
        return ft.Container(body, padding=around_it, key=scroll_key(model))
    return ft.Container(
        ft.Row([ft.Container(body, width=t.FORM_W)]), padding=around_it, key=scroll_key(model)
    )


def card_title(c: Ctx, model: QuestionModel, at: int, card: Card) -> str:
    what = plain(model.frame.label) or c._("New entry")
    return card.title or c._("{what} {number}", what=what, number=at + 1)


def _card(c: Ctx, session: FormSession, model: QuestionModel, at: int, card: Card, doom: Any) -> ft.Control:
    title = card_title(c, model, at, card)
    words = col(text(c, title, "strong"), *([dim(c, card.line)] if card.line else []), spacing=0)
    state = _state(c, card)
    if c.compact and state and (card.missing or card.wrong):
        words.controls.append(ft.Container(wrap(*state), padding=ft.Padding(top=t.S1)))
        state = []
    lead = avatar(c, title) if card.title else _number(c, at)
    line = row(lead, grow(words), *state, icon(Icons.CHEVRON_RIGHT_ROUNDED, t.INK2, 24), spacing=t.S3)
    opened = ft.Container(
        line,
        padding=c.pad(t.S4, t.S3, t.S2 if doom else t.S4, t.S3),
        ink=True,
        on_click=c.on(lambda: session.open_instance(card.ref)),
        expand=True,
    )
    pressed = tag(question_id(card.ref), opened, button=True)
    if not callable(doom):
        return pressed
    away = icon_button(
        c,
        part_id(card.ref, "remove"),
        Icons.DELETE_OUTLINE_ROUNDED,
        c._("Remove {name}", name=title),
        lambda: doom(card.ref),
    )
    return ft.Container(row(pressed, away, spacing=0), padding=c.pad(end=t.S2))


def _number(c: Ctx, at: int) -> ft.Container:
    size = 44 * min(c.scale, 1.5)
    return ft.Container(
        text(c, str(at + 1), "label", t.INK2),
        width=size,
        height=size,
        bgcolor=t.TONES["neutral"].ground,
        border_radius=size / 2,
        alignment=ft.Alignment.CENTER,
    )


def _state(c: Ctx, card: Card) -> list[ft.Control]:
    marks: list[ft.Control] = []
    if card.wrong:
        marks.append(
            pill(c, c.n_("{n} to correct", "{n} to correct", card.wrong), "bad", Icons.ERROR_ROUNDED)
        )
    if card.missing and card.begun:
        marks.append(
            pill(
                c,
                c.n_("{n} missing", "{n} missing", card.missing),
                "warn",
                Icons.RADIO_BUTTON_UNCHECKED_ROUNDED,
            )
        )
    if not marks and card.answered:
        done = icon(Icons.CHECK_CIRCLE_ROUNDED, t.TONES["good"].solid, 22)
        marks.append(ft.Semantics(content=done, label=c._("Nothing missing")))
    return marks


def _farewell(c: Ctx, session: FormSession, model: QuestionModel, ref: str, close: Any) -> ft.AlertDialog:
    at = next((at for at, card in enumerate(model.frame.cards) if card.ref == ref), 0)
    name = card_title(c, model, at, model.frame.cards[at])

    def remove() -> None:
        close()
        session.repeats.remove(ref)

    return dialog(
        c,
        part_id(model.ref, "removing"),
        c._("Remove {name}?", name=name),
        c._(
            "What was written here about {name} is taken out of this form. This cannot be undone.", name=name
        ),
        c._("Remove"),
        remove,
        close,
        danger=True,
    )


@leaf
def add_line(c: Ctx, session: FormSession, model: QuestionModel, within: Topic) -> ft.Control:
    """Names one after another where the first question is a text; else a button that opens a new card."""
    if not session.repeats.takes_names(model.ref):
        return row(
            button(
                c,
                part_id(model.ref, "add"),
                c._("Add"),
                lambda: session.repeats.add_and_open(model.ref),
                kind="tonal",
                icon=Icons.ADD_ROUNDED,
            )
        )

    def write(event: ft.Event) -> None:
        model.written = event.control.value

    def add() -> None:
        session.repeats.add_named(model)

    field = field_look(
        c,
        value=model.written,
        hint_text=c._("Another name"),
        prefix_icon=ft.Icon(Icons.PERSON_ADD_ALT_OUTLINED, color=t.INK2, size=22),
        capitalization=ft.TextCapitalization.WORDS,
        **on(c, on_change=write, on_submit=add),
    )
    line = named(part_id(model.ref, "name"), field, c._("Another name"))
    box = ft.Container(
        line, bgcolor=t.CARD, border=ft.Border.all(1, t.EDGE), border_radius=t.R_FIELD, expand=True
    )
    return row(
        box,
        button(c, part_id(model.ref, "add"), c._("Add"), add, kind="tonal", icon=Icons.ADD_ROUNDED),
    )
