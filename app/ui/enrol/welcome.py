"""Let in: a welcome by name while the first synchronisation brings what is there for this person."""

import flet as ft

from app.ui.ctx import Ctx
from app.ui.desk import Desk
from app.ui.enrol.frame import Head, actions, frame
from app.ui.enrol.model import JoiningModel
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import button, card, col, dim, problem_banner, progress_bar, text
from app.ui.signals import use_signal
from app.ui.sync_state import phase_words, share
from app.ui.theme import S3, S5

Icons = ft.Icons


@part
def welcome(c: Ctx, model: JoiningModel) -> ft.Control:
    """Shown until the first synchronisation has ended; then the person's first screen follows by itself."""
    desk = model.desk
    name = desk.worker.name.split()[0] if desk.worker is not None and desk.worker.name.strip() else ""
    head = Head(
        c._("Welcome, {name}", name=name),
        c._("This tablet belongs to your organisation now. From today you open it with your passphrase."),
        4,
    )
    return frame(c, "enrol.welcome", head, First(c, model, desk))


@part
def First(c: Ctx, model: JoiningModel, desk: Desk) -> ft.Control:
    """How far the first synchronisation is, or why it stopped."""
    use_signal(desk.sync.changed)
    use_signal(model.changed)
    outcome = desk.sync.outcome
    if outcome is not None and outcome.problem is not None and not desk.sync.running:
        again = button(
            c,
            "enrol.sync.again",
            c._("Try again"),
            model.first_sync,
            icon=Icons.SYNC_ROUNDED,
            expand=c.compact or None,
        )
        start = button(
            c, "enrol.start", c._("Start without it"), model.enter, kind="outlined", expand=c.compact or None
        )
        said = dim(
            c, c._("You can start now and sync later: forms and households come with the first sync."), "body"
        )
        return col(
            problem_banner(c, "enrol.problem", outcome.problem, tone="warn"),
            said,
            actions(c, again, start),
            spacing=S3,
            stretch=True,
        )
    words = col(
        text(c, phase_words(c, desk.sync.progress), "strong"),
        dim(
            c,
            c._("Forms and households are being fetched for the first time. This may take a few minutes."),
            "body",
        ),
        spacing=2,
        stretch=True,
    )
    held = card(col(words, progress_bar(share(desk.sync.progress)), spacing=S3, stretch=True), padding=S5)
    return tag("enrol.first_sync", held, live_region=True, container=True)
