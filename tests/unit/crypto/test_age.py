"""The age format from the outside: round trips, streaming, errors, and Debian's own `age`."""

import io
import os
import pty
import select
import shutil
import subprocess
import tracemalloc
from pathlib import Path

import pytest

from app.crypto.age import (
    AgeError,
    CorruptHeader,
    NotForMe,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
    open_file,
    open_pieces,
    open_sealed,
    seal,
    seal_file,
)
from app.crypto.age_stream import CHUNK, chunk_nonce
from app.protocol.errors import Problem

SIZES = [0, 1, 47, 48, 511, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17]
AGE = shutil.which("age")
needs_age = pytest.mark.skipif(AGE is None, reason="the age command is not installed")


@pytest.fixture(scope="module")
def identity() -> X25519Identity:
    return X25519Identity.generate()


@pytest.mark.parametrize("armored", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_round_trip(identity: X25519Identity, size: int, armored: bool) -> None:
    plaintext = os.urandom(size)
    data = seal(plaintext, [X25519Identity.generate().recipient, identity.recipient], armored=armored)
    assert open_sealed(data, [X25519Identity.generate(), identity]) == plaintext
    with pytest.raises(NotForMe):
        open_sealed(data, [X25519Identity.generate()])


def test_passphrase_round_trip() -> None:
    data = seal(b"secret", [ScryptRecipient("cinci cuvinte", log_n=10)])
    assert open_sealed(data, [ScryptIdentity("cinci cuvinte")]) == b"secret"
    with pytest.raises(NotForMe):
        open_sealed(data, [ScryptIdentity("alte cuvinte")])
    with pytest.raises(CorruptHeader):
        open_sealed(data, [ScryptIdentity("cinci cuvinte", max_log_n=9)])


def test_a_passphrase_stands_alone(identity: X25519Identity) -> None:
    with pytest.raises(ValueError):
        seal(b"", [ScryptRecipient("a", log_n=10), identity.recipient])
    with pytest.raises(Problem) as caught:
        seal(b"", [])
    assert caught.value.code == "crypto.no_recipients"


def test_keys_have_one_text(identity: X25519Identity) -> None:
    assert X25519Identity.parse(str(identity)) == identity
    assert X25519Recipient.parse(str(identity.recipient)) == identity.recipient
    assert str(identity) not in repr(identity) and identity.raw.hex() not in repr(identity)
    for text in (str(identity).lower(), str(identity.recipient), str(identity)[:-1] + "q", "", "age1"):
        with pytest.raises(Problem) as caught:
            X25519Identity.parse(text)
        assert caught.value.code == "crypto.bad_key"
    for text in (str(identity.recipient).upper(), str(identity), "age1"):
        with pytest.raises(Problem):
            X25519Recipient.parse(text)


def test_a_recipient_of_low_order_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        seal(b"x", [X25519Recipient(bytes(32))])
    assert caught.value.code == "crypto.bad_key"


def test_every_flipped_byte_is_refused(identity: X25519Identity) -> None:
    """The whole of a small sealed object: header, MAC, nonce, payload and tag; all three masks."""
    data = seal(b"Familia Exemplu 12", [identity.recipient, X25519Identity.generate().recipient])
    for place in range(len(data)):
        for mask in (0x01, 0x20, 0x80):
            altered = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
            with pytest.raises(AgeError):
                open_sealed(altered, [identity], armored=False)


def test_every_truncation_is_refused(identity: X25519Identity) -> None:
    data = seal(b"Familia Exemplu 12", [identity.recipient])
    for length in range(len(data)):
        with pytest.raises(AgeError):
            open_sealed(data[:length], [identity])


def test_armored_flips_never_change_the_plaintext(identity: X25519Identity) -> None:
    """Armor allows white space around it; whatever still opens must give the same bytes."""
    data = seal(b"Familia Exemplu 12", [identity.recipient], armored=True)
    for place in range(len(data)):
        altered = data[:place] + bytes([data[place] ^ 0x04]) + data[place + 1 :]
        with pytest.raises(AgeError):
            open_sealed(altered, [identity], armored=True)


def test_chunks_cannot_be_swapped_or_dropped(identity: X25519Identity) -> None:
    data = seal(os.urandom(CHUNK) * 3, [identity.recipient])
    start, step = len(data) - 3 * (CHUNK + 16), CHUNK + 16
    head, chunks = data[:start], [data[start + n * step : start + (n + 1) * step] for n in range(3)]
    for order in ([1, 0, 2], [0, 2], [0, 1], [0, 0, 1, 2], [0, 1, 2, 2]):
        with pytest.raises(AgeError):
            open_sealed(head + b"".join(chunks[n] for n in order), [identity])


def test_a_million_nonces_are_unique() -> None:
    """The counter construction: no two (counter, last) pairs share a nonce."""
    nonces = {chunk_nonce(counter, last) for counter in range(500_000) for last in (False, True)}
    assert len(nonces) == 1_000_000
    assert {len(nonce) for nonce in nonces} == {12}


def test_every_file_asks_for_fresh_randomness(identity: X25519Identity) -> None:
    """A file takes a file key, an ephemeral key for each recipient and a payload nonce, and reuses none."""
    asked: list[bytes] = []

    def random(size: int) -> bytes:
        asked.append(os.urandom(size))
        return asked[-1]

    files = [seal(b"same", [identity.recipient, identity.recipient], random=random) for _ in range(50)]
    assert [len(piece) for piece in asked[:4]] == [16, 32, 32, 16]
    assert len(asked) == len(set(asked)) == 200
    assert len(set(files)) == 50


class _Endless(io.RawIOBase):
    """`size` zero bytes that are never all in memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        taken = min(size, self.left, 10_000)  # short reads, as pipes give them
        self.left -= taken
        return bytes(taken)


def test_streams_with_constant_memory(identity: X25519Identity, tmp_path: Path) -> None:
    size = 24 * 1024 * 1024
    sealed, opened = tmp_path / "sealed", tmp_path / "opened"
    tracemalloc.start()
    with sealed.open("wb") as target:
        seal_file(_Endless(size), target, [identity.recipient])  # type: ignore[arg-type]
    with sealed.open("rb") as source, opened.open("wb") as target:
        open_file(source, target, [identity])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert opened.stat().st_size == size
    assert peak < 2 * 1024 * 1024


def test_streaming_releases_only_authenticated_chunks(identity: X25519Identity) -> None:
    data = bytearray(seal(bytes(CHUNK) + b"\x01" * CHUNK, [identity.recipient]))
    data[-1] ^= 1
    released = []
    with pytest.raises(AgeError):
        for piece in open_pieces(io.BytesIO(bytes(data)), [identity]):
            released.append(piece)
    assert released == [bytes(CHUNK)]


def test_a_header_bomb_is_refused(identity: X25519Identity) -> None:
    with pytest.raises(CorruptHeader):
        open_sealed(b"age-encryption.org/v1\n" + b"-> a\n\n" * 400_000, [identity])
    with pytest.raises(CorruptHeader):
        open_sealed(b"age-encryption.org/v1\n-> " + b"a" * 3_000_000, [identity])


# -- Debian's age -----------------------------------------------------------------------------------


@needs_age
@pytest.mark.parametrize("armored", [False, True])
@pytest.mark.parametrize("size", [0, 1, 5000, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_age_opens_what_we_seal(identity: X25519Identity, tmp_path: Path, size: int, armored: bool) -> None:
    plaintext, key = os.urandom(size), tmp_path / "key.txt"
    key.write_text(f"# for a test\n{identity}\n")
    data = seal(plaintext, [X25519Identity.generate().recipient, identity.recipient], armored=armored)
    opened = subprocess.run([str(AGE), "-d", "-i", str(key)], input=data, capture_output=True, check=True)
    assert opened.stdout == plaintext


@needs_age
@pytest.mark.parametrize("armored", [False, True])
@pytest.mark.parametrize("size", [0, 1, 5000, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_we_open_what_age_seals(identity: X25519Identity, size: int, armored: bool) -> None:
    plaintext = os.urandom(size)
    command = [str(AGE), "-r", str(X25519Identity.generate().recipient), "-r", str(identity.recipient)]
    sealed = subprocess.run(
        command + ["-a"] * armored, input=plaintext, capture_output=True, check=True
    ).stdout
    assert sealed.startswith(b"-----BEGIN") == armored
    assert open_sealed(sealed, [identity]) == plaintext


@needs_age
def test_age_makes_the_same_keys(tmp_path: Path) -> None:
    keygen = shutil.which("age-keygen")
    if keygen is None:
        pytest.skip("age-keygen is not installed")
    made = subprocess.run([keygen], capture_output=True, check=True, text=True)
    secret = made.stdout.strip().splitlines()[-1]
    assert str(X25519Identity.parse(secret).recipient) in made.stdout


def _age_at_a_terminal(arguments: list[str], passphrase: str, times: int) -> None:
    """Runs age with its own terminal, from which alone it reads passphrases."""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(str(AGE), [str(AGE), *arguments])
    said, sent = b"", 0
    while True:
        ready, _, _ = select.select([terminal], [], [], 60)
        try:
            piece = os.read(terminal, 4096) if ready else b""
        except OSError:  # Linux's way to say that the other end has closed
            break
        if not piece:
            break
        said += piece
        if sent < times and said.count(b":") > sent:
            os.write(terminal, passphrase.encode() + b"\n")
            sent += 1
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, said


@needs_age
def test_passphrases_work_both_ways(tmp_path: Path) -> None:
    plain, sealed, opened = tmp_path / "plain", tmp_path / "sealed.age", tmp_path / "opened"
    sealed.write_bytes(seal(b"from us", [ScryptRecipient("lac munte pod", log_n=12)]))
    _age_at_a_terminal(["-d", "-o", str(opened), str(sealed)], "lac munte pod", 1)
    assert opened.read_bytes() == b"from us"

    plain.write_bytes(b"from age")
    sealed.unlink()
    _age_at_a_terminal(["-p", "-o", str(sealed), str(plain)], "lac munte pod", 2)
    assert open_sealed(sealed.read_bytes(), [ScryptIdentity("lac munte pod")]) == b"from age"
