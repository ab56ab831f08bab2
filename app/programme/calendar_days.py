"""Calendar months and working days."""

import calendar
from datetime import date, timedelta

SATURDAY = 5


def add_months(start: date, months: int) -> date:
    """The same day `months` later; the last day of that month where it is too short."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def months_between(start: date, today: date) -> int:
    """Whole calendar months from `start` to `today`, never negative."""
    months = (today.year - start.year) * 12 + today.month - start.month
    return max(0, months - (add_months(start, months) > today))


def add_working_days(start: date, days: int) -> date:
    """The day `days` working days later. Public holidays are not known here."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day
