"""Reads the C2SP age test vectors: one file, one failure, what must happen."""

import zlib
from dataclasses import dataclass
from pathlib import Path

from app.crypto.age import Identity, ScryptIdentity, X25519Identity


@dataclass(frozen=True)
class Vector:
    name: str
    expect: str
    payload: str
    identities: tuple[str, ...]
    passphrases: tuple[str, ...]
    armored: bool
    data: bytes

    @property
    def hybrid(self) -> bool:
        """Whether it needs the post-quantum identity, which no tablet's cryptography offers."""
        return any(text.startswith("AGE-SECRET-KEY-PQ-") for text in self.identities)

    def openers(self) -> list[Identity]:
        keys: list[Identity] = [X25519Identity.parse(text) for text in self.identities]
        return keys + [ScryptIdentity(text) for text in self.passphrases]


def read_vector(path: Path) -> Vector:
    head, _, data = path.read_bytes().partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.decode().splitlines():
        name, _, value = line.partition(": ")
        fields.setdefault(name, []).append(value)
    unknown = set(fields) - {
        "expect", "payload", "file key", "identity", "passphrase", "armored", "compressed", "comment",
    }  # fmt: skip
    assert not unknown, unknown
    if fields.get("compressed") == ["zlib"]:
        data = zlib.decompress(data)
    return Vector(
        name=path.name,
        expect=fields["expect"][0],
        payload=fields.get("payload", [""])[0],
        identities=tuple(fields.get("identity", ())),
        passphrases=tuple(fields.get("passphrase", ())),
        armored=fields.get("armored") == ["yes"],
        data=data,
    )
