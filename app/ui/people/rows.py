"""One person with their tablets, as a card."""

from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.people.model import PeopleModel
from app.ui.people.words import role_words, signed_on
from app.ui.pieces import avatar, col, dim, group, grow, icon, list_row, pill, row, text
from app.ui.theme import S3, S4, S5
from app.usecases.enrolment_views import DeviceView, PersonView

Icons = ft.Icons


def person_card(c: Ctx, model: PeopleModel, person: PersonView) -> ft.Control:
    """Name and role, then one line a device; pressing a line opens what can be done with it."""
    name = person.name or c._("Without a name")
    role = role_words(c, person.role) or c._("No device in use")
    head = ft.Container(
        row(
            avatar(c, person.name or "?"),
            grow(col(text(c, name, "subtitle"), dim(c, role), spacing=0)),
            spacing=S3 if c.compact else S4,
        ),
        padding=ft.Padding.symmetric(horizontal=S4 if c.compact else S5, vertical=S4),
    )
    return group(head, *[_device(c, model, one) for one in person.devices])


def _device(c: Ctx, model: PeopleModel, one: DeviceView) -> ft.Control:
    opener: Callable[[], None] = lambda: model.open(one.id)  # noqa: E731 - typed, for the row below
    computer = one.role == "supervisor"
    lead = ft.Container(
        icon(Icons.LAPTOP_CHROMEBOOK_ROUNDED if computer else Icons.TABLET_ANDROID_ROUNDED, size=24), width=44
    )
    title = device_name(c, one)
    said = dates(c, one)
    return list_row(
        c,
        f"people.device.{one.id}",
        title,
        said,
        *_pills(c, one),
        *([] if not c.expanded else [icon(Icons.MORE_HORIZ_ROUNDED, size=24)]),
        lead=lead,
        on_click=opener,
        spoken=f"{title}, {said}",
    )


def device_name(c: Ctx, one: DeviceView) -> str:
    """A device has no name: its first two words serve, which its owner can read on it."""
    return c._("Device “{words}”", words=" ".join(one.words[:2]))


def dates(c: Ctx, one: DeviceView) -> str:
    since = signed_on(c, one.since)
    if not one.active:
        gone = signed_on(c, one.removed)
        return c._("in use from {since} to {until}", since=since, until=gone) if since and gone else ""
    return c._("in use since {day}", day=since) if since else ""


def _pills(c: Ctx, one: DeviceView) -> list[ft.Control]:
    if one.this:
        return [pill(c, c._("This device"), "accent", Icons.CHECK_ROUNDED)]
    if one.active:
        return [pill(c, c._("Active"), "good", Icons.CHECK_ROUNDED)]
    return [pill(c, c._("Removed"), "neutral", Icons.BLOCK_ROUNDED)]
