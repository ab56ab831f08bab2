"""Change the passphrase: the present one, then a new one as at enrolment."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.enrol.person_step import Lock
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, col, gap, message, note, row, scroller, spinner, text, text_field, top_bar
from app.ui.pieces.layout import grow
from app.ui.pieces.notices import tell
from app.ui.safety.passphrase_model import PassphraseModel
from app.ui.signals import use_signal
from app.ui.theme import S3, S4, S6

Icons = ft.Icons
WIDTH = 640


@part
def screen(c: Ctx) -> ft.Control:
    """The page; it forgets everything when it is left."""
    desk = c.desk
    assert desk is not None
    model = ft.use_ref(lambda: PassphraseModel(desk)).current
    bar = top_bar(c, "passphrase", c._("Change the passphrase"), on_back=desk.nav.back)
    body = scroller(
        c,
        Old(c, model),
        Lock(c, model.new),
        _kind(c, model),
        Go(c, model),
        width=WIDTH,
        key="passphrase",
        spacing=S6,
    )
    return ft.Column([bar, grow(body)], spacing=0, expand=True)


def _kind(c: Ctx, model: PassphraseModel) -> ft.Control:
    """Which lock this device has: half of the key in the platform's keeping, or the passphrase alone."""
    if model.new.pin_will_do:
        said = c._(
            "Half of your key is kept by this device itself. That is why a PIN of six digits is enough here: without "
            "the device there is nothing to guess at."
        )
        return note(c, said, Icons.PHONELINK_LOCK_OUTLINED)
    said = c._("On this device the passphrase alone guards your visits. That is why it must be long.")
    return note(c, said, Icons.KEY_OUTLINED)


@part
def Old(c: Ctx, model: PassphraseModel) -> ft.Control:
    use_signal(model.emptied)
    label = c._("Your present passphrase")
    told = []
    if model.problem is not None:
        said = tell(c, model.problem)
        words = " ".join(one for one in (said.happened, said.lost) if one)
        told = [message(c, words, identifier="passphrase.problem")]
    return col(
        text(c, label, "subtitle"),
        *told,
        text_field(
            c,
            "passphrase.old",
            label,
            model.old,
            lambda e: model.write(e.control.value or ""),
            icon=Icons.KEY_OUTLINED,
            password=True,
            state="bad" if model.problem else None,
            autocorrect=False,
            enable_suggestions=False,
            autofocus=True,
        ),
        stretch=True,
    )


@part
def Go(c: Ctx, model: PassphraseModel) -> ft.Control:
    use_signal(model.changed)
    if model.busy:
        said = row(spinner(), text(c, c._("Locking your visits anew"), "label"), spacing=S3)
        return tag("passphrase.busy", ft.Container(said, padding=S4), live_region=True)
    if model.wait:
        minutes, seconds = divmod(model.wait, 60)
        label = c._("Try again in {time}", time=f"{minutes}:{seconds:02d}")
        change = button(c, "passphrase.change", label, None, icon=Icons.TIMER_OUTLINED, disabled=True)
    else:
        change = button(
            c,
            "passphrase.change",
            c._("Change the passphrase"),
            model.change,
            icon=Icons.LOCK_RESET_ROUNDED,
            expand=c.compact or None,
        )
    return col(row(change), gap(S4), stretch=True)
