"""Step 2, who is joining: the name that colleagues know, and the passphrase that locks this person's visits."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.frame import STEPS_FIRST, Head, actions, frame, roomy
from app.ui.enrol.model import JoiningModel
from app.ui.enrol.person_model import PersonModel
from app.ui.guard import part
from app.ui.i18n import N_
from app.ui.ids import tag
from app.ui.pieces import (
    button,
    card,
    col,
    dim,
    gap,
    grow,
    icon,
    message,
    note,
    problem_banner,
    row,
    spinner,
    text,
    text_field,
)
from app.ui.pieces.notices import tell
from app.ui.signals import use_signal
from app.ui.theme import S1, S2, S3, S4, S5, TONES
from app.usecases.views import ProblemText

Icons = ft.Icons
STRENGTHS = {
    "weak": (
        "warn",
        Icons.RADIO_BUTTON_UNCHECKED_ROUNDED,
        N_("Too easy to guess. Write five words or more."),
    ),
    "weak_pin": (
        "warn",
        Icons.RADIO_BUTTON_UNCHECKED_ROUNDED,
        N_("Too easy to guess. Write six digits or more."),
    ),
    "pin": (
        "good",
        Icons.CHECK_CIRCLE_OUTLINE_ROUNDED,
        N_("Short, and enough on this device, which guards it."),
    ),
    "good": ("good", Icons.CHECK_CIRCLE_OUTLINE_ROUNDED, N_("Good: hard to guess.")),
    "strong": ("good", Icons.CHECK_CIRCLE_ROUNDED, N_("Strong: very hard to guess.")),
}


@part
def page(c: Ctx, model: JoiningModel) -> ft.Control:
    """The second step; the first one of an organisation's first supervisor."""
    person = model.person
    assert person is not None
    title, lead = (
        c._("Who are you?"),
        c._("Your visits are locked on this tablet with a passphrase of your own."),
    )
    if model.first:
        title = c._("First supervisor of a new organisation")
        lead = c._(
            "You begin the organisation together with whoever keeps its printed root key. Say who you are; the next "
            "page says what to do with the key."
        )
    head = Head(title, lead, 1, STEPS_FIRST) if model.first else Head(title, lead, 2)
    return frame(
        c,
        "enrol.person",
        head,
        Name(c, person),
        Lock(c, person),
        Trouble(c, model),
        Go(c, model),
        dim(
            c,
            c._("Going back loses nothing: nothing is kept on this tablet yet.")
            if model.first
            else c._(
                "Going back loses nothing: nothing is kept on this tablet yet, the invitation stays valid."
            ),
        ),
    )


@part
def Told(c: Ctx, person: PersonModel, where: str) -> ft.Control:
    """What is wrong with a field, until it is written in again. The field itself is not drawn again for that."""
    use_signal(person.judged)
    wrong = person.wrong.get(where)
    return message(c, _sentence(c, wrong), identifier=f"enrol.{where}.wrong") if wrong else gap(0)


def _sentence(c: Ctx, problem: ProblemText) -> str:
    told = tell(c, problem)
    return " ".join(words for words in (told.happened, told.todo) if words)


@part
def Name(c: Ctx, person: PersonModel) -> ft.Control:
    use_signal(person.changed)
    label = c._("Your name, as colleagues know it")
    return col(
        text(c, label, "subtitle"),
        Told(c, person, "name"),
        text_field(
            c,
            "enrol.name",
            label,
            person.name,
            lambda e: person.write("name", e.control.value or ""),
            icon=Icons.PERSON_OUTLINE_ROUNDED,
            state="bad" if "name" in person.wrong else None,
            on_blur=lambda: person.left("name"),
            capitalization=ft.TextCapitalization.WORDS,
            autofocus=not person.name,
        ),
        stretch=True,
    )


@part
def Lock(c: Ctx, person: PersonModel) -> ft.Control:
    """The suggestion, and the fields of the way that was chosen."""
    use_signal(person.changed)
    heading = col(
        text(c, c._("Your passphrase"), "subtitle"),
        dim(
            c,
            c._("You write it at every unlocking. Nobody can look it up, not even your supervisor."),
            "body",
        ),
        spacing=S1,
        stretch=True,
    )
    body = _own(c, person) if person.way == "own" else _suggested(c, person)
    return col(heading, *body, spacing=S3, stretch=True)


