"""One invitation: the code across the table, the six words, letting in, and what is sealed afterwards."""

import asyncio
from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.enrol.codes import code_picture, code_text
from app.ui.enrol.frame import title_role
from app.ui.guard import part
from app.ui.people.compare import compare
from app.ui.people.invitation_model import InvitationModel, invitation_of
from app.ui.people.invitation_parts import Request, Waiting, Withdraw
from app.ui.people.letting_in import done, letting_in
from app.ui.people.words import expiry, role_words
from app.ui.pieces import (
    button,
    col,
    dim,
    empty,
    grow,
    numeral,
    row,
    scroller,
    text,
    top_bar,
)
from app.ui.pieces.layout import CROSS
from app.ui.signals import use_signal
from app.ui.theme import S2, S4, S5, S6

Icons = ft.Icons
WIDTH, NARROW = 1000, 640
PICTURE = 400


@part
def screen(c: Ctx, invitation: str, replaces: str = "") -> ft.Control:
    """The page of one invitation; it looks by itself whether a tablet has answered."""
    desk = c.desk
    assert desk is not None
    model = invitation_of(desk, invitation, replaces)
    ft.use_ref(model.begin)

    def start() -> Callable[[], None]:
        task = asyncio.get_running_loop().create_task(model.watch())
        return lambda: task.cancel() and None

    use_effect(start, [])
    use_signal(model.stepped)
    bar = top_bar(c, "invitation", c._("People and devices"), on_back=desk.nav.back)
    width = WIDTH if c.expanded and model.phase == "waiting" and model.stage == "open" else NARROW
    body = scroller(c, *_body(c, model), width=width, key="invitation", spacing=S6)
    return ft.Column([bar, body], spacing=0, expand=True)


def _body(c: Ctx, model: InvitationModel) -> list[ft.Control]:
    if model.phase in ("approving", "sealing"):
        return [letting_in(c, model)]
    if model.phase == "done" or model.stage == "approved":
        return [done(c, model)]
    if model.view is None:
        return [_gone(c, model)]
    if model.stage == "words":
        return [compare(c, model), Withdraw(c, model)]
    if model.stage == "expired":
        return [_expired(c, model)]
    return [_head(c, model), *_open(c, model), Withdraw(c, model)]


def _head(c: Ctx, model: InvitationModel) -> ft.Control:
    view = model.view
    assert view is not None
    title = c._("Invitation for {name}", name=view.name)
    said = f"{role_words(c, view.role)} · {expiry(c, view.expires, view.state)}"
    return col(
        ft.Semantics(content=text(c, title, title_role(c)), heading_level=1),
        dim(c, said, "body"),
        spacing=2,
        stretch=True,
    )


def _open(c: Ctx, model: InvitationModel) -> list[ft.Control]:
    view = model.view
    assert view is not None
    label = c._("Invitation code")
    room = c.width - 2 * c.gutter if c.compact else PICTURE
    picture = code_picture(c, "invitation", model.desk, view.code, label, min(room, PICTURE))
    steps = col(
        _step(
            c,
            1,
            c._("Let the tablet read this code"),
            c._("On the tablet: “Enrol this tablet”, then “Read the QR code”."),
        ),
        _step(
            c,
            2,
            c._("Compare six words"),
            c._("Both screens must show the same ones. They appear here by themselves."),
        ),
        _step(
            c, 3, c._("Let it in"), c._("You sign, and the tablet can read the households you assign to it.")
        ),
        spacing=S5,
        stretch=True,
    )
    by_text = col(
        text(c, c._("Or send the code as text"), "subtitle"),
        dim(c, c._("Only to the person themselves: whoever has it may ask to be let in.")),
        code_text(c, "invitation", model.desk, view.code, label),
        spacing=S2,
        stretch=True,
    )
    if c.expanded:
        side = ft.Container(picture, width=PICTURE + 2)
        right = col(Waiting(c, model), steps, spacing=S6, stretch=True)
        return [row(side, grow(right), spacing=S6 + S4, align=CROSS.START), by_text, Request(c, model)]
    return [
        row(picture, alignment=ft.MainAxisAlignment.CENTER),
        Waiting(c, model),
        steps,
        by_text,
        Request(c, model),
    ]


def _step(c: Ctx, number: int, title: str, said: str) -> ft.Control:
    ring = numeral(c, number, "accent" if number == 1 else "neutral", 36)
    return row(
        ring,
        grow(col(text(c, title, "strong"), dim(c, said, "body"), spacing=2)),
        spacing=S4,
        align=CROSS.START,
    )


def _expired(c: Ctx, model: InvitationModel) -> ft.Control:
    view = model.view
    assert view is not None
    nav = model.desk.nav

    def anew() -> None:
        nav.close()
        if view.member:
            nav.go("invite", member=view.member)
        else:
            nav.go("invite")

    again = button(c, "invitation.again", c._("Make a new invitation"), anew)
    return empty(
        c,
        "invitation.expired",
        Icons.EVENT_BUSY_OUTLINED,
        c._("The invitation for {name} is over", name=view.name),
        c._("Nobody can use it any more. Nothing was changed."),
        again,
    )


def _gone(c: Ctx, model: InvitationModel) -> ft.Control:
    back = button(c, "invitation.list", c._("To the list"), model.desk.nav.back)
    return empty(
        c,
        "invitation.gone",
        Icons.SEARCH_OFF_ROUNDED,
        c._("This invitation is not here"),
        c._("It was withdrawn, or another device made it."),
        back,
    )
