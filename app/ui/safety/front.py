"""Full pages that stand before the list of profiles: a device that is refused, a wrong clock, a forgotten
passphrase, and a tablet that was removed.
"""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.frame import Head, actions, frame
from app.ui.guard import part
from app.ui.pieces import button, card, col, dim, grow, icon, note, numeral, row, text
from app.ui.pieces.layout import CROSS
from app.ui.pieces.notices import tell
from app.ui.signals import use_signal
from app.ui.theme import S3, S4, S5, TONES
from app.usecases.views import ProblemText

Icons = ft.Icons
BESIDE: tuple[int, tuple[str, ...]] = (0, ())  # no step of joining


@part
def front(c: Ctx) -> ft.Control:
    """The page that stands there now."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.safety.changed)
    return {"refused": refused, "clock": clock, "forgotten": forgotten, "removed": removed}[desk.safety.page](
        c
    )


def refused(c: Ctx) -> ft.Control:
    """The device cannot keep data safe: what is missing, that nothing is lost, what to do."""
    net = _net(c)
    told = tell(c, net.start.refused)
    return frame(
        c,
        "safety.refused",
        Head(told.title, told.happened, *BESIDE),
        note(c, told.lost, Icons.INVENTORY_2_OUTLINED, "good"),
        text(c, told.todo, "body"),
        actions(c, button(c, "safety.look", c._("Test again"), net.look, icon=Icons.REFRESH_ROUNDED)),
    )


def clock(c: Ctx) -> ft.Control:
    """The date can hardly be right; work may go on, because a person may know better."""
    net = _net(c)
    problem: ProblemText = net.start.clock
    told = tell(c, problem)
    why = c._("Visits carry the date of this device. With a wrong one they stand in the wrong place.")
    return frame(
        c,
        "safety.clock",
        Head(told.title, told.happened, *BESIDE),
        note(c, f"{told.lost} {why}", Icons.EVENT_BUSY_OUTLINED, "warn"),
        text(c, c._("Set the date and time in the settings of the device, then look again."), "body"),
        actions(
            c,
            button(c, "safety.look", c._("Look again"), net.look, icon=Icons.REFRESH_ROUNDED),
            button(c, "safety.go_on", c._("The date is right, go on"), net.go_on, kind="outlined"),
        ),
    )


def forgotten(c: Ctx) -> ft.Control:
    """What happens to a profile whose passphrase is forgotten, before anything does."""
    net = _net(c)
    left = net.left
    lead = c._("Nobody can look it up. You start again on this tablet, and what was not sent goes with you.")
    steps = [
        c._("Ask your supervisor for a new invitation: People, your name, a new tablet."),
        c._("Enrol again here, under your own name, and choose a new passphrase."),
        c._("The next sync hands over what was not sent. Your drafts come back to you over your supervisor."),
        c._("Once all of it was received, the old profile is removed from this tablet by itself."),
    ]
    return frame(
        c,
        "safety.forgotten",
        Head(c._("You forgot your passphrase, {name}", name=left.label), lead, *BESIDE),
        card(_what_is_left(c, left), padding=S4 if c.compact else S5),
        col(*[_step(c, n, words) for n, words in enumerate(steps, start=1)], spacing=S3, stretch=True),
        dim(c, c._("If it comes back to you, just unlock: until then everything stays as it is."), "body"),
        actions(
            c,
            button(
                c, "safety.anew", c._("Start again"), net.begin_anew, end_icon=Icons.ARROW_FORWARD_ROUNDED
            ),
            button(c, "safety.back", c._("Back"), net.back, kind="text"),
        ),
    )


def removed(c: Ctx) -> ft.Control:
    """After the last hand-over of a removed device."""
    net = _net(c)
    lead = c._("Your organisation removed this tablet. Nothing of yours can be read on it any more.")
    return frame(
        c,
        "safety.removed",
        Head(c._("This tablet has been removed"), lead, *BESIDE),
        col(
            _fact(
                c, Icons.VERIFIED_OUTLINED, c._("Everything you had finished was handed over and received.")
            ),
            _fact(
                c, Icons.KEY_OFF_OUTLINED, c._("The key to your visits on this tablet has been destroyed.")
            ),
            _fact(c, Icons.PEOPLE_OUTLINE_ROUNDED, c._("Other people's profiles here are not touched.")),
            spacing=S4,
            stretch=True,
        ),
        text(c, c._("If you did not expect this, talk to your supervisor."), "body"),
        actions(c, button(c, "safety.back", c._("Close"), net.back)),
    )


def what_is_left(c: Ctx, records: int, files: int, drafts: bool | int) -> list[str]:
    """What is only here, in words."""
    lines = []
    if records:
        lines.append(c.n_("{n} finished form was not sent", "{n} finished forms were not sent", records))
    if files:
        lines.append(c.n_("{n} photo or file was not sent", "{n} photos or files were not sent", files))
    if drafts is True:
        lines.append(c._("there are unfinished drafts"))
    elif drafts:
        lines.append(c.n_("{n} draft is unfinished", "{n} drafts are unfinished", int(drafts)))
    return lines


def _what_is_left(c: Ctx, left: object) -> ft.Control:
    lines = what_is_left(c, left.records, left.files, left.drafts)  # type: ignore[attr-defined]
    if not lines:
        words = c._("Everything you finished was received. There is nothing to carry over.")
        return _fact(c, Icons.VERIFIED_OUTLINED, words)
    head = text(c, c._("In the old profile"), "strong")
    sealed = dim(c, c._("All of it is sealed: it can be handed over, and nobody can read it on the way."))
    facts = [_fact(c, Icons.INVENTORY_2_OUTLINED, words) for words in lines]
    return col(head, *facts, sealed, spacing=S3, stretch=True)


def _fact(c: Ctx, mark: ft.IconData, words: str) -> ft.Control:
    return row(
        icon(mark, TONES["accent"].solid, 22), grow(text(c, words, "body")), spacing=S3, align=CROSS.START
    )


def _step(c: Ctx, n: int, words: str) -> ft.Control:
    ring = numeral(c, n)
    return row(ring, grow(text(c, words, "body")), spacing=S4)


def _net(c: Ctx):  # type: ignore[no-untyped-def]
    assert c.desk is not None
    return c.desk.safety
