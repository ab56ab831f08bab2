"""Every C2SP age vector that an X25519 or passphrase identity can try gives its verdict."""

import hashlib
import io

import pytest

from app.crypto.age import (
    AgeError,
    ArmorError,
    CorruptHeader,
    CorruptPayload,
    HeaderMac,
    NotForMe,
    open_pieces,
    open_sealed,
)
from tests.shared_material import SHARED
from tests.unit.crypto.age_vectors import Vector, read_vector

FOLDER = SHARED / "vectors" / "age" / "testdata"
VERDICTS: dict[str, type[AgeError]] = {
    "no match": NotForMe,
    "HMAC failure": HeaderMac,
    "header failure": CorruptHeader,
    "payload failure": CorruptPayload,
    "armor failure": ArmorError,
}
NAMES = sorted(path.name for path in FOLDER.iterdir()) if FOLDER.is_dir() else []


def _vector(name: str) -> Vector:
    vector = read_vector(FOLDER / name)
    if vector.hybrid:
        pytest.skip("needs an ML-KEM identity, which cryptography 43.0.1 does not have")
    return vector


def _stream(vector: Vector) -> tuple[bytes, AgeError | None]:
    """What a streaming reader gets, and how it ended."""
    released = b""
    try:
        for piece in open_pieces(io.BytesIO(vector.data), vector.openers(), armored=vector.armored):
            released += piece
    except AgeError as error:
        return released, error
    return released, None


@pytest.mark.skipif(not NAMES, reason="reference material vectors/age is not beside the project")
def test_the_vectors_are_all_there() -> None:
    vectors = [read_vector(FOLDER / name) for name in NAMES]
    assert len(vectors) == 143
    assert sum(not vector.hybrid for vector in vectors) == 124


@pytest.mark.parametrize("name", NAMES)
def test_vector(name: str) -> None:
    vector = _vector(name)
    released, error = _stream(vector)
    if vector.expect == "success":
        assert error is None
    else:
        assert isinstance(error, VERDICTS[vector.expect])
        assert vector.expect == "HMAC failure" or not isinstance(error, HeaderMac)
    if vector.payload:
        assert hashlib.sha256(released).hexdigest() == vector.payload
    else:
        assert released == b""


@pytest.mark.parametrize("name", NAMES)
def test_whole_bytes_are_all_or_nothing(name: str) -> None:
    """`open_sealed`, which finds out about armor by itself, never returns part of a payload."""
    vector = _vector(name)
    if vector.expect == "success":
        opened = open_sealed(vector.data, vector.openers())
        assert hashlib.sha256(opened).hexdigest() == vector.payload
    else:
        with pytest.raises(AgeError):
            open_sealed(vector.data, vector.openers(), armored=vector.armored)
