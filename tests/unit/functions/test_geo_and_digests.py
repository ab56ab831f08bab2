"""Geometry on the sphere, hashes, base64 and signed texts."""

from base64 import b64encode
from math import isnan
from typing import Any

import pytest

from forms.functions import EvaluationError
from tests.unit.functions.helpers import call, nodes

SQUARE = "0 0;0 10;10 10;10 0;0 0"
BOW_TIE = "0 0;10 10;10 0;0 10;0 0"
CASES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("distance", ("0 0;0 90",), 10018696.05),
    (
        "distance",
        ("38.253094215699576 21.756382658677467 0 0", "38.25021274773806 21.756382658677467 0 0"),
        320.76,
    ),
    ("distance", (nodes("0 0", "0 0"),), 0.0),
    ("distance", ("0 0; 0 90;",), 10018696.05),
    ("area", ("0 0;0 1",), 0.0),
    (
        "area",
        (
            nodes(
                "38.25304740874071 21.75644703234866",
                "38.25308110946615 21.763377860443143",
                "38.25078942453431 21.763399318115262",
                "38.25090738066984 21.756640151397733",
                "38.25197740258244 21.75892539347842",
            ),
        ),
        122754.94,
    ),
    ("geofence", ("5 5", SQUARE), True),
    ("geofence", ("5 11", SQUARE), False),
    ("geofence", ("", SQUARE), False),
    ("geofence", ("5 5", ""), False),
    ("geofence", ("5 5 0 0", "0 0 0 0;0 10 0 0;10 10 0 0;10 0 0 0;0 0 0 0"), True),
    ("intersects", (SQUARE,), False),
    ("intersects", (BOW_TIE,), True),
    ("intersects", ("0 0;0 10;5 5",), False),
    ("intersects", ("0 0;0 10;0 5",), True),
    ("intersects", ("0 0;0 10;5 10;5 5;-5 5",), True),
    ("intersects", ("",), False),
    ("intersects", ("x;y",), False),
    ("digest", ("abc", "SHA-1", "hex"), "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("digest", ("abc", "SHA-256"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    ("digest", ("", "MD5", "hex"), "d41d8cd98f00b204e9800998ecf8427e"),
    ("base64-decode", ("xIPDrsiZ",), "ăîș"),
    ("base64-decode", ("!",), ""),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES)
def test_function(name: str, arguments: tuple[Any, ...], expected: Any) -> None:
    assert call(name, *arguments) == expected


@pytest.mark.parametrize("text", ["", "0 0", "91 0;0 0", "0 0;0 181", "0 0;x", "0 0;;0 0 0 0 0"])
def test_distances_that_are_none(text: str) -> None:
    assert isnan(call("distance", text))


@pytest.mark.parametrize(("algorithm", "encoding"), [("SHA-3", "hex"), ("MD5", "utf-8")])
def test_unknown_hashes(algorithm: str, encoding: str) -> None:
    with pytest.raises(EvaluationError):
        call("digest", "x", algorithm, encoding)


def test_signed_texts_open_with_the_right_key_only() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    message = b"Familia Exemplu 12"
    signed = b64encode(key.sign(message) + message).decode()
    public = [b64encode(one.public_key().public_bytes_raw()).decode() for one in (key, other)]
    assert call("extract-signed", signed, public[0]) == "Familia Exemplu 12"
    assert call("extract-signed", signed, public[1]) == ""
    assert call("extract-signed", "blah", public[0]) == ""
    assert call("extract-signed", signed, "short") == ""
