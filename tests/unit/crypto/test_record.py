"""Sealed objects: what is inside, who opens them, and every reason to set one aside."""

import shutil
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.crypto import record as record_module
from app.crypto.age import AgeError, X25519Identity, X25519Recipient, open_sealed, seal
from app.crypto.record import (
    Record,
    SignedRecord,
    check_announced,
    check_record,
    open_record,
    recipients_hash,
    reseal,
    seal_record,
    sign_record,
)
from app.protocol.canonical import b64, canonical_json, parse_canonical, parse_json
from app.protocol.errors import Problem
from app.protocol.keys import Purpose, SigningKey
from tests.unit.crypto.record_world import Organisation

AT_NIGHT = "2026-03-01T23:59:59.123456+02:00"
OPERATION = {
    "list_name": "people", "entity_id": "p1", "operation": "create", "label": None,
    "properties": {"age": "34"}, "base_version": None,
}  # fmt: skip


def refused(code: str) -> Any:
    return pytest.raises(Problem, match=rf"^{code}( |$)")


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return Organisation()


def test_every_reader_opens_it_and_nobody_else(organisation: Organisation) -> None:
    signed, sealed = organisation.seal("dan", ("dan",))
    readers = [
        organisation.devices["ana"].identity,
        organisation.devices["dan"].identity,
        organisation.recovery,
    ]
    for identity in readers:
        opened = open_record(sealed.data, [identity])
        assert (opened.record, opened.signature, opened.stanzas) == (signed.record, signed.signature, 3)
        assert check_record(opened, organisation.roster).id == "dan"
        check_announced(opened, organisation.note("dan", ("dan",)), organisation.roster)
    for stranger in (organisation.devices["eva"].identity, X25519Identity.generate()):
        with refused("crypto.not_for_me"):
            open_record(sealed.data, [stranger])


def test_the_layers_are_what_the_design_says(organisation: Organisation) -> None:
    """age → padded to 512 → one zlib stream → canonical JSON of record and signature."""
    signed, sealed = organisation.seal("dan")
    packed = open_sealed(sealed.data, [organisation.recovery])
    inflate = zlib.decompressobj()
    envelope = inflate.decompress(packed)
    assert len(packed) % 512 == 0 and set(inflate.unused_data) <= {0} and len(inflate.unused_data) < 512
    assert envelope == signed.envelope_bytes
    assert parse_canonical(envelope) == {"record": signed.record.to_dict(), "signature": signed.signature}
    assert (sealed.size, len(sealed.sha256)) == (len(sealed.data), 64)


@pytest.mark.skipif(shutil.which("age") is None, reason="the age command is not installed")
def test_age_alone_opens_a_record(organisation: Organisation, tmp_path: Path) -> None:
    signed, sealed = organisation.seal("dan")
    key = tmp_path / "recovery.txt"
    key.write_text(f"{organisation.recovery}\n")
    opened = subprocess.run(["age", "-d", "-i", str(key)], input=sealed.data, capture_output=True, check=True)
    assert zlib.decompressobj().decompress(opened.stdout) == signed.envelope_bytes


def test_sizes_tell_only_blocks(organisation: Organisation) -> None:
    sizes = {organisation.seal("dan", body={"xml": "x" * length})[1].size for length in range(0, 60, 7)}
    assert len(sizes) == 1


def test_every_flipped_byte_of_a_sealed_object_is_refused(organisation: Organisation) -> None:
    _, sealed = organisation.seal("dan")
    for place in range(len(sealed.data)):
        for mask in (0x01 << place % 8, 0x80, 0xFF):
            altered = bytearray(sealed.data)
            altered[place] ^= mask
            with pytest.raises(AgeError):
                open_record(bytes(altered), [organisation.recovery])


def test_every_flipped_byte_of_a_record_is_refused(organisation: Organisation) -> None:
    """Even by somebody who may seal: the envelope is signed, canonical and strictly read."""
    signed, _ = organisation.seal("dan")
    data = signed.envelope_bytes
    for place in range(len(data)):
        for mask in (0x01, 0x02, 0x20, 0x80):
            altered = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
            with pytest.raises(Problem):
                check_record(SignedRecord.from_envelope(altered), organisation.roster)


