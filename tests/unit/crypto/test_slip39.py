"""Shares of the recovery key are SLIP-39: published vectors open here, ours open in the kept library, wrong ones
are refused with a reason."""

import os
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol.errors import Problem

shamir_mnemonic = pytest.importorskip("shamir_mnemonic", reason="the extra `admin` is not installed")

from app.admin.slip39 import combine, read_share, shares_needed, split  # noqa: E402

SECRET = bytes(range(32))

# From the standard's own vectors (the passphrase is TREZOR): one share of 256 bits, and two of two.
ALONE = (
    "theory painting academic academic armed sweater year military elder discuss acne wildlife boring employer "
    "fused large satoshi bundle carbon diagnose anatomy hamster leaves tracks paces beyond phantom capital marvel "
    "lips brave detect luck"
)
ALONE_SECRET = "989baf9dcaad5b10ca33dfd8cc75e42477025dce88ae83e75a230086a0e00e92"
PAIR = (
    "humidity disease academic always aluminum jewelry energy woman receiver strategy amuse duckling lying evidence "
    "network walnut tactics forget hairy rebound impulse brother survive clothes stadium mailman rival ocean reward "
    "venture always armed unwrap",
    "humidity disease academic agency actress jacket gross physics cylinder solution fake mortgage benefit public "
    "busy prepare sharp friar change work slow purchase ruler again tricycle involve viral wireless mixture anatomy "
    "desert cargo upgrade",
)
PAIR_SECRET = "c938b319067687e990e05e0da0ecce1278f75ff58d9853f19dcaeed5de104aae"


def refused(code: str) -> Any:
    return pytest.raises(Problem, match=rf"^{code}( |$)")


def test_published_vectors_open() -> None:
    assert combine([ALONE], b"TREZOR").hex() == ALONE_SECRET and shares_needed(ALONE) == 1
    assert combine(PAIR, b"TREZOR").hex() == combine(PAIR[::-1], b"TREZOR").hex() == PAIR_SECRET
    assert shares_needed(PAIR[0]) == 2


def test_published_vectors_that_must_be_refused() -> None:
    with refused("crypto.bad_share"):
        read_share(ALONE.removesuffix("luck") + "lunar")  # the standard's vector of a wrong check sum
    with refused("crypto.bad_shares"):
        combine(PAIR[:1], b"TREZOR")


def test_ours_open_in_the_kept_library() -> None:
    shares = split(SECRET)
    assert shamir_mnemonic.combine_mnemonics(shares[1:]) == SECRET


def test_any_two_of_three_in_any_order() -> None:
    shares = split(SECRET)
    assert [len(share.split()) for share in shares] == [33, 33, 33]
    for chosen in permutations(shares, 2):
        assert combine(chosen) == SECRET
    assert combine(shares) == SECRET and combine([shares[1], shares[1], shares[2]]) == SECRET


@settings(deadline=None, max_examples=10)
@given(st.binary(min_size=32, max_size=32))
def test_any_key_comes_back(secret: bytes) -> None:
    one, _, three = split(secret)
    assert combine([three, one]) == secret


def test_two_splittings_share_no_words_but_the_common_ones() -> None:
    """The randomness is fresh: the same key split twice gives sheets that cannot be mixed."""
    first, second = split(SECRET), split(SECRET)
    assert first != second
    with refused("crypto.bad_shares"):
        combine([first[0], second[1]])


def test_too_few_shares_are_refused() -> None:
    one, _, _ = split(SECRET)
    for few in ([], [one], [one, one], [one, one.upper()]):
        with refused("crypto.bad_shares"):
            combine(few)


def test_every_altered_word_is_refused() -> None:
    """The check sum notices every wrong word, and every two words that changed places."""
    words = split(SECRET)[0].split()
    for place in range(len(words)):
        other = "academic" if words[place] != "academic" else "acid"
        with refused("crypto.bad_share"):
            read_share(" ".join([*words[:place], other, *words[place + 1 :]]))
        if place and words[place] != words[place - 1]:
            swapped = [*words[: place - 1], words[place], words[place - 1], *words[place + 1 :]]
            with refused("crypto.bad_share"):
                read_share(" ".join(swapped))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([*ALONE.split()[:6], "acid", "duckling", "x", ""]), max_size=40).map(" ".join)
)
def test_any_words_are_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Problem, match=r"^crypto\.bad_share"):
        combine([text, text])


def test_words_as_people_type_them() -> None:
    share = split(SECRET)[2]
    typed = "  ".join(word[:4].upper() for word in share.split()) + "\n"
    assert read_share(typed) == share
    with refused("crypto.bad_share_word") as caught:
        read_share(share.replace(" academic", " akademic", 1) if " academic" in share else "acid akademic")
    assert caught.value.detail["place"] >= 2
    with refused("crypto.bad_share"):
        read_share(" ".join(share.split()[:-1]))


def test_only_whole_keys_are_split() -> None:
    for size in (0, 16, 31, 33):
        with pytest.raises(ValueError):
            split(os.urandom(size))
