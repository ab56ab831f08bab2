"""Parts of an invitation's page: what is waited for, a request as text, withdrawing."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.frame import roomy
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.people.invitation_model import InvitationModel
from app.ui.pieces import (
    button,
    card,
    col,
    dialog,
    dim,
    gap,
    grow,
    problem_banner,
    row,
    spinner,
    text,
    text_field,
)
from app.ui.signals import use_signal
from app.ui.theme import S2, S3, S4, S5

Icons = ft.Icons


@part
def Waiting(c: Ctx, model: InvitationModel) -> ft.Control:
    """What is waited for, and what asking the server met."""
    use_signal(model.changed)
    look = button(
        c,
        "invitation.check",
        c._("Check now"),
        model.check,
        kind="outlined",
        icon=Icons.REFRESH_ROUNDED,
        small=True,
        disabled=model.busy,
        expand=c.compact or None,
    )
    words = col(
        text(c, c._("Waiting for the tablet"), "strong"),
        dim(c, c._("This page looks by itself every few seconds. You may leave it and come back."), "body"),
        spacing=2,
        stretch=True,
    )
    line = [
        row(spinner(24), grow(words), *([] if c.compact else [look]), spacing=S4),
        *([row(look)] if c.compact else []),
    ]
    told = [problem_banner(c, "invitation.problem", model.problem, tone="warn")] if model.problem else []
    held = col(
        card(col(*line, spacing=S3, stretch=True), padding=S4 if c.compact else S5),
        *told,
        spacing=S3,
        stretch=True,
    )
    return tag("invitation.waiting", held, live_region=True, container=True)


@part
def Request(c: Ctx, model: InvitationModel) -> ft.Control:
    """A tablet without a connection gives its request as text; behind a link, because few need it."""
    opened, show = ft.use_state(False)
    mark = Icons.EXPAND_LESS_ROUNDED if opened else Icons.EXPAND_MORE_ROUNDED
    link = row(
        button(
            c,
            "invitation.unconnected",
            c._("The tablet has no connection?"),
            lambda: show(not opened),
            kind="text",
            small=True,
            end_icon=mark,
            expand=roomy(c),
        )
    )
    if not opened:
        return link
    label = c._("Request code of the tablet")
    return col(
        link,
        dim(
            c,
            c._("On the tablet: “No connection?”. Copy its request code here; then compare the six words."),
            "body",
        ),
        text(c, label, "subtitle"),
        text_field(
            c,
            "invitation.request",
            label,
            model.request,
            lambda e: model.write_request(e.control.value or ""),
            hint="DOORSTEP-REQUEST-1…",
            lines=4,
            autocorrect=False,
            enable_suggestions=False,
        ),
        row(
            button(
                c,
                "invitation.request.use",
                c._("Show its six words"),
                model.read_request,
                kind="outlined",
                expand=c.compact or None,
            )
        ),
        spacing=S2,
        stretch=True,
    )


@part
def Withdraw(c: Ctx, model: InvitationModel) -> ft.Control:
    asking, ask = ft.use_state(False)

    async def withdraw() -> None:
        ask(False)
        if await model.withdraw():
            model.desk.nav.close()
            model.desk.say(c._("The invitation was withdrawn. Nobody can use it any more."))

    question = dialog(
        c,
        "invitation.withdraw_dialog",
        c._("Withdraw the invitation?"),
        c._("The code stops working at once. You can make a new one at any time."),
        c._("Withdraw"),
        withdraw,
        lambda: ask(False),
        danger=True,
    )
    ft.use_dialog(question if asking else None)
    act = button(
        c,
        "invitation.withdraw",
        c._("Withdraw the invitation"),
        lambda: ask(True),
        kind="text",
        small=True,
        expand=roomy(c),
    )
    return col(row(act), gap(S2))
