from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.canonical import canonical_json
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest

KEY = SigningKey.from_seed(b"k" * 32)
VALUES = {
    "workspace": "org-1",
    "device": "tablet-1",
    "seq": 0,
    "prev": "",
    "sha256": "ab" * 32,
    "size": 512,
    "epoch": 1,
    "audience": ("sup-1", "tablet-1"),
}


def test_a_signed_manifest_verifies_and_survives_its_wire_form():
    manifest = Manifest.signed(key=KEY, **VALUES)
    manifest.verify(KEY.public)
    again = Manifest.from_wire(manifest.to_wire())
    assert again == manifest
    assert again.leaf() == canonical_json(manifest.to_wire())


@given(
    st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)),
    st.integers(1, 2**53 - 1),
    st.integers(0, 2**53 - 1),
)
def test_the_signed_bytes_are_canonical_json(audience, seq, epoch):
    values = {**VALUES, "audience": audience, "seq": seq, "prev": "cd" * 32, "epoch": epoch}
    manifest = Manifest.signed(key=KEY, **values)
    wire = manifest.to_wire()
    assert manifest.leaf() == canonical_json(wire)
    del wire["signature"]
    assert manifest.unsigned() == canonical_json(wire)


def test_the_audience_is_sorted_and_unique_when_signing():
    manifest = Manifest.signed(key=KEY, **{**VALUES, "audience": ["b", "a", "b"]})
    assert manifest.audience == ("a", "b")


@pytest.mark.parametrize(
    "name, value", [("seq", 1), ("sha256", "cd" * 32), ("size", 513), ("audience", ("sup-1",))]
)
def test_any_change_breaks_the_signature(name, value):
    changes = {name: value, **({"prev": "cd" * 32} if name == "seq" else {})}
    altered = replace(Manifest.signed(key=KEY, **VALUES), **changes)
    with pytest.raises(Problem) as caught:
        altered.verify(KEY.public)
    assert caught.value.code == "crypto.bad_signature"


@pytest.mark.parametrize(
    "changes",
    [
        {"workspace": "../etc"},
        {"device": ""},
        {"seq": -1},
        {"seq": True},
        {"seq": 1},
        {"seq": 0, "prev": "ab" * 32},
        {"signature": 'x"' * 43},
        {"seq": 1, "prev": "AB" * 32},
        {"sha256": "ab"},
        {"size": 0},
        {"size": 2**40},
        {"epoch": 1.5},
        {"audience": ("b", "a")},
        {"audience": ("a", "a")},
        {"audience": ("Familia Exemplu 12",)},
        {"audience": ["a"]},
        {"audience": tuple(f"d{n:05}" for n in range(20_001))},
    ],
)
def test_other_shapes_are_refused(changes):
    with pytest.raises(Problem) as caught:
        Manifest(**{**VALUES, **changes})
    assert caught.value.code == "server.malformed"


@pytest.mark.parametrize(
    "change", [{"extra": 1}, {"signature": "short"}, {"signature": None}, {"audience": "a"}]
)
def test_the_wire_form_is_strict(change):
    wire = {**Manifest.signed(key=KEY, **VALUES).to_wire(), **change}
    with pytest.raises(Problem):
        Manifest.from_wire(wire)
