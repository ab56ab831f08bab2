"""Attachments: sealed once, opened with what the record keeps, refused when anything differs."""

import io
import os
from dataclasses import replace

import pytest

from app.crypto.age import X25519Identity, seal
from app.crypto.attachment import Attachment, open_attachment, seal_attachment
from app.protocol.errors import Problem


def _sealed(data: bytes) -> tuple[bytes, Attachment]:
    target = io.BytesIO()
    attachment = seal_attachment(io.BytesIO(data), target, "photo.jpg")
    return target.getvalue(), attachment


@pytest.mark.parametrize("size", [0, 1, 65536, 200_000])
def test_round_trip(size: int) -> None:
    data, opened = os.urandom(size), io.BytesIO()
    sealed, attachment = _sealed(data)
    assert (attachment.size, attachment.name) == (len(sealed), "photo.jpg")
    open_attachment(io.BytesIO(sealed), opened, Attachment.from_dict(attachment.to_dict()))
    assert opened.getvalue() == data


def test_the_identity_is_fresh_and_stays_out_of_repr() -> None:
    one, two = _sealed(b"x")[1], _sealed(b"x")[1]
    assert one.identity != two.identity and one.identity not in repr(one)


def test_every_flipped_byte() -> None:
    sealed, attachment = _sealed(b"Familia Exemplu 12")
    for place in range(len(sealed)):
        altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(Problem, match="damaged_attachment"):
            open_attachment(io.BytesIO(altered), io.BytesIO(), attachment)


def test_another_file_under_the_same_identity() -> None:
    """Whoever knows the identity can seal to it; the record's hash still tells."""
    sealed, attachment = _sealed(b"honest")
    other = seal(b"forged", [X25519Identity.parse(attachment.identity).recipient])
    assert len(other) == len(sealed)
    with pytest.raises(Problem, match="damaged_attachment"):
        open_attachment(io.BytesIO(other), io.BytesIO(), attachment)
    with pytest.raises(Problem, match="damaged_attachment"):
        open_attachment(io.BytesIO(sealed), io.BytesIO(), replace(attachment, size=attachment.size + 1))
    with pytest.raises(Problem, match="damaged_attachment"):
        open_attachment(io.BytesIO(sealed + b"x"), io.BytesIO(), attachment)
