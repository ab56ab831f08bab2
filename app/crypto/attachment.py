"""Attachments: each photo or file is its own age file, sealed once to a fresh identity.

That identity travels inside the record, so adding a reader seals the small record again and never
the photo. The record names the sealed file by its SHA-256, which the server checks too.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from app.crypto.age import open_file, seal_pieces
from app.crypto.age_errors import AgeError
from app.crypto.age_keys import X25519Identity
from app.crypto.primitives import Random
from app.protocol.errors import Problem


@dataclass(frozen=True)
class Attachment:
    """`sha256` (hex) and `size` are those of the sealed file; `identity` opens it."""

    name: str
    sha256: str
    size: int
    identity: str = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The record's form of it."""
        return {"name": self.name, "sha256": self.sha256, "size": self.size, "identity": self.identity}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Attachment":
        return cls(value["name"], value["sha256"], value["size"], value["identity"])


def seal_attachment(
    source: BinaryIO, target: BinaryIO, name: str, *, random: Random = os.urandom
) -> Attachment:
    """Seals a file of any size with constant memory, and says how the record must name it."""
    identity = X25519Identity.generate(random)
    digest, size = hashlib.sha256(), 0
    for piece in seal_pieces(source, [identity.recipient], random=random):
        target.write(piece)
        digest.update(piece)
        size += len(piece)
    return Attachment(name, digest.hexdigest(), size, str(identity))


def open_attachment(source: BinaryIO, target: BinaryIO, attachment: Attachment) -> None:
    """Opens a sealed file into `target` with constant memory.

    Raises Problem("crypto.damaged_attachment") when the file is not exactly the one the record names.
    Chunks before the damage may be in `target` then: throw it away.
    """
    measured = _Measured(source)
    identity = X25519Identity.parse(attachment.identity)
    try:
        open_file(measured, target, [identity], armored=False)  # type: ignore[arg-type]
    except AgeError as error:
        raise Problem("crypto.damaged_attachment", name=attachment.name) from error
    if measured.size != attachment.size or measured.digest.hexdigest() != attachment.sha256:
        raise Problem("crypto.damaged_attachment", name=attachment.name)


class _Measured:
    """Hashes and counts what is read through it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        return self._seen(self._source.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._seen(self._source.readline(size))

    def _seen(self, data: bytes) -> bytes:
        self.digest.update(data)
        self.size += len(data)
        return data
