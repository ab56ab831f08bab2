"""Date functions, in Phoenix time (no summer time) unless a case says otherwise."""

from datetime import datetime
from math import isnan, nan
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from forms.functions.date_names import _DAYS, _MONTHS, language_code
from forms.functions.moments import offset_text, parse_moment
from tests.unit.functions.helpers import FixedContext, call

CASES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("today", (), "2025-03-04"),
    ("now", (), "2025-03-04T09:05:06.007-07:00"),
    ("date", ("1970-01-01",), "1970-01-01"),
    ("date", ("2012-7-4",), "2012-07-04"),
    ("date", ("",), ""),
    ("date", (True,), ""),
    ("date", ("nonsense",), "Invalid Date"),
    ("date", (nan,), "Invalid Date"),
    ("date", (1e12,), "Invalid Date"),
    ("date", (0.0,), "1969-12-31T17:00:00.000-07:00"),
    ("date", (1.5,), "1970-01-02T05:00:00.000-07:00"),
    ("date", (20000 + 7 / 24,), "2024-10-04"),
    ("date-time", ("1970-01-01T21:50:49Z",), "1970-01-01T14:50:49.000-07:00"),
    ("decimal-date-time", ("2018-04-24T15:30:00.000+06:00",), 17645.395833333332),
    ("decimal-date-time", (3.25,), 3.25),
    ("decimal-time", ("06:00:00.000-07:00",), 0.25),
    ("decimal-time", ("13:00Z",), 0.25),
    ("decimal-time", ("12:00",), 0.5),
    ("decimal-time", ("2020-01-01T18:00:00",), 0.75),
    ("format-date", ("2012-07-23", "%Y/%n | %y/%m | %b %e %d %a"), "2012/7 | 12/07 | Jul 23 23 Mon"),
    ("format-date-time", ("2012-08-08T06:07:08.123-07:00", "%H %h %M %S %3"), "06 6 07 08 123"),
    ("format-date-time", ("2012-08-20T00:00:00.00+00:00", "%d %H"), "19 17"),
    ("format-date", ("", "%Y"), ""),
    ("format-date", ("not a date", "%Y"), ""),
    ("format-date", ("2012-07-23", "100%% of %Q%"), "100% of %Q%"),
    ("format-date", (20000 + 7 / 24, "%Y-%m-%d"), "2024-10-04"),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES)
def test_date_function(name: str, arguments: tuple[Any, ...], expected: Any) -> None:
    assert call(name, *arguments) == expected


@pytest.mark.parametrize("value", ["24:00:00", "9:00", "12:60", "noon", "2020-01-01", True])
def test_times_that_are_none(value: Any) -> None:
    assert isnan(call("decimal-time", value))


def test_a_zone_with_summer_time_is_followed() -> None:
    bucharest = FixedContext(timezone=ZoneInfo("Europe/Bucharest"))
    assert call("date", "2025-07-01T00:00:00Z", context=bucharest) == "2025-07-01T03:00:00.000+03:00"
    assert call("date", "2025-01-01T00:00:00Z", context=bucharest) == "2025-01-01T02:00:00.000+02:00"
    assert call("decimal-date-time", "2025-07-01", context=bucharest) == 20270 - 3 / 24


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("Română (ro)", "lun. 23 iul."),
        ("fr-FR", "lun. 23 juil."),
        ("Arabic", "الاثنين 23 يوليو"),
        ("ne", "सोम 23 जुलाई"),
        ("Español", "lun 23 jul"),
        ("اردو (ur)", "پیر 23 جولائی"),
        ("bn", "সোম 23 জুল"),
        ("Українська (uk)", "пн 23 лип."),
        ("Klingon", "Mon 23 Jul"),
        ("", "Mon 23 Jul"),
        ("default", "Mon 23 Jul"),
    ],
)
def test_names_follow_the_form_language(language: str, expected: str) -> None:
    assert call("format-date", "2012-07-23", "%a %e %b", context=FixedContext(language=language)) == expected


def test_every_language_has_all_its_names() -> None:
    assert {code for code, line in _MONTHS.items() if len(line.split(" ")) != 12} == set()
    assert {code for code, line in _DAYS.items() if len(line.split(" ")) != 7} == set()
    assert _MONTHS.keys() == _DAYS.keys() and all(language_code(code) == code for code in _MONTHS)


@pytest.mark.parametrize(
    "text",
    [
        "2025-13-01",
        "2025-02-30",
        "25-01-01",
        "2025-01-01T25:00",
        "2025-01-01T10:00+99:00",
        "2025-01-01T10:00:00.x",
        "2025-01-01T",
        "٢٠٢٥-01-01",
        "2025-01-01x",
        "T10:00",
    ],
)
def test_texts_that_are_no_moments(text: str) -> None:
    assert parse_moment(text, None) is None


def test_offsets() -> None:
    moment = parse_moment("2025-01-01T10:00:00-03:30", None)
    assert isinstance(moment, datetime) and offset_text(moment) == "-03:30"
