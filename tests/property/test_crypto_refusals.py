"""Whatever arrives from outside is either understood or refused with a reason; nothing else escapes."""

import contextlib
import os
import zlib
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.crypto.age import AgeError, ScryptIdentity, X25519Identity, open_sealed, seal
from app.crypto.keyslot import open_keyslot
from app.crypto.record import SignedRecord, check_record, open_record, reseal
from app.protocol.canonical import JsonError, canonical_json, parse_json
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.protocol.roster import ROOT, Roster, Statement
from tests.unit.crypto.record_world import Organisation
from tests.unit.protocol.roster_world import key_of, staffed

ORGANISATION = Organisation()
SIGNED, SEALED = ORGANISATION.seal("dan", ("dan",))
PLAINTEXT = b"Familia Exemplu 12 " * 20
IDENTITY = X25519Identity.generate()
AGE_FILE = seal(PLAINTEXT, [X25519Identity.generate().recipient, IDENTITY.recipient])
ARMORED = seal(PLAINTEXT, [IDENTITY.recipient], armored=True)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**60) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """The data with one to four pieces overwritten, cut out, doubled or put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        piece = draw(st.sampled_from([b"", data[start:end] * 2]) | st.binary(max_size=20))
        data = data[:start] + piece + data[end:]
    return data


@settings(max_examples=300, deadline=None)
@given(damaged(AGE_FILE))
def test_damaged_age_files_never_open_as_something_else(data: bytes) -> None:
    with contextlib.suppress(AgeError):
        assert open_sealed(data, [IDENTITY]) == PLAINTEXT and data == AGE_FILE


@settings(max_examples=200, deadline=None)
@given(damaged(ARMORED))
def test_damaged_armor_never_opens_as_something_else(data: bytes) -> None:
    with contextlib.suppress(AgeError):
        assert open_sealed(data, [IDENTITY]) == PLAINTEXT


@settings(deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda tail: b"age-encryption.org/v1\n" + tail))
@example(b"age-encryption.org/v1\n-> X25519 \xff\n")
@example(b"age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\n\n--- \n")
def test_any_bytes_as_an_age_file(data: bytes) -> None:
    with contextlib.suppress(AgeError):
        open_sealed(data, [IDENTITY, ScryptIdentity("x", max_log_n=10)])


@settings(max_examples=150, deadline=None)
@given(damaged(SEALED.data))
def test_damaged_records(data: bytes) -> None:
    with contextlib.suppress(Problem):
        assert open_record(data, [ORGANISATION.recovery]).record == SIGNED.record


@settings(max_examples=300, deadline=None)
@given(damaged(SIGNED.envelope_bytes))
def test_a_reader_cannot_alter_what_it_seals_again(envelope: bytes) -> None:
    packed = zlib.compress(envelope)
    data = seal(packed + bytes(-len(packed) % 512), [ORGANISATION.recovery.recipient])
    with contextlib.suppress(Problem):
        opened = open_record(data, [ORGANISATION.recovery])
        check_record(opened, ORGANISATION.roster)
        assert envelope == SIGNED.envelope_bytes


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(SIGNED.record.to_dict())), json_values, min_size=1, max_size=3))
def test_any_member_of_a_record(change: dict[str, Any]) -> None:
    """Signed by a real device that puts nonsense into its records."""
    with contextlib.suppress(Problem):
        signed = SignedRecord.from_parts({**SIGNED.record.to_dict(), **change}, SIGNED.signature)
        check_record(signed, ORGANISATION.roster)
        assert signed.record == SIGNED.record
        reseal(signed, ORGANISATION.recipients())


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["v", "org", "n", "prev", "kind", "at", "body", "signer", "signature"]),
        json_values,
        min_size=1,
    )
)
def test_any_member_of_a_statement(change: dict[str, Any]) -> None:
    world = staffed()
    wire = {**world.statements[-1].to_wire(), **change}
    older = Roster.replay(world.statements[:-1], key_of(ROOT).public)
    with contextlib.suppress(Problem):
        assert older.apply(Statement.from_wire(wire)) == world.roster


@settings(deadline=None)
@given(st.binary(max_size=60) | json_values.map(lambda value: repr(value).encode("utf-8", "surrogatepass")))
def test_any_bytes_as_json(data: bytes) -> None:
    with contextlib.suppress(JsonError):
        canonical_json(parse_json(data))


SLOT = {
    "v": 1, "kdf": "scrypt", "log_n": 16, "r": 8, "p": 1, "keystore": False,
    "salt": "AAAAAAAAAAAAAAAAAAAAAA", "nonce": "AAAAAAAAAAAAAAAA", "wrapped": "A" * 64,
}  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(SLOT)), json_values)
def test_any_member_of_a_keyslot(name: str, value: Any) -> None:
    """Refused before any cost is paid, whatever the member holds."""
    changed = {**SLOT, name: value}
    if changed == SLOT or (name == "log_n" and type(value) is int and 16 <= value <= 21):
        return
    try:
        open_keyslot(changed, "x")
    except Problem as problem:
        assert problem.code.startswith("crypto.")
    else:
        raise AssertionError("opened")


def test_every_flipped_byte_of_a_manifest() -> None:
    """Over its canonical wire bytes, three masks: nothing altered still verifies."""
    key = key_of("dan")
    manifest = Manifest.signed(
        key=key, workspace="org-test", device="dan", seq=3, prev=os.urandom(32).hex(), sha256=SEALED.sha256,
        size=SEALED.size, epoch=1, audience=("ana", "dan"),
    )  # fmt: skip
    data = canonical_json(manifest.to_wire())
    for place in range(len(data)):
        for mask in (0x01, 0x02, 0x20):
            altered = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
            try:
                Manifest.from_wire(parse_json(altered)).verify(key.public)
            except (Problem, JsonError):
                continue
            raise AssertionError(f"byte {place} may change")
