"""The page “Safety copy”: what is only on this tablet, a copy of it in a file, taking one over, earlier profiles."""

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.effects import use_effect
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import (
    banner,
    button,
    card,
    chip,
    col,
    dialog,
    dim,
    gap,
    grow,
    icon,
    problem_banner,
    row,
    scroller,
    section,
    spinner,
    text,
    top_bar,
    wrap,
)
from app.ui.pieces.layout import CROSS
from app.ui.safety.front import what_is_left
from app.ui.safety.model import SafetyModel
from app.ui.signals import use_signal
from app.ui.theme import S2, S3, S4, S5, S6, TONES

Icons = ft.Icons
WIDTH = 720


@part
def screen(c: Ctx) -> ft.Control:
    """The page, opened from the settings."""
    desk = c.desk
    assert desk is not None
    model = ft.use_ref(lambda: SafetyModel(desk)).current
    use_signal(desk.data)
    use_effect(model.refresh, [desk.sync.outcome is None])
    bar = top_bar(c, "safety", c._("Safety copy"), on_back=desk.nav.back)
    body = scroller(
        c,
        Here(c, model),
        Write(c, model),
        Take(c, model),
        Earlier(c, model),
        width=WIDTH,
        key="safety",
        spacing=S6,
    )
    return ft.Column([bar, grow(body)], spacing=0, expand=True)


@part
def Here(c: Ctx, model: SafetyModel) -> ft.Control:
    """What would be gone with this tablet."""
    use_signal(model.changed)
    here = model.here
    lines = what_is_left(c, here.records, here.files, here.drafts)
    if here.carried:
        n = here.carried
        lines.append(
            c.n_("{n} entry is carried for somebody else", "{n} entries are carried for somebody else", n)
        )
    if not lines:
        words = c._("Nothing is only on this tablet: everything you finished was received.")
        held: ft.Control = _line(c, Icons.VERIFIED_OUTLINED, words, "good")
    else:
        head = text(c, c._("Only on this tablet"), "subtitle")
        held = col(
            head,
            *[_line(c, Icons.TABLET_ANDROID_ROUNDED, one, "warn") for one in lines],
            spacing=S3,
            stretch=True,
        )
    return tag("safety.here", card(held, padding=S4 if c.compact else S5), container=True)


@part
def Write(c: Ctx, model: SafetyModel) -> ft.Control:
    """A copy into a file."""
    use_signal(model.changed)
    picker = ft.use_ref(lambda: ft.FilePicker())
    said = c._(
        "One sealed file for a memory card or a colleague's tablet. Whoever finds it learns how many records there "
        "are, and reads none. Any tablet of your organisation can hand it over."
    )
    make = button(
        c,
        "safety.write",
        c._("Save a sealed copy"),
        lambda: model.write(picker.current),
        icon=Icons.SAVE_ALT_ROUNDED,
        disabled=model.busy != "",
        expand=c.compact or None,
    )
    parts = [dim(c, said, "body"), *_who(c, model), row(make), *_made(c, model)]
    return section(c, c._("A copy of it"), col(*parts, spacing=S4, stretch=True))


def _who(c: Ctx, model: SafetyModel) -> list[ft.Control]:
    """Who may go on with the drafts: a supervisor always, a colleague where one is chosen."""
    if not model.here.drafts:
        return []
    if not model.colleagues:
        return [dim(c, c._("Your drafts in it can be opened by a supervisor."))]
    chips = [
        chip(
            c,
            f"safety.colleague.{one.device}",
            one.name,
            one.device == model.colleague,
            _choose(model, one.device),
        )
        for one in model.colleagues
    ]
    said = c._("Your drafts in it can be opened by a supervisor, and by the colleague you choose:")
    return [col(dim(c, said), wrap(*chips), spacing=S2, stretch=True)]


def _choose(model: SafetyModel, device: str) -> Any:
    return lambda: model.choose(device)


def _made(c: Ctx, model: SafetyModel) -> list[ft.Control]:
    if model.made is None:
        return []
    made = model.made
    words = c.n_("{n} sealed object", "{n} sealed objects", made.entries)
    if made.drafts:
        words += " · " + c.n_("{n} draft", "{n} drafts", made.drafts)
    return [
        banner(
            c,
            "safety.made",
            Icons.CHECK_CIRCLE_OUTLINE_ROUNDED,
            c._("The copy is saved"),
            f"{made.name} · {words}",
            "good",
        )
    ]


