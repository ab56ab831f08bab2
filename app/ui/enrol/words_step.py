"""Step 3, the six words: read to the supervisor, then wait to be let in; without a connection, by codes."""

import asyncio
from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.enrol.codes import code_box
from app.ui.enrol.first import first_page
from app.ui.enrol.frame import Head, frame, panel_width, roomy
from app.ui.enrol.model import JoiningModel
from app.ui.enrol.parts import Answer, Leave, Words
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import banner, button, card, col, dim, grow, problem_banner, row, section, spinner, text
from app.ui.signals import use_signal
from app.ui.theme import S2, S3, S4, S5

Icons = ft.Icons


@part
def page(c: Ctx, model: JoiningModel) -> ft.Control:
    """The third step, and where a profile that waits is opened again."""

    def start() -> Callable[[], None]:
        task = asyncio.get_running_loop().create_task(model.watch())
        return lambda: task.cancel() and None

    use_effect(start, [])
    if model.first:
        return first_page(c, model)
    head = Head(
        c._("Read these six words to your supervisor"),
        c._(
            "On the phone or face to face, one after the other. If their screen shows the same words, nobody has come "
            "between your tablet and theirs."
        ),
        3,
    )
    return frame(
        c, "enrol.words", head, Words(c, model), Waiting(c, model), Unconnected(c, model), Leave(c, model)
    )


@part
def Waiting(c: Ctx, model: JoiningModel) -> ft.Control:
    """What the tablet waits for, and what it does by itself."""
    use_signal(model.changed)
    return tag("enrol.waiting", _state(c, model), live_region=True, container=True)


def _state(c: Ctx, model: JoiningModel) -> ft.Control:
    view = model.view
    if view.state in ("expired", "withdrawn"):
        return _over(c, model, view.state)
    if view.state == "accepted":
        title, body = (
            c._("Your supervisor has let you in"),
            c._("The organisation's list of devices is being checked."),
        )
    elif view.state == "unsent":
        title = c._("The server has not been reached yet")
        body = c._("It is tried again by itself every few seconds. Nothing has to be written again.")
    else:
        title = c._("Waiting for your supervisor")
        body = c._("This page looks by itself every few seconds. The tablet can lie here meanwhile.")
    look = button(
        c,
        "enrol.check",
        c._("Check now"),
        model.check,
        kind="outlined",
        icon=Icons.REFRESH_ROUNDED,
        small=True,
        disabled=model.busy,
        expand=c.compact or None,
    )
    words = col(text(c, title, "strong"), dim(c, body, "body"), spacing=2, stretch=True)
    line: ft.Control = row(spinner(24), grow(words), *([] if c.compact else [look]), spacing=S4)
    lines = [line, *([row(look)] if c.compact else [])]
    problem = model.problem or view.problem
    told = [problem_banner(c, "enrol.problem", problem, tone="warn")] if problem else []
    return col(
        card(col(*lines, spacing=S3, stretch=True), padding=S4 if c.compact else S5),
        *told,
        spacing=S3,
        stretch=True,
    )


def _over(c: Ctx, model: JoiningModel, state: str) -> ft.Control:
    title = c._("The invitation has expired") if state == "expired" else c._("The invitation was withdrawn")
    body = c._(
        "Nothing is lost, there was nothing here yet. Ask your supervisor for a new invitation and begin again."
    )

    async def again() -> None:
        await model.cancel()
        if model.step == "closed":
            model.start()

    act = button(
        c, "enrol.again", c._("Begin again"), again, kind="filled", small=True, expand=c.compact or None
    )
    return banner(c, "enrol.over", Icons.EVENT_BUSY_OUTLINED, title, body, "warn", action=act)


@part
def Unconnected(c: Ctx, model: JoiningModel) -> ft.Control:
    """By codes instead of over the server: behind a link, because few need it."""
    opened, show = ft.use_state(False)
    mark = Icons.EXPAND_LESS_ROUNDED if opened else Icons.EXPAND_MORE_ROUNDED
    link = row(
        button(
            c,
            "enrol.unconnected",
            c._("No connection?"),
            lambda: show(not opened),
            kind="text",
            small=True,
            end_icon=mark,
            expand=roomy(c),
        )
    )
    if not opened:
        return link
    steps = section(
        c,
        c._("Joining without the server"),
        dim(
            c,
            c._(
                "Show this code to your supervisor, or send it as text. They enter it at your invitation and give "
                "you an answer code."
            ),
            "body",
        ),
        code_box(
            c,
            "enrol.request",
            model.desk,
            model.view.request_code,
            c._("Request code of this tablet"),
            panel_width(c),
        ),
        Answer(c, model),
    )
    return col(link, steps, spacing=S2, stretch=True)