def test_resealing_keeps_the_signature(organisation: Organisation) -> None:
    signed, sealed = organisation.seal("dan")
    eva = organisation.devices["eva"]
    again = reseal(signed, [str(eva.identity.recipient)], index=17)
    opened = open_record(again.data, [eva.identity])
    assert (opened.record, opened.signature, opened.index) == (signed.record, signed.signature, 17)
    check_record(opened, organisation.roster)
    check_announced(opened, organisation.note("ana", seq=41, audience=("eva",)), organisation.roster)
    assert again.sha256 != sealed.sha256
    stored = SignedRecord.from_parts(parse_json(canonical_json(signed.record.to_dict())), signed.signature)
    assert stored == replace(signed, stanzas=None)


def test_recipients_are_a_set(organisation: Organisation) -> None:
    readers = organisation.recipients()
    assert recipients_hash(readers) == recipients_hash([*reversed(readers), readers[0]])
    _, sealed = seal_record(
        organisation.record("dan"), organisation.devices["dan"].signing, [*readers, *readers]
    )
    assert open_record(sealed.data, [organisation.recovery]).stanzas == len(readers)


def test_sealing_refuses_mistakes(organisation: Organisation) -> None:
    key = organisation.devices["dan"].signing
    with refused("crypto.wrong_recipients"):
        seal_record(organisation.record("dan"), key, organisation.recipients()[:1])
    with refused("crypto.no_recipients"):
        seal_record(organisation.record("dan", recipients_hash=recipients_hash([])), key, [])
    with refused("crypto.bad_key"):
        seal_record(organisation.record("dan", recipients_hash=recipients_hash(["age1x"])), key, ["age1x"])
    with refused("crypto.bad_record"):
        seal_record(organisation.record("dan", kind="gossip"), key, organisation.recipients())


# -- records that must not be believed -------------------------------------------------------------------


def test_an_unknown_author(organisation: Organisation) -> None:
    record = organisation.record("stranger")
    with refused("crypto.unknown_author"):
        check_record(sign_record(record, SigningKey.generate()), organisation.roster)


def test_somebody_elses_signature(organisation: Organisation) -> None:
    forged = sign_record(organisation.record("ana"), organisation.devices["dan"].signing)
    with refused("crypto.bad_signature"):
        check_record(forged, organisation.roster)


def test_a_signature_made_for_something_else(organisation: Organisation) -> None:
    record = organisation.record("ana", kind="programme")
    assert record.purpose is Purpose.FORM
    key = organisation.devices["ana"].signing
    signed = sign_record(record, key)
    check_record(signed, organisation.roster)
    wrong = replace(signed, signature=b64(key.sign(Purpose.RECORD, record.canonical())))
    with refused("crypto.bad_signature"):
        check_record(wrong, organisation.roster)
    with refused("crypto.bad_signature"):
        check_record(replace(signed, signature="?"), organisation.roster)


def test_another_organisation(organisation: Organisation) -> None:
    signed, _ = organisation.seal("dan", org="org-other")
    with refused("crypto.wrong_org"):
        check_record(signed, organisation.roster)


def test_a_removed_device_and_epochs() -> None:
    organisation = Organisation()
    before, _ = organisation.seal("dan")
    organisation.say("revoke_device", {"device": "dan"})
    after, _ = organisation.seal("dan")
    check_record(before, organisation.roster)
    with refused("crypto.author_not_active"):
        check_record(after, organisation.roster)
    late = organisation.join("max", "fieldworker")
    with refused("crypto.author_not_active"):
        check_record(sign_record(organisation.record("max", epoch=1), late.signing), organisation.roster)
    with refused("crypto.future_epoch"):
        check_record(organisation.seal("ana", epoch=9)[0], organisation.roster)


@pytest.mark.parametrize("kind", ["review", "assignment", "programme"])
def test_what_only_supervisors_write(organisation: Organisation, kind: str) -> None:
    check_record(organisation.seal("ana", kind=kind)[0], organisation.roster)
    with refused("crypto.role_not_allowed"):
        check_record(organisation.seal("dan", kind=kind)[0], organisation.roster)


