"""2048 words that anybody can say, and what is made of them: passphrases and six-word fingerprints.

Every word has five letters, consonant-vowel-consonant-vowel-consonant, of letters that Romanian and
English read alike. The last consonant is a check letter computed from the first four, so any two words
differ in two places at least: one misheard letter never turns a word into another.
"""

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from itertools import product

from app.crypto.primitives import Random
from app.protocol.canonical import canonical_json
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey

BITS = 11
COUNT = 1 << BITS
FINGERPRINT_WORDS = 6
PASSPHRASE_WORDS = 5
PASSPHRASE_CHARACTERS = 20
PIN_LENGTH = 6
_CONSONANTS = "bdfklmnprstv"
_VOWELS = "aeiou"
_FINGERPRINT_CONTEXT = b"doorstep/six-words/v1\x00"
# Pieces of words nobody should be given to read aloud, in either language.
_UNKIND = (
    "bol", "bul", "dam", "deb", "dum", "fat", "fut", "kak", "kur", "lab", "lep", "mor", "mur", "nad",
    "neb", "pak", "ped", "pen", "pid", "pis", "pop", "pub", "pul", "pup", "rap", "ras", "sad", "sat",
    "sem", "sex", "sin", "suk", "tar", "tat", "tit", "top", "tur", "vir", "vom",
)  # fmt: skip


@cache
def words() -> tuple[str, ...]:
    """The list, in alphabetical order; `words()[n]` stands for the eleven bits of n."""
    found = (
        _word(*letters)
        for letters in product(_CONSONANTS, _VOWELS, _CONSONANTS, _VOWELS)
        if letters[0] != letters[2]
    )
    kind = [word for word in found if not any(piece in word for piece in _UNKIND)]
    # A fixed pick that spreads over all first letters instead of stopping at one of them.
    picked = sorted(kind, key=lambda word: hashlib.sha256(word.encode("ascii")).digest())[:COUNT]
    return tuple(sorted(picked))


def _word(first: str, second: str, third: str, fourth: str) -> str:
    # Each weight is invertible modulo 12, or its letter's range is below 12: changing one letter
    # always changes the sum.
    total = (
        _CONSONANTS.index(first)
        + _VOWELS.index(second)
        + 5 * _CONSONANTS.index(third)
        + 7 * _VOWELS.index(fourth)
    )
    return first + second + third + fourth + _CONSONANTS[total % len(_CONSONANTS)]


def _spell(number: int, count: int) -> tuple[str, ...]:
    mask = COUNT - 1
    return tuple(words()[number >> BITS * (count - 1 - place) & mask] for place in range(count))


def six_words(data: bytes) -> tuple[str, ...]:
    """66 bits of the data's hash as six words, to be compared by two people."""
    digest = hashlib.sha256(_FINGERPRINT_CONTEXT + data).digest()
    number = int.from_bytes(digest, "big") >> len(digest) * 8 - BITS * FINGERPRINT_WORDS
    return _spell(number, FINGERPRINT_WORDS)


def device_words(statement_body: dict[str, str]) -> tuple[str, ...]:
    """The six words of a device's public half (`DeviceKeys.statement_body()`), for enrolment."""
    return six_words(canonical_json(statement_body))


def root_words(root: VerifyKey) -> tuple[str, ...]:
    """The six words of an organisation's public root key, as its printed sheet shows them."""
    return six_words(str(root).encode("ascii"))


@dataclass(frozen=True)
class Suggestion:
    """A passphrase and its strength in bits, all of it from the random source."""

    text: str
    bits: int


def suggest_passphrase(count: int = PASSPHRASE_WORDS, *, random: Random = os.urandom) -> Suggestion:
    """`count` words (five at least), eleven bits each: five words are 55 bits, six 66."""
    if count < PASSPHRASE_WORDS:
        raise ValueError(f"a passphrase has {PASSPHRASE_WORDS} words at least")
    # 2048 divides 65536, so dropping the upper bits favours no word.
    drawn = (int.from_bytes(random(2), "big") % COUNT for _ in range(count))
    return Suggestion(" ".join(words()[number] for number in drawn), count * BITS)


def check_passphrase(text: str, *, keystore: bool = False) -> None:
    """Raises Problem("crypto.weak_passphrase") for what is too short to withstand guessing.

    Five different words, or twenty characters that are not a few repeated. With a keystore secret a
    PIN of six characters is enough, because guessing then needs the device itself.
    """
    written = text.split()
    if keystore:
        strong = len(text.strip()) >= PIN_LENGTH
    else:
        enough_words = len({word.casefold() for word in written if len(word) >= 3}) >= PASSPHRASE_WORDS
        strong = enough_words or (len(text.strip()) >= PASSPHRASE_CHARACTERS and len(set(text)) >= 8)
    if not strong:
        characters = PIN_LENGTH if keystore else PASSPHRASE_CHARACTERS
        raise Problem("crypto.weak_passphrase", words=PASSPHRASE_WORDS, characters=characters)
