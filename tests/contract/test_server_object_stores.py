"""One contract for every place that keeps large objects: files on disk, and S3 over HTTP."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.protocol.errors import Problem
from sync_server.objectstore.base import ObjectStore, Upload
from sync_server.objectstore.files import FileObjects
from sync_server.objectstore.remote import RemoteObjects
from tests.unit.server.s3_double import Bucket, s3_double

CONTENT = os.urandom(300_000)
NAME = hashlib.sha256(CONTENT).hexdigest()
UPLOAD = Upload("org-1", "tab-1", NAME)


@dataclass
class Kept:
    store: ObjectStore
    again: ObjectStore  # the same place, as another process sees it
    bucket: Bucket | None
    folder: Path

    def break_it(self) -> None:
        if self.bucket:
            self.bucket.away = True
        else:
            self.folder.rename(self.folder.with_name("gone"))


@pytest.fixture(params=["files", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    folder = tmp_path / "place"
    folder.mkdir()
    if request.param == "files":
        yield Kept(FileObjects(folder), FileObjects(folder), None, folder)
        return
    with s3_double() as (url, bucket):
        for name, value in {
            "AWS_ENDPOINT": url,
            "AWS_ACCESS_KEY_ID": "k",
            "AWS_SECRET_ACCESS_KEY": "s",
            "AWS_REGION": "eu-central-1",
            "AWS_ALLOW_HTTP": "true",
        }.items():
            monkeypatch.setenv(name, value)
        make = RemoteObjects.from_url
        yield Kept(make("s3://visits/doorstep"), make("s3://visits/doorstep"), bucket, folder)


def fill(store: ObjectStore, upload: Upload = UPLOAD, content: bytes = CONTENT, chunk: int = 65536) -> None:
    for at in range(0, len(content), chunk):
        store.append(upload, at, content[at : at + chunk], last=at + chunk >= len(content))


def test_chunks_become_an_object(kept: Kept):
    assert kept.store.size("org-1", NAME) is None
    fill(kept.store)
    assert kept.store.size("org-1", NAME) is None
    assert kept.store.finish(UPLOAD) == len(CONTENT)
    assert kept.again.size("org-1", NAME) == len(CONTENT)
    assert b"".join(kept.again.read("org-1", NAME, 0, len(CONTENT))) == CONTENT
    assert b"".join(kept.again.read("org-1", NAME, 70_000, 70_010)) == CONTENT[70_000:70_010]
    assert [one[:2] for one in kept.store.objects()] == [("org-1", NAME)]
    kept.store.discard(UPLOAD)
    assert kept.store.uploads("org-1", "tab-1") == 0
    assert kept.store.size("org-1", NAME) == len(CONTENT)


def test_a_whole_upload_is_known_as_such_at_every_step(kept: Kept):
    """Wherever a server stops, another one finds out that nothing more need be sent."""
    assert not kept.store.ended(UPLOAD)
    kept.store.append(UPLOAD, 0, CONTENT[:1000])
    assert not kept.again.ended(UPLOAD)
    kept.store.append(UPLOAD, 1000, CONTENT[1000:], last=True)
    assert kept.again.ended(UPLOAD)
    for _ in range(2):
        assert kept.again.finish(UPLOAD) == len(CONTENT)
        assert kept.store.ended(UPLOAD)
    kept.store.discard(UPLOAD)
    assert not kept.again.ended(UPLOAD)
    assert not kept.store.ended(Upload("org-1", "oth-1", NAME))


def test_a_wrong_offset_never_passes_for_a_whole_upload(kept: Kept):
    """Else a device could pass for one that has sent an object which another has."""
    fill(kept.store)
    kept.store.finish(UPLOAD)
    other = Upload("org-1", "oth-1", NAME)
    with pytest.raises(Problem):
        kept.store.append(other, len(CONTENT) - 1, b"x", last=True)
    assert not kept.store.ended(other)
    kept.store.append(other, 0, b"x")
    with pytest.raises(Problem):
        kept.store.append(other, 5, b"x" * (len(CONTENT) - 5), last=True)
    assert not kept.store.ended(other)
    kept.store.drop_stale(before=4e9)
    assert not kept.store.ended(other)


def test_the_offset_is_remembered_by_the_place(kept: Kept):
    assert kept.store.offset(UPLOAD) == 0
    kept.store.append(UPLOAD, 0, CONTENT[:1000])
    assert kept.again.offset(UPLOAD) == 1000
    for wrong in (0, 999, 1001):
        with pytest.raises(Problem) as caught:
            kept.again.append(UPLOAD, wrong, b"x")
        assert (caught.value.code, caught.value.detail["offset"]) == ("server.offset_mismatch", 1000)
    assert kept.store.uploads("org-1", "tab-1") == 1
    assert kept.store.uploads("org-1", "oth-1") == 0


def test_wrong_bytes_are_forgotten(kept: Kept):
    kept.store.append(UPLOAD, 0, b"wrong")
    with pytest.raises(Problem) as caught:
        kept.store.finish(UPLOAD)
    assert caught.value.code == "server.object_corrupt"
    assert kept.store.offset(UPLOAD) == 0
    fill(kept.store)
    assert kept.store.finish(UPLOAD) == len(CONTENT)


def test_discarding_and_removing(kept: Kept):
    fill(kept.store)
    kept.store.discard(UPLOAD)
    assert kept.store.offset(UPLOAD) == 0
    fill(kept.store)
    kept.store.finish(UPLOAD)
    kept.store.remove("org-1", NAME)
    kept.store.remove("org-1", NAME)
    assert kept.store.size("org-1", NAME) is None
    with pytest.raises(FileNotFoundError):
        list(kept.store.read("org-1", NAME, 0, 1))


def test_workspaces_and_devices_are_kept_apart(kept: Kept):
    for upload in (UPLOAD, Upload("org-2", "tab-1", NAME), Upload("org-1", "oth-1", NAME)):
        assert kept.store.offset(upload) == 0
        fill(kept.store, upload)
    for upload in (UPLOAD, Upload("org-2", "tab-1", NAME)):
        kept.store.finish(upload)
    assert sorted(one[:2] for one in kept.store.objects()) == [("org-1", NAME), ("org-2", NAME)]
    assert kept.store.offset(Upload("org-1", "oth-1", NAME)) == len(CONTENT)


def test_stale_uploads_are_dropped(kept: Kept):
    fill(kept.store)
    assert kept.store.drop_stale(before=0) == 0
    assert kept.store.drop_stale(before=4e9) > 0
    assert kept.store.offset(UPLOAD) == 0


def test_a_place_that_is_away_says_so(kept: Kept):
    kept.store.ready()
    kept.break_it()
    with pytest.raises(OSError):
        kept.store.ready()


@pytest.mark.parametrize("kept", ["s3"], indirect=True)
def test_no_object_is_ever_put_whole(kept: Kept):
    assert kept.bucket is not None
    content = os.urandom(12 * 1024 * 1024)
    upload = Upload("org-1", "tab-1", hashlib.sha256(content).hexdigest())
    fill(kept.store, upload, content, 1024 * 1024)
    kept.store.finish(upload)
    assert kept.bucket.largest_put <= 5 * 1024 * 1024
    assert b"".join(kept.store.read("org-1", upload.sha256, 0, len(content))) == content