def test_profiles_are_ones_own_or_a_supervisors(organisation: Organisation) -> None:
    for author, member, allowed in (
        ("ana", "member-dan", True),
        ("dan", "member-dan", True),
        ("dan", "member-eva", False),
    ):
        signed, _ = organisation.seal(
            author, kind="profile", body={"member": member, "name": "Persoana Exemplu 3", "role": ""}
        )
        if allowed:
            check_record(signed, organisation.roster)
        else:
            with refused("crypto.role_not_allowed"):
                check_record(signed, organisation.roster)


def test_a_role_holds_for_its_epoch() -> None:
    organisation = Organisation()
    early = organisation.seal("dan", kind="review")[0]
    organisation.say("change_role", {"device": "dan", "role": "supervisor"})
    later = organisation.seal("dan", kind="review")[0]
    check_record(later, organisation.roster)
    with refused("crypto.role_not_allowed"):
        check_record(early, organisation.roster)


def test_form_versions(organisation: Organisation) -> None:
    signed, _ = organisation.seal("dan")
    check_record(signed, organisation.roster, forms={("household_baseline", "3")})
    with refused("crypto.unknown_form_version"):
        check_record(signed, organisation.roster, forms={("household_baseline", "2")})
    check_record(organisation.seal("ana", kind="review", form="")[0], organisation.roster, forms=set())


# -- what the manifest announced --------------------------------------------------------------------------


def test_a_slipped_in_reader_is_noticed(organisation: Organisation) -> None:
    """A dishonest author seals to one more key than it names, or names other people than it announces."""
    eve = str(X25519Identity.generate().recipient)
    signed, _ = organisation.seal("dan")
    more = reseal(signed, [*organisation.recipients(), eve])
    opened = open_record(more.data, [organisation.recovery])
    with refused("crypto.wrong_recipients"):
        check_announced(opened, organisation.note("dan"), organisation.roster)

    readers = [*organisation.recipients(), eve]
    record = organisation.record("dan", recipients_hash=recipients_hash(readers))
    named, _ = seal_record(record, organisation.devices["dan"].signing, readers)
    with refused("crypto.wrong_recipients"):
        check_announced(named, organisation.note("dan"), organisation.roster)


def test_what_was_sealed_again_names_exactly_its_readers() -> None:
    """Only by a supervisor of that epoch, to the devices it names, all of them members in that epoch."""
    organisation = Organisation()
    signed, _ = organisation.seal("dan")
    eva, eve = organisation.devices["eva"], str(X25519Identity.generate().recipient)
    ours = str(eva.identity.recipient)
    note = organisation.note("ana", seq=7, audience=("eva",))
    opened = open_record(reseal(signed, [ours]).data, [eva.identity])
    check_announced(opened, note, organisation.roster)
    organisation.say("new_epoch", {})
    late = organisation.join("ion", "fieldworker")
    for data, identity, announced, code in (
        (reseal(signed, [ours, eve]), eva.identity, note, "crypto.wrong_recipients"),
        (
            reseal(signed, [ours]),
            eva.identity,
            replace(note, audience=("ana", "eva")),
            "crypto.wrong_recipients",
        ),
        (
            reseal(signed, [ours]),
            eva.identity,
            replace(note, audience=("nobody",)),
            "crypto.wrong_recipients",
        ),
        (reseal(signed, [ours]), eva.identity, replace(note, epoch=9), "crypto.future_epoch"),
        (reseal(signed, [ours]), eva.identity, replace(note, device="eva"), "crypto.manifest_mismatch"),
        (
            reseal(signed, [str(late.identity.recipient)]),
            late.identity,
            replace(note, audience=("ion",), epoch=1),
            "crypto.wrong_recipients",
        ),
    ):
        with refused(code):
            check_announced(open_record(data.data, [identity]), announced, organisation.roster)


