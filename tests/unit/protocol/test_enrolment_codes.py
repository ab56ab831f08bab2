"""The codes of enrolment: whole or refused, and forgiving about how people write."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol import bech32
from app.protocol.enrolment_codes import (
    InvitationCode,
    answer_code,
    code_kind,
    grouped,
    read_answer,
    read_request,
    request_code,
)
from app.protocol.errors import Problem

ALPHABET = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
CODE = InvitationCode(bytes(range(32)), bytes(range(16)), "https://sync.exemplu.ro", 1_772_352_000)
ADDRESSES = st.from_regex(r"https://[a-z0-9.-]{1,60}(:[0-9]{1,5})?(/[a-z]{1,9})?", fullmatch=True)


def refusal(text: str) -> str:
    with pytest.raises(Problem) as caught:
        InvitationCode.parse(text)
    return caught.value.code


@given(
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=16, max_size=16),
    ADDRESSES,
    st.integers(0, 2**32 - 1),
)
def test_an_invitation_comes_back_as_it_was(secret: bytes, mark: bytes, server: str, expires: int) -> None:
    code = InvitationCode(secret, mark, server, expires)
    assert InvitationCode.parse(code.text()) == code


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda text: grouped(text),
        lambda text: f"\n {text[:30]}\n{text[30:]}\u00a0\u200b ",
        lambda text: text.replace("-", "\u2011"),
        lambda text: text.replace("-", " "),
        lambda text: "-".join(text[at : at + 4] for at in range(0, len(text), 4)).swapcase(),
    ],
)
def test_how_people_write_is_forgiven(change) -> None:  # type: ignore[no-untyped-def]
    assert InvitationCode.parse(change(CODE.text())) == CODE


def test_any_flipped_character_is_refused() -> None:
    """Every place, every other letter of the alphabet."""
    text = CODE.text()
    for at in range(len("DOORSTEP-INVITE-1"), len(text)):
        for letter in ALPHABET:
            if letter != text[at]:
                assert refusal(text[:at] + letter + text[at + 1 :]) == "enrol.bad_code"
    for at, letter in enumerate("DOORSTEP-INVITE-1"):
        if letter != "-":
            assert refusal(text[:at] + "Q" + text[at + 1 :]) == "enrol.bad_code"


@settings(max_examples=200)
@given(st.integers(0, 10**9))
def test_letters_lost_doubled_or_exchanged_are_refused(seed: int) -> None:
    chance = random.Random(seed)
    text = CODE.text()
    at = chance.randrange(len("DOORSTEP-INVITE-1"), len(text) - 1)
    for changed in (
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at],
        text[:at] + chance.choice("BIO1é") + text[at + 1 :],
    ):
        if changed != text:
            assert refusal(changed) == "enrol.bad_code"


def test_letters_slipped_in_before_the_last_are_refused() -> None:
    """Bech32's known weakness: q before a final p keeps its checksum right. The length does not."""
    for number in range(3000):
        text = InvitationCode(number.to_bytes(32, "big"), bytes(16), "https://x.ro", 1).text()
        if text.endswith("P"):
            for count in range(1, 20):
                assert refusal(text[:-1] + "Q" * count + "P") == "enrol.bad_code"
            return
    pytest.fail("no code ended with P")


@pytest.mark.parametrize(
    "text", ["", " ", "1", "DOORSTEP-INVITE-1", "hello", "a" * 10_000, "DOORSTEP-INVITE-1QQQQQQ", "\ud800"]
)
def test_what_is_no_code(text: str) -> None:
    assert refusal(text) == "enrol.bad_code"


def test_another_kind_of_code_is_named_so() -> None:
    request = request_code("invited", b"offer")
    assert refusal(request) == refusal(answer_code("first", b"x")) == "enrol.other_code"
    for read in (read_request, read_answer):
        with pytest.raises(Problem) as caught:
            read(CODE.text())
        assert caught.value.code == "enrol.other_code"
    assert [code_kind(one) for one in (CODE.text(), request, "hm")] == ["invite", "request", ""]


def test_another_version_is_told_apart_from_a_slip() -> None:
    assert refusal(bech32.encode("doorstep-invite-", bytes([2]) + bytes(80)).upper()) == "enrol.wrong_version"


@pytest.mark.parametrize("server", ["ftp://x", "x.ro", "https://", "https://a b", "javascript:alert(1)"])
def test_what_is_no_server_is_refused(server: str) -> None:
    assert refusal(InvitationCode(bytes(32), bytes(16), server, 1).text()) == "enrol.bad_code"


@given(st.sampled_from(["invited", "first"]), st.binary(max_size=600))
def test_requests_and_answers_come_back(kind, data: bytes) -> None:  # type: ignore[no-untyped-def]
    assert read_request(request_code(kind, data).lower()) == (kind, data)
    assert read_answer(grouped(answer_code(kind, data))) == (kind, data)


def test_the_secret_is_not_in_the_repr() -> None:
    assert "secret" not in repr(CODE)
