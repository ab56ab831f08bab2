"""People and devices: open invitations first, then everybody with their tablets, then those who have left."""

import asyncio
from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.enrol.frame import roomy
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.people.device_sheet import DeviceSheet
from app.ui.people.model import PeopleModel, people_of
from app.ui.people.rows import person_card
from app.ui.people.words import expiry, role_words, state_pill
from app.ui.pieces import (
    banner,
    button,
    card,
    col,
    dim,
    empty,
    group,
    grow,
    list_row,
    page_head,
    progress_bar,
    row,
    scroller,
    section,
    spinner,
    text,
    tile,
)
from app.ui.pieces.notices import tell
from app.ui.signals import use_signal
from app.ui.theme import S3, S4, S5, S6
from app.usecases.enrolment_views import InvitationView, PersonView

Icons = ft.Icons
WIDTH = 920


@part
def screen(c: Ctx) -> ft.Control:
    """The supervisor's list."""
    desk = c.desk
    assert desk is not None
    model = people_of(desk)

    def start() -> Callable[[], None]:
        task = asyncio.get_running_loop().create_task(model.watch())
        return lambda: task.cancel() and None

    use_effect(start, [])
    use_signal(model.changed)
    active = [one for one in model.people if any(device.active for device in one.devices)]
    left = [one for one in model.people if one not in active]
    devices = sum(device.active for one in active for device in one.devices)
    said = " · ".join(
        (
            c.n_("{n} person", "{n} people", len(active)),
            c.n_("{n} device in use", "{n} devices in use", devices),
        )
    )
    invite = button(
        c, "people.invite", c._("Invite"), lambda: desk.nav.go("invite"), icon=Icons.PERSON_ADD_ALT_OUTLINED
    )
    parts: list[ft.Control] = [
        *_head(c, said if model.loaded else "", invite),
        *_changing(c, model),
        *_away(c, model),
        *_sharing(c, model),
        *_invitations(c, model),
        *_everybody(c, model, active),
    ]
    if left:
        parts.append(
            section(
                c, c._("No longer with us"), *[person_card(c, model, one) for one in left], count=len(left)
            )
        )
    return ft.Stack(
        [scroller(c, *parts, width=WIDTH, key="people", spacing=S6), DeviceSheet(c, model)], expand=True
    )


def _head(c: Ctx, said: str, invite: ft.Control) -> list[ft.Control]:
    title = c._("People and devices")
    if roomy(c):
        return [col(page_head(c, title, said), row(invite), spacing=S4, stretch=True)]
    return [page_head(c, title, said, invite)]


def _changing(c: Ctx, model: PeopleModel) -> list[ft.Control]:
    if not model.changing:
        return []
    words = text(c, c._("The change is being signed and sent to the server"), "label")
    return [tag("people.changing", row(spinner(), grow(words), spacing=S3), live_region=True)]


def _away(c: Ctx, model: PeopleModel) -> list[ft.Control]:
    if model.away is None:
        return []
    told = tell(c, model.away)
    body = c._("Whether a tablet has answered an invitation is not known until then.")
    again = button(c, "people.again", c._("Try again"), model.load, kind="outlined", small=True)
    return [banner(c, "people.away", Icons.CLOUD_OFF_ROUNDED, told.title, body, "warn", action=again)]


def _sharing(c: Ctx, model: PeopleModel) -> list[ft.Control]:
    done = sum(one.done for one in model.sharing)
    total = sum(one.total for one in model.sharing)
    if not total:
        return []
    words = col(
        text(c, c._("Sealing earlier records again: {done} of {total}", done=done, total=total), "strong"),
        dim(
            c,
            c._("So that those who were let in can read what they should. Every sync goes on with it."),
            "body",
        ),
        spacing=2,
        stretch=True,
    )
    head = row(tile(Icons.ENHANCED_ENCRYPTION_OUTLINED, "accent", 40), grow(words), spacing=S3)
    held = card(
        col(head, progress_bar(done / total), spacing=S3, stretch=True), padding=S4 if c.compact else S5
    )
    return [tag("people.sharing", held, live_region=True, container=True)]


def _invitations(c: Ctx, model: PeopleModel) -> list[ft.Control]:
    shown = [one for one in model.invitations if one.state != "approved"]
    if not shown:
        return []
    rows = [_invitation(c, model, one) for one in shown]
    return [section(c, c._("Invitations"), group(*rows), count=len(rows))]


def _invitation(c: Ctx, model: PeopleModel, one: InvitationView) -> ft.Control:
    nav = model.desk.nav
    said = f"{role_words(c, one.role)} · {expiry(c, one.expires, one.state)}"
    return list_row(
        c,
        f"people.invitation.{one.id}",
        one.name,
        said,
        state_pill(c, one),
        lead=tile(Icons.QR_CODE_2_ROUNDED),
        on_click=lambda: nav.go("invitation", invitation=one.id),
    )


def _everybody(c: Ctx, model: PeopleModel, active: list[PersonView]) -> list[ft.Control]:
    if not model.loaded:
        loading = row(spinner(), text(c, c._("Reading the list of devices"), "label"), spacing=S3)
        return [tag("people.loading", loading, live_region=True)]
    cards = [person_card(c, model, one) for one in active]
    others = [one for one in active if not any(device.this for device in one.devices)]
    if not others:
        cards.append(
            empty(
                c,
                "people.alone",
                Icons.PERSON_ADD_ALT_OUTLINED,
                c._("Nobody else is here yet"),
                c._(
                    "Invite the first colleague: their tablet reads a code, you compare six words, and they can start."
                ),
            )
        )
    return [section(c, c._("People"), *cards, count=len(active))]