def test_an_original_names_no_other_place(organisation: Organisation) -> None:
    """Its place is where the log has it; a dishonest author cannot date it back."""
    signed, _ = organisation.seal("dan")
    moved = reseal(signed, organisation.recipients(), index=0)
    opened = open_record(moved.data, [organisation.recovery])
    with refused("crypto.manifest_mismatch"):
        check_announced(opened, organisation.note("dan"), organisation.roster)
    for place in (-1, True, "1", None):
        with refused("crypto.bad_record"):
            SignedRecord.from_envelope(
                canonical_json(
                    {"index": place, "record": signed.record.to_dict(), "signature": signed.signature}
                )
            )


def test_other_announcements_than_the_record(organisation: Organisation) -> None:
    signed, _ = organisation.seal("dan")
    check_announced(signed, organisation.note("dan"), organisation.roster)
    for note, code in (
        (organisation.note("dan", audience=("ana", "eva")), "crypto.wrong_recipients"),
        (organisation.note("dan", audience=("ana", "nobody")), "crypto.wrong_recipients"),
        (organisation.note("dan", epoch=2), "crypto.manifest_mismatch"),
        (organisation.note("dan", seq=1), "crypto.manifest_mismatch"),
        (organisation.note("eva"), "crypto.manifest_mismatch"),
        (organisation.note("nobody"), "crypto.manifest_mismatch"),
    ):
        with refused(code):
            check_announced(signed, note, organisation.roster)


def test_old_records_are_checked_against_their_own_recovery_key() -> None:
    organisation = Organisation()
    _, sealed = organisation.seal("dan")
    note = organisation.note("dan")
    organisation.say("rotate_recovery", {"recovery": str(X25519Identity.generate().recipient)})
    organisation.say("revoke_device", {"device": "dan"})
    check_announced(open_record(sealed.data, [organisation.recovery]), note, organisation.roster)


# -- misshapen insides ------------------------------------------------------------------------------------


def _object(organisation: Organisation, packed: bytes) -> bytes:
    return seal(packed, [organisation.recovery.recipient])


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


@pytest.mark.parametrize(
    "case", ["padding", "no padding", "a block too many", "cut short", "no zlib", "twice"]
)
def test_misshapen_packing(organisation: Organisation, case: str) -> None:
    stream = zlib.compress(organisation.seal("dan")[0].envelope_bytes)
    packed = {
        "padding": _padded(stream)[:-1] + b"\x01",
        "no padding": stream + b"\x00" * (1 if (len(stream) + 1) % 512 else 2),
        "a block too many": _padded(stream) + bytes(512),
        "cut short": stream[: len(stream) // 512 * 512],
        "no zlib": bytes(512),
        "twice": _padded(stream + stream),
    }[case]
    with refused("crypto.bad_record"):
        open_record(_object(organisation, packed), [organisation.recovery])


def test_a_decompression_bomb(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _padded(zlib.compress(bytes(64 * 1024 * 1024), 9))
    assert len(bomb) < 100_000
    monkeypatch.setattr(record_module, "MAX_ENVELOPE", 1024 * 1024)
    with refused("crypto.record_too_large"):
        open_record(_object(organisation, bomb), [organisation.recovery])


def test_a_record_too_large_to_seal(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_module, "MAX_ENVELOPE", 1000)
    with refused("crypto.record_too_large"):
        organisation.seal("dan", body={"xml": "x" * 1000})


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"{}",
        b"[]",
        b'{"record":{},"signature":""}',
        b'{"record":null,"signature":null}',
        b'{"a":1,"a":2}',
    ],
)
def test_misshapen_envelopes(organisation: Organisation, envelope: bytes) -> None:
    with refused("crypto.bad_record"):
        open_record(_object(organisation, _padded(zlib.compress(envelope))), [organisation.recovery])


