"""Streaming never releases a byte that has not authenticated, whatever was done to the file.

Chunks are 64 bytes here, so that a small file has many and damage meets every place in them; a last test keeps the
real 64 KiB. What may come out before an error is a row of whole chunks from the start: never part of the chunk that
was touched, and never the last chunk of a file that goes on or was cut.
"""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.crypto import age_stream
from app.crypto.age import AgeError, X25519Identity, open_file, open_pieces, seal
from app.crypto.attachment import open_attachment, seal_attachment
from app.protocol.errors import Problem

SMALL = 64
IDENTITY = X25519Identity.generate()


def sealed(plaintext: bytes, chunk: int = SMALL) -> tuple[bytes, int]:
    """An age file with small chunks, and where its chunks begin."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(age_stream, "CHUNK", chunk)
        data = seal(plaintext, [IDENTITY.recipient])
    chunks = max(1, -(-len(plaintext) // chunk))
    return data, len(data) - len(plaintext) - 16 * chunks


def released(data: bytes, chunk: int = SMALL, *, armored: bool | None = False) -> tuple[list[bytes], bool]:
    """The pieces that came out, and whether it ended well."""
    pieces: list[bytes] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(age_stream, "CHUNK", chunk)
        try:
            for piece in open_pieces(io.BytesIO(data), [IDENTITY], armored=armored):
                pieces.append(piece)
        except AgeError:
            return pieces, False
    return pieces, True


plaintexts = st.integers(0, 6 * SMALL).map(lambda size: bytes(n % 251 for n in range(size)))
sizes = st.sampled_from([0, 1, SMALL - 1, SMALL, SMALL + 1, 2 * SMALL, 5 * SMALL]).map(
    lambda size: bytes(n % 251 for n in range(size))
)


@st.composite
def damages(draw: st.DrawFn, data: bytes, start: int) -> bytes:
    """Cut short, lengthened, flipped, swapped, doubled or dropped chunks; sometimes nothing at all."""
    kind = draw(st.sampled_from(["cut", "longer", "flip", "swap", "double", "drop", "splice", "none"]))
    whole = SMALL + 16
    count = max(1, -(-(len(data) - start) // whole))
    one, other = (start + whole * draw(st.integers(0, count - 1)) for _ in range(2))
    if kind == "cut":
        return data[: draw(st.integers(0, len(data)))]
    if kind == "longer":
        return data + draw(st.binary(min_size=1, max_size=100))
    if kind == "flip":
        place = draw(st.integers(0, len(data) - 1))
        return data[:place] + bytes([data[place] ^ draw(st.integers(1, 255))]) + data[place + 1 :]
    if kind == "swap" and one < other:
        return data[:one] + data[other : other + whole] + data[one + whole : other] + data[one : one + whole] + data[
            other + whole :
        ]  # fmt: skip
    if kind == "double":
        return data[: one + whole] + data[one:]
    if kind == "drop":
        return data[:one] + data[one + whole :]
    if kind == "splice":
        return data[:one] + draw(st.binary(max_size=2 * whole)) + data[other:]
    return data


@settings(max_examples=400, deadline=None)
@given(st.data(), plaintexts | sizes)
def test_nothing_unauthenticated_is_ever_released(data: st.DataObject, plaintext: bytes) -> None:
    original, start = sealed(plaintext)
    altered = data.draw(damages(original, start))
    pieces, well = released(altered)
    together = b"".join(pieces)
    assert well == (altered == original)
    if well:
        assert together == plaintext
        return
    assert plaintext.startswith(together) and all(len(piece) == SMALL for piece in pieces)
    untouched = next((n for n, (a, b) in enumerate(zip(original, altered, strict=False)) if a != b),
                     min(len(original), len(altered)))  # fmt: skip
    assert len(together) <= max(
        0, untouched - start
    )  # nothing of the first chunk that was touched, or after it


@settings(max_examples=200, deadline=None)
@given(plaintexts | sizes, st.integers(1, 400))
def test_a_file_that_was_cut_never_releases_its_last_chunk(plaintext: bytes, missing: int) -> None:
    original, _ = sealed(plaintext)
    pieces, well = released(original[: max(0, len(original) - missing)])
    assert not well
    last = len(plaintext) % SMALL or min(SMALL, len(plaintext))
    assert len(b"".join(pieces)) <= len(plaintext) - last


@settings(max_examples=100, deadline=None)
@given(plaintexts, st.integers(1, 255), st.data())
def test_armored_files_release_nothing_unauthenticated_either(
    plaintext: bytes, mask: int, data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(age_stream, "CHUNK", SMALL)
        text = seal(plaintext, [IDENTITY.recipient], armored=True)
    place = data.draw(st.integers(0, len(text) - 1))
    pieces, well = released(text[:place] + bytes([text[place] ^ mask]) + text[place + 1 :], armored=True)
    assert plaintext.startswith(b"".join(pieces))
    assert all(len(piece) == SMALL for piece in pieces) or well


@settings(max_examples=12, deadline=None)
@given(st.sampled_from([65_535, 65_536, 65_537, 131_072, 150_000]), st.integers(1, 70_000))
def test_real_chunks_and_files_that_were_cut(size: int, missing: int) -> None:
    plaintext = bytes(size)
    data = seal(plaintext, [IDENTITY.recipient])
    target = io.BytesIO()
    with pytest.raises(AgeError):
        open_file(io.BytesIO(data[:-missing]), target, [IDENTITY])
    last = size % 65_536 or 65_536
    assert len(target.getvalue()) <= size - last and not target.getvalue().strip(b"\0")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.integers(1, 255), st.data())
def test_an_attachment_is_whole_or_a_problem(size: int, mask: int, data: st.DataObject) -> None:
    sealed_file, plaintext = io.BytesIO(), bytes(n % 251 for n in range(size))
    attachment = seal_attachment(io.BytesIO(plaintext), sealed_file, "a.jpg")
    whole = sealed_file.getvalue()
    place = data.draw(st.integers(0, len(whole) - 1))
    for altered in (
        whole[:place] + bytes([whole[place] ^ mask]) + whole[place + 1 :],
        whole[:place],
        whole + b"x",
    ):
        target = io.BytesIO()
        with pytest.raises(Problem, match=r"crypto\.damaged_attachment"):
            open_attachment(io.BytesIO(altered), target, attachment)
        assert target.getvalue() in (b"", plaintext)  # a byte too many is found after the last chunk
