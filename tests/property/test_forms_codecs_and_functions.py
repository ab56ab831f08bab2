"""Codecs round-trip, and no text whatever makes an expression raise anything but its own errors."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.codecs import CODECS, GeoPoint, codec_for
from forms.errors import FormError
from forms.functions import COERCIONS, FUNCTIONS, EvaluationError
from forms.functions.values import number_text, text_number
from forms.xpath.parser import parse
from tests.unit.functions.helpers import FixedContext, nodes

zones = st.one_of(
    st.none(), st.builds(lambda m: timezone(timedelta(minutes=m)), st.integers(-14 * 60, 14 * 60))
)
names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
decimals = st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0)
points = st.builds(
    GeoPoint, st.floats(-90, 90), st.floats(-180, 180), st.floats(-500, 9000), st.floats(0, 1e4)
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "decimal": decimals,
    "boolean": st.booleans(),
    "date": st.dates(),
    "time": st.builds(time.replace, st.times(), tzinfo=zones),
    "dateTime": st.builds(datetime.replace, st.datetimes(), tzinfo=zones),
    "geopoint": points,
    "geotrace": st.lists(points, min_size=2, max_size=6).map(tuple),
    "geoshape": st.lists(points, min_size=3, max_size=6).map(lambda line: (*line, line[0])),
    "select1": names,
    "select": st.lists(names, min_size=1, max_size=5, unique=True),
    "rank": st.lists(names, min_size=1, max_size=5, unique=True),
    "binary": names.filter(lambda name: not set(name) & set("/\\") and name not in (".", "..")),
    "barcode": names,
    "intent": names,
}


def test_every_codec_has_values_to_try() -> None:
    assert VALUES.keys() == CODECS.keys()


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name])))
def test_codecs_round_trip(pair: tuple[str, Any]) -> None:
    name, value = pair
    codec = codec_for(name)
    text = codec.format(value)
    assert codec.parse(text) == value
    assert codec.format(codec.parse(text)) == text


@given(st.sampled_from(sorted(CODECS)), st.text(max_size=30))
def test_any_text_is_parsed_or_refused_with_a_reason(name: str, text: str) -> None:
    codec = codec_for(name)
    try:
        value = codec.parse(text)
    except ValueError as error:
        assert str(error)
    else:
        assert codec.format(text) == text
        assert value is None or codec.parse(codec.format(value)) == value
    assert isinstance(codec.normalise(text), str)


@given(decimals)
def test_numbers_round_trip_as_xpath_texts(number: float) -> None:
    text = number_text(number)
    assert text_number(text) == number and "e" not in text


texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            "NaN",
            "-1",
            "1e9",
            "2025-02-29",
            "2025-01-01T10:00:00Z",
            "0 0;0 90",
            "a b c",
            "%Y %",
            "[",
            "Zm9v",
        ]
    ),
    st.dates().map(date.isoformat),
)
values = st.one_of(
    texts, st.floats(), st.booleans(), st.lists(texts, max_size=4).map(lambda many: nodes(*many))
)


@settings(max_examples=400)
@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(values, max_size=6))
def test_functions_raise_only_their_own_error(name: str, arguments: list[Any]) -> None:
    entry = FUNCTIONS[name]
    if not entry.accepts(len(arguments)):
        return
    context = FixedContext(moment=datetime(2025, 3, 4, tzinfo=UTC))
    try:
        converted = [COERCIONS[entry.kind(i)](value, UTC) for i, value in enumerate(arguments)]
        result = entry.call(context, *converted) if entry.needs_context else entry.call(*converted)
    except EvaluationError as error:
        assert error.code and str(error)
    except TypeError:
        assert entry.focus and not arguments, f"{name}{tuple(arguments)}"
    else:
        assert isinstance(result, str | float | bool | list)


WORDS = [
    "/",
    "//",
    "..",
    ".",
    "*",
    "(",
    ")",
    "[",
    "]",
    "|",
    "and",
    "or",
    "div",
    "mod",
    "=",
    "!=",
    "<",
    "-",
    "+",
    ",",
    "'",
    '"',
    "1",
    "1.5",
    ".5",
    "'a'",
    "/data/a",
    "selected(",
    "count(",
    "position()",
    "@id",
    "child::",
    "${a}",
    "not(",
    "text()",
    "\u00e9",
    "\x00",
    "instance('x')",
]


@settings(max_examples=400)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
def test_any_expression_parses_or_is_refused(expression: str) -> None:
    try:
        parse(expression)
    except FormError as error:
        assert error.code and error.found and error.mend