@pytest.mark.parametrize(
    ("kind", "change", "member"),
    [
        ("submission", {"xml": None}, "xml"),
        ("submission", {"finished": "yesterday"}, "finished"),
        ("submission", {"started": "2026-03-01"}, "started"),
        ("submission", {"household": 5}, "household"),
        ("submission", {"synthetic": "yes"}, "synthetic"),
        ("submission", {"entities": {}}, "entities"),
        ("submission", {"entities": [{"list_name": "people"}]}, "entities"),
        ("submission", {"entities": [{**OPERATION, "operation": "delete"}]}, "entities"),
        ("submission", {"entities": [{**OPERATION, "properties": {"age": 5}}]}, "entities"),
        ("review", {"state": "maybe"}, "state"),
        ("review", {"state": []}, "state"),
        ("review", {"comments": [{"ref": "/data/a"}]}, "comments"),
        ("review", {"comments": "x"}, "comments"),
        ("assignment", {"devices": "dan"}, "devices"),
        ("assignment", {"devices": [5]}, "devices"),
        ("profile", {}, "member"),
        ("programme", {"forms": [{"id": "f", "version": "1"}]}, "forms"),
        ("programme", {"forms": [{"id": "f", "version": "1", "xml": "", "media": {"a": None}}]}, "forms"),
        ("programme", {"lists": ["a.csv"]}, "lists"),
    ],
)
def test_bodies_that_would_trip_their_readers(kind: str, change: dict[str, Any], member: str) -> None:
    organisation = Organisation()
    body = organisation.body(kind) if kind != "profile" else {}
    with refused("crypto.bad_record") as caught:
        organisation.seal("ana", kind=kind, body={**body, **change})
    assert caught.value.detail["reason"] == f"body: {member}"


def test_sound_bodies(organisation: Organisation) -> None:
    """Members that nobody knows yet are let through."""
    body = {
        **organisation.body("submission"),
        "entities": [OPERATION],
        "started": "",
        "finished": AT_NIGHT,
        "later": [1],
    }
    organisation.seal("dan", body=body)
    organisation.seal("dan", kind="referral_update", body={"anything": 1})


ATTACHMENT = {"name": "photo.jpg", "sha256": "0" * 64, "size": 3, "identity": "AGE-SECRET-KEY-1"}


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2}, {"v": True}, {"org": ""}, {"org": "Familia Exemplu"}, {"kind": "gossip"}, {"kind": []},
        {"form": None}, {"form_version": 3}, {"record": ""}, {"revision": 5}, {"parents": "x"}, {"parents": [""]},
        {"parents": ["a", "a"]}, {"parents": ["revision-1"]}, {"author_device": None}, {"seq": -1}, {"seq": True},
        {"seq": "0"}, {"epoch": 0}, {"epoch": 1.5}, {"created": "yesterday"}, {"created": "2026-03-01T08:00:00"},
        {"created": "2026-02-30T08:00:00Z"}, {"created": "0001-01-01T00:00:00+02:00"},
        {"body": []}, {"body": None}, {"attachments": {}}, {"attachments": [{}]}, {"attachments": ["x"]},
        {"attachments": [{**ATTACHMENT, "size": -1}]}, {"attachments": [{**ATTACHMENT, "sha256": "0"}]},
        {"attachments": [{**ATTACHMENT, "name": 1}]}, {"attachments": [{**ATTACHMENT, "more": 1}]},
        {"recipients_hash": ""}, {"extra": 1},
    ],
)  # fmt: skip
def test_misshapen_members(organisation: Organisation, change: dict[str, Any]) -> None:
    plain = organisation.record("dan").to_dict()
    with refused("crypto.bad_record"):
        Record.from_dict({**plain, **change})


def test_well_formed_members(organisation: Organisation) -> None:
    record = organisation.record("dan", parents=("a", "b"), attachments=(ATTACHMENT,), created=AT_NIGHT)
    assert Record.from_dict(parse_json(canonical_json(record.to_dict()))) == record
    for name in record.to_dict():
        with refused("crypto.bad_record"):
            Record.from_dict({key: value for key, value in record.to_dict().items() if key != name})


def test_opening_refuses_armor(organisation: Organisation) -> None:
    armored = seal(b"", [X25519Recipient.parse(str(organisation.recovery.recipient))], armored=True)
    with refused("crypto.damaged"):
        open_record(armored, [organisation.recovery])
