"""The tree against RFC 6962's own recursive definitions, for every size up to a few dozen leaves."""

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.tree import (
    EMPTY_ROOT,
    Frontier,
    ProofError,
    consistency_proof,
    cover_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    spans,
    verify_consistency,
    verify_cover,
    verify_inclusion,
    walk,
)

LEAVES = [f"leaf {n}".encode() for n in range(70)]
SIZES = range(0, 34)


def mth(leaves):
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def read(level, position):
    return mth(LEAVES[position << level : (position + 1) << level])


def frontier_of(size):
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier = frontier.push(0, leaf_hash(leaf))
    return frontier


@pytest.mark.parametrize("size", SIZES)
def test_the_frontier_has_the_root_of_the_definition(size):
    assert frontier_of(size).root() == mth(LEAVES[:size])


def test_roots_of_the_certificate_transparency_reference_tree():
    # the well-known test tree of the Certificate Transparency project, inputs of 0 to 16 bytes
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    frontier = Frontier()
    for text in inputs:
        frontier = frontier.push(0, leaf_hash(bytes.fromhex(text)))
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert frontier.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_every_completed_node_is_told_once():
    made = {}
    frontier = Frontier()
    for leaf in LEAVES[:21]:
        frontier = frontier.push(
            0, leaf_hash(leaf), lambda level, at, digest: made.setdefault((level, at), digest)
        )
    assert made == {(level, at): read(level, at) for level in range(5) for at in range(21 >> level)}


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_of_every_leaf(size):
    root = mth(LEAVES[:size])
    for index in range(size):
        proof = inclusion_proof(read, index, size)
        verify_inclusion(leaf_hash(LEAVES[index]), index, size, proof, root)
        for wrong in ((index + 1) % size, index - 1):
            if wrong != index:
                with pytest.raises(ProofError):
                    verify_inclusion(leaf_hash(LEAVES[index]), wrong, size, proof, root)
        with pytest.raises(ProofError):
            verify_inclusion(leaf_hash(b"another"), index, size, proof, root)
        with pytest.raises(ProofError):
            verify_inclusion(leaf_hash(LEAVES[index]), index, size, [*proof, root], root)


@pytest.mark.parametrize("first, second", list(itertools.combinations_with_replacement(range(20), 2)))
def test_consistency_of_every_pair(first, second):
    proof = consistency_proof(read, first, second)
    old, new = mth(LEAVES[:first]), mth(LEAVES[:second])
    verify_consistency(first, old, second, new, proof)
    with pytest.raises(ProofError):
        verify_consistency(first, leaf_hash(b"fork"), second, new, proof)
    if first:
        with pytest.raises(ProofError):
            verify_consistency(first, old, second, leaf_hash(b"fork"), proof)
    if proof:
        with pytest.raises(ProofError):
            verify_consistency(first, old, second, new, proof[:-1])
        with pytest.raises(ProofError):
            verify_consistency(first, old, second, new, [*proof, proof[0]])


def test_a_shorter_tree_is_never_consistent():
    with pytest.raises(ProofError):
        verify_consistency(5, mth(LEAVES[:5]), 4, mth(LEAVES[:4]), ())


@given(st.data())
def test_one_proof_for_any_leaves_from_any_place(data):
    size = data.draw(st.integers(0, 70))
    start = data.draw(st.integers(0, size))
    known = sorted(data.draw(st.sets(st.integers(start, size - 1)))) if start < size else []
    proof = cover_proof(read, start, known, size)
    leaves = [(index, leaf_hash(LEAVES[index])) for index in known]
    root = mth(LEAVES[:size])
    verify_cover(frontier_of(start), leaves, size, proof, root)
    if known:
        altered = [(index, leaf_hash(b"altered")) for index, _ in leaves]
        with pytest.raises(ProofError):
            verify_cover(frontier_of(start), altered, size, proof, root)
    if proof:
        with pytest.raises(ProofError):
            verify_cover(frontier_of(start), leaves, size, proof[:-1], root)
        with pytest.raises(ProofError):
            verify_cover(frontier_of(start), leaves, size, [*proof, proof[0]], root)


@given(st.integers(0, 70), st.integers(0, 70), st.integers(0, 70))
def test_growing_by_pages_is_growing_at_once(first, second, third):
    first, second, third = sorted((first, second, third))
    frontier = walk(frontier_of(first), [], second, iter(cover_proof(read, first, [], second)))
    assert frontier == frontier_of(second)
    assert frontier.cover(third, iter(cover_proof(read, second, [], third))) == frontier_of(third)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_gap_costs_few_hashes(start, length):
    found = list(spans(start, start + length))
    assert sum(1 << level for level, _ in found) == length
    assert len(found) <= 2 * max(1, length).bit_length()


def test_a_frontier_survives_its_wire_form_and_refuses_nonsense():
    frontier = frontier_of(13)
    assert Frontier.from_wire(frontier.to_wire()) == frontier
    assert Frontier.from_wire(None) == Frontier()
    with pytest.raises(ProofError):
        Frontier(3, (b"\x00" * 32,))
    with pytest.raises(ProofError):
        Frontier(1, (b"short",))
    with pytest.raises(ProofError):
        frontier_of(1).push(1, b"\x00" * 32)


def test_leaves_out_of_order_are_refused():
    with pytest.raises(ProofError):
        walk(frontier_of(3), [(2, b"\x00" * 32)], 5, iter(()))
    with pytest.raises(ProofError):
        walk(frontier_of(3), [(5, b"\x00" * 32)], 5, iter(()))