@part
def Take(c: Ctx, model: SafetyModel) -> ft.Control:
    """A copy out of a file."""
    use_signal(model.changed)
    picker = ft.use_ref(lambda: ft.FilePicker())
    said = c._(
        "Take over somebody's copy: this tablet carries what is in it and hands it over at the next sync."
    )
    take = button(
        c,
        "safety.take",
        c._("Take over a copy"),
        lambda: model.take(picker.current),
        kind="outlined",
        icon=Icons.UPLOAD_FILE_OUTLINED,
        disabled=model.busy != "",
        expand=c.compact or None,
    )
    working = [row(spinner(), dim(c, c._("Sealed files take a moment")), spacing=S3)] if model.busy else []
    parts = [dim(c, said, "body"), row(take), *working, *_taken(c, model)]
    return section(c, c._("Somebody else's copy"), col(*parts, spacing=S4, stretch=True))


def _taken(c: Ctx, model: SafetyModel) -> list[ft.Control]:
    if model.problem is not None:
        return [problem_banner(c, "safety.problem", model.problem)]
    if model.taken is None:
        return []
    taken = model.taken
    lines = [c.n_("{n} sealed object is carried now.", "{n} sealed objects are carried now.", taken.entries)]
    if taken.drafts:
        lines.append(
            c.n_("{n} draft is on the page “Today”.", "{n} drafts are on the page “Today”.", taken.drafts)
        )
    if taken.locked:
        lines.append(
            c._("Its drafts are sealed to other people and stay in the file: keep it for a supervisor.")
        )
    if not (taken.entries or taken.drafts or taken.locked):
        lines = [c._("Everything in it is here or was handed over already.")]
    return [
        banner(
            c, "safety.taken", Icons.CHECK_CIRCLE_OUTLINE_ROUNDED, c._("Taken over"), " ".join(lines), "good"
        )
    ]


@part
def Earlier(c: Ctx, model: SafetyModel) -> ft.Control:
    """Earlier profiles of this person on this tablet, which nobody can open any more."""
    use_signal(model.changed)
    ask = None
    if model.parting is not None:
        body = c._(
            "What it has not handed over is then gone for good, together with its drafts. Nobody can bring it back."
        )
        title = c._("Remove the earlier profile of {name}?", name=model.parting.left.label)
        ask = dialog(
            c,
            "safety.part",
            title,
            body,
            c._("Remove it"),
            model.let_go,
            lambda: model.part_from(None),
            danger=True,
        )
    ft.use_dialog(ask)
    if not model.earlier:
        return gap(0)
    return section(c, c._("Earlier profiles"), *[_earlier(c, model, one) for one in model.earlier])


def _earlier(c: Ctx, model: SafetyModel, one: Any) -> ft.Control:
    left = one.left
    doing = _doing(c, one)
    actions: list[ft.Control] = []
    if not one.taken:
        actions.append(
            button(
                c,
                f"safety.carry.{left.profile}",
                c._("Carry it over"),
                lambda: model.carry(one),
                kind="tonal",
                small=True,
            )
        )
    actions.append(
        button(
            c,
            f"safety.part.{left.profile}",
            c._("Remove it"),
            lambda: model.part_from(one),
            kind="text",
            small=True,
        )
    )
    words: Sequence[ft.Control] = [text(c, left.label, "strong"), *[dim(c, line, "body") for line in doing]]
    return card(col(*words, wrap(*actions), spacing=S3, stretch=True), padding=S4 if c.compact else S5)


def _doing(c: Ctx, one: Any) -> list[str]:
    left = one.left
    if not one.taken:
        return what_is_left(c, left.records, left.files, left.drafts) or [c._("Nothing in it is unsent.")]
    lines = []
    if one.waiting:
        lines.append(
            c.n_(
                "{n} sealed object waits for the next sync.",
                "{n} sealed objects wait for the next sync.",
                one.waiting,
            )
        )
    else:
        lines.append(c._("Everything that could be read was received."))
    if one.missing:
        lines.append(
            c.n_(
                "{n} object cannot be read any more. Show this to your supervisor before you remove the profile.",
                "{n} objects cannot be read any more. Show this to your supervisor before you remove the profile.",
                one.missing,
            )
        )
    return lines


def _line(c: Ctx, mark: ft.IconData, words: str, tone: str) -> ft.Control:
    return row(icon(mark, TONES[tone].solid, 22), grow(text(c, words, "body")), spacing=S3, align=CROSS.START)
