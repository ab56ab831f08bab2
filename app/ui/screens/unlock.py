"""Unlock: who is working, their passphrase, and the language, before anything is opened.

Several people may share a tablet; each one's visits are opened only by their own passphrase. After wrong
tries the button counts the waiting time down.
"""

from collections.abc import Callable
from dataclasses import replace

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.ways_in import add_person, enrol_button, waiting
from app.ui.guard import part
from app.ui.i18n import LANGUAGES
from app.ui.ids import tag
from app.ui.pieces import (
    avatar,
    brand,
    button,
    chip,
    col,
    dim,
    empty,
    gap,
    grow,
    message,
    row,
    spacer,
    spinner,
    text,
    text_field,
    wrap,
)
from app.ui.pieces.layout import CROSS, MAIN
from app.ui.pieces.marks import icon as mark
from app.ui.pieces.notices import tell
from app.ui.screens.street import street
from app.ui.screens.unlock_model import UnlockModel
from app.ui.signals import use_signal
from app.ui.theme import ACCENT, CARD, INK2, LINE, R_CARD, S1, S2, S3, S4, S6, S8, S10, SUNK
from app.usecases.views import ProfileCard

Icons = ft.Icons
PANEL = 440


@part
def screen(c: Ctx) -> ft.Control:
    """The whole window while nobody has unlocked."""
    desk = c.desk
    assert desk is not None
    model = ft.use_ref(lambda: UnlockModel(desk)).current
    panel = _nobody(c) if not model.profiles else _panel(c, model)
    if c.expanded:
        return _wide(c, panel)
    return _narrow(c, panel)


def _wide(c: Ctx, panel: ft.Control) -> ft.Control:
    promise = col(
        text(c, c._("What is said at the door stays with you."), "title"),
        dim(c, c._("Visits are encrypted on this tablet. The server cannot read them."), "body"),
    )
    picture = ft.Container(
        col(
            row(brand(34), text(c, "Doorstep", "headline"), spacing=S3),
            spacer(),
            street(240),
            spacer(),
            promise,
            tight=False,
        ),
        width=int(c.width * 0.44),
        bgcolor=SUNK,
        padding=S10,
    )
    middle = ft.Column(
        [gap(S4), ft.Container(panel, width=PANEL * min(c.scale, 1.2)), gap(S8)],
        expand=True,
        scroll=ft.ScrollMode.AUTO,
        alignment=MAIN.CENTER,
        horizontal_alignment=CROSS.CENTER,
    )
    right = col(row(spacer(), languages(c)), middle, tight=False, stretch=True)
    return ft.Row(
        [picture, ft.Container(right, expand=True, padding=S6)],
        spacing=0,
        expand=True,
        vertical_alignment=CROSS.STRETCH,
    )


def _narrow(c: Ctx, panel: ft.Control) -> ft.Control:
    sign = row(brand(28), grow(text(c, "Doorstep", "title", one_line=True)), spacing=S3)
    # On a phone with big text the languages need a line of their own.
    large = c.compact and c.scale > 1.4
    head = (
        col(sign, wrap(*languages(c).controls), spacing=S3, stretch=True)
        if large
        else row(grow(sign), languages(c), spacing=S3)
    )
    tall = c.height > 1000 and c.scale < 1.5
    width = min(c.width - 2 * c.gutter, PANEL * max(1, c.scale * 0.8))
    picture = [street(190), gap(S6)] if tall and not c.compact else []
    body = col(
        gap(S10 if tall else S2),
        *picture,
        ft.Container(panel, width=width),
        gap(S8),
        horizontal_alignment=CROSS.CENTER,
    )
    return ft.ListView([ft.Container(head, padding=c.gutter), body], expand=True, padding=0)


def languages(c: Ctx) -> ft.Row:
    """The languages of the product, in their own names."""
    desk = c.desk
    assert desk is not None

    def speak(language: str) -> Callable[[], None]:
        return lambda: desk.change_settings(replace(desk.settings, language=language))

    chips = [
        chip(c, f"language.{code}", name, code == c.language, speak(code)) for code, name in LANGUAGES.items()
    ]
    return row(*chips, tight=True)


def _nobody(c: Ctx) -> ft.Control:
    return empty(
        c,
        "unlock.nobody",
        Icons.PERSON_ADD_ALT_OUTLINED,
        c._("Nobody uses this tablet yet"),
        c._("A supervisor enrols a tablet once. After that you unlock it here."),
        enrol_button(c),
    )


