"""Boxes: what flips, moves or is swapped does not open; nonces do not repeat; sizes fall into classes."""

import os
from collections.abc import Iterator

import pytest

from app.store.boxes import BoxDamaged, Boxer, derive, padded_size

KEY = bytes(range(32))


def boxer(table: str = "record", floor: int = 64, key: bytes = KEY) -> Boxer:
    return Boxer(key, table, os.urandom, floor)


@pytest.mark.parametrize("size", [0, 1, 63, 511, 512, 513, 70_000])
def test_contents_come_back(size: int) -> None:
    content = os.urandom(size)
    one = boxer()
    assert one.open(7, 9, one.seal(7, 9, content)) == content


def test_any_flipped_byte_is_refused() -> None:
    one = boxer()
    box = one.seal(7, 9, b"Familia Exemplu 12")
    for place in range(len(box)):
        changed = bytearray(box)
        changed[place] ^= 0x01
        with pytest.raises(BoxDamaged):
            one.open(7, 9, bytes(changed))
    for length in range(len(box)):
        with pytest.raises(BoxDamaged):
            one.open(7, 9, box[:length])


@pytest.mark.parametrize(
    ("other", "row", "stamp"),
    [
        (boxer(), 8, 9),
        (boxer(), 7, 8),
        (boxer("outbox"), 7, 9),
        (boxer(key=bytes(32)), 7, 9),
    ],
)
def test_a_box_opens_only_where_it_was_made(other: Boxer, row: int, stamp: int) -> None:
    box = boxer().seal(7, 9, b"x")
    with pytest.raises(BoxDamaged):
        other.open(row, stamp, box)


def test_the_header_inside_is_checked_as_well() -> None:
    class Forgetful(Boxer):
        """A boxer whose associated data names no row: only the header inside is left to notice a swap."""

        def _associated(self, row: int, stamp: int) -> bytes:
            return b""

    one = Forgetful(KEY, "record", os.urandom)
    box = one.seal(7, 9, b"x")
    assert one.open(7, 9, box) == b"x"
    for row, stamp in ((8, 9), (7, 10)):
        with pytest.raises(BoxDamaged):
            one.open(row, stamp, box)


@pytest.mark.slow
def test_a_million_nonces_are_unique() -> None:
    one = boxer()
    assert len({one.seal(1, n, b"")[:12] for n in range(1_000_000)}) == 1_000_000


def test_randomness_is_what_was_passed_in() -> None:
    counter: Iterator[int] = iter(range(10))
    one = Boxer(KEY, "record", lambda size: next(counter).to_bytes(size, "big"))
    assert [one.seal(1, 1, b"")[:12] for _ in range(2)] == [bytes(12), bytes(11) + b"\x01"]


def test_sizes_fall_into_few_classes() -> None:
    assert {padded_size(n, 64) for n in range(65)} == {64}
    classes = {padded_size(n, 64) for n in range(65, 100_000)}
    assert len(classes) < 170
    assert all(n <= padded_size(n, 64) <= n * 1.12 + 1 for n in range(65, 100_000))


def test_keys_and_names_differ_by_purpose() -> None:
    assert derive(KEY, "box record") != derive(KEY, "box outbox") != derive(KEY, "name outbox")
    assert boxer().row_id("a") != boxer("outbox").row_id("a")
    assert 0 <= boxer().row_id("a") < 2**63
    with pytest.raises(ValueError, match="32 bytes"):
        derive(b"short", "x")
