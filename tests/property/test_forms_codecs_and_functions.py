"""Codecs round-trip, and no text whatever makes an expression raise anything but its own errors."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.codecs import CODECS, GeoPoint, codec_for
from forms.errors import FormError
from forms.functions import COERCIONS, FUNCTIONS, EvaluationError, to_boolean, to_number, to_string
from forms.functions.values import number_text, text_number
from forms.instance.context import Context, Surroundings
from forms.xpath.calls import SPECIAL
from forms.xpath.evaluate import evaluate
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


DOCUMENT = (
    '<data xmlns:x="urn:x" id="1"><a>1</a><b x:c="2">two</b><r><n>3</n></r>'
    "<r><n>2025-01-01</n></r><!--c--></data>"
)
ATOMS = st.sampled_from(
    [
        "/data/a",
        "/data/r/n",
        "//n",
        "..",
        ".",
        "@id",
        "/data/b/@x:c",
        "1",
        "-2.5",
        "'x'",
        "''",
        "/data/none",
        "text()",
        "today()",
    ]
)


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from([*FUNCTIONS, *SPECIAL, "nothing"])
    calls = st.tuples(names, st.lists(inner, max_size=4)).map(lambda call: f"{call[0]}({', '.join(call[1])})")
    operators = st.sampled_from(["+", "-", "*", "div", "mod", "=", "!=", "<", ">=", "and", "or", "|"])
    pairs = st.tuples(inner, operators, inner).map(lambda pair: f"({pair[0]} {pair[1]} {pair[2]})")
    filtered = st.tuples(st.sampled_from(["/data/r", "/data/*", "//r/n", "(/data/r)"]), inner).map(
        "{0[0]}[{0[1]}]".format
    )
    return st.one_of(calls, pairs, filtered, inner.map("-{}".format))


@settings(max_examples=400, deadline=None)
@given(
    st.recursive(ATOMS, compound, max_leaves=8),
    st.sampled_from(["/", "/data/a", "/data/r[1]", "/data/b/@x:c"]),
)
def test_any_expression_gives_a_value_or_its_own_error(expression: str, context: str) -> None:
    around = Surroundings(
        Context(
            now=lambda: datetime(2025, 3, 4, tzinfo=UTC), timezone=UTC, rng=Random(1), new_id=lambda: "id"
        )
    )
    try:
        value = evaluate(expression, document=DOCUMENT, context=context, surroundings=around)
    except (FormError, EvaluationError) as error:
        assert error.code and str(error)
    else:
        assert isinstance(to_string(value), str) and isinstance(to_number(value, UTC), float)
        assert to_boolean(value) in (True, False)
