"""The six words, as the tablet's person reads them aloud: they match, or they differ."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.frame import actions, title_role
from app.ui.enrol.six_words import six_words
from app.ui.guard import part
from app.ui.people.device_sheet import bullets
from app.ui.people.invitation_model import InvitationModel
from app.ui.pieces import button, col, dialog, dim, note, problem_banner, text
from app.ui.signals import use_signal
from app.ui.theme import S2, S5

Icons = ft.Icons
WIDTH = 640


@part
def compare(c: Ctx, model: InvitationModel) -> ft.Control:
    """The page once a tablet has answered."""
    use_signal(model.changed)
    differ, ask = ft.use_state(False)
    view = model.view
    assert view is not None

    async def withdraw() -> None:
        ask(False)
        if await model.withdraw():
            model.desk.nav.close()
            model.desk.say(c._("The invitation was withdrawn. Nobody was let in."))

    ft.use_dialog(_differ(c, withdraw, lambda: ask(False)) if differ else None)
    width = min(WIDTH, c.width - (0 if c.compact else 88)) - 2 * c.gutter
    head = col(
        ft.Semantics(
            content=text(c, c._("Compare the six words with {name}", name=view.name), title_role(c)),
            heading_level=1,
        ),
        dim(
            c,
            c._("Let {name} read them from the tablet, on the phone or face to face.", name=view.name),
            "body",
        ),
        spacing=S2,
        stretch=True,
    )
    spoilt = view.problem is not None
    match = button(
        c,
        "invitation.match",
        c._("They match"),
        model.approve,
        icon=Icons.CHECK_ROUNDED,
        disabled=model.busy or spoilt,
        expand=c.compact or None,
    )
    other = button(
        c,
        "invitation.differ",
        c._("They differ"),
        lambda: ask(True),
        kind="danger",
        icon=Icons.CLOSE_ROUNDED,
        expand=c.compact or None,
    )
    told = [problem_banner(c, "invitation.problem", model.problem)] if model.problem else []
    why = note(
        c,
        c._(
            "Listen first, then look. The same six words in the same order mean that this is really that tablet."
        ),
        Icons.HEARING_ROUNDED,
    )
    return col(
        head,
        six_words(c, "invitation.words", view.words, width),
        why,
        *told,
        actions(c, match, other),
        spacing=S5,
        stretch=True,
    )


def _differ(c: Ctx, withdraw: object, cancel: object) -> ft.AlertDialog:
    lines = (
        c._("Different words mean that other keys arrived here than those of this tablet."),
        c._("Somebody may have seen the code, or somebody stands between the tablet and the server."),
        c._("Nobody is let in. Withdraw this invitation and make a new one, best face to face."),
        c._("If it happens again, tell whoever looks after the server."),
    )
    return dialog(
        c,
        "invitation.differ_dialog",
        c._("The words differ: withdraw the invitation"),
        bullets(c, lines),
        c._("Withdraw"),
        withdraw,
        cancel,
        danger=True,
    )
