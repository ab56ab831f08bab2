"""Unsent work of a broken tablet, carried to the server by another one."""

import zipfile
from pathlib import Path

import pytest

from app.protocol.errors import Problem
from app.store.safety import Copied, read_safety_copy, write_safety_copy
from tests.sync.conftest import Town

CANARY = "Familia Canar"


@pytest.fixture
def copy(town: Town, tmp_path: Path) -> Path:
    """Ana has sent one visit; two more (one with a large photo) and a draft are only on her tablet."""
    town.ana.finish()
    town.ana.sync_well()
    town.ana.finish({"household_label": CANARY, "synthetic": True}, photos=(bytes(200_000),))
    town.ana.finish()
    draft = town.ana.store.drafts.start({"label": CANARY}, b"<data/>")
    town.ana.store.drafts.append(draft, {"text": CANARY})
    path = tmp_path / "ana.doorstep"
    recipients = [town.ana.roster.recovery, str(town.maria.keys.identity.recipient)]
    assert write_safety_copy(town.ana.store, path, recipients) == Copied(3, 1)
    return path


def test_another_tablet_hands_over_what_was_unsent(town: Town, copy: Path) -> None:
    assert read_safety_copy(town.bogdan.store, copy) == Copied(3, 0)
    assert read_safety_copy(town.bogdan.store, copy) == Copied(0, 0)
    report = town.bogdan.sync_well()
    assert report.carried == 3 and report.sent == 0
    assert town.bogdan.store.carried.all() == [] and town.bogdan.store.media.count() == 0
    assert town.bogdan.revisions() == set()  # carried, never opened
    assert town.maria.sync_well().received == 3
    assert any(one.record["body"]["household_label"] == CANARY for one in town.maria.store.records.all())
    town.ana.sync_well()  # the lost tablet turns up again: no record is doubled, and the photo is not sent again
    assert town.ana.store.outbox.waiting_count() == 0
    photo = town.server.log[3]
    assert [one.device for one in town.server.log if one.sha256 == photo.sha256] == [
        town.bogdan.keys.device_id,
        town.ana.keys.device_id,
    ]
    assert len({one.sha256 for one in town.server.log}) == 4 and town.server.log[4].seq == 3


def test_drafts_open_for_the_supervisor_alone(town: Town, copy: Path) -> None:
    assert read_safety_copy(town.maria.store, copy, [town.maria.keys.identity]) == Copied(3, 1)
    (head,) = town.maria.store.drafts.list()
    assert town.maria.store.drafts.load(head.id).journal == [{"text": CANARY}]
    assert read_safety_copy(town.maria.store, copy, [town.maria.keys.identity]).drafts == 0
    with pytest.raises(Problem, match=r"store\.bad_copy"):
        read_safety_copy(town.bogdan.store, copy, [town.bogdan.keys.identity])
    assert town.bogdan.store.carried.all() == []


def test_nothing_in_the_copy_is_readable(copy: Path) -> None:
    with zipfile.ZipFile(copy) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            assert b"Canar" not in data
            assert name == "manifests.json" or data.startswith(b"age-encryption.org/v1\n")


@pytest.mark.parametrize("place", range(40, 2_000, 97))
def test_an_altered_copy_is_never_half_taken(town: Town, copy: Path, place: int) -> None:
    data = bytearray(copy.read_bytes())
    data[place] ^= 0x40
    copy.write_bytes(data)
    try:
        taken = read_safety_copy(town.bogdan.store, copy)
    except Problem as problem:
        assert problem.code == "store.bad_copy"
        assert town.bogdan.store.carried.all() == []
    else:
        assert taken.entries == 3  # a byte that means nothing, in the archive's own bookkeeping


def test_a_cut_copy_and_a_foreign_file_are_refused(town: Town, copy: Path) -> None:
    data = copy.read_bytes()
    for wrong in (data[: len(data) // 2], b"", b"hello"):
        copy.write_bytes(wrong)
        with pytest.raises(Problem, match=r"store\.bad_copy"):
            read_safety_copy(town.bogdan.store, copy)
