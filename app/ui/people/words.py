"""Words for roles, dates and the states of invitations."""

from datetime import UTC, datetime

import flet as ft

from app.ui.ctx import Ctx
from app.ui.dates import clock, day
from app.ui.i18n import N_
from app.ui.pieces import pill
from app.usecases.enrolment_views import InvitationView

Icons = ft.Icons
ROLES = {"fieldworker": N_("Social worker"), "supervisor": N_("Supervisor")}
STATES = {
    "open": (N_("Waiting for the tablet"), "neutral", Icons.HOURGLASS_EMPTY_ROUNDED),
    "offered": (N_("Compare the six words"), "accent", Icons.RECORD_VOICE_OVER_OUTLINED),
    "approved": (N_("Let in"), "good", Icons.CHECK_ROUNDED),
    "expired": (N_("Expired"), "warn", Icons.EVENT_BUSY_OUTLINED),
    "unknown": (N_("Server not asked yet"), "neutral", Icons.CLOUD_OFF_ROUNDED),
}


def role_words(c: Ctx, role: str) -> str:
    return c._(ROLES[role]) if role in ROLES else ""


def state_pill(c: Ctx, one: InvitationView) -> ft.Container:
    """The state of an invitation; words that were seen once are compared without asking the server again."""
    state = "offered" if one.words and one.state == "unknown" else one.state
    if one.problem is not None:
        return pill(c, c._("Something is wrong"), "bad", Icons.ERROR_OUTLINE_ROUNDED)
    words, tone, icon = STATES[state]
    return pill(c, c._(words), tone, icon)


def signed_on(c: Ctx, at: str) -> str:
    """The day of a roster statement (RFC 3339), as people say it; empty where it is not known."""
    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        return ""
    return day(c, c.local(moment if moment.tzinfo else moment.replace(tzinfo=UTC)).date())


def expiry(c: Ctx, expires: datetime, state: str) -> str:
    """Until when an invitation may be used, or since when not any more."""
    today, on, time = c.local(_now(c)).date(), c.local(expires).date(), clock(c, expires)
    if state == "expired":
        return c._("ended {day}, {time}", day=day(c, on), time=time)
    if on == today:
        return c._("works until today, {time}", time=time)
    if (on - today).days == 1:
        return c._("works until tomorrow, {time}", time=time)
    return c._("works until {day}, {time}", day=day(c, on), time=time)


def _now(c: Ctx) -> datetime:
    return c.desk.cases.clock() if c.desk is not None else datetime.now(UTC)
