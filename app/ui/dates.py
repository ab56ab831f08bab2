"""Dates and times as people say them, in the page's language: "today 10:42", "12 Nov".

Written here because a tablet carries no locale database.
"""

from datetime import date, datetime

from app.ui.ctx import Ctx
from app.ui.i18n import N_

WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
WEEKDAYS_SHORT = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May (full)"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
MONTHS_SHORT = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


def month(c: Ctx, number: int) -> str:
    """The full name of a month, 1 to 12."""
    return c._(MONTHS[number - 1])


def long_day(c: Ctx, on: date) -> str:
    """Saturday, 21 November"""
    return c._(
        "{weekday}, {day} {month}", weekday=c._(WEEKDAYS[on.weekday()]), day=on.day, month=month(c, on.month)
    )


def day(c: Ctx, on: date, today: date | None = None) -> str:
    """12 Nov; with the year where it is not this one (`today` is asked of the desk when not given)."""
    now = today or this_day(c)
    short = f"{on.day} {c._(MONTHS_SHORT[on.month - 1])}"
    return short if on.year == now.year else f"{short} {on.year}"


def weekday_day(c: Ctx, on: date) -> str:
    """Tue 24 Nov"""
    return f"{c._(WEEKDAYS_SHORT[on.weekday()])} {on.day} {c._(MONTHS_SHORT[on.month - 1])}"


def clock(c: Ctx, at: datetime) -> str:
    """10:42, in the programme's timezone"""
    return f"{c.local(at):%H:%M}"


def moment(c: Ctx, at: datetime) -> str:
    """today 10:42, yesterday 16:04, 12 Nov 09:20"""
    on, now = c.local(at).date(), this_day(c)
    ago = (now - on).days
    if ago == 0:
        return c._("today {time}", time=clock(c, at))
    if ago == 1:
        return c._("yesterday {time}", time=clock(c, at))
    return f"{day(c, on, now)}, {clock(c, at)}"


def this_day(c: Ctx) -> date:
    """The date on the tablet's own clock, in the programme's timezone."""
    return c.local(c.desk.cases.clock()).date() if c.desk else date.today()
