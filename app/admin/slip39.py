"""Sharing 32 bytes among people by SLIP-39: any two of three sheets of words give them back, one tells nothing.

The scheme, its 1,024 words and its check sums are the standard's, by the library that its authors keep
(`shamir-mnemonic`), so that any other SLIP-39 program puts the sheets together as well.
Specification: https://github.com/satoshilabs/slips/blob/master/slip-0039.md
"""

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

from app.protocol.errors import Problem

NEEDED, SHARES = 2, 3
WORDS = 33  # of a share of 32 bytes
SHORTEST = 4  # letters that tell every word of the list from the others
_WORDS = {word[:SHORTEST]: word for word in WORDLIST}


def split(secret: bytes) -> list[str]:
    """Three mnemonics of 33 words for a secret of 32 bytes; the randomness is the operating system's."""
    if len(secret) != 32:
        raise ValueError("a recovery key has 32 bytes")
    (mnemonics,) = generate_mnemonics(1, [(NEEDED, SHARES)], secret)
    return list(mnemonics)


def read_share(text: str) -> str:
    """The mnemonic that somebody typed, whole and in small letters; a word's first four letters are enough.

    Raises Problem: crypto.bad_share_word (which word, by its number), crypto.bad_share (a word is missing, or
    one was taken for another).
    """
    typed = text.lower().split()
    words = [_word(word, place) for place, word in enumerate(typed, 1)]
    mnemonic = " ".join(words)
    _parsed(mnemonic, len(words))
    return mnemonic


def shares_needed(mnemonic: str) -> int:
    """How many shares of this one's splitting give the secret back. Raises Problem("crypto.bad_share")."""
    return _parsed(mnemonic, len(mnemonic.split())).member_threshold


def combine(mnemonics: Sequence[str], passphrase: bytes = b"") -> bytes:
    """The secret. `passphrase` is for shares that another program made with one; ours have none.

    Raises Problem("crypto.bad_shares") for shares that are too few, mixed or the same twice, and what
    `read_share` raises.
    """
    shares = list(dict.fromkeys(read_share(mnemonic) for mnemonic in mnemonics))
    if not shares:
        raise Problem("crypto.bad_shares")
    try:
        return combine_mnemonics(shares[: shares_needed(shares[0])], passphrase)
    except MnemonicError as error:
        raise Problem("crypto.bad_shares") from error


def _word(typed: str, place: int) -> str:
    word = _WORDS.get(typed[:SHORTEST])
    if word is None or not word.startswith(typed):
        raise Problem("crypto.bad_share_word", place=place)
    return word


def _parsed(mnemonic: str, count: int) -> Share:
    try:
        return Share.from_mnemonic(mnemonic)
    except MnemonicError as error:
        raise Problem("crypto.bad_share", count=count) from error
