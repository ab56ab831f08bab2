"""Date and time functions. Spec: https://getodk.github.io/xforms-spec/#fn:Date-and-Time-Functions.

A moment at midnight local time is written as a date, any other one with time and offset.
"""

from datetime import datetime
from math import nan

from forms.functions.context import EvaluationContext
from forms.functions.date_names import day_names, month_names
from forms.functions.moments import moment_days, moment_of_days, moment_text, parse_moment, parse_time
from forms.functions.registry import function
from forms.functions.values import INVALID_DATE, DateText, Value, to_string


@function("today", needs_context=True, volatile=True)
def today(context: EvaluationContext) -> DateText:
    return DateText(context.now().astimezone(context.timezone).date().isoformat())


@function("now", needs_context=True, volatile=True)
def now(context: EvaluationContext) -> DateText:
    return DateText(moment_text(context.now().astimezone(context.timezone)))


def date(context: EvaluationContext, value: Value) -> str:
    """A date or date-time from a text or a number of days; "" stays "", anything else is an invalid date."""
    if isinstance(value, bool):
        return ""
    text = to_string(value)
    if text == "" and not isinstance(value, float):
        return ""
    moment = _moment(context, value)
    if moment is None:
        return INVALID_DATE
    return DateText(_written(moment))


function("date", "any", needs_context=True)(date)
function("date-time", "any", needs_context=True)(date)


def _written(moment: datetime) -> str:
    if moment.hour == moment.minute == moment.second == moment.microsecond == 0:
        return f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    return moment_text(moment)


def _moment(context: EvaluationContext, value: Value) -> datetime | None:
    """The moment of a text or of a number of days, in the local zone."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return moment_of_days(value, context.timezone)
    moment = parse_moment(to_string(value), context.timezone)
    try:
        return None if moment is None else moment.astimezone(context.timezone)
    except OverflowError:
        return None


@function("decimal-date-time", "any", needs_context=True)
def decimal_date_time(context: EvaluationContext, value: Value) -> float:
    """Days since 1970-01-01T00:00Z, with fraction; NaN where it is not a date."""
    if isinstance(value, float):
        return value
    moment = _moment(context, value)
    return nan if moment is None else moment_days(moment)


@function("decimal-time", "any", needs_context=True)
def decimal_time(context: EvaluationContext, value: Value) -> float:
    """The local time of day as a fraction: noon is 0.5; NaN where it is not a time."""
    text = to_string(value)
    parsed = parse_time(text)
    if parsed is None:
        moment = _moment(context, text)
        if moment is None or len(text) <= 10:
            return nan
    else:
        clock, zone = parsed
        day = datetime(1970, 1, 1, clock.hour, clock.minute, clock.second, clock.microsecond)
        moment = day.replace(tzinfo=zone or context.timezone).astimezone(context.timezone)
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return seconds / 86400


def format_date(context: EvaluationContext, value: Value, pattern: str) -> str:
    """The moment in the pattern's words, names in the form's language; "" where there is no date."""
    moment = _moment(context, value)
    if moment is None:
        return ""
    return formatted(moment, pattern, context.language)


function("format-date", "any", "string", needs_context=True)(format_date)
function("format-date-time", "any", "string", needs_context=True)(format_date)


def formatted(moment: datetime, pattern: str, language: str) -> str:
    """Replaces the % tokens of the specification; unknown ones stay as they are."""
    head, *tokens = pattern.replace("%%", "\0").split("%")
    parts = [head]
    for token in tokens:
        known = _token(moment, token[:1], language)
        parts.append("%" + token if known is None else known + token[1:])
    return "".join(parts).replace("\0", "%")


def _token(moment: datetime, letter: str, language: str) -> str | None:
    match letter:
        case "Y":
            return f"{moment.year:04}"
        case "y":
            return f"{moment.year % 100:02}"
        case "m":
            return f"{moment.month:02}"
        case "n":
            return str(moment.month)
        case "b":
            return month_names(language)[moment.month - 1]
        case "d":
            return f"{moment.day:02}"
        case "e":
            return str(moment.day)
        case "a":
            return day_names(language)[moment.weekday()]
        case "H":
            return f"{moment.hour:02}"
        case "h":
            return str(moment.hour)
        case "M":
            return f"{moment.minute:02}"
        case "S":
            return f"{moment.second:02}"
        case "3":
            return f"{moment.microsecond // 1000:03}"
    return None
