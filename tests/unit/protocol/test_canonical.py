"""RFC 8785: its own examples, the number table of its appendix B, and everything that must be refused."""

import struct

import pytest

from app.protocol.canonical import (
    MAX_DEPTH,
    JsonError,
    b64,
    canonical_json,
    format_number,
    parse_canonical,
    parse_json,
    unb64,
)


def test_the_example_of_the_rfc() -> None:
    """RFC 8785 §3.2.2 to §3.2.4."""
    value = parse_json(
        b'{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
        b'"string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",'
        b'"literals": [null, true, false]}'
    )
    assert (
        canonical_json(value)
        == (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )


def test_keys_are_sorted_by_utf16_units() -> None:
    """RFC 8785 §3.2.3: the emoji's surrogates come before U+FB33, though its code point comes after."""
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(parse_json(canonical_json(value)).values()) == [2, 4, 6, 7, 1, 5, 3]


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_as_ecmascript_prints_them(bits: str, text: str) -> None:
    """RFC 8785 appendix B."""
    assert format_number(struct.unpack(">d", bytes.fromhex(bits))[0]) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (-1.5, "-1.5"),
        (100.0, "100"),
        (1e20, "100000000000000000000"),
        (123e-10, "1.23e-8"),
        (7, "7"),
    ],
)
def test_more_numbers(number: float, text: str) -> None:
    assert canonical_json(number) == text.encode()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -float("inf"), 2**53, -(2**53), "\ud800", {"\udfff": 1}]
)
def test_values_without_canonical_bytes(value: object) -> None:
    with pytest.raises(JsonError):
        canonical_json(value)


@pytest.mark.parametrize("value", [b"bytes", {1: 2}, {"a": {1, 2}}, object()])
def test_values_that_are_not_json(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"\\u0062":2}}',
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"1e999",
        b"9007199254740993",
        b"12345678901234567890",
        b"1" * 5000,
        b"[" * 100_000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b'"\xff"',
        b'\xef\xbb\xbf"bom"',
        b'"\n"',
        b"[1,]",
        b"{} {}",
        b"'a'",
        b"01",
        b"",
    ],
)
def test_refused_bytes(data: bytes) -> None:
    with pytest.raises(JsonError):
        parse_json(data)


def test_large_doubles_are_read_back() -> None:
    """ECMAScript prints doubles below 1e21 without an exponent; they come back as doubles."""
    for number in (2.0**53, 1e17, 123456789012345680000.0, -1e20):
        assert parse_canonical(canonical_json(number)) == number
        assert isinstance(parse_json(canonical_json(number)), float)


def test_the_deepest_that_is_allowed() -> None:
    data = b"[" * MAX_DEPTH + b"1" + b"]" * MAX_DEPTH
    assert canonical_json(parse_json(data)) == data


@pytest.mark.parametrize("data", [b'{"b":1,"a":2}', b"[1.0]", b"[ 1]", b'"\\u0041"', b"-0", b"1E2"])
def test_only_canonical_bytes_are_canonical(data: bytes) -> None:
    parse_json(data)
    with pytest.raises(JsonError):
        parse_canonical(data)


def test_a_lone_surrogate_cannot_come_back() -> None:
    with pytest.raises(JsonError):
        parse_canonical(b'"\\ud800"')


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff\xfe", b"abc", bytes(range(32))])
def test_base64url(data: bytes) -> None:
    assert unb64(b64(data)) == data
    assert "=" not in b64(data)


@pytest.mark.parametrize("text", ["A", "AA==", "AB", "A+/=", "A A", "ă", "AAA\n", "+/+/"])
def test_base64url_has_one_text(text: str) -> None:
    with pytest.raises(ValueError):
        unb64(text)
