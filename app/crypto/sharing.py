"""Splitting a key among people: any `threshold` of `count` shares give it back, fewer tell nothing at all.

Shamir's scheme over GF(2^8), byte by byte, in the manner of SLIP-39 but not compatible with it: shares are
Bech32 texts instead of that standard's word list. Four check bytes travel inside the shared value, so that
a wrong combination is noticed.
"""

import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.crypto.primitives import Random, hmac_sha256
from app.protocol import bech32
from app.protocol.errors import Problem

PREFIX = "doorstep-share-"
_CHECK = 4
_CONTEXT = b"doorstep/share/v1"
_HEAD = 6  # two bytes of set, threshold, count, index, version


@dataclass(frozen=True)
class Share:
    """One person's share. `set` is the same for all shares of one splitting; `index` counts from 1."""

    set: bytes
    threshold: int
    count: int
    index: int
    value: bytes = field(repr=False)

    def __str__(self) -> str:
        head = self.set + bytes([self.threshold, self.count, self.index, 1])
        return bech32.encode(PREFIX, head + self.value).upper()

    @classmethod
    def parse(cls, text: str) -> "Share":
        """Raises Problem("crypto.bad_key")."""
        try:
            prefix, raw = bech32.decode("".join(text.split()))
        except bech32.Bech32Error as error:
            raise Problem("crypto.bad_key") from error
        if prefix != PREFIX or len(raw) <= _HEAD + _CHECK or raw[5] != 1:
            raise Problem("crypto.bad_key")
        share = cls(raw[:2], raw[2], raw[3], raw[4], raw[_HEAD:])
        if not 2 <= share.threshold <= share.count or not 1 <= share.index <= share.count:
            raise Problem("crypto.bad_key")
        return share


def split(secret: bytes, *, threshold: int = 2, count: int = 3, random: Random = os.urandom) -> list[Share]:
    """`count` shares of a secret, of which `threshold` are needed."""
    if not 2 <= threshold <= count <= 16 or not secret:
        raise ValueError("2 ≤ threshold ≤ count ≤ 16, and something to share")
    name = random(2)
    shared = secret + _check(name, secret)
    coefficients = [shared, *(random(len(shared)) for _ in range(threshold - 1))]
    return [
        Share(name, threshold, count, index, _evaluate(coefficients, index)) for index in range(1, count + 1)
    ]


def combine(shares: Sequence[Share]) -> bytes:
    """The secret. Raises Problem("crypto.bad_shares") for too few, mixed or altered shares."""
    distinct = {share.index: share for share in shares}
    kinds = {(share.set, share.threshold, share.count, len(share.value)) for share in shares}
    if len(kinds) != 1 or len(distinct) < shares[0].threshold:
        raise Problem("crypto.bad_shares")
    chosen = list(distinct.values())[: shares[0].threshold]
    shared = _interpolate(chosen)
    secret, check = shared[:-_CHECK], shared[-_CHECK:]
    if not hmac.compare_digest(_check(shares[0].set, secret), check):
        raise Problem("crypto.bad_shares")
    return secret


def _check(name: bytes, secret: bytes) -> bytes:
    return hmac_sha256(secret, _CONTEXT + name)[:_CHECK]


# -- the field of 256 elements, with the AES polynomial -------------------------------------------------


def _multiply(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 0x100:
            one ^= 0x11B
        other >>= 1
    return product


def _inverse(value: int) -> int:
    """value^254, because value^255 = 1."""
    result = 1
    for _ in range(254):
        result = _multiply(result, value)
    return result


def _evaluate(coefficients: Sequence[bytes], place: int) -> bytes:
    """Every byte's polynomial at one place (Horner), the secret being the constant term."""
    result = bytes(len(coefficients[0]))
    for coefficient in reversed(coefficients):
        result = bytes(_multiply(byte, place) ^ term for byte, term in zip(result, coefficient, strict=True))
    return result


def _interpolate(shares: Sequence[Share]) -> bytes:
    """Lagrange's formula at 0; subtraction is exclusive or."""
    result = bytes(len(shares[0].value))
    for share in shares:
        weight = 1
        for other in shares:
            if other.index != share.index:
                weight = _multiply(weight, _multiply(other.index, _inverse(other.index ^ share.index)))
        result = bytes(byte ^ _multiply(term, weight) for byte, term in zip(result, share.value, strict=True))
    return result
