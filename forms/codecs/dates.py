"""date, time and dateTime.

A dateTime keeps the offset it was written with. Texts without an offset give values without a zone: they are
local time, wherever that is.
Spec: https://getodk.github.io/xforms-spec/#data-types, https://www.w3.org/TR/xmlschema-2/#dateTime
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from forms.codecs.base import PlainCodec
from forms.functions.moments import parse_date, parse_time


class DateCodec(PlainCodec):
    """A day; the time of a date-time text is dropped, as the day is what was asked for."""

    name = "date"

    def read(self, text: str) -> date:
        head, mark, tail = text.strip().partition("T")
        day = parse_date(head) if len(head) == 10 or not mark else None
        if day is None or (mark and parse_time(tail) is None):
            raise ValueError("a date such as 2025-12-31 is wanted")
        return day

    def write(self, value: Any) -> str:
        if isinstance(value, datetime):
            value = value.date()
        return (
            f"{value.year:04}-{value.month:02}-{value.day:02}"
            if isinstance(value, date)
            else super().write(value)
        )

    def normalise(self, text: str) -> str:
        try:
            return self.write(self.read(text))
        except ValueError:
            return text


class TimeCodec(PlainCodec):
    name = "time"

    def read(self, text: str) -> time:
        parsed = parse_time(text.strip())
        if parsed is None:
            raise ValueError("a time such as 14:30 is wanted")
        clock, zone = parsed
        return clock.replace(tzinfo=zone)

    def write(self, value: Any) -> str:
        if isinstance(value, datetime):
            value = value.timetz()
        if not isinstance(value, time):
            return super().write(value)
        return f"{_clock(value)}{_offset(value.utcoffset())}"

    def normalise(self, text: str) -> str:
        """The time of a date-time text."""
        return text.partition("T")[2] if len(text) > 11 and text[10] == "T" else text


class DateTimeCodec(PlainCodec):
    name = "dateTime"

    def read(self, text: str) -> datetime:
        head, mark, tail = text.strip().partition("T")
        day = parse_date(head) if len(head) == 10 else None
        parsed = parse_time(tail) if mark else (time(), None)
        if day is None or parsed is None:
            raise ValueError("a date and time such as 2025-12-31T14:30 is wanted")
        clock, zone = parsed
        return datetime.combine(day, clock, tzinfo=zone)

    def write(self, value: Any) -> str:
        if not isinstance(value, datetime):
            return super().write(value)
        day = f"{value.year:04}-{value.month:02}-{value.day:02}"
        return f"{day}T{_clock(value)}{_offset(value.utcoffset())}"


def _clock(value: time | datetime) -> str:
    """Milliseconds as the other clients write them; finer only where the value is finer."""
    whole, rest = divmod(value.microsecond, 1000)
    return f"{value:%H:%M:%S}.{whole:03}" + (f"{rest:03}" if rest else "")


def _offset(offset: timedelta | None) -> str:
    if offset is None:
        return ""
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
