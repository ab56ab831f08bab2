"""After “They match”: signing, sealing earlier records for the new reader, and what is left to do."""

from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.codes import code_picture, code_text
from app.ui.enrol.frame import actions
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.people.device_sheet import bullets, remove_lines
from app.ui.people.invitation_model import InvitationModel
from app.ui.people.model import people_of
from app.ui.pieces import (
    banner,
    button,
    card,
    col,
    dialog,
    dim,
    note,
    problem_banner,
    progress_bar,
    row,
    text,
)
from app.ui.signals import use_signal
from app.ui.theme import S2, S3, S5

Icons = ft.Icons
PICTURE = 320


@part
def letting_in(c: Ctx, model: InvitationModel) -> ft.Control:
    """What is being done, how far it is, and that it may be left."""
    use_signal(model.changed)
    name = model.view.name if model.view is not None else ""
    found = model.sharing
    if model.phase == "approving" or found is None or not found.total:
        title, share = c._("Letting {name} in", name=name), None
        body = c._("The tablet's keys are signed into the organisation's list of devices.")
    else:
        title = c._(
            "Sealing {done} of {total} earlier records for {name}",
            done=found.done,
            total=found.total,
            name=name,
        )
        body = c._(
            "{name} can start already. You can go on working; what is left over is sealed with the next sync.",
            name=name,
        )
        share = min(1.0, found.done / found.total)
    lines = [text(c, title, "subtitle"), dim(c, body, "body"), progress_bar(share)]
    if model.phase == "sealing":
        stop = button(
            c,
            "invitation.stop",
            c._("Leave the rest for later"),
            model.stop,
            kind="outlined",
            small=True,
            disabled=model.stopping,
            expand=c.compact or None,
        )
        lines.append(row(stop))
    held = card(col(*lines, spacing=S3, stretch=True), padding=S5)
    return tag("invitation.progress", held, live_region=True, container=True)


@part
def done(c: Ctx, model: InvitationModel) -> ft.Control:
    """The tablet is in; what is left: an answer as text, the old tablet, the way back."""
    use_signal(model.changed)
    nav = model.desk.nav
    name = model.view.name if model.view is not None else ""
    left = model.sharing.left if model.sharing is not None else 0
    body = c._("The tablet notices by itself in a few seconds and fetches what is there for it.")
    if model.answer:
        body = c._(
            "The tablet is in the list. Give it this answer code, then it fetches what is there for it."
        )
    parts: list[ft.Control] = [
        banner(c, "invitation.done", Icons.HOW_TO_REG_ROUNDED, c._("{name} is in", name=name), body, "good")
    ]
    if left:
        said = c.n_(
            "{n} earlier record is sealed for them with the next sync.",
            "{n} earlier records are sealed for them with the next sync.",
            left,
        )
        parts.append(note(c, said, Icons.ENHANCED_ENCRYPTION_OUTLINED))
    if "seal" in model.problems:
        parts.append(problem_banner(c, "invitation.problem", model.problems["seal"], tone="warn"))
    if model.answer:
        parts += _answer(c, model)
    if model.replaces:
        parts.append(Old(c, model))
    back = button(
        c,
        "invitation.list",
        c._("To the list"),
        nav.back,
        kind="outlined" if model.replaces else "filled",
        expand=c.compact or None,
    )
    return col(*parts, actions(c, back), spacing=S5, stretch=True)


def _answer(c: Ctx, model: InvitationModel) -> list[ft.Control]:
    label = c._("Answer code for the tablet")
    width = min(PICTURE, c.width - 2 * c.gutter)
    return [
        col(
            text(c, label, "subtitle"),
            row(code_picture(c, "invitation.answer", model.desk, model.answer, label, width)),
            code_text(c, "invitation.answer", model.desk, model.answer, label),
            spacing=S3,
            stretch=True,
        )
    ]


@part
def Old(c: Ctx, model: InvitationModel) -> ft.Control:
    """The tablet that was replaced is still in the list until it is removed."""
    asking, ask = ft.use_state(False)
    gone, went = ft.use_state(False)
    desk = model.desk

    async def remove() -> None:
        ask(False)
        people = people_of(desk)
        if await people.remove(model.replaces):
            went(True)
            desk.say(c._("The old tablet was removed."))

    ft.use_dialog(_sure(c, remove, lambda: ask(False)) if asking else None)
    if gone:
        return tag(
            "invitation.old_gone", note(c, c._("The old tablet was removed."), Icons.CHECK_ROUNDED, "good")
        )
    act = button(
        c,
        "invitation.remove_old",
        c._("Remove the old tablet"),
        lambda: ask(True),
        kind="danger",
        icon=Icons.BLOCK_ROUNDED,
        expand=c.compact or None,
    )
    said = dim(c, c._("The old tablet can still read what is sealed to it until you remove it."), "body")
    return col(
        text(c, c._("Now the old tablet"), "subtitle"), said, actions(c, act), spacing=S2, stretch=True
    )


def _sure(c: Ctx, yes: Callable[..., object], no: Callable[..., object]) -> ft.AlertDialog:
    title, confirm = c._("Remove the old tablet?"), c._("Remove the old tablet")
    return dialog(
        c, "invitation.remove_old_dialog", title, bullets(c, remove_lines(c)), confirm, yes, no, danger=True
    )
