"""What is only on this tablet, the button that sends it, and how the last try went: on Today, Sent and
Sync.
"""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, card, col, dim, grow, progress_bar, row, text, tile
from app.ui.pieces.layout import CROSS
from app.ui.pieces.notices import tell
from app.ui.signals import use_signal
from app.ui.sync_state import phase_words, say_state, share, time_left, waits_for_wifi
from app.ui.theme import S3, S4, S5
from app.usecases.views import SyncOutcome

Icons = ft.Icons


@part
def sync_card(c: Ctx, place: str, wide: bool = False) -> ft.Control:
    """One card; `place` begins its identifiers (`today.sync`, `sent.sync`, `synced.sync`).

    `wide` puts the button beside the words where the screen has the room.
    """
    desk = c.desk
    assert desk is not None
    use_signal(desk.sync.changed)
    beside = wide and not c.compact
    inner = (_running if desk.sync.running else _resting)(c, desk, place, beside)
    return tag(
        f"{place}.syncing", card(inner, padding=S4 if c.compact else S5), live_region=True, container=True
    )


def _running(c: Ctx, desk: Desk, place: str, beside: bool) -> ft.Control:
    sync = desk.sync
    title = c._("Stopping after this record") if sync.stopping else phase_words(c, sync.progress)
    body = c._("You can go on working. What was received stays received.")
    left = "" if sync.stopping else time_left(c, sync.progress)
    head = _head(c, Icons.SYNC_ROUNDED, "accent", title, [body, left])
    stop = _act(
        c,
        f"{place}.sync.stop",
        c._("Stop"),
        sync.stop,
        Icons.STOP_ROUNDED,
        disabled=sync.stopping,
        expand=not beside,
    )
    bar = progress_bar(share(sync.progress))
    if beside:
        return col(row(grow(head), stop, spacing=S4), bar, spacing=S3, stretch=True)
    return col(head, bar, row(stop), spacing=S3, stretch=True)


def _resting(c: Ctx, desk: Desk, place: str, beside: bool) -> ft.Control:
    said = say_state(c, desk)
    lines = [said.body]
    outcome = desk.sync.outcome
    problem = outcome.problem if outcome else desk.sync.status.last_problem if desk.sync.status else None
    if problem is not None:
        told = tell(c, problem)
        lines = [told.happened, f"{told.lost} {told.todo}", said.body]
    elif outcome is not None:
        lines = [outcome_words(c, outcome)]
    for_wifi = desk.sync.status.for_wifi if desk.sync.status else 0
    if for_wifi and waits_for_wifi(c, for_wifi) not in lines:
        lines.append(waits_for_wifi(c, for_wifi))
    label = c._("Try again") if problem is not None else c._("Sync now")
    head = _head(c, said.icon, said.tone, said.title, lines)
    acts = [_act(c, f"{place}.sync", label, desk.sync.start, Icons.SYNC_ROUNDED, expand=not beside)]
    if for_wifi:
        anyway = _act(
            c,
            f"{place}.sync.photos",
            c._("Send photos now anyway"),
            desk.sync.send_photos_anyway,
            Icons.PHOTO_OUTLINED,
            expand=not beside,
        )
        acts.append(anyway)
    if beside:
        return row(grow(head), col(*acts, spacing=S3), spacing=S4)
    return col(head, *[row(act) for act in acts], spacing=S3, stretch=True)


def outcome_words(c: Ctx, outcome: SyncOutcome) -> str:
    """How a synchronisation without a problem ended, in plain words."""
    said = []
    if outcome.sent:
        said.append(
            c.n_(
                "{n} record was received by the server.",
                "{n} records were received by the server.",
                outcome.sent,
            )
        )
    if outcome.received:
        said.append(c.n_("{n} new record came here.", "{n} new records came here.", outcome.received))
    if outcome.quarantined:
        said.append(
            c.n_(
                "{n} record could not be trusted and was set aside. Tell your supervisor.",
                "{n} records could not be trusted and were set aside. Tell your supervisor.",
                outcome.quarantined,
            )
        )
    return " ".join(said) or c._("There was nothing new. Everything is up to date.")


def _head(c: Ctx, icon: ft.IconData, tone: str, title: str, lines: list[str]) -> ft.Control:
    words = col(text(c, title, "strong"), *[dim(c, line) for line in lines if line], spacing=2, stretch=True)
    return row(tile(icon, tone, 40), grow(words), spacing=S3, align=CROSS.START)


def _act(
    c: Ctx,
    identifier: str,
    label: str,
    handler: Callable[..., Any],
    icon: ft.IconData,
    *,
    disabled: bool = False,
    expand: bool = True,
) -> ft.Control:
    return button(
        c,
        identifier,
        label,
        handler,
        kind="outlined",
        icon=icon,
        small=True,
        expand=expand or None,
        disabled=disabled,
    )
