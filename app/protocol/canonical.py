"""Canonical JSON (RFC 8785) and unpadded base64url: one value, one sequence of bytes.

Everything that is signed or hashed passes through `canonical_json`, so two implementations that
agree on a value agree on its bytes. Reading is as strict as writing: whatever could be understood
in two ways (a doubled key, NaN, an integer no double can hold) is refused.
"""

import binascii
import json
import math
from json.encoder import encode_basestring
from typing import Any, NoReturn

MAX_DEPTH = 64
_TO_URL, _FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
MAX_INTEGER = 2**53 - 1  # beyond it a double skips integers, and two readers may disagree (RFC 7493 §2.2)


class JsonError(ValueError):
    """A value without canonical bytes, or bytes that are not one unambiguous JSON value."""


def canonical_json(value: Any) -> bytes:
    """The RFC 8785 bytes of a value made of dict, list, tuple, str, int, float, bool and None.

    Raises JsonError for NaN, infinities, integers beyond ±(2^53-1), lone surrogates and nesting
    deeper than MAX_DEPTH; TypeError for any other Python type and for keys that are not text.
    """
    pieces: list[str] = []
    _write(value, pieces, MAX_DEPTH)
    try:
        return "".join(pieces).encode("utf-8")
    except UnicodeEncodeError as error:
        raise JsonError("a text holds a lone surrogate") from error


def _write(value: Any, pieces: list[str], room: int) -> None:
    """The exact types first, as they come from JSON: everything signed passes through here."""
    kind = type(value)
    if kind is str:
        pieces.append(encode_basestring(value))
    elif kind is dict:
        _write_object(value, pieces, room - 1)
    elif kind is list or kind is tuple:
        _write_array(value, pieces, room - 1)
    elif kind is int:
        pieces.append(_integer(value))
    elif value is None or kind is bool:
        pieces.append(_WORDS[value])
    elif kind is float:
        pieces.append(format_number(value))
    else:
        _write_derived(value, pieces, room)


_WORDS = {None: "null", True: "true", False: "false"}


def _write_derived(value: Any, pieces: list[str], room: int) -> None:
    """Values of derived classes, an enumeration's texts say."""
    if isinstance(value, str):
        pieces.append(encode_basestring(value))
    elif isinstance(value, int):
        pieces.append(_integer(value))
    elif isinstance(value, float):
        pieces.append(format_number(value))
    elif isinstance(value, dict):
        _write_object(value, pieces, room - 1)
    elif isinstance(value, list | tuple):
        _write_array(value, pieces, room - 1)
    else:
        raise TypeError(f"JSON has no {type(value).__name__}")


def _write_object(members: dict[Any, Any], pieces: list[str], room: int) -> None:
    if room < 0:
        raise JsonError(f"nested deeper than {MAX_DEPTH}")
    before = "{"
    for key in _ordered(members):
        value = members[key]
        if type(value) is str:
            pieces.append(f"{before}{encode_basestring(key)}:{encode_basestring(value)}")
        else:
            pieces.append(f"{before}{encode_basestring(key)}:")
            _write(value, pieces, room)
        before = ","
    pieces.append("}" if members else "{}")


def _write_array(items: list[Any] | tuple[Any, ...], pieces: list[str], room: int) -> None:
    if room < 0:
        raise JsonError(f"nested deeper than {MAX_DEPTH}")
    before = "["
    for item in items:
        pieces.append(before)
        _write(item, pieces, room)
        before = ","
    pieces.append("]" if items else "[]")


def _ordered(members: dict[Any, Any]) -> list[str]:
    """The keys in the order of RFC 8785 §3.2.3, which for ASCII is that of their characters."""
    try:
        plain = "".join(members).isascii()
    except TypeError as error:
        raise TypeError("a JSON key is text") from error
    return sorted(members) if plain else sorted(members, key=_utf16)


def _utf16(key: str) -> bytes:
    """The sorting key of RFC 8785 §3.2.3: UTF-16 code units, not code points."""
    return key.encode("utf-16-be", "surrogatepass")


def _integer(value: int) -> str:
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise JsonError("an integer beyond 2^53-1 has no exact double")
    return int.__repr__(value)


def format_number(value: float) -> str:
    """A double as ECMAScript prints it (ECMA-262 Number::toString, as RFC 8785 §3.2.2.3 asks)."""
    if value == 0:
        return "0"  # also -0
    text = float.__repr__(value)
    if "e" not in text and "n" not in text:  # from 0.0001 up to 10^16 both print the same shortest digits
        return text[:-2] if text.endswith(".0") else text
    if not math.isfinite(value):
        raise JsonError("JSON has no NaN and no infinity")
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or "0") - (len(whole + fraction) - len(digits))
    return sign + _place_point(digits.rstrip("0"), point)


def _place_point(digits: str, point: int) -> str:
    """`0.digits × 10^point` in the four shapes ECMAScript knows."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    mantissa = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{point - 1:+d}"


def parse_json(data: bytes) -> Any:
    """The value of UTF-8 JSON bytes; raises JsonError where a second reader could see another value."""
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_parse_integer,
            parse_float=_parse_float,
        )
    except JsonError:
        raise
    except (ValueError, RecursionError) as error:
        raise JsonError(f"not JSON: {type(error).__name__}") from error
    _check_depth(value)
    return value


def parse_canonical(data: bytes) -> Any:
    """As `parse_json`, and the bytes must be the value's own canonical ones.

    Written out again, whatever is ambiguous differs from the bytes it came from (a doubled key is there once, NaN
    and large integers are refused), so bytes that come out the same need no stricter reading. All others get it.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        if canonical_json(value) == data:
            return value
    except (ValueError, RecursionError):
        pass  # the strict reader says what is wrong
    value = parse_json(data)
    if canonical_json(value) != data:
        raise JsonError("the bytes are not canonical")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonError("a key occurs twice in one object")
    return members


def _no_constant(name: str) -> NoReturn:
    raise JsonError(f"JSON has no {name}")


def _parse_integer(text: str) -> int | float:
    if len(text) <= 17 and abs(int(text)) <= MAX_INTEGER:
        return int(text)
    number = _parse_float(text)
    if format_number(number) != text:  # what ECMAScript prints for a large double is no more than that double
        raise JsonError("an integer beyond 2^53-1 that no double holds")
    return number


def _parse_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise JsonError("a number too large for a double")
    return value


def _check_depth(value: Any) -> None:
    containers = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        containers = [
            child
            for container in containers
            for child in (container.values() if isinstance(container, dict) else container)
            if isinstance(child, dict | list)
        ]
    if containers:
        raise JsonError(f"nested deeper than {MAX_DEPTH}")


def b64(data: bytes) -> str:
    """base64url without padding (RFC 4648 §5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """The bytes of unpadded base64url; raises ValueError for padding, other characters, loose bits."""
    try:
        given = text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4)
        data = binascii.a2b_base64(given, strict_mode=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ValueError("not base64url") from error
    if b64(data) != text:
        raise ValueError("not the one base64url text of its bytes")
    return data
