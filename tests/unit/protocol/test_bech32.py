"""Bech32, the text of age keys: BIP 173's own examples and what must be refused."""

import os

import pytest

from app.protocol import bech32


@pytest.mark.parametrize(
    "text",
    [
        "A12UEL5L",
        "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        "?1ezyfcl",
    ],
)
def test_valid_by_bip_173(text: str) -> None:
    prefix, data = bech32.decode(text)
    assert data == b"" and bech32.encode(prefix, b"") == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "\x201nwldj5",
        "\x7f1axkwrx",
        "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "x1b4n0q5v",
        "li1dgmt3",
        "de1lg7wt\xff",
        "A1G7SGD8",
        "10a06t8",
        "1qzzfhee",
        "A12uEL5L",
        "",
    ],
)
def test_invalid_by_bip_173(text: str) -> None:
    with pytest.raises(bech32.Bech32Error):
        bech32.decode(text)


def test_letters_that_only_look_right() -> None:
    """U+212A, the Kelvin sign, becomes k in lower case."""
    text = bech32.encode("age", bytes(range(40))).upper()
    assert "K" in text
    with pytest.raises(bech32.Bech32Error):
        bech32.decode(text.replace("K", "\u212a", 1))


@pytest.mark.parametrize("size", range(34))
def test_round_trip(size: int) -> None:
    data = os.urandom(size)
    assert bech32.decode(bech32.encode("age", data)) == ("age", data)


def test_one_wrong_letter_is_always_noticed() -> None:
    text = bech32.encode("age", bytes(range(32)))
    for place in range(4, len(text)):
        for letter in "qpzry9x8gf2tvdw0s3jn54khce6mua7l":
            if letter != text[place]:
                with pytest.raises(bech32.Bech32Error):
                    bech32.decode(text[:place] + letter + text[place + 1 :])