def _panel(c: Ctx, model: UnlockModel) -> ft.Control:
    return col(
        ft.Semantics(content=text(c, c._("Who is working today?"), "headline"), heading_level=1),
        dim(c, c._("Each person's visits are locked separately on this tablet."), "body"),
        gap(S2),
        People(c, model),
        gap(S2),
        Passphrase(c, model),
        Tries(c, model),
        *add_person(c),
        stretch=True,
    )


@part
def People(c: Ctx, model: UnlockModel) -> ft.Control:
    """The cards of those who may unlock."""
    use_signal(model.changed)
    return col(*[_person(c, model, one) for one in model.profiles], stretch=True)


def _person(c: Ctx, model: UnlockModel, one: ProfileCard) -> ft.Control:
    chosen = one.id == model.chosen
    role = (
        waiting(c) if one.pending else c._("Supervisor") if one.role == "supervisor" else c._("Social worker")
    )
    line = row(
        avatar(c, one.label, "clay" if chosen else "neutral"),
        grow(col(text(c, one.label, "strong"), dim(c, role), spacing=0)),
        mark(Icons.CHECK_CIRCLE_ROUNDED, ACCENT, 24)
        if chosen
        else mark(Icons.CHEVRON_RIGHT_ROUNDED, INK2, 24),
        spacing=S3,
    )
    inset = 0 if chosen else 1
    body = ft.Container(
        line,
        padding=ft.Padding.symmetric(horizontal=S4 - 1 + inset, vertical=S3 - 1 + inset),
        border_radius=R_CARD,
        bgcolor=CARD,
        border=ft.Border.all(2 if chosen else 1, ACCENT if chosen else LINE),
        ink=True,
        on_click=c.on(lambda: model.choose(one.id)),
    )
    return tag(f"unlock.profile.{one.id}", body, f"{one.label}, {role}", button=True, selected=chosen)


@part
def Passphrase(c: Ctx, model: UnlockModel) -> ft.Control:
    """The field. It is drawn again only when it must be emptied, never while somebody types."""
    use_signal(model.typed)
    person = model.person
    if person is None:
        return gap(0)
    label = c._("Passphrase of {name}", name=person.label)
    wrong = model.problem is not None
    told = []
    if model.problem is not None:
        said = tell(c, model.problem)
        told = [
            message(
                c, " ".join(part for part in (said.happened, said.lost) if part), identifier="unlock.problem"
            )
        ]
    return col(
        text(c, label, "subtitle"),
        *told,
        text_field(
            c,
            "unlock.passphrase",
            label,
            model.passphrase,
            lambda e: model.write(e.control.value or ""),
            hint=c._("Passphrase or PIN") if model.pin else c._("Five words or more"),
            icon=Icons.KEY_OUTLINED,
            password=True,
            state="bad" if wrong else None,
            autofocus=True,
            on_submit=model.open,
        ),
        stretch=True,
        key=f"passphrase-{person.id}",
    )


@part
def Tries(c: Ctx, model: UnlockModel) -> ft.Control:
    """The button, or what it waits for."""
    use_signal(model.changed)
    if model.person is None:
        return dim(c, c._("Choose your name."), "body") if len(model.profiles) > 1 else gap(0)
    if model.busy:
        opening = row(
            spinner(), text(c, c._("Opening your visits"), "label"), spacing=S3, alignment=MAIN.CENTER
        )
        return tag("unlock.busy", ft.Container(opening, padding=S4), live_region=True)
    if model.wait:
        minutes, seconds = divmod(model.wait, 60)
        label = c._("Try again in {time}", time=f"{minutes}:{seconds:02d}")
        held = button(c, "unlock.open", label, None, icon=Icons.TIMER_OUTLINED, disabled=True, expand=True)
    else:
        label = c._("Unlock")
        held = button(c, "unlock.open", label, model.open, icon=Icons.LOCK_OPEN_ROUNDED, expand=True)
    after = [dim(c, tell(c, model.problem).todo, "body")] if model.problem and model.problem.todo else []
    return col(gap(S1), row(held), *after, *_forgot(c, model), stretch=True)


def _forgot(c: Ctx, model: UnlockModel) -> list[ft.Control]:
    """A way on for somebody whose words do not come back; not for one who is still joining."""
    if model.desk.cases.safety is None or model.person is None or model.person.pending:
        return []
    label = c._("I forgot my passphrase")
    return [
        row(button(c, "unlock.forgot", label, model.forgot, kind="link", small=True), alignment=MAIN.CENTER)
    ]
