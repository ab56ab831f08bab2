"""What a person writes, and what the form keeps: numbers, dates and places in both directions.

The form keeps XForms text (ISO dates, a decimal point, `lat lon alt accuracy`); people write `12.03.2026`, `12,5`
and `46.77, 23.62`. Text that cannot be read is handed on as it was written: it is kept, and the form says it is
wrong (https://getodk.github.io/xforms-spec/#data-types).
"""

import re
from datetime import date, datetime, time

from app.ui.form.widgets import Widget

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_DAY_FIRST = re.compile(r"^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})$")
_YEAR_FIRST = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_RUN_TOGETHER = re.compile(r"^(\d{2})(\d{2})(\d{4})$")
_MONTH = re.compile(r"^(\d{1,2})[./\- ](\d{4})$")
_CLOCK = re.compile(r"^(\d{1,2})[:.](\d{2})$")


def to_form(widget: Widget, written: str) -> str:
    """The XForms text of what was written; the writing itself, trimmed, where it cannot be read."""
    text = written.strip()
    if not text:
        return ""
    convert = {
        Widget.INTEGER: _number,
        Widget.DECIMAL: _number,
        Widget.DATE: _date,
        Widget.MONTH: _month,
        Widget.YEAR: lambda year: f"{year}-01-01" if re.fullmatch(r"\d{4}", year) else year,
        Widget.TIME: _time,
        Widget.GEOPOINT: _place,
    }.get(widget)
    return convert(text) if convert else written


def to_screen(widget: Widget, kept: str) -> str:
    """What stands in the field for a kept XForms text."""
    if not kept:
        return ""
    show = {
        Widget.DATE: lambda text: _shown_date(text, "%d.%m.%Y"),
        Widget.MONTH: lambda text: _shown_date(text, "%m.%Y"),
        Widget.YEAR: lambda text: _shown_date(text, "%Y"),
        Widget.TIME: lambda text: text[:5] if _CLOCK.match(text[:5]) else text,
        Widget.GEOPOINT: _shown_place,
    }.get(widget)
    return show(kept) if show else kept


def read_date(text: str) -> date | None:
    """The date of a kept text (`2026-03-12`, or a dateTime), None where there is none."""
    found = _YEAR_FIRST.match(text[:10])
    return _day(found[1], found[2], found[3]) if found else None


def read_time(text: str) -> time | None:
    """The time of day of a kept time or dateTime text."""
    clock = text.partition("T")[2] or text
    found = _CLOCK.match(clock[:5])
    return time(int(found[1]), int(found[2])) if found and int(found[1]) < 24 and int(found[2]) < 60 else None


def join_moment(day: str, clock: str, zone: str) -> str:
    """A dateTime text from its written halves; `zone` like `+02:00`. Halves that cannot be read stay as written."""
    kept_day, kept_clock = to_form(Widget.DATE, day), to_form(Widget.TIME, clock)
    if not kept_day and not kept_clock:
        return ""
    if read_date(kept_day) and read_time(kept_clock):
        return f"{kept_day}T{kept_clock[:5]}:00.000{zone}"
    return f"{kept_day}T{kept_clock}"


def split_moment(kept: str) -> tuple[str, str]:
    """The written halves (date, time) of a kept dateTime."""
    day, _, clock = kept.partition("T")
    return to_screen(Widget.DATE, day), to_screen(Widget.TIME, clock)


def zone_text(now: datetime) -> str:
    """The UTC offset of `now` (aware) as `+02:00`."""
    plain = now.strftime("%z") or "+0000"
    return f"{plain[:3]}:{plain[3:5]}"


def as_number(text: str) -> float | None:
    """A kept number, for comparing with the last visit's."""
    try:
        return float(text)
    except ValueError:
        return None


def grouped(number: float) -> str:
    """`12 400`, with a narrow space that does not break; decimals only where there are any."""
    whole = f"{number:,.2f}".rstrip("0").rstrip(".") if number % 1 else f"{number:,.0f}"
    return whole.replace(",", "\u202f")


def ltr(text: str) -> str:
    """Numbers and Latin units kept together inside right-to-left text (Unicode isolates)."""
    return f"\u2066{text}\u2069"


def _number(text: str) -> str:
    return _SPACES.sub("", text).replace(",", ".")


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _date(text: str) -> str:
    found = _DAY_FIRST.match(text) or _RUN_TOGETHER.match(text)
    if found:
        day = _day(found[3], found[2], found[1])
    else:
        found = _YEAR_FIRST.match(text)
        day = _day(found[1], found[2], found[3]) if found else None
    return day.isoformat() if day else text


def _month(text: str) -> str:
    found = _MONTH.match(text)
    day = _day(found[2], found[1], "1") if found else None
    return day.isoformat() if day else text


def _time(text: str) -> str:
    if re.fullmatch(r"\d{3,4}", text):
        text = f"{text[:-2]}:{text[-2:]}"
    found = _CLOCK.match(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return text
    return f"{int(found[1]):02d}:{found[2]}:00.000"


def _place(text: str) -> str:
    parts = re.split(r"[;\s]+|,\s+", text.strip())
    if len(parts) == 1 and text.count(",") == 1:
        parts = text.split(",")
    numbers = [as_number(part.replace(",", ".")) for part in parts if part]
    if len(numbers) < 2 or any(number is None for number in numbers):
        return text
    known = [number for number in numbers if number is not None]
    altitude, accuracy = [*known[2:], 0.0, 0.0][:2]
    return f"{known[0]:.7g} {known[1]:.7g} {altitude:g} {accuracy:g}"


def _shown_date(text: str, pattern: str) -> str:
    day = read_date(text)
    return day.strftime(pattern) if day else text


def _shown_place(text: str) -> str:
    parts = text.split()
    return f"{parts[0]}, {parts[1]}" if len(parts) >= 2 and as_number(parts[0]) is not None else text
