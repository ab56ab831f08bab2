"""What can be done with one device: its words, a new tablet in its place, another role, out of the list."""

from collections.abc import Callable, Sequence

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.six_words import six_words
from app.ui.guard import part
from app.ui.people.model import PeopleModel
from app.ui.people.rows import dates, device_name
from app.ui.people.words import role_words
from app.ui.pieces import button, col, dialog, dim, gap, grow, icon, row, sheet, text
from app.ui.pieces.layout import CROSS
from app.ui.signals import use_signal
from app.ui.theme import S2, S3, S4, S5
from app.usecases.enrolment_views import DeviceView, PersonView

Icons = ft.Icons
SHEET_W = 640  # Material never makes a bottom sheet wider than 640
HEIGHT, SHORT = 600, 330  # with and without what can be done


@part
def DeviceSheet(c: Ctx, model: PeopleModel) -> ft.Control:
    """Nothing on the page itself: the sheet or the question above it."""
    use_signal(model.changed)
    found = model.find(model.opened) if model.opened else None
    sheet_now = _sheet(c, model, *found) if found is not None and not model.asking else None
    question = _asked(c, model, *found) if found is not None and model.asking else None
    # A place for each: one that takes the place of the other would leave the first on the screen.
    ft.use_dialog(sheet_now)
    ft.use_dialog(question)
    return ft.Container(width=0, height=0)


def _sheet(c: Ctx, model: PeopleModel, person: PersonView, one: DeviceView) -> ft.BottomSheet:
    width = min(SHEET_W, c.width) - 2 * S4
    about = " · ".join(words for words in (role_words(c, one.role), dates(c, one)) if words)
    words = col(
        text(c, c._("The six words of this device"), "label"),
        six_words(c, "people.device.words", one.words, width),
        spacing=S2,
        stretch=True,
    )
    body = [dim(c, about, "body"), words, *_actions(c, model, person, one)]
    title = f"{person.name} · {device_name(c, one)}" if person.name else device_name(c, one)
    held = col(*body, gap(S3), spacing=S4, stretch=True)
    tall = (HEIGHT if not one.this and one.active else SHORT) * (1.2 if c.compact else 1) * c.scale

    def dismissed() -> None:
        if not model.asking:  # it also goes away when it makes room for a question
            model.close()

    return sheet(c, "people.device_sheet", title, held, on_dismiss=dismissed, height=tall)


def _actions(c: Ctx, model: PeopleModel, person: PersonView, one: DeviceView) -> list[ft.Control]:
    if one.this:
        return [dim(c, c._("You are using this device. Another supervisor can change or remove it."), "body")]
    if not one.active:
        return [
            dim(
                c,
                c._("This device was removed. What it had sent stays, and nothing more is sealed to it."),
                "body",
            )
        ]
    other = "fieldworker" if one.role == "supervisor" else "supervisor"
    make = c._("Make it a supervisor's") if other == "supervisor" else c._("Make it a social worker's")

    def replace() -> None:
        model.close()
        model.desk.nav.go("invite", member=person.member, replaces=one.id)

    return [
        _act(
            c,
            "people.device.replace",
            c._("Replace this tablet"),
            c._("Lost, broken or new: invite the same person's next tablet, then remove this one."),
            Icons.SYNC_ALT_ROUNDED,
            replace,
        ),
        _act(
            c,
            "people.device.role",
            make,
            c._("Supervisors read every record and may invite and remove people."),
            Icons.BADGE_OUTLINED,
            lambda: model.ask("role"),
        ),
        _act(
            c,
            "people.device.remove",
            c._("Remove this device"),
            c._("It gets nothing new, and it locks itself at its next contact."),
            Icons.BLOCK_ROUNDED,
            lambda: model.ask("remove"),
            "danger",
        ),
    ]


def _act(
    c: Ctx,
    identifier: str,
    label: str,
    said: str,
    mark: ft.IconData,
    on_click: Callable[[], None],
    kind: str = "outlined",
) -> ft.Control:
    act = button(c, identifier, label, on_click, kind=kind, icon=mark, small=True, expand=True)
    return col(row(act), dim(c, said), spacing=S2, stretch=True)


def _asked(c: Ctx, model: PeopleModel, person: PersonView, one: DeviceView) -> ft.AlertDialog:
    return (_remove if model.asking == "remove" else _role)(c, model, person, one)


def remove_lines(c: Ctx) -> Sequence[str]:
    """What removing a device does, in the order in which it happens."""
    return (
        c._("A new period begins: no new record is sealed to this device."),
        c._("What it has not sent yet is still taken, so that no visit is lost."),
        c._("At its next contact it locks itself for good and destroys its keys."),
        c._("What it could read until today it may have read. Removing does not undo that."),
    )


def _remove(c: Ctx, model: PeopleModel, person: PersonView, one: DeviceView) -> ft.AlertDialog:
    name = person.name or device_name(c, one)
    return dialog(
        c,
        "people.remove_dialog",
        c._("Remove this device of {name}?", name=name),
        bullets(c, remove_lines(c)),
        c._("Remove this device"),
        lambda: _removed(c, model, one, name),
        model.close,
        danger=True,
    )


async def _removed(c: Ctx, model: PeopleModel, one: DeviceView, name: str) -> None:
    if await model.remove(one.id):
        model.desk.say(c._("The device of {name} was removed.", name=name))


def _role(c: Ctx, model: PeopleModel, person: PersonView, one: DeviceView) -> ft.AlertDialog:
    up = one.role != "supervisor"
    lines = (
        (
            c._("They will read every record of the organisation, also the earlier ones."),
            c._("They may invite people, let tablets in and remove them, and publish forms."),
            c._("The app shows the new screens after the next sync on that device."),
        )
        if up
        else (
            c._("New records are sealed to this device only for the households assigned to it."),
            c._("It may no longer invite or remove anybody."),
            c._("What it could read until today it may have read."),
        )
    )
    title = (
        c._("Make {name} a supervisor?", name=person.name)
        if up
        else c._("Make {name} a social worker?", name=person.name)
    )

    async def change() -> None:
        if await model.change_role(one.id, "supervisor" if up else "fieldworker"):
            model.desk.say(c._("The role was changed."))

    confirm = c._("Change the role")
    return dialog(
        c, "people.role_dialog", title, bullets(c, lines), confirm, change, model.close, danger=not up
    )


def bullets(c: Ctx, lines: Sequence[str]) -> ft.Control:
    """A few facts below each other."""
    return col(
        *[
            row(
                icon(Icons.ARROW_RIGHT_ROUNDED, size=20),
                grow(text(c, line, "body")),
                spacing=S2,
                align=CROSS.START,
            )
            for line in lines
        ],
        spacing=S3,
        stretch=True,
        width=min(S5 * 22, c.width - 80),
    )