def _suggested(c: Ctx, person: PersonModel) -> list[ft.Control]:
    taken = person.way == "taken"
    use = button(
        c,
        "enrol.suggestion.use",
        c._("Use these words"),
        lambda: person.choose("taken"),
        kind="tonal",
        icon=Icons.CHECK_ROUNDED,
        small=True,
        expand=c.compact or None,
    )
    another = button(
        c,
        "enrol.suggestion.another",
        c._("Another five"),
        person.another,
        kind="outlined",
        icon=Icons.REFRESH_ROUNDED,
        small=True,
        expand=c.compact or None,
    )
    words = tag(
        "enrol.suggestion",
        text(c, c.ltr(person.suggestion), "title", selectable=True),
        c._("Suggested passphrase: {words}", words=person.suggestion),
    )
    said = dim(c, c._("Five words, drawn at random: easy to keep in mind, very hard to guess."))
    shown = card(
        col(words, said, gap(S1), actions(c, *([] if taken else [use]), another), spacing=S2, stretch=True),
        padding=S4 if c.compact else S5,
    )
    below: list[ft.Control] = [shown]
    if taken:
        below += [
            note(
                c,
                c._("Write them on paper now and keep the paper apart from the tablet. Then type them once."),
                Icons.EDIT_NOTE_ROUNDED,
            ),
            Typed(c, person, "typed", c._("The five words")),
        ]
    own = button(
        c,
        "enrol.own",
        c._("Choose a passphrase of my own"),
        lambda: person.choose("own"),
        kind="link",
        small=True,
        expand=roomy(c),
    )
    return [*below, row(own)]


def _own(c: Ctx, person: PersonModel) -> list[ft.Control]:
    back = button(
        c,
        "enrol.suggested",
        c._("Suggest five words instead"),
        lambda: person.choose("offered"),
        kind="link",
        small=True,
        expand=roomy(c),
    )
    return [
        Typed(c, person, "typed", c._("Passphrase")),
        Strength(c, person),
        Typed(c, person, "again", c._("The same once more")),
        row(back),
    ]


@part
def Typed(c: Ctx, person: PersonModel, where: str, label: str) -> ft.Control:
    """A hidden field with an eye; `where` is `typed` or `again`."""
    return col(
        text(c, label, "label"),
        Told(c, person, where),
        text_field(
            c,
            f"enrol.passphrase.{where}",
            label,
            getattr(person, where),
            lambda e: person.write(where, e.control.value or ""),
            icon=Icons.KEY_OUTLINED,
            password=True,
            state="bad" if where in person.wrong else None,
            on_blur=lambda: person.left(where),
            autocorrect=False,
            enable_suggestions=False,
            autofocus=where == "typed" and bool(person.name),
        ),
        stretch=True,
        key=f"{where}-{person.way}-{person.suggestion}",
    )


@part
def Strength(c: Ctx, person: PersonModel) -> ft.Control:
    """How strong it is, in words, while it is typed."""
    use_signal(person.judged)
    strength = person.strength()
    if strength == "weak" and person.pin_will_do:
        strength = "weak_pin"
    if strength == "empty":
        said: ft.Control = dim(
            c, c._("Five words that do not belong together, or a sentence only you would say.")
        )
    else:
        tone, mark, words = STRENGTHS[strength]
        solid = TONES[tone].solid
        said = row(icon(mark, solid, 20), grow(text(c, c._(words), "strong", solid)))
    return tag("enrol.strength", said, live_region=True, container=True)


@part
def Trouble(c: Ctx, model: JoiningModel) -> ft.Control:
    """Why it could not be begun; nothing of what was written is gone."""
    use_signal(model.changed)
    if model.problem is None:
        return gap(0)
    return problem_banner(c, "enrol.problem", model.problem)


@part
def Go(c: Ctx, model: JoiningModel) -> ft.Control:
    use_signal(model.changed)
    if model.busy:
        said = text(c, c._("Making the keys of this tablet"), "label")
        return tag("enrol.busy", ft.Container(row(spinner(), said, spacing=S3), padding=S4), live_region=True)
    return actions(
        c,
        button(
            c,
            "enrol.person.next",
            c._("Continue"),
            model.begin,
            end_icon=Icons.ARROW_FORWARD_ROUNDED,
            expand=c.compact or None,
        ),
        button(c, "enrol.person.back", c._("Back"), model.back, kind="text", expand=c.compact or None),
    )
