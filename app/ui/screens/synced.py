"""Sync, for a supervisor: send decisions, fetch what came, and what was set aside because it could not be
trusted.
"""

import flet as ft

from app.ui.alarm_card import AlarmCard
from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.guard import part
from app.ui.pieces import banner, card, col, dim, page_head, scroller, text
from app.ui.signals import use_signal
from app.ui.sync_card import sync_card
from app.ui.theme import S3, S5
from app.usecases.views import SyncStatus

Icons = ft.Icons
WIDTH = 720


@part
def screen(c: Ctx) -> ft.Control:
    """The supervisor's side of the ledger."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.sync.changed)
    status: SyncStatus = desk.cases.sync_status(desk.worker)
    parts = [
        page_head(c, c._("Sync"), c._("Records come here encrypted and are opened on this machine only.")),
        AlarmCard(c),
        sync_card(c, "synced", wide=True),
        *_set_aside(c, status),
        _facts(c, status),
    ]
    return scroller(c, *parts, width=WIDTH, key="synced", spacing=S5)


def _set_aside(c: Ctx, status: SyncStatus) -> list[ft.Control]:
    if not status.quarantined:
        return []
    title = c.n_("{n} record was set aside", "{n} records were set aside", status.quarantined)
    body = c._(
        "Their signature or their seal did not hold, so nothing was taken from them. The others are untouched. "
        "Tell the person who looks after the server."
    )
    return [banner(c, "synced.set_aside", Icons.GPP_MAYBE_OUTLINED, title, body, "warn")]


def _facts(c: Ctx, status: SyncStatus) -> ft.Control:
    last = moment(c, status.last_success) if status.last_success else c._("not yet")
    facts = [
        (c._("Server"), status.server),
        (c._("Last sync that reached its end"), last),
        (c._("Waiting to be sent"), str(status.waiting)),
    ]
    return card(col(*[_fact(c, name, value) for name, value in facts], spacing=S3, stretch=True))


def _fact(c: Ctx, name: str, value: str) -> ft.Control:
    return col(dim(c, name, "meta_strong"), text(c, value, "body", selectable=True), spacing=0)
