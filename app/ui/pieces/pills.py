"""States as pills: words, icon, colour, in that order; one word list for the whole product."""

from typing import NamedTuple

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import day, weekday_day
from app.ui.i18n import N_
from app.ui.pieces.layout import row
from app.ui.pieces.marks import icon as mark
from app.ui.pieces.text import text
from app.ui.theme import R_PILL, TONES
from app.usecases.views import DueVisit

Icons = ft.Icons


class State(NamedTuple):
    """How a state is said and shown."""

    words: str
    tone: str
    icon: ft.IconData


RECORD_STATES = {
    "draft": State(N_("Draft"), "neutral", Icons.EDIT_OUTLINED),
    "finished": State(N_("Only on this tablet"), "warn", Icons.TABLET_ANDROID_ROUNDED),
    "sending": State(N_("Sending"), "accent", Icons.ARROW_UPWARD_ROUNDED),
    "received": State(N_("Received"), "good", Icons.VERIFIED_OUTLINED),
    "reviewed": State(N_("Reviewed"), "good", Icons.DONE_ALL_ROUNDED),
    "sent_back": State(N_("Sent back"), "clay", Icons.REPLY_ROUNDED),
    "rejected": State(N_("Rejected"), "bad", Icons.BLOCK_ROUNDED),
    "in_conflict": State(N_("Two versions"), "warn", Icons.CALL_SPLIT_ROUNDED),
    "stopped": State(N_("Could not be sent"), "bad", Icons.ERROR_OUTLINE_ROUNDED),
}
REVIEW_STATES = {
    "received": State(N_("New"), "accent", Icons.INBOX_OUTLINED),
    "hasIssues": State(N_("Sent back"), "clay", Icons.REPLY_ROUNDED),
    "edited": State(N_("Corrected"), "warn", Icons.EDIT_NOTE_ROUNDED),
    "inConflict": State(N_("Two versions"), "warn", Icons.CALL_SPLIT_ROUNDED),
    "approved": State(N_("Approved"), "good", Icons.DONE_ALL_ROUNDED),
    "rejected": State(N_("Rejected"), "bad", Icons.BLOCK_ROUNDED),
}


def pill(c: Ctx, label: str, tone: str = "neutral", icon: ft.IconData | None = None) -> ft.Container:
    """A small rounded label. Its words alone carry the meaning."""
    ground, front, _ = TONES[tone]
    words = text(c, label, "meta_strong", front, no_wrap=c.scale < 1.4)
    inner = [mark(icon, front, 16), words] if icon is not None else [words]
    return ft.Container(
        row(*inner, spacing=6, tight=True),
        bgcolor=ground,
        border_radius=R_PILL,
        padding=ft.Padding.symmetric(horizontal=10, vertical=5),
    )


def state_pill(c: Ctx, state: str, done: int = 0, total: int = 0, *, held: bool = False) -> ft.Container:
    """The pill of a RecordState; a record being sent says how many of its parts are with the server.

    `held`: the rest waits for another connection, so nothing is being sent.
    """
    shown = RECORD_STATES[state]
    if state == "sending" and held:
        return pill(c, c._("{done} of {total} received", done=done, total=total), "warn", Icons.WIFI_ROUNDED)
    if state == "sending" and total > 1:
        return pill(c, c._("Sending {done} of {total}", done=done, total=total), shown.tone, shown.icon)
    return pill(c, c._(shown.words), shown.tone, shown.icon)


def review_pill(c: Ctx, state: str) -> ft.Container:
    """The pill of a review state (received, hasIssues, edited, inConflict, approved, rejected) or an unsent record."""
    shown = REVIEW_STATES.get(state) or RECORD_STATES[state]
    return pill(c, c._(shown.words), shown.tone, shown.icon)


def due_words(c: Ctx, visit: DueVisit) -> str:
    """When a planned visit is due, as a person says it."""
    if visit.days < 0:
        return c.n_("{n} day late", "{n} days late", -visit.days)
    if visit.days == 0:
        return c._("Due today")
    if visit.days == 1:
        return c._("Due tomorrow")
    return weekday_day(c, visit.due_on) if visit.days < 7 else day(c, visit.due_on)


def due_pill(c: Ctx, visit: DueVisit) -> ft.Container:
    if visit.days < 0:
        return pill(
            c, due_words(c, visit), "bad" if visit.state == "overdue" else "warn", Icons.SCHEDULE_ROUNDED
        )
    return pill(c, due_words(c, visit), "warn" if visit.days == 0 else "neutral", Icons.EVENT_OUTLINED)


def synthetic_pill(c: Ctx) -> ft.Container:
    return pill(c, c._("Synthetic data"), "neutral", Icons.SCIENCE_OUTLINED)
