"""Signatures checked beside the server: the same verdicts, and none unchecked when the helper fails."""

import io
import os

import pytest

from app.protocol.keys import Purpose, SigningKey
from sync_server import checking
from sync_server.checking import WORTH, Checker, answer, holds


def claims(count, wrong=()):
    keys = [SigningKey.generate() for _ in range(3)]
    made = []
    for n in range(count):
        message, key = os.urandom(50 + n), keys[n % 3]
        signature = key.sign(Purpose.MANIFEST, message)
        if n in wrong:
            message += b"x"
        made.append((key.public, message, signature))
    return made


@pytest.fixture
def checker(monkeypatch):
    monkeypatch.setattr(checking.os, "cpu_count", lambda: 2)
    found = Checker()
    yield found
    found.close()


@pytest.mark.parametrize("helper", [True, False])
def test_wrong_signatures_are_found_either_way(checker, helper):
    used = checker if helper else Checker(helper=False)
    wrong = {0, 7, WORTH + 3}
    for count in (0, 1, WORTH - 1, WORTH, WORTH + 10):
        verdicts = used.check(claims(count, wrong))
        assert verdicts == [n not in wrong for n in range(count)]
    assert (used.pid is not None) is helper


def test_a_signature_for_another_purpose_counts_for_nothing(checker):
    key = SigningKey.generate()
    made = [(key.public, b"m", key.sign(Purpose.RECORD, b"m"))] * WORTH
    assert checker.check(made) == [False] * WORTH


def test_a_killed_helper_is_replaced_and_nothing_goes_unchecked(checker):
    wrong, pids = {3}, []
    for _ in range(2):
        assert checker.check(claims(WORTH, wrong)) == [n not in wrong for n in range(WORTH)]
        pids.append(checker.pid)
        os.kill(checker.pid, 9)
        assert checker.check(claims(WORTH, wrong)) == [n not in wrong for n in range(WORTH)]
    assert len(set(pids)) == 2


def test_the_helper_ends_with_its_pipe():
    message, sink = claims(1)[0], io.BytesIO()
    asked = (
        checking._COUNT.pack(1)
        + checking._HEAD.pack(len(message[1]), message[0].raw, message[2])
        + message[1]
    )
    answer(io.BytesIO(asked * 2), sink)
    assert sink.getvalue() == b"\x01\x01"
    assert holds(message)


def test_the_helper_is_not_told_the_servers_settings(monkeypatch):
    monkeypatch.setenv("DOORSTEP_DATABASE", "postgresql://user:word@host/db")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "word")
    assert "word" not in " ".join(checking._environment().values())
