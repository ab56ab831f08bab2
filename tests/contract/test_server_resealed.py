"""Giving an object to more readers: by whoever has it, and by nobody else."""

import hashlib
import os

from app.protocol.messages import PushAnswer
from sync_server.setup import initialise
from tests.contract.server_world import World, world
from tests.unit.server.kit import Device, code_of

__all__ = ["world"]
PHOTO, SMALL = os.urandom(200_000), os.urandom(700)
LARGE_NAME, SMALL_NAME = (hashlib.sha256(content).hexdigest() for content in (PHOTO, SMALL))


def announced(device: Device, content: bytes, audience: tuple[str, ...], by: Device | None = None):
    """The verdict on an entry that names the object and does not bring it: its index, or a code."""
    before = device.seq, device.prev
    response = (by or device).post([device.manifest(content, audience)])
    (outcome,) = PushAnswer.decode(response.content).outcomes
    if outcome.problem is None:
        return outcome.index
    device.seq, device.prev = before
    return outcome.problem["code"]


def fetched(device: Device, name: str):
    response = device.call("GET", f"/v1/objects/{name}")
    return response.content if response.status_code == 200 else code_of(response)


def offset(device: Device, name: str) -> tuple[str, str]:
    response = device.call("HEAD", f"/v1/objects/{name}")
    return response.headers["upload-offset"], response.headers["upload-complete"]


def sent(world: World, audience=("sup-1",)) -> None:
    """tab-1 sends both objects to the supervisor."""
    world.tablet.upload(PHOTO)
    world.tablet.push(SMALL, audience=audience)
    assert announced(world.tablet, PHOTO, audience) == 1


def test_a_reader_gives_an_object_on_without_sending_it(world: World):
    sent(world)
    assert fetched(world.other, LARGE_NAME) == "server.object_unknown"
    for index, content in enumerate((PHOTO, SMALL), start=2):
        assert announced(world.supervisor, content, ("oth-1",)) == index
    assert (fetched(world.other, LARGE_NAME), fetched(world.other, SMALL_NAME)) == (PHOTO, SMALL)
    assert [(index, content) for index, content in world.other.pull()] == [(2, None), (3, SMALL)]
    assert fetched(world.tablet, LARGE_NAME) == PHOTO, "those who had it have it still"
    assert announced(world.tablet, PHOTO, ("sup-1",)) == 4, "its author may say so again"


def test_naming_an_object_one_has_not_got_opens_nothing(world: World):
    """The attack: an entry of one's own with somebody else's hash, addressed to oneself."""
    sent(world)
    for content in (PHOTO, SMALL):
        assert announced(world.other, content, ("oth-1",)) == "server.object_missing"
        assert announced(world.other, content, ("oth-1", "sup-1")) == "server.object_missing"
        assert announced(world.other, content, ()) == "server.object_missing"
    unknown = os.urandom(700)
    assert announced(world.other, unknown, ("oth-1",)) == "server.object_missing", (
        "the same answer as for nothing"
    )
    for name in (LARGE_NAME, SMALL_NAME):
        assert fetched(world.other, name) == "server.object_unknown"
        assert offset(world.other, name) == ("0", "?0")
        assert offset(world.supervisor, name)[1] == offset(world.tablet, name)[1] == "?1"
    assert world.other.pull() == []


def test_a_supervisor_who_is_no_reader_is_refused_too(world: World):
    sent(world, audience=())
    assert announced(world.supervisor, PHOTO, ("sup-1",)) == "server.object_missing"
    assert fetched(world.supervisor, LARGE_NAME) == "server.object_unknown"


def test_whoever_can_send_it_holds_it(world: World):
    """And is not in the way of anybody else who does."""
    sent(world)
    assert announced(world.other, PHOTO, ("oth-1",)) == "server.object_missing"
    assert [response.status_code for response in world.other.upload(PHOTO)] == [204] * 4
    assert offset(world.other, LARGE_NAME) == (str(len(PHOTO)), "?1")
    assert announced(world.other, PHOTO, ("oth-1",)) == 2
    other = world.other.manifest(SMALL, ("oth-1",))
    assert world.other.post([other], [SMALL]).status_code == 200
    assert (fetched(world.other, LARGE_NAME), fetched(world.other, SMALL_NAME)) == (PHOTO, SMALL)


def test_nobody_overtakes_the_device_that_sent_it(world: World):
    """Readers of the record know the photo's name before its author has announced it."""
    world.tablet.upload(PHOTO)
    for thief in (world.other, world.supervisor):
        assert announced(thief, PHOTO, (thief.name,)) == "server.object_missing"
    world.restart()
    assert offset(world.tablet, LARGE_NAME) == (str(len(PHOTO)), "?1")
    assert announced(world.tablet, PHOTO, ("sup-1",)) == 0


def test_a_carrier_who_sent_it_may_bring_its_authors_entry(world: World):
    """A safety copy: the manifest is the lost tablet's, the bytes come from another."""
    world.other.upload(PHOTO)
    assert announced(world.tablet, PHOTO, ("sup-1",), by=world.other) == 0
    assert announced(world.tablet, SMALL, ("sup-1",), by=world.other) == "server.object_missing"


def test_entries_of_one_batch_know_of_each_other(world: World):
    first = world.tablet.manifest(SMALL, ("sup-1",))
    again = world.tablet.manifest(SMALL, ("oth-1",))
    answer = PushAnswer.decode(world.tablet.post([first, again], [SMALL]).content)
    assert [outcome.index for outcome in answer.outcomes] == [0, 1]
    assert fetched(world.other, SMALL_NAME) == SMALL


def test_an_older_servers_database_learns_it(world: World):
    """What lay there without an entry before the upgrade is nobody's, and is sent again."""
    world.tablet.upload(PHOTO)
    world.close()
    world.execute("DROP TABLE uploaded")
    world.execute("UPDATE alembic_version SET version_num = '0001'")
    initialise(world.settings)
    world.restart()
    assert announced(world.tablet, PHOTO, ("sup-1",)) == "server.object_missing"
    assert offset(world.tablet, LARGE_NAME) == ("0", "?0")
    world.tablet.upload(PHOTO)
    assert announced(world.tablet, PHOTO, ("sup-1",)) == 0


def test_the_entries_of_a_removed_reader_open_nothing(world: World):
    sent(world)
    assert announced(world.supervisor, PHOTO, ("oth-1",)) == 2
    world.revoke("oth-1")
    assert fetched(world.other, LARGE_NAME) == "server.device_revoked"
    assert announced(world.supervisor, SMALL, ("oth-1",)) == 3, (
        "sealed before the removal: it may still arrive"
    )
    assert fetched(world.other, SMALL_NAME) == "server.device_revoked"
