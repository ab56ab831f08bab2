"""Text to value and back, one table for all types."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from forms.codecs import CODECS, GeoPoint, codec_for

SHAPE = "0 0 0 0;0 1 0 0;1 1 0 0;0 0 0 0"
GOOD: list[tuple[str, str, Any, str]] = [  # type, text, value, text written again
    ("string", " a\nb ", " a\nb ", " a\nb "),
    ("int", "34", 34, "34"),
    ("int", "-2147483648", -2147483648, "-2147483648"),
    ("int", "2.0", 2, "2"),
    ("long", "9223372036854775807", 9223372036854775807, "9223372036854775807"),
    ("decimal", " 1.50 ", 1.5, "1.5"),
    ("decimal", "-.5", -0.5, "-0.5"),
    ("boolean", "1", True, "true"),
    ("date", "2025-12-31", date(2025, 12, 31), "2025-12-31"),
    ("date", "1999-11-23T23:30:05", date(1999, 11, 23), "1999-11-23"),
    ("time", "14:30", time(14, 30), "14:30:00.000"),
    ("time", "22:02:00.5+02:00", time(22, 2, 0, 500000, timezone(timedelta(hours=2))), "22:02:00.500+02:00"),
    (
        "dateTime",
        "2025-01-01T10:00:00Z",
        datetime(2025, 1, 1, 10, tzinfo=UTC),
        "2025-01-01T10:00:00.000+00:00",
    ),
    ("dateTime", "2025-01-01", datetime(2025, 1, 1), "2025-01-01T00:00:00.000"),
    ("geopoint", "46.77 23.6", GeoPoint(46.77, 23.6), "46.77 23.6 0 0"),
    ("geotrace", "0 0;0 1 2 3;", (GeoPoint(0, 0), GeoPoint(0, 1, 2, 3)), "0 0 0 0;0 1 2 3"),
    ("geoshape", SHAPE, (GeoPoint(0, 0), GeoPoint(0, 1), GeoPoint(1, 1), GeoPoint(0, 0)), SHAPE),
    ("select1", "a", "a", "a"),
    ("select", " b  a b ", ["b", "a"], "b a"),
    ("odk:rank", "c a", ["c", "a"], "c a"),
    ("binary", "photo 1.jpg", "photo 1.jpg", "photo 1.jpg"),
    ("barcode", "59410", "59410", "59410"),
    ("intent", "x", "x", "x"),
    ("xsd:int", "7", 7, "7"),
    ("no such type", "x", "x", "x"),
]
BAD: list[tuple[str, str]] = [
    ("int", "2.5"),
    ("int", "abc"),
    ("int", "2147483648"),
    ("int", "1e3"),
    ("int", "٣"),
    ("int", "9" * 5000),
    ("long", "9223372036854775808"),
    ("decimal", "1e3"),
    ("decimal", "1,5"),
    ("decimal", "NaN"),
    ("decimal", "9" * 400),
    ("decimal", "1-2"),
    ("boolean", "yes"),
    ("date", "2025-02-30"),
    ("date", "31.12.2025"),
    ("date", "2025-01-01Tx"),
    ("time", "25:00"),
    ("time", "22"),
    ("time", "22:02:00+invalid"),
    ("dateTime", "2026-02-29T14:30:00Z"),
    ("geopoint", "91 0"),
    ("geopoint", "1"),
    ("geopoint", "1 2 3 4 5"),
    ("geotrace", "0 0"),
    ("geoshape", "0 0;0 1;1 1"),
    ("geoshape", "0 0;0 1;0 0"),
    ("binary", "../x"),
    ("binary", "a\\b"),
    ("string", "a\0"),
]


@pytest.mark.parametrize(("type_name", "text", "value", "written"), GOOD)
def test_text_to_value_and_back(type_name: str, text: str, value: Any, written: str) -> None:
    codec = codec_for(type_name)
    assert codec.parse(text) == value
    assert codec.format(value) == written
    assert codec.parse(written) == value
    assert codec.format(text) == text, "a text that is valid is kept as it was typed"


@pytest.mark.parametrize(("type_name", "text"), BAD)
def test_texts_that_are_not_of_the_type(type_name: str, text: str) -> None:
    codec = codec_for(type_name)
    with pytest.raises(ValueError) as caught:
        codec.parse(text)
    assert len(str(caught.value)) > 10, "a reason a person can read"
    with pytest.raises(ValueError):
        codec.format(text)


@pytest.mark.parametrize("name", sorted(CODECS))
def test_blank_is_none_in_every_type(name: str) -> None:
    assert CODECS[name].parse("") is None
    assert CODECS[name].format(None) == "" and CODECS[name].format("") == ""
    assert CODECS[name].normalise("") == ""


@pytest.mark.parametrize("name", sorted(CODECS))
def test_a_value_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        CODECS[name].format(object())


def test_choice_values_cannot_hold_spaces() -> None:
    with pytest.raises(ValueError):
        codec_for("select").format(["a b"])


@pytest.mark.parametrize(
    ("type_name", "text", "kept"),
    [
        ("int", "10.7", "10"),
        ("int", "-0.5", "0"),
        ("int", "NaN", ""),
        ("int", "many", "many"),
        ("decimal", "NaN", ""),
        ("date", "2012-07-04T10:00:00.000+02:00", "2012-07-04"),
        ("date", "Invalid Date", "Invalid Date"),
        ("time", "2012-07-04T10:00:00.000+02:00", "10:00:00.000+02:00"),
        ("string", "NaN", "NaN"),
    ],
)
def test_what_a_calculation_leaves(type_name: str, text: str, kept: str) -> None:
    assert codec_for(type_name).normalise(text) == kept
