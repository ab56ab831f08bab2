import base64

import pytest

from app.protocol.checkpoint import Checkpoint, key_hash, origin_of
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey, VerifyKey

KEY = SigningKey.from_seed(b"l" * 32)
ORIGIN = origin_of("org-1")
CHECKPOINT = Checkpoint(ORIGIN, 7, b"r" * 32, "2026-03-01T08:00:00Z", 3, "ab" * 32)


def test_a_signed_note_opens_again():
    note = CHECKPOINT.sign(KEY)
    assert Checkpoint.open(note, KEY.public, ORIGIN) == CHECKPOINT
    assert note.splitlines()[:3] == [ORIGIN, "7", base64.b64encode(b"r" * 32).decode()]


def test_an_empty_log_has_no_roster_yet():
    empty = Checkpoint(ORIGIN, 0, b"r" * 32, "2026-03-01T08:00:00Z")
    assert Checkpoint.open(empty.sign(KEY), KEY.public, ORIGIN) == empty


def test_the_key_hash_is_the_signed_notes_own():
    # the public example of C2SP signed-note.md: PeterNeumann+c74f20a3
    key = VerifyKey(base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:])
    assert key_hash("PeterNeumann", key).hex() == "c74f20a3"


def test_signatures_of_witnesses_are_passed_over():
    note = CHECKPOINT.sign(KEY)
    witnessed = note + "— witness.example " + base64.b64encode(b"w" * 68).decode() + "\n"
    assert Checkpoint.open(witnessed, KEY.public, ORIGIN) == CHECKPOINT


def test_another_key_another_log_or_altered_text_is_refused():
    note = CHECKPOINT.sign(KEY)
    other = SigningKey.from_seed(b"m" * 32)
    bad = [
        (note, other.public, ORIGIN),
        (note, KEY.public, origin_of("org-2")),
        (note.replace("\n7\n", "\n8\n"), KEY.public, ORIGIN),
        (note.replace("roster 3", "roster 4"), KEY.public, ORIGIN),
        (note.replace("\n7\n", "\n07\n"), KEY.public, ORIGIN),
        (CHECKPOINT.body(), KEY.public, ORIGIN),
        (note[:-1], KEY.public, ORIGIN),
        ("", KEY.public, ORIGIN),
        (note.replace("at 2026", "at 2026-"), KEY.public, ORIGIN),
    ]
    for text, key, origin in bad:
        with pytest.raises(Problem) as caught:
            Checkpoint.open(text, key, origin)
        assert caught.value.code == "server.bad_checkpoint"
