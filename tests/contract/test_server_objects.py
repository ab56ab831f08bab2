"""Large objects: resumable up, ranged down, only for their audience."""

import hashlib
import os

from app.protocol.versions import CHUNK, HEADER_LENGTH, HEADER_OFFSET
from sync_server.objectstore.base import Upload
from sync_server.objectstore.files import FileObjects
from tests.contract.server_world import World, world
from tests.unit.server.kit import code_of

__all__ = ["world"]
PHOTO = os.urandom(200_000)
NAME = hashlib.sha256(PHOTO).hexdigest()


def offset_of(response):
    return int(response.headers["upload-offset"]), response.headers["upload-complete"]


def sent(world: World, audience=("sup-1", "tab-1")):
    assert [response.status_code for response in world.tablet.upload(PHOTO)] == [204] * 4
    manifest = world.tablet.manifest(PHOTO, audience)
    assert world.tablet.post([manifest]).status_code == 200


def test_an_object_arrives_in_chunks_and_is_read_by_its_audience_alone(world: World):
    sent(world)
    for device in (world.supervisor, world.tablet):
        response = device.call("GET", f"/v1/objects/{NAME}")
        assert (response.status_code, response.content) == (200, PHOTO)
    assert code_of(world.other.call("GET", f"/v1/objects/{NAME}")) == "server.object_unknown"


def test_an_object_without_an_entry_is_nobodys(world: World):
    world.tablet.upload(PHOTO)
    assert code_of(world.tablet.call("GET", f"/v1/objects/{NAME}")) == "server.object_unknown"


PARTS = {
    "bytes=0-0": (0, 1),
    "bytes=100000-": (100_000, 200_000),
    "bytes=-5": (199_995, 200_000),
    "bytes=5-9": (5, 10),
}


def test_a_part_of_an_object(world: World):
    sent(world)
    for asked, (start, end) in PARTS.items():
        response = world.supervisor.call("GET", f"/v1/objects/{NAME}", range=asked)
        assert response.status_code == 206
        assert response.content == PHOTO[start:end]
        assert response.headers["content-range"] == f"bytes {start}-{end - 1}/200000"


def test_a_part_that_is_not_there(world: World):
    sent(world)
    for asked in ("bytes=200000-", "bytes=5-4", "bytes=", "bytes=-", "lines=1-2", "bytes=1-2,4-5"):
        response = world.supervisor.call("GET", f"/v1/objects/{NAME}", range=asked)
        assert code_of(response) == "server.range"
        assert response.headers["content-range"] == "bytes */200000"


def test_inline_objects_are_ranged_too(world: World):
    content = os.urandom(3000)
    world.tablet.push(content, audience=("sup-1",))
    response = world.supervisor.call(
        "GET", f"/v1/objects/{hashlib.sha256(content).hexdigest()}", range="bytes=1000-1999"
    )
    assert response.content == content[1000:2000]


def test_an_upload_goes_on_after_a_restart(world: World):
    assert offset_of(world.tablet.call("HEAD", f"/v1/objects/{NAME}")) == (0, "?0")
    world.tablet.patch(NAME, 0, len(PHOTO), PHOTO[:65536])
    world.restart()
    assert offset_of(world.tablet.call("HEAD", f"/v1/objects/{NAME}")) == (65536, "?0")
    for response in world.tablet.upload(PHOTO, start=65536):
        assert response.status_code == 204
    assert offset_of(world.tablet.call("HEAD", f"/v1/objects/{NAME}")) == (200_000, "?1")
    assert offset_of(world.other.call("HEAD", f"/v1/objects/{NAME}")) == (0, "?0")


def test_a_lost_answer_costs_nothing(world: World):
    for _ in range(2):
        response = world.tablet.patch(NAME, 0, len(PHOTO), PHOTO[:65536])
    assert code_of(response) == "server.offset_mismatch"
    assert response.headers["upload-offset"] == "65536"
    world.tablet.upload(PHOTO, start=65536)
    again = world.tablet.patch(NAME, 196_608, len(PHOTO), PHOTO[196_608:])
    assert (again.status_code, offset_of(again)) == (204, (200_000, "?1"))


def test_uploads_of_two_devices_do_not_meet(world: World):
    world.tablet.patch(NAME, 0, len(PHOTO), PHOTO[:65536])
    assert offset_of(world.other.call("HEAD", f"/v1/objects/{NAME}")) == (0, "?0")
    world.other.upload(os.urandom(1000))
    for response in world.tablet.upload(PHOTO, start=65536):
        assert response.status_code == 204


def test_bytes_that_are_not_what_was_announced_are_thrown_away(world: World):
    bad = os.urandom(1000)
    response = world.tablet.patch(NAME, 0, 1000, bad)
    assert code_of(response) == "server.object_corrupt"
    assert offset_of(world.tablet.call("HEAD", f"/v1/objects/{NAME}")) == (0, "?0")


def test_sizes_that_do_not_fit_are_refused(world: World):
    assert code_of(world.tablet.patch(NAME, 0, 10, PHOTO[:11])) == "server.size_mismatch"
    assert code_of(world.tablet.patch(NAME, 0, 2**40, PHOTO[:10])) == "server.object_too_large"
    assert code_of(world.tablet.patch(NAME, 5, 100, PHOTO[:10])) == "server.offset_mismatch"
    headers = {HEADER_OFFSET: "-1", HEADER_LENGTH: "5", "content-type": CHUNK}
    assert code_of(world.tablet.call("PATCH", f"/v1/objects/{NAME}", b"x", **headers)) == "server.malformed"
    large = world.settings.chunk_limit + 1
    assert code_of(world.tablet.patch(NAME, 0, large, b"x" * large)) == "server.too_large"


def test_names_that_are_no_hash_lead_nowhere(world: World):
    for name in ("..%2f..%2fetc%2fpasswd", "..", "ab", "AB" * 32, "z" * 64, NAME + "%00"):
        for method in ("GET", "HEAD"):
            assert world.tablet.call(method, f"/v1/objects/{name}").status_code == 404


def test_a_device_may_not_begin_uploads_without_end(world: World):
    codes = []
    for n in range(world.settings.open_uploads + 1):
        sha256 = hashlib.sha256(bytes([n])).hexdigest()
        response = world.tablet.patch(sha256, 0, 100, b"x")
        codes.append(204 if response.status_code == 204 else code_of(response))
    assert codes == [204] * world.settings.open_uploads + ["server.quota"]


def test_an_object_kept_but_not_yet_registered_is_found_again(world: World):
    """The server stopped between the last bytes and the database: nothing is sent twice, and nobody else has it."""
    store, upload = FileObjects(world.settings.data_dir), Upload(world.org.name, "tab-1", NAME)
    store.append(upload, 0, PHOTO[:1000])
    store.append(upload, 1000, PHOTO[1000:], last=True)
    assert offset_of(world.other.call("HEAD", f"/v1/objects/{NAME}")) == (0, "?0")
    assert offset_of(world.tablet.call("HEAD", f"/v1/objects/{NAME}")) == (200_000, "?1")
    assert world.tablet.post([world.tablet.manifest(PHOTO, ("sup-1",))]).status_code == 200
    assert world.supervisor.call("GET", f"/v1/objects/{NAME}").content == PHOTO
