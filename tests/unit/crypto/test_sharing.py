"""Shares of a key: enough give it back, fewer tell nothing, wrong ones are noticed."""

import os
from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.crypto.sharing import Share, _inverse, _multiply, combine, split
from app.protocol.errors import Problem

SECRET = bytes(range(32))


def test_the_field() -> None:
    """FIPS 197 §4.2 gives 57·83 = c1 and 57·13 = fe; every element but 0 has its inverse."""
    assert (_multiply(0x57, 0x83), _multiply(0x57, 0x13)) == (0xC1, 0xFE)
    assert all(_multiply(value, _inverse(value)) == 1 for value in range(1, 256))


def test_any_two_of_three_in_any_order() -> None:
    shares = split(SECRET)
    assert len(shares) == 3
    for chosen in permutations(shares, 2):
        assert combine(chosen) == SECRET
    assert combine(shares) == SECRET and combine([shares[1], shares[1], shares[2]]) == SECRET


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=1, max_size=40), st.data())
def test_any_threshold(secret: bytes, data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 6))
    threshold = data.draw(st.integers(2, count))
    shares = [Share.parse(str(share)) for share in split(secret, threshold=threshold, count=count)]
    chosen = data.draw(st.sampled_from(list(combinations(shares, threshold))))
    assert combine(chosen) == secret
    with pytest.raises(Problem):
        combine(chosen[1:])


def test_one_share_is_as_random_as_its_randomness() -> None:
    """For every share and every other secret there is randomness that gives that share: it tells nothing."""
    honest = split(b"\x00", random=lambda size: bytes(size))[0].value[:1]
    reachable = {
        split(b"\x01", random=lambda size, byte=byte: bytes([byte]) * size)[0].value[0] for byte in range(256)
    }
    assert len(reachable) == 256 and honest[0] in reachable


def test_wrong_shares_are_noticed() -> None:
    one, two, _ = split(SECRET)
    other = split(SECRET)[1]
    altered = replace(two, value=bytes([two.value[0] ^ 1]) + two.value[1:])
    for wrong in ([one], [one, one], [one, altered], [one, replace(other, set=os.urandom(2))], []):
        with pytest.raises(Problem, match=r"crypto\.bad_shares"):
            combine(wrong)


def test_texts() -> None:
    share = split(SECRET)[0]
    text = str(share)
    assert Share.parse(f" {text[:20]} {text[20:]}\n") == share and share.value.hex() not in repr(share)
    for wrong in (
        "",
        text[:-1],
        text.replace("SHARE", "ROOTS"),
        text[:-1] + ("Q" if text[-1] != "Q" else "P"),
    ):
        with pytest.raises(Problem, match=r"crypto\.bad_key"):
            Share.parse(wrong)
    for change in ({"threshold": 1}, {"threshold": 4}, {"index": 0}, {"index": 4}):
        with pytest.raises(Problem, match=r"crypto\.bad_key"):
            Share.parse(str(replace(share, **change)))


def test_limits() -> None:
    for threshold, count in ((1, 3), (4, 3), (2, 17)):
        with pytest.raises(ValueError):
            split(SECRET, threshold=threshold, count=count)
