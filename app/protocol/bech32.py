"""Bech32 (BIP 173, without its 90-character limit), the text form of age keys.

The roster checks recipients with it, so that a mistyped key can never reach the list of devices.
"""

from collections.abc import Iterable

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LENGTH = 6


class Bech32Error(ValueError):
    """Not a Bech32 text."""


def encode(prefix: str, data: bytes) -> str:
    """The lower-case Bech32 text of whole bytes."""
    values = _regroup(data, 8, 5, pad=True)
    remainder = _polymod([*_expand(prefix), *values, *([0] * _CHECKSUM_LENGTH)]) ^ 1
    checksum = [(remainder >> 5 * (_CHECKSUM_LENGTH - 1 - place)) & 31 for place in range(_CHECKSUM_LENGTH)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in [*values, *checksum])


def decode(text: str) -> tuple[str, bytes]:
    """(prefix in lower case, bytes); raises Bech32Error. All upper or all lower case, never mixed."""
    # Some letters outside ASCII turn into ASCII ones when their case changes, and would be second spellings.
    if not text.isascii() or text not in (text.lower(), text.upper()):
        raise Bech32Error("mixed case, or a character that cannot occur")
    prefix, separator, body = text.lower().rpartition("1")
    if not separator or not prefix or len(body) < _CHECKSUM_LENGTH:
        raise Bech32Error("too short")
    if not all(33 <= ord(character) <= 126 for character in prefix):
        raise Bech32Error("a character that cannot occur")
    try:
        values = [_ALPHABET.index(character) for character in body]
    except ValueError as error:
        raise Bech32Error("a character that cannot occur") from error
    if _polymod([*_expand(prefix), *values]) != 1:
        raise Bech32Error("wrong checksum")
    return prefix, bytes(_regroup(values[:-_CHECKSUM_LENGTH], 5, 8, pad=False))


def _expand(prefix: str) -> list[int]:
    return [ord(character) >> 5 for character in prefix] + [0] + [ord(character) & 31 for character in prefix]


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            if top >> place & 1:
                check ^= generator
    return check


def _regroup(values: Iterable[int], width: int, wanted: int, *, pad: bool) -> list[int]:
    """Bits regrouped from `width` to `wanted` a value; without padding the left-over bits must be zero."""
    groups: list[int] = []
    held = bits = 0
    for value in values:
        held = held << width | value
        bits += width
        while bits >= wanted:
            bits -= wanted
            groups.append(held >> bits & (1 << wanted) - 1)
        held &= (1 << bits) - 1
    if pad and bits:
        groups.append(held << wanted - bits & (1 << wanted) - 1)
    elif not pad and (bits >= width or held):
        raise Bech32Error("loose bits at the end")
    return groups
