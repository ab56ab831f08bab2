"""Photos: entries of their own behind their record, fetched when wanted, resumed when cut."""

import os
from io import BytesIO

import pytest

from app.crypto.attachment import Attachment, open_attachment
from app.protocol.errors import Problem
from app.sync.attachments import is_here, log_index
from tests.sync.carriers import Faulty, drop
from tests.sync.conftest import Town

SMALL, LARGE = os.urandom(2_000), os.urandom(300_000)


def opened(sealed: bytes, attachment: Attachment) -> bytes:
    target = BytesIO()
    open_attachment(BytesIO(sealed), target, attachment)
    return target.getvalue()


def test_photos_travel_behind_their_record_and_open_there(town: Town) -> None:
    stored = town.ana.finish(photos=(SMALL, LARGE))
    report = town.ana.sync_well()
    assert report.sent == 1 and report.unsent == 0
    assert [entry.role for entry in town.ana.store.outbox.all()] == ["record", "attachment", "attachment"]
    assert [entry.receipt and entry.receipt["index"] for entry in town.ana.store.outbox.all()] == [0, 1, 2]

    report = town.maria.sync_well()
    assert (report.received, report.quarantined) == (1, 0)
    seen = town.maria.store.records.get(stored.revision)
    assert seen is not None
    small, large = (Attachment.from_dict(one) for one in seen.record["attachments"])
    assert [log_index(town.maria.store, one.sha256) for one in (small, large)] == [1, 2]
    assert is_here(town.maria.store, small.sha256) and not is_here(town.maria.store, large.sha256)
    assert opened(town.maria.syncer().fetch(small.sha256, small.size), small) == SMALL
    assert opened(town.maria.syncer().fetch(large.sha256, large.size), large) == LARGE
    assert is_here(town.maria.store, large.sha256)


def test_a_cut_photo_goes_on_where_it_stopped(town: Town) -> None:
    town.ana.finish(photos=(LARGE,))
    town.ana.sync_well()
    town.maria.sync_well()
    photo = town.ana.store.outbox.all()[1].manifest
    faulty = Faulty(town.server, iter([None, *[drop] * 9]))
    with pytest.raises(Problem, match=r"sync\.server_away"):
        town.maria.syncer(faulty).fetch(photo["sha256"], photo["size"])
    there = town.maria.store.media.partial(photo["sha256"])
    assert 0 < there < photo["size"]
    faulty = Faulty(town.server)
    town.maria.syncer(faulty).fetch(photo["sha256"], photo["size"])
    assert town.maria.store.media.partial(photo["sha256"]) == 0


def test_an_altered_photo_is_thrown_away(town: Town) -> None:
    town.ana.finish(photos=(LARGE,))
    town.ana.sync_well()
    town.maria.sync_well()
    photo = town.ana.store.outbox.all()[1].manifest
    true = town.server.objects[photo["sha256"]]
    town.server.objects[photo["sha256"]] = true[:-1] + bytes([true[-1] ^ 1])
    with pytest.raises(Problem, match=r"sync\.altered"):
        town.maria.syncer().fetch(photo["sha256"], photo["size"])
    assert not is_here(town.maria.store, photo["sha256"])
    town.server.objects[photo["sha256"]] = true
    assert town.maria.syncer().fetch(photo["sha256"], photo["size"]) == true


def test_a_photo_for_others_is_not_given(town: Town) -> None:
    town.ana.finish(photos=(LARGE,))
    town.ana.sync_well()
    photo = town.ana.store.outbox.all()[1].manifest
    with pytest.raises(Problem, match=r"sync\.object_missing"):
        town.bogdan.syncer().fetch(photo["sha256"], photo["size"])
