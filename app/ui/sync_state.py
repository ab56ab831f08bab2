"""The state of sending and receiving in a few words: for the sidebar, Today, Sent and Sync."""

from typing import NamedTuple

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import moment
from app.ui.desk import Desk
from app.ui.guard import part
from app.ui.ids import tag
from app.ui.pieces import col, dim, progress_bar, row, text
from app.ui.pieces.layout import grow
from app.ui.pieces.marks import icon as mark
from app.ui.pieces.notices import tell
from app.ui.signals import use_signal
from app.ui.theme import INK2, S3, S4, TONES
from app.usecases.views import SyncProgress

Icons = ft.Icons
WORTH_SAYING_S = 20


class Said(NamedTuple):
    """One state in words: what is so, and what that means."""

    title: str
    body: str
    tone: str
    icon: ft.IconData


def phase_words(c: Ctx, progress: SyncProgress | None) -> str:
    """What a running synchronisation is doing, with n of m where it counts."""
    if progress is None or progress.phase in ("start", "roster"):
        return c._("Connecting")
    n, m = progress.done, progress.total
    if progress.phase == "sharing":
        return c._("Sealing records for new readers, {n} of {m}", n=n, m=m)
    if progress.phase == "push":
        return c._("Sending {n} of {m}", n=min(n + 1, m), m=m) if m else c._("Sending")
    if progress.phase == "pull":
        return c._("Fetching {n} of {m}", n=n, m=m) if m else c._("Fetching what is new")
    return c._("Checking what arrived")


def share(progress: SyncProgress | None) -> float | None:
    """How much of the phase is done, 0 to 1; None while unknown."""
    if progress is None or progress.phase in ("start", "roster"):
        return None
    if progress.bytes_total:
        return min(1.0, progress.bytes_done / progress.bytes_total)
    return min(1.0, progress.done / progress.total) if progress.total else None


def records_wait(c: Ctx, n: int) -> str:
    return c.n_("{n} record is only on this tablet", "{n} records are only on this tablet", n)


def photos_wait(c: Ctx, n: int) -> str:
    return c.n_("{n} photo is only on this tablet", "{n} photos are only on this tablet", n)


def waits_for_wifi(c: Ctx, n: int) -> str:
    return c.n_("{n} photo waits for Wi-Fi.", "{n} photos wait for Wi-Fi.", n)


def time_left(c: Ctx, progress: SyncProgress | None) -> str:
    """About how long this phase still takes; empty while nobody can tell, and where it is not worth saying."""
    seconds = progress.seconds_left if progress is not None else None
    if seconds is None or seconds < WORTH_SAYING_S:
        return ""
    if seconds < 90:
        return c._("Less than two minutes left.")
    n = round(seconds / 60)
    return c.n_("About {n} minute left.", "About {n} minutes left.", n)


def say_state(c: Ctx, desk: Desk) -> Said:
    """The state of this moment in one title and one line."""
    sync, status = desk.sync, desk.sync.status
    waiting, photos = (status.waiting, status.photos) if status else (0, 0)
    if sync.running:
        return Said(
            phase_words(c, sync.progress), c._("You can go on working."), "accent", Icons.SYNC_ROUNDED
        )
    problem = sync.outcome.problem if sync.outcome else status.last_problem if status else None
    if problem is not None:
        body = (
            records_wait(c, waiting) if waiting
            else photos_wait(c, photos) if photos
            else c._("Nothing waits to be sent.")
        )  # fmt: skip
        return Said(tell(c, problem).title, body, "warn", Icons.CLOUD_OFF_ROUNDED)
    if waiting:
        return Said(
            records_wait(c, waiting),
            c._("Sync when there is a connection."),
            "warn",
            Icons.TABLET_ANDROID_ROUNDED,
        )
    if photos and status is not None:
        body = (
            waits_for_wifi(c, status.for_wifi) if status.for_wifi else c._("Sync when there is a connection.")
        )
        return Said(photos_wait(c, photos), body, "warn", Icons.PHOTO_OUTLINED)
    if status is None or status.last_success is None:
        return Said(c._("Nothing waits to be sent"), c._("Not synced yet."), "neutral", Icons.SYNC_ROUNDED)
    return Said(
        c._("Everything was received"),
        c._("Last sync {when}", when=moment(c, status.last_success)),
        "good",
        Icons.VERIFIED_OUTLINED,
    )


@part
def sync_state(c: Ctx) -> ft.Control:
    """The sidebar's lines."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.sync.changed)
    said = say_state(c, desk)
    words = col(text(c, said.title, "meta_strong"), dim(c, said.body), spacing=2, stretch=True)
    if desk.sync.running:
        words.controls.append(progress_bar(share(desk.sync.progress), 4))
    line = row(mark(said.icon, TONES[said.tone].solid, 20), grow(words), spacing=S3)
    held = ft.Container(line, padding=ft.Padding.symmetric(horizontal=S4, vertical=S3))
    return tag("sync.state", held, live_region=True, container=True)


@part
def waiting_count(c: Ctx) -> ft.Control:
    """How many records wait, beside the navigation entry."""
    desk = c.desk
    assert desk is not None
    use_signal(desk.sync.changed)
    waiting = desk.sync.status.waiting if desk.sync.status else 0
    return text(c, str(waiting) if waiting else "", "meta_strong", INK2)
