"""One row, one box: AES-256-GCM over everything a row says.

 store key (32 bytes)
  └─ HKDF-SHA256, one key a table ─▶ box key (content)   and   name key (row ids)

A box is nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes). The associated data and a header inside the
plaintext both name the table, the row id and its stamp, so a box moved to another row, another table or
another moment of the same row does not open.

Nonces are random 96-bit values. NIST SP 800-38D allows 2^32 boxes under one key for a collision
probability of 2^-32; a table key would need 136 answers a second for a year to get there. Random nonces
are preferred to a counter because a restored older copy of the file would repeat a counter.

Plaintexts are padded with zeros to size classes (at most 12 % above the content, see `padded_size`).
"""

import hmac
import struct
import zlib
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_SIZE = 12
TAG_SIZE = 16
COMPRESS_FROM = 512
HEADER = struct.Struct(">qqBI")  # row id, stamp, flags, length of the content
COMPRESSED = 1

RandomBytes = Callable[[int], bytes]


class BoxDamaged(Exception):
    """A box that does not open, or that was made for another row. Says which table and row."""

    def __init__(self, table: str, row: int) -> None:
        super().__init__(f"{table} row {row}")
        self.table = table
        self.row = row


def derive(store_key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose, from the 32-byte store key."""
    if len(store_key) != 32:
        raise ValueError("a store key has 32 bytes")
    return HKDF(SHA256(), 32, salt=None, info=b"doorstep store 1 " + purpose.encode()).derive(store_key)


def padded_size(length: int, floor: int) -> int:
    """The size class of `length` bytes: at least `floor`, then Padmé (5 significant bits and fewer).

    Padmé (Nikitin et al., PETS 2019) leaks O(log log n) bits of a length and costs at most 12 %.
    """
    if length <= floor:
        return floor
    exponent = length.bit_length() - 1
    keep = exponent.bit_length()
    mask = (1 << (exponent - keep)) - 1
    return (length + mask) & ~mask


class Boxer:
    """Seals and opens the boxes of one table."""

    def __init__(
        self, store_key: bytes, table: str, random: RandomBytes, floor: int = 64, *, compress: bool = True
    ) -> None:
        self.table = table
        self.floor = floor
        self._compress = compress
        self._random = random
        self._aead = AESGCM(derive(store_key, f"box {table}"))
        self._names = derive(store_key, f"name {table}")
        self._label = table.encode() + b"\0"

    def row_id(self, name: str) -> int:
        """The 63-bit id of a named row: a keyed hash, so ids tell nothing.

        Two of a million names share an id with a chance of 5e-8; that is refused (`rows.py`), never mixed up.
        """
        return int.from_bytes(hmac.digest(self._names, name.encode(), "sha256")[:8], "big") >> 1

    def seal(self, row: int, stamp: int, content: bytes) -> bytes:
        """The box of this content at this row and stamp."""
        flags = 0
        if self._compress and len(content) >= COMPRESS_FROM:
            shorter = zlib.compress(content, 1)
            if len(shorter) < len(content):
                content, flags = shorter, COMPRESSED
        plain = HEADER.pack(row, stamp, flags, len(content)) + content
        plain = plain.ljust(padded_size(len(plain), self.floor), b"\0")
        nonce = self._random(NONCE_SIZE)
        return nonce + self._aead.encrypt(nonce, plain, self._associated(row, stamp))

    def open(self, row: int, stamp: int, box: bytes) -> bytes:
        """The content of a box; raises BoxDamaged if a bit changed or the box belongs to another row."""
        if len(box) < NONCE_SIZE + TAG_SIZE + HEADER.size:
            raise BoxDamaged(self.table, row)
        try:
            plain = self._aead.decrypt(box[:NONCE_SIZE], box[NONCE_SIZE:], self._associated(row, stamp))
        except InvalidTag:
            raise BoxDamaged(self.table, row) from None
        inner_row, inner_stamp, flags, length = HEADER.unpack_from(plain)
        if (inner_row, inner_stamp) != (row, stamp) or length > len(plain) - HEADER.size:
            raise BoxDamaged(self.table, row)
        content = plain[HEADER.size : HEADER.size + length]
        return zlib.decompress(content) if flags & COMPRESSED else content

    def _associated(self, row: int, stamp: int) -> bytes:
        return self._label + struct.pack(">qq", row, stamp)
