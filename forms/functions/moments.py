"""ISO 8601 texts to moments and to days since 1970-01-01T00:00Z, and back.

Dates are the one thing for which ODK leaves XPath's four types: they travel as texts and count as days.
A text without a zone is local time in the zone the caller gives.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86400.0


def parse_zone(text: str) -> tzinfo | None:
    """The zone of "Z", "+02:00", "-0700" or "+02"; None for anything else."""
    if text in ("Z", "z"):
        return UTC
    digits = text[1:].replace(":", "")
    if text[:1] not in ("+", "-") or not (digits.isascii() and digits.isdigit()) or len(digits) not in (2, 4):
        return None
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 15 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def parse_date(text: str) -> date | None:
    """The date of "2012-7-24" or "2012-07-24"; None where there is no such day."""
    parts = text.split("-")
    if len(parts) != 3 or len(parts[0]) != 4 or not 1 <= len(parts[1]) <= 2 or not 1 <= len(parts[2]) <= 2:
        return None
    if not (text.isascii() and all(part.isdigit() for part in parts)):
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def parse_time(text: str) -> tuple[time, tzinfo | None] | None:
    """The clock time of "23:59", "23:59:01" or "23:59:01.123" and its zone, where one is written."""
    zone: tzinfo | None = None
    start = max(text.find("Z"), text.find("z"), text.find("+"), text.find("-"))
    if start > 0:
        zone = parse_zone(text[start:])
        if zone is None:
            return None
        text = text[:start]
    whole, dot, fraction = text.partition(".")
    parts = whole.split(":")
    if not 2 <= len(parts) <= 3 or not text.isascii() or not all(p.isdigit() and len(p) == 2 for p in parts):
        return None
    if dot and (len(parts) != 3 or not fraction.isdigit()):
        return None
    micro = int((fraction + "000000")[:6]) if dot else 0
    try:
        return time(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) == 3 else 0, micro), zone
    except ValueError:
        return None


def parse_moment(text: str, local: tzinfo | None) -> datetime | None:
    """The moment of an ISO date or date-time text; a date is its midnight. None where it is not one."""
    text = text.strip(" \t\r\n")
    head, mark, tail = text.partition("T")
    if not mark:
        head, mark, tail = text.partition(" ")
    day = parse_date(head)
    if day is None:
        return None
    if not mark:
        return datetime(day.year, day.month, day.day, tzinfo=local or UTC)
    parsed = parse_time(tail)
    if parsed is None:
        return None
    clock, zone = parsed
    return datetime.combine(day, clock, tzinfo=zone or local or UTC)


def days_of(text: str, local: tzinfo | None) -> float | None:
    """Days since the epoch of an ISO date or date-time text; None where it is not one."""
    moment = parse_moment(text, local)
    return None if moment is None else moment_days(moment)


def moment_days(moment: datetime) -> float:
    """Days, with fraction, from 1970-01-01T00:00Z to a zoned moment."""
    return (moment - EPOCH).total_seconds() / _DAY


def moment_of_days(days: float, local: tzinfo | None) -> datetime | None:
    """The moment so many days after the epoch, in the local zone; None outside the calendar or for NaN."""
    try:
        return (EPOCH + timedelta(milliseconds=round(days * _DAY * 1000))).astimezone(local or UTC)
    except (OverflowError, ValueError):
        return None


def offset_text(moment: datetime) -> str:
    """The zone of a moment as "+02:00"; "Z" is not used, as the other ODK clients write the offset."""
    offset = moment.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def moment_text(moment: datetime) -> str:
    """The ISO text with milliseconds and offset, e.g. 2012-07-24T10:15:00.000+02:00."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}{offset_text(moment)}".rjust(29, "0")
