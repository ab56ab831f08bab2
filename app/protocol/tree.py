"""The log's Merkle tree (RFC 6962 §2.1, RFC 9162 §2.1): hashes, a growing frontier, proofs and their checks.

Complete subtrees never change once they exist. A node is named by (level, position): it covers the leaves
position·2^level … (position+1)·2^level - 1. Whoever makes a proof passes in `read(level, position) -> hash`.
All hashes are 32 raw bytes; all ranges are half open.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

HASH_SIZE = 32
MAX_SIZE = 2**53 - 1
EMPTY_ROOT = hashlib.sha256(b"").digest()

Read = Callable[[int, int], bytes]


class ProofError(ValueError):
    """A proof that does not prove what it should; nothing it came with may be believed."""


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def spans(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The fewest complete subtrees, as (level, position), that cover the leaves start … end-1 in order."""
    while start < end:
        fits = (end - start).bit_length() - 1
        level = min(fits, (start & -start).bit_length() - 1) if start else fits
        yield level, start >> level
        start += 1 << level


@dataclass(frozen=True)
class Frontier:
    """All that is needed of the first `size` leaves to go on: their complete subtrees, largest first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SIZE or len(self.hashes) != self.size.bit_count():
            raise ProofError("a frontier has one hash for each bit of its size")
        _check_hashes(self.hashes)

    def push(
        self, level: int, digest: bytes, made: Callable[[int, int, bytes], None] | None = None
    ) -> "Frontier":
        """With one more complete subtree of 2^level leaves; `made` is told every node that this completes."""
        stack = list(self.hashes)
        return Frontier(grow(stack, self.size, level, digest, made), tuple(stack))

    def cover(self, end: int, hashes: Iterator[bytes]) -> "Frontier":
        """Grown to `end` by a gap's subtrees, taken from `hashes`; raises ProofError when they run out."""
        frontier = self
        for level, _ in spans(self.size, end):
            digest = next(hashes, None)
            if digest is None:
                raise ProofError("the proof is too short")
            frontier = frontier.push(level, digest)
        return frontier

    def root(self) -> bytes:
        return fold(self.hashes)

    def to_wire(self) -> dict[str, object]:
        """JSON-able, for a client that keeps its place."""
        return {"size": self.size, "hashes": [digest.hex() for digest in self.hashes]}

    @classmethod
    def from_wire(cls, wire: dict[str, object] | None) -> "Frontier":
        if not wire:
            return cls()
        size, hashes = wire.get("size"), wire.get("hashes")
        if not isinstance(size, int) or not isinstance(hashes, list):
            raise ProofError("not a frontier")
        return cls(size, tuple(bytes.fromhex(text) for text in hashes))


def grow(
    stack: list[bytes],
    size: int,
    level: int,
    digest: bytes,
    made: Callable[[int, int, bytes], None] | None = None,
) -> int:
    """`Frontier.push` in place, for whoever pushes thousands: changes the frontier's hashes, returns its new size."""
    if size & ((1 << level) - 1):
        raise ProofError("a subtree starts at a multiple of its own size")
    grown, position = size + (1 << level), size >> level
    if made:
        made(level, position, digest)
    while position & 1:
        digest = node_hash(stack.pop(), digest)
        position, level = position >> 1, level + 1
        if made:
            made(level, position, digest)
    stack.append(digest)
    return grown


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over subtrees that stand side by side, largest first."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for digest in reversed(hashes[:-1]):
        root = node_hash(digest, root)
    return root


# -- proving several leaves at once ------------------------------------------------------------------------


def gaps(start: int, indices: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    """The subtrees, as (level, position), of everything between `start` and `end` but the given leaves."""
    for index in indices:
        yield from spans(start, index)
        start = index + 1
    yield from spans(start, end)


def cover_proof(read: Read, start: int, indices: Sequence[int], end: int) -> tuple[bytes, ...]:
    """The hashes a reader at `start` needs beside the leaves at `indices` (ascending) to reach `end`."""
    return tuple(read(level, position) for level, position in gaps(start, indices, end))


def walk(
    frontier: Frontier, leaves: Iterable[tuple[int, bytes]], end: int, proof: Iterator[bytes]
) -> Frontier:
    """The frontier at `end` after the known (index, leaf hash) pairs, gaps filled from `proof`."""
    for index, digest in leaves:
        if index < frontier.size or index >= end:
            raise ProofError("the leaves are out of order")
        frontier = frontier.cover(index, proof).push(0, digest)
    if frontier.size > end:
        raise ProofError("the proof goes beyond its end")
    return frontier.cover(end, proof)


def verify_cover(
    frontier: Frontier, leaves: Iterable[tuple[int, bytes]], size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raises ProofError unless the leaves stand where they say in the tree of this size and root."""
    rest = iter(_check_hashes(proof))
    grown = walk(frontier, leaves, size, rest)
    if next(rest, None) is not None:
        raise ProofError("the proof is too long")
    if grown.root() != root:
        raise ProofError("the proof leads to another root")


# -- RFC 6962 proofs of one leaf and of growth ---------------------------------------------------------------


def range_root(read: Read, start: int, end: int) -> bytes:
    """MTH of the leaves start … end-1; `start` is a multiple of the smallest power of two ≥ their number."""
    return fold([read(level, position) for level, position in spans(start, end)])


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(read: Read, index: int, size: int) -> tuple[bytes, ...]:
    """PATH(index, D[size]) of RFC 6962 §2.1.1."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(read, middle, end))
            end = middle
        else:
            path.append(range_root(read, start, middle))
            start = middle
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """RFC 9162 §2.1.3.2, with `leaf` the leaf's hash; raises ProofError."""
    if not 0 <= index < size <= MAX_SIZE:
        raise ProofError("the leaf is not in the tree")
    node, last, digest = index, size - 1, leaf
    for sibling in _check_hashes(proof):
        if last == 0:
            raise ProofError("the proof is too long")
        if node & 1 or node == last:
            digest = node_hash(sibling, digest)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        node, last = node >> 1, last >> 1
    if last or digest != root:
        raise ProofError("the proof leads to another root")


def consistency_proof(read: Read, first: int, second: int) -> tuple[bytes, ...]:
    """PROOF(first, D[second]) of RFC 6962 §2.1.2; empty where there is nothing to prove."""
    if not 0 <= first <= second:
        raise ValueError("a log only grows")
    if first in (0, second):
        return ()
    proof: list[bytes] = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            proof.append(range_root(read, middle, end))
            end = middle
        else:
            proof.append(range_root(read, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(range_root(read, start, end))
    return tuple(reversed(proof))


def verify_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """RFC 9162 §2.1.4.2; raises ProofError unless the second tree is the first one grown."""
    if not 0 <= first <= second <= MAX_SIZE:
        raise ProofError("a log only grows")
    if first in (0, second):
        expected = EMPTY_ROOT if first == 0 else second_root
        if proof or first_root != expected:
            raise ProofError("not the same tree")
        return
    rest = list(_check_hashes(proof))
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    if node:
        if not rest:
            raise ProofError("the proof is too short")
        old = new = rest.pop(0)
    else:
        old = new = first_root
    for sibling in rest:
        if last == 0:
            raise ProofError("the proof is too long")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last or old != first_root or new != second_root:
        raise ProofError("the proof leads to another root")


def _check_hashes(hashes: Sequence[bytes]) -> Sequence[bytes]:
    if any(not isinstance(digest, bytes) or len(digest) != HASH_SIZE for digest in hashes):
        raise ProofError("a hash is 32 bytes")
    return hashes
