"""What the pages of a waiting tablet share: its words, the answer's field, what went wrong, and leaving."""

from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.frame import actions, panel_width
from app.ui.enrol.model import JoiningModel
from app.ui.enrol.six_words import six_words
from app.ui.guard import part
from app.ui.pieces import button, col, dialog, dim, gap, grow, icon, problem_banner, row, text, text_field
from app.ui.signals import use_signal
from app.ui.theme import S2

Icons = ft.Icons


@part
def Words(c: Ctx, model: JoiningModel) -> ft.Control:
    use_signal(model.changed)
    return six_words(c, "enrol.words", model.view.words, panel_width(c))


@part
def Trouble(c: Ctx, model: JoiningModel) -> ft.Control:
    use_signal(model.changed)
    return problem_banner(c, "enrol.problem", model.problem, tone="warn") if model.problem else gap(0)


@part
def Answer(c: Ctx, model: JoiningModel) -> ft.Control:
    """The field for the answer; drawn again only with its page."""
    label = c._("Answer code")
    return col(
        text(c, label, "subtitle"),
        text_field(
            c,
            "enrol.answer",
            label,
            model.answer,
            lambda e: model.write_answer(e.control.value or ""),
            hint="DOORSTEP-ANSWER-1…",
            lines=4,
            autocorrect=False,
            enable_suggestions=False,
        ),
        actions(
            c,
            button(
                c,
                "enrol.answer.use",
                c._("Use the answer"),
                model.accept,
                kind="outlined",
                expand=c.compact or None,
            ),
        ),
        spacing=S2,
        stretch=True,
    )


@part
def Leave(c: Ctx, model: JoiningModel) -> ft.Control:
    asking, ask = ft.use_state(False)

    async def give_up() -> None:
        ask(False)
        await model.cancel()

    ft.use_dialog(_sure(c, model, give_up, lambda: ask(False)) if asking else None)
    return col(
        actions(
            c,
            button(
                c, "enrol.later", c._("Finish later"), model.close, kind="text", icon=Icons.SCHEDULE_ROUNDED
            ),
            button(c, "enrol.give_up", c._("Give up joining"), lambda: ask(True), kind="text"),
        ),
        row(
            icon(Icons.INFO_OUTLINE_ROUNDED, size=18),
            grow(
                dim(
                    c,
                    c._(
                        "“Finish later” keeps your place: your name stands in the list, and your passphrase leads "
                        "back here."
                    ),
                )
            ),
            spacing=S2,
        ),
        spacing=S2,
        stretch=True,
    )


def _sure(
    c: Ctx, model: JoiningModel, yes: Callable[..., object], no: Callable[..., object]
) -> ft.AlertDialog:
    body = c._(
        "The keys of this tablet and the passphrase you chose are thrown away; there are no records yet. To join later "
        "you need a new invitation."
    )
    if model.first:
        body = c._(
            "The keys of this device and the passphrase you chose are thrown away; there are no records yet."
        )
    return dialog(
        c, "enrol.give_up_dialog", c._("Give up joining?"), body, c._("Give up"), yes, no, danger=True
    )
