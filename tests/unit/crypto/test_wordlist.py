"""The word list: fixed for ever, hard to mishear, and what is drawn from it."""

import hashlib

import pytest

from app.crypto.device import new_device
from app.crypto.wordlist import check_passphrase, device_words, six_words, suggest_passphrase, words
from app.protocol.errors import Problem

FIXED = "47ea14b90330e903f14faf5a857a913ed025a6a3aaee0d5fca14b24eafdd4337"


def test_the_list_never_changes() -> None:
    """Two versions of the program must show the same six words for the same keys."""
    assert hashlib.sha256("\n".join(words()).encode()).hexdigest() == FIXED


def test_2048_words_in_order() -> None:
    assert len(words()) == len(set(words())) == 2048 and list(words()) == sorted(words())
    assert {len(word) for word in words()} == {5}
    assert {word[0] for word in words()} == set("bdfklmnprstv")


def test_any_two_words_differ_in_two_letters() -> None:
    seen: set[tuple[int, str]] = set()
    for word in words():
        for place in range(5):
            left_out = (place, word[:place] + word[place + 1 :])
            assert left_out not in seen
            seen.add(left_out)


def test_six_words_are_66_bits_of_a_hash() -> None:
    assert len(six_words(b"")) == 6 and six_words(b"a") != six_words(b"b")
    assert six_words(b"Doorstep") == six_words(b"Doorstep")
    number = 0
    for word in six_words(b"Doorstep"):
        number = number << 11 | words().index(word)
    digest = hashlib.sha256(b"doorstep/six-words/v1\x00Doorstep").digest()
    assert number == int.from_bytes(digest, "big") >> 256 - 66


def test_a_devices_words_cover_all_it_says() -> None:
    body = new_device("member-1", "fieldworker").statement_body()
    for name in body:
        assert device_words({**body, name: body[name] + "x"}) != device_words(body)


def test_suggestions() -> None:
    suggestion = suggest_passphrase()
    assert len(suggestion.text.split()) == 5 and suggestion.bits == 55
    assert suggest_passphrase(6).bits == 66
    check_passphrase(suggestion.text)
    assert len({suggest_passphrase().text for _ in range(100)}) == 100
    with pytest.raises(ValueError):
        suggest_passphrase(4)


def test_every_word_can_be_drawn_and_none_more_often() -> None:
    numbers = iter(range(65536))
    drawn = " ".join(
        suggest_passphrase(16, random=lambda size: next(numbers).to_bytes(size, "big")).text
        for _ in range(4096)
    ).split()
    assert {drawn.count(word) for word in words()[:20]} == {32} and set(drawn) == set(words())


@pytest.mark.parametrize(
    "text",
    [
        "casa lac munte pod drum",
        "unu doi trei patru cinci",
        "o propoziție destul de lungă",
        "x9!kQ2#vLm5&rT8*zW3@",
    ],
)
def test_strong_enough(text: str) -> None:
    check_passphrase(text)


@pytest.mark.parametrize(
    "text", ["", "482915", "parola", "casa lac munte pod", "la la la la la la", "a" * 40, "a b c d e"]
)
def test_too_weak(text: str) -> None:
    with pytest.raises(Problem, match=r"crypto\.weak_passphrase"):
        check_passphrase(text)


def test_a_pin_needs_the_keystore() -> None:
    check_passphrase("482915", keystore=True)
    with pytest.raises(Problem):
        check_passphrase("4829", keystore=True)
