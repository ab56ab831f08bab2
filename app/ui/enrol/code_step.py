"""Step 1, the invitation: paste the code, type it, read it with the camera or from a picture."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.frame import Head, actions, frame, roomy
from app.ui.enrol.model import JoiningModel
from app.ui.enrol.reader import reader
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, col, dim, gap, grow, icon, message, row, text, text_field
from app.ui.pieces.layout import CROSS
from app.ui.pieces.notices import tell
from app.ui.signals import use_signal
from app.ui.theme import S1, S2, TONES

Icons = ft.Icons


@part
def page(c: Ctx, model: JoiningModel) -> ft.Control:
    """The first step."""
    head = Head(
        c._("Enrol this tablet"),
        c._(
            "Your supervisor makes an invitation for you. It holds the address of your organisation's server, "
            "and it works once."
        ),
        1,
    )
    return frame(
        c,
        "enrol.code",
        head,
        col(
            text(c, c._("Invitation code"), "subtitle"),
            Field(c, model),
            Verdict(c, model),
            spacing=S2,
            stretch=True,
        ),
        reader(c, model),
        actions(
            c,
            button(
                c,
                "enrol.code.next",
                c._("Continue"),
                model.to_person,
                end_icon=Icons.ARROW_FORWARD_ROUNDED,
                expand=c.compact or None,
            ),
            button(c, "enrol.cancel", c._("Back"), model.close, kind="text", expand=c.compact or None),
        ),
        _quiet(c, model),
    )


@part
def Field(c: Ctx, model: JoiningModel) -> ft.Control:
    """The field alone: drawn again only when a camera or a picture filled it."""
    use_signal(model.filled)
    return text_field(
        c,
        "enrol.code",
        c._("Invitation code"),
        model.code,
        lambda e: model.write_code(e.control.value or ""),
        hint="DOORSTEP-INVITE-1…",
        lines=4,
        autofocus=True,
        autocorrect=False,
        enable_suggestions=False,
        capitalization=ft.TextCapitalization.CHARACTERS,
    )


@part
def Verdict(c: Ctx, model: JoiningModel) -> ft.Control:
    """Whether the code is whole and for which server, at once while it is written."""
    use_signal(model.judged)
    return tag("enrol.code.verdict", _verdict(c, model), live_region=True, container=True)


def _verdict(c: Ctx, model: JoiningModel) -> ft.Control:
    read = model.read
    if read.state == "whole":
        solid = TONES["good"].solid
        said = col(
            text(c, c._("The code is whole."), "strong", solid),
            text(c, c._("Server: {server}", server=c.ltr(read.server)), "body", selectable=True),
            dim(c, c._("If this is not your organisation's server, stop and ask your supervisor.")),
            spacing=2,
            stretch=True,
        )
        return row(icon(Icons.CHECK_CIRCLE_ROUNDED, solid, 20), grow(said), align=CROSS.START)
    if read.state == "other" and read.problem is not None:
        told = tell(c, read.problem)
        return message(c, f"{told.happened} {told.todo}")
    if read.state == "partial":
        words = c._("Not whole yet. Go on, or compare it with your supervisor's screen.")
        return message(c, words, "bad" if model.asked else "warn")
    if model.asked:
        return message(c, c._("Paste or type the code first."))
    return dim(c, c._("Paste it or type it. Spaces, hyphens, capital and small letters do not matter."))


def _quiet(c: Ctx, model: JoiningModel) -> ft.Control:
    return col(
        dim(
            c,
            c._("Going back loses nothing: nothing is kept on this tablet yet, the invitation stays valid."),
        ),
        gap(S1),
        row(
            button(
                c,
                "enrol.first",
                c._("First supervisor of a new organisation"),
                model.start_first,
                kind="link",
                small=True,
                expand=roomy(c),
            )
        ),
        spacing=0,
        stretch=True,
    )
