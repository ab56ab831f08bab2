"""The safety net's part of the settings: the passphrase, locking while away, the safety copy."""

from dataclasses import replace

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.pieces import button, chip, col, dim, row, section, wrap
from app.ui.theme import S3

Icons = ft.Icons
AWAY_MINUTES = (0, 1, 5, 15)


def safety_rows(c: Ctx, desk: Desk) -> list[ft.Control]:
    """Nothing where this app has no safety net (a test of something else)."""
    if desk.cases.safety is None:
        return []
    return [_passphrase(c, desk), _copy(c, desk)]


def away(c: Ctx, desk: Desk) -> ft.Control:
    """How long another app may be in front."""

    def choice(minutes: int) -> ft.Control:
        words = c._("at once") if not minutes else c.n_("after {n} minute", "after {n} minutes", minutes)
        chosen = desk.settings.away_minutes == minutes

        def choose() -> None:
            desk.change_settings(replace(desk.settings, away_minutes=minutes))

        return chip(c, f"settings.away_minutes.{minutes}", words, chosen, choose)

    said = c._(
        "Counted from when you leave the app. Taking a photo or choosing a file from within a form does not lock it."
    )
    chips = wrap(*[choice(minutes) for minutes in AWAY_MINUTES])
    return section(
        c, c._("Locks while another app is in front"), col(chips, dim(c, said), spacing=S3, stretch=True)
    )


def _passphrase(c: Ctx, desk: Desk) -> ft.Control:
    with_pin = desk.cases.safety.lock_kind(desk.cases.services).pin
    said = (
        c._("This device keeps half of your key itself, so a PIN of six digits is enough here.")
        if with_pin
        else c._("Your visits are guarded by your passphrase alone: five words, or a long sentence.")
    )
    change = button(
        c,
        "settings.passphrase",
        c._("Change the passphrase"),
        lambda: desk.nav.go("passphrase"),
        kind="outlined",
        icon=Icons.LOCK_RESET_ROUNDED,
        expand=c.compact or None,
    )
    return section(c, c._("Your passphrase"), col(dim(c, said), row(change), spacing=S3, stretch=True))


def _copy(c: Ctx, desk: Desk) -> ft.Control:
    said = c._(
        "A sealed copy of what is only on this tablet, for a memory card or a colleague; and taking one over."
    )
    open_it = button(
        c,
        "settings.safety",
        c._("Open the safety copy"),
        lambda: desk.nav.go("safety"),
        kind="outlined",
        icon=Icons.HEALTH_AND_SAFETY_OUTLINED,
        expand=c.compact or None,
    )
    return section(c, c._("Safety copy"), col(dim(c, said), row(open_it), spacing=S3, stretch=True))
