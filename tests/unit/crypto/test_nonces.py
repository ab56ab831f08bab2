"""Nobody's nonce or key comes twice: a million of each from the code that really makes them.

The agreements and ciphers around the draws are left out here, because a million of them take minutes; what is drawn,
how much of it and where it ends up is the real code's. (The boxes of the store: `test_boxes.py`.)
"""

import io
import os
from collections import Counter
from dataclasses import dataclass, field

import pytest

from app.crypto import age, age_header, age_stream
from app.crypto import keyslot as keyslot_module
from app.crypto.age import X25519Identity, open_sealed, seal
from app.crypto.age_header import Stanza
from app.crypto.age_keys import FILE_KEY_SIZE
from app.crypto.attachment import seal_attachment
from app.crypto.device import new_device
from app.protocol.enrolment_seal import InvitationKeys

MILLION = 1_000_000


@dataclass
class Counting:
    """os.urandom, with everything that it gave."""

    given: list[bytes] = field(default_factory=list)

    def __call__(self, size: int) -> bytes:
        self.given.append(os.urandom(size))
        return self.given[-1]


class Bare:
    """A recipient that keeps the file key as it was given."""

    def __init__(self) -> None:
        self.keys: set[bytes] = set()

    def wrap(self, file_key: bytes, random: object) -> Stanza:
        self.keys.add(file_key)
        return _STANZA


_STANZA = Stanza("bare", (), b"")


class Silent:
    """Stands for the payload's cipher."""

    def encrypt(self, nonce: bytes, data: bytes, associated: None) -> bytes:
        return b""


@pytest.mark.slow
def test_a_million_file_keys_and_payload_nonces_are_unique(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through `seal_pieces`; only HKDF, HMAC and the payload's cipher are stood in for."""
    monkeypatch.setattr(age_header, "_mac", lambda key, signed: b"")
    monkeypatch.setattr(age_stream, "_cipher", lambda key, nonce: Silent())
    reader, nonces, empty = Bare(), set(), io.BytesIO()
    for _ in range(MILLION):
        pieces = age.seal_pieces(empty, [reader])
        next(pieces)
        nonces.add(next(pieces))
    assert len(reader.keys) == len(nonces) == MILLION
    assert {len(key) for key in reader.keys} == {FILE_KEY_SIZE} and {len(one) for one in nonces} == {16}
    assert not reader.keys & nonces


@pytest.mark.slow
def test_a_million_nonces_of_enrolment_are_unique() -> None:
    secrets = InvitationKeys(token="", offer_key=bytes(32), answer_key=os.urandom(32), root_mark=bytes(16))
    found = {secrets.seal_answer(b"", os.urandom)[:12] for _ in range(MILLION)}
    assert len(found) == MILLION


def test_every_draw_is_used_once() -> None:
    """Real seals to several readers: file key, one ephemeral key a reader, payload nonce; nothing else, none twice."""
    random, readers = Counting(), [X25519Identity.generate() for _ in range(3)]
    files = [seal(b"x" * 100, [one.recipient for one in readers], random=random) for _ in range(300)]
    assert Counter(map(len, random.given)) == {16: 600, 32: 900}
    assert len(set(random.given)) == 1500
    assert len({data[:300] for data in files}) == 300
    assert all(open_sealed(data, [readers[2]]) == b"x" * 100 for data in files[:20])


def test_every_attachment_and_device_has_keys_of_its_own() -> None:
    random = Counting()
    for n in range(200):
        seal_attachment(io.BytesIO(b"photo"), io.BytesIO(), f"{n}.jpg", random=random)
        new_device("member-1", "fieldworker", random)
    assert len(set(random.given)) == len(random.given) >= 200 * 6


def test_chunks_of_one_file_never_share_a_nonce() -> None:
    """A counter and the mark of the last chunk; the key is the file's own."""
    numbers = {age_stream.chunk_nonce(n, last) for n in range(100_000) for last in (False, True)}
    assert len(numbers) == 200_000
    with pytest.raises(OverflowError):
        age_stream.chunk_nonce(2**88, last=False)


def test_keyslots_draw_salt_and_nonce_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyslot_module, "scrypt", lambda *_: bytes(32))
    random = Counting()
    for _ in range(1000):
        keyslot_module.make_keyslot(bytes(32), "cinci cuvinte usor de tinut", random=random)
    assert len(set(random.given)) == len(random.given) == 2000
