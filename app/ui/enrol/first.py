"""The first supervisor of a new organisation: the request goes to whoever holds the root key, the answer comes back."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.codes import code_box
from app.ui.enrol.frame import STEPS_FIRST, Head, actions, frame, panel_width
from app.ui.enrol.model import JoiningModel
from app.ui.enrol.parts import Answer, Leave, Trouble, Words
from app.ui.enrol.six_words import six_words
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, col, dim, grow, numeral, row, text
from app.ui.pieces.layout import CROSS
from app.ui.signals import use_signal
from app.ui.theme import R_FIELD, S2, S3, S4, S5, SUNK

Icons = ft.Icons

COMMAND = "python -m app.admin add-supervisor FOLDER CODE --server https://… --setup-token TOKEN"


def first_page(c: Ctx, model: JoiningModel) -> ft.Control:
    """The second page of an organisation's first supervisor."""
    head = Head(
        c._("Let the root key let you in"),
        c._(
            "The printed root key of the organisation signs the keys of this device, once. It never comes here."
        ),
        2,
        STEPS_FIRST,
    )
    return frame(c, "enrol.words", head, FirstSteps(c, model), Trouble(c, model), Leave(c, model))


@part
def FirstSteps(c: Ctx, model: JoiningModel) -> ft.Control:
    """What to do with the root key; with its answer, the organisation's own words to compare."""
    use_signal(model.answered)
    if model.view.state == "accepted" and model.view.organisation_words:
        return Compare(c, model)
    return root_key_steps(c, model, Words(c, model), Answer(c, model))


@part
def Compare(c: Ctx, model: JoiningModel) -> ft.Control:
    """The answer's root key against the printed sheet, before anything is believed."""
    use_signal(model.changed)
    buttons = [
        button(
            c,
            "enrol.root.match",
            c._("They match the sheet"),
            model.finish,
            icon=Icons.CHECK_ROUNDED,
            disabled=model.busy,
            expand=c.compact or None,
        )
    ]
    words = col(
        text(c, c._("Compare with the organisation's printed sheet"), "subtitle"),
        dim(
            c,
            c._(
                "The printed sheet, and the command, show six words. Go on only if they are these, in this order."
            ),
            "body",
        ),
        stretch=True,
    )
    grid = six_words(c, "enrol.root", model.view.organisation_words, panel_width(c))
    differ = dim(c, c._("If they differ, give up joining: the answer was made with another root key."))
    return col(words, grid, actions(c, *buttons), differ, spacing=S4, stretch=True)


def root_key_steps(c: Ctx, model: JoiningModel, words: ft.Control, answer: ft.Control) -> ft.Control:
    """Four numbered steps at two machines."""
    width = panel_width(c) - 48
    label = c._("Request code of this device")
    return col(
        _numbered(
            c,
            1,
            c._("At the computer with the root key, type this command"),
            _command(c, model),
            dim(
                c,
                c._(
                    "FOLDER is the organisation's folder, CODE the request code below. The server prints its token."
                ),
            ),
        ),
        _numbered(
            c,
            2,
            c._("In place of CODE it gets this request code"),
            code_box(c, "enrol.request", model.desk, model.view.request_code, label, width),
        ),
        _numbered(
            c,
            3,
            c._("Compare the six words that it shows with these"),
            words,
            dim(c, c._("Go on there only if all six are the same.")),
        ),
        _numbered(c, 4, c._("Bring its answer code back here"), answer),
        spacing=S5,
        stretch=True,
    )


def _command(c: Ctx, model: JoiningModel) -> ft.Control:
    async def copy() -> None:
        await ft.Clipboard().set(COMMAND.replace("CODE", model.view.request_code))
        model.desk.say(c._("The command was copied, with the request code in it."))

    shown = ft.Container(
        text(c, c.ltr(COMMAND), "answer_strong", selectable=True),
        bgcolor=SUNK,
        border_radius=R_FIELD,
        padding=S4,
    )
    act = button(
        c,
        "enrol.command.copy",
        c._("Copy the command"),
        copy,
        kind="outlined",
        icon=Icons.CONTENT_COPY_ROUNDED,
        small=True,
        expand=c.compact or None,
    )
    return col(tag("enrol.command", shown, COMMAND), row(act), spacing=S3, stretch=True)


def _numbered(c: Ctx, number: int, title: str, *content: ft.Control) -> ft.Control:
    ring = numeral(c, number)
    body = col(
        ft.Container(text(c, title, "strong"), padding=c.pad(top=S2 / 2)), *content, spacing=S3, stretch=True
    )
    if c.compact:
        return col(row(ring, grow(text(c, title, "strong")), spacing=S3), *content, spacing=S3, stretch=True)
    return row(ring, grow(body), spacing=S4, align=CROSS.START)
