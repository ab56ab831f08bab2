"""Whom to invite: a new person, or a further tablet of somebody who is here; their role; how long it may take."""

from collections.abc import Callable

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.frame import actions, title_role
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.people.model import PERIODS, InviteModel
from app.ui.people.words import role_words
from app.ui.pieces import (
    avatar,
    button,
    chip,
    col,
    dim,
    gap,
    grow,
    icon,
    message,
    problem_banner,
    row,
    scroller,
    section,
    spinner,
    text,
    text_field,
    top_bar,
    wrap,
)
from app.ui.pieces.layout import CROSS
from app.ui.pieces.notices import tell
from app.ui.signals import use_signal
from app.ui.theme import ACCENT, CARD, EDGE, LINE, R_CARD, S2, S3, S4, S6, TONES
from app.usecases.enrolment_views import PersonView

Icons = ft.Icons
WIDTH = 640


@part
def screen(c: Ctx, member: str = "", replaces: str = "") -> ft.Control:
    """One page; the invitation itself is the next place."""
    desk = c.desk
    assert desk is not None
    model = ft.use_ref(lambda: InviteModel(desk, member=member, replaces=replaces)).current
    bar = top_bar(c, "invite", c._("People and devices"), on_back=desk.nav.back)
    person = model.person
    title = c._("A new tablet for {name}", name=person.name) if member and person else c._("Invite somebody")
    lead = c._(
        "You get a code for the tablet to read. It works once, for one tablet, and you let it in afterwards."
    )
    head = col(
        ft.Semantics(content=text(c, title, title_role(c)), heading_level=1),
        dim(c, lead, "body"),
        spacing=S2,
        stretch=True,
    )
    fixed = bool(member and person)
    parts = [head, *([] if fixed else [ForWhom(c, model)]), Role(c, model), Period(c, model), Go(c, model)]
    return ft.Column(
        [bar, scroller(c, *parts, width=WIDTH, key="invite", spacing=S6)], spacing=0, expand=True
    )


@part
def ForWhom(c: Ctx, model: InviteModel) -> ft.Control:
    use_signal(model.changed)
    both = wrap(
        chip(c, "invite.new", c._("A new person"), not model.known, lambda: model.choose_known(False)),
        chip(c, "invite.known", c._("Somebody who is here"), model.known, lambda: model.choose_known(True)),
    )
    told = []
    if model.wrong is not None:
        told = [message(c, tell(c, model.wrong).happened, identifier="invite.wrong")]
    body = [_known(c, model)] if model.known else [Name(c, model)]
    return section(c, c._("For whom"), both, *told, *body)


@part
def Name(c: Ctx, model: InviteModel) -> ft.Control:
    """The field alone; it is drawn again only with its section."""
    label = c._("Their name, as colleagues know it")
    return col(
        text(c, label, "label"),
        text_field(
            c,
            "invite.name",
            label,
            model.name,
            lambda e: model.write(e.control.value or ""),
            icon=Icons.PERSON_OUTLINE_ROUNDED,
            state="bad" if model.wrong else None,
            capitalization=ft.TextCapitalization.WORDS,
            autofocus=True,
        ),
        stretch=True,
    )


def _known(c: Ctx, model: InviteModel) -> ft.Control:
    people = [one for one in model.people if one.name]
    return col(*[_person(c, model, one) for one in people], spacing=S2, stretch=True)


def _person(c: Ctx, model: InviteModel, one: PersonView) -> ft.Control:
    said = role_words(c, one.role) or c._("No device in use")
    line = row(
        avatar(c, one.name, size=40),
        grow(col(text(c, one.name, "strong"), dim(c, said), spacing=0)),
        spacing=S3,
    )
    return _choice(
        c,
        f"invite.person.{one.member}",
        line,
        one.name,
        one.member == model.member,
        lambda: model.choose(one.member),
    )


@part
def Role(c: Ctx, model: InviteModel) -> ft.Control:
    use_signal(model.changed)
    may = {
        "fieldworker": c._("Visits households, and reads the records of those assigned to them."),
        "supervisor": c._("Reads and reviews every record, and may invite and remove people."),
    }
    cards = [
        _choice(
            c,
            f"invite.role.{role}",
            col(text(c, role_words(c, role), "strong"), dim(c, said), spacing=2, stretch=True),
            role_words(c, role),
            role == model.role,
            _chooser(model.choose_role, role),
        )
        for role, said in may.items()
    ]
    if c.compact:
        return section(c, c._("Role"), *cards)
    return section(
        c,
        c._("Role"),
        ft.Row(
            [grow(one) for one in cards], spacing=S3, intrinsic_height=True, vertical_alignment=CROSS.STRETCH
        ),
    )


def _chooser(choose: Callable[[str], None], value: str) -> Callable[[], None]:
    return lambda: choose(value)


def _choice(
    c: Ctx, identifier: str, content: ft.Control, label: str, chosen: bool, on_click: Callable[[], None]
) -> ft.Control:
    """A card to choose: the whole of it can be pressed."""
    mark = Icons.RADIO_BUTTON_CHECKED_ROUNDED if chosen else Icons.RADIO_BUTTON_UNCHECKED_ROUNDED
    body = ft.Container(
        row(icon(mark, ACCENT if chosen else EDGE, 22), grow(content), spacing=S3),
        padding=ft.Padding.symmetric(horizontal=S4 - (1 if chosen else 0), vertical=S3),
        bgcolor=TONES["accent"].ground if chosen else CARD,
        border=ft.Border.all(2 if chosen else 1, ACCENT if chosen else LINE),
        border_radius=R_CARD,
        ink=True,
        on_click=c.on(on_click),
    )
    return tag(identifier, body, label, button=True, selected=chosen)


@part
def Period(c: Ctx, model: InviteModel) -> ft.Control:
    use_signal(model.changed)

    def chooser(hours: int) -> Callable[[], None]:
        return lambda: model.choose_hours(hours)

    chips = [
        chip(c, f"invite.hours.{hours}", c._(words), hours == model.hours, chooser(hours))
        for hours, words in PERIODS.items()
    ]
    return section(c, c._("The code works for"), wrap(*chips))


@part
def Go(c: Ctx, model: InviteModel) -> ft.Control:
    use_signal(model.changed)
    desk = model.desk

    async def invite() -> None:
        made = await model.invite()
        if made is not None:
            desk.nav.close()
            extra = {"replaces": model.replaces} if model.replaces else {}
            desk.nav.go("invitation", invitation=made.id, **extra)

    told = [problem_banner(c, "invite.problem", model.problem)] if model.problem else []
    if model.busy:
        waiting = row(spinner(), text(c, c._("Making the invitation"), "label"), spacing=S3)
        return tag("invite.busy", ft.Container(waiting, padding=S4), live_region=True)
    make = button(
        c,
        "invite.make",
        c._("Make the invitation"),
        invite,
        icon=Icons.QR_CODE_2_ROUNDED,
        expand=c.compact or None,
    )
    return col(*told, actions(c, make), gap(S2), spacing=S4, stretch=True)
