"""The buttons on the page of one repeat instance: back to the cards, and on to the next card."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.form.marked import plain
from app.ui.form.pages import card_of
from app.ui.form.session import FormSession
from app.ui.pieces import button

Icons = ft.Icons


def instance_buttons(c: Ctx, session: FormSession) -> tuple[list[ft.Control], ft.Control]:
    """What stands at the start, and the filled button at the end."""
    done = button(
        c, "form.done", c._("Done"), session.back_out, icon=Icons.CHECK_ROUNDED, expand=c.compact or None
    )
    following = session.repeats.following()
    if following is None:
        return [], done
    card = card_of(session.node(following))
    name = plain(card.title) or following.rsplit("[", 1)[-1].rstrip("]")
    to_list = button(
        c,
        "form.done",
        c._("List") if c.compact else c._("Back to the list"),
        session.back_out,
        kind="outlined",
        icon=Icons.LIST_ROUNDED,
    )
    words = name if c.compact else c._("Next: {section}", section=name)
    go_on = button(
        c,
        "form.next",
        words,
        session.repeats.go_on,
        end_icon=Icons.ARROW_FORWARD_ROUNDED,
        expand=c.compact or None,
    )
    return [to_list], go_on
