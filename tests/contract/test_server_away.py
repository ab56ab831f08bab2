"""Database away, object store away: a clear problem with Retry-After, nothing half written, well again by itself."""

import hashlib
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from app.protocol.messages import PushAnswer
from sync_server.commands.check import verify_all
from sync_server.settings import Settings
from sync_server.testing import running_server
from tests.contract.server_backends import Cluster, database_url
from tests.contract.server_world import World
from tests.contract.test_server_processes import Client, Relay, organisation
from tests.unit.server.kit import Answer, Device, code_of
from tests.unit.server.s3_double import Bucket, s3_double

READERS = ("sup-1", "tab-1")
PHOTO = os.urandom(150_000)
NAME = hashlib.sha256(PHOTO).hexdigest()
WHERE = f"/v1/objects/{NAME}"


@dataclass
class Place:
    world: World
    bucket: Bucket


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with s3_double() as (url, bucket):
        for name, value in {
            "AWS_ENDPOINT": url,
            "AWS_ACCESS_KEY_ID": "k",
            "AWS_SECRET_ACCESS_KEY": "s",
            "AWS_REGION": "eu-central-1",
            "AWS_ALLOW_HTTP": "true",
        }.items():
            monkeypatch.setenv(name, value)
        world = World(Settings(tmp_path / "server", objects="s3://visits/doorstep", patience=2.0))
        assert world.org.found(world.token).status_code == 200
        yield Place(world, bucket)
        bucket.answers.set()
        world.close()


def told_to_wait(answer: Answer, code: str = "server.storage") -> bool:
    return (answer.status_code, code_of(answer)) == (503, code) and int(answer.headers["retry-after"]) > 0


def sent_in_full(device: Device) -> None:
    """As a client does: from where the server stands."""
    for _ in range(20):
        state = device.call("HEAD", WHERE)
        if state.headers["upload-complete"] == "?1":
            return
        at = int(state.headers["upload-offset"])
        device.patch(NAME, at, len(PHOTO), PHOTO[at : at + 65536])
    raise AssertionError("the upload never ended")


def all_is_well(place: Place) -> None:
    world = place.world
    sent_in_full(world.tablet)
    answer = PushAnswer.decode(world.tablet.post([world.tablet.manifest(PHOTO, READERS)]).content)
    assert answer.outcomes[0].index is not None
    assert world.supervisor.call("GET", WHERE).content == PHOTO
    assert world.send("GET", "/readyz", {}, b"").status_code == 200
    assert not [key for key in place.bucket.objects if "partial" in key]
    assert verify_all(world.settings)[0].wrong == []


def entries_go_on(world: World) -> None:
    """Nothing but large objects needs the store."""
    content = os.urandom(600)
    world.other.push(content, audience=("sup-1",))
    assert world.supervisor.pull()[-1][1] == content


def test_a_store_that_answers_503(place: Place):
    world = place.world
    world.tablet.patch(NAME, 0, len(PHOTO), PHOTO[:65536])
    place.bucket.away = True
    assert told_to_wait(world.tablet.patch(NAME, 65536, len(PHOTO), PHOTO[65536:131072]))
    assert told_to_wait(world.send("GET", "/readyz", {}, b""))
    assert world.send("GET", "/healthz", {}, b"").status_code == 200
    entries_go_on(world)
    place.bucket.away = False
    all_is_well(place)


def test_a_store_that_hangs_holds_nothing_else_up(place: Place):
    world = place.world
    place.bucket.answers.clear()
    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(world.tablet.patch, NAME, 0, len(PHOTO), PHOTO[:65536]) for _ in range(12)]
        for _ in range(3):
            entries_go_on(world)
        assert all(told_to_wait(one.result()) for one in waiting)
    place.bucket.answers.set()
    all_is_well(place)


def test_a_store_that_refuses_connections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ALLOW_HTTP"):
        monkeypatch.setenv(name, "true")
    with s3_double() as (url, bucket):
        monkeypatch.setenv("AWS_ENDPOINT", url)
    world = World(Settings(tmp_path / "server", objects="s3://visits/doorstep", patience=3.0))
    assert world.org.found(world.token).status_code == 200
    assert told_to_wait(world.tablet.patch(NAME, 0, len(PHOTO), PHOTO[:65536]))
    entries_go_on(world)
    with s3_double(bucket, urlsplit(url).port or 0):
        all_is_well(Place(world, bucket))
    world.close()


STEPS = {
    "the mark": ("PUT", "last-"),
    "the last chunk": ("PUT", "000000000131072"),
    "the object": ("PUT", "/objects/"),
    "the clearing up": ("POST", "delete"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_store_that_fails_at_one_step(place: Place, step: str):
    world, (method, word) = place.world, STEPS[step]
    failed = []

    def fails(asked: str, key: str, query: str) -> bool:
        hit = (asked == method or (step == "the clearing up" and asked == "DELETE")) and (
            word in key or word in query or (asked == "DELETE" and "partial" in key)
        )
        failed.append(hit)
        return hit

    for at in (0, 65536):
        world.tablet.patch(NAME, at, len(PHOTO), PHOTO[at : at + 65536])
    place.bucket.fails = fails
    assert told_to_wait(world.tablet.patch(NAME, 131072, len(PHOTO), PHOTO[131072:]))
    assert any(failed), "the step was never reached"
    place.bucket.fails = lambda *_: False
    if step == "the clearing up":
        state = world.tablet.call("HEAD", WHERE)
        assert state.headers["upload-complete"] == "?1"
        place.bucket.objects = {
            key: kept for key, kept in place.bucket.objects.items() if "partial" not in key
        }
    all_is_well(place)


@pytest.mark.parametrize("range_", ["", "bytes=1000-1999"])
def test_an_object_whose_bytes_are_gone_is_told_before_a_byte_is_sent(place: Place, range_: str):
    world = place.world
    all_is_well(place)
    asked = {"range": range_} if range_ else {}
    path = next(key for key in place.bucket.objects if NAME in key)
    kept = place.bucket.objects.pop(path)
    answer = world.supervisor.call("GET", WHERE, **asked)
    assert (answer.status_code, code_of(answer)) == (500, "server.object_damaged")
    place.bucket.objects[path] = kept[:1500]
    answer = world.supervisor.call("GET", WHERE, **asked)
    assert answer.status_code in (500, 503) and code_of(answer) in ("server.object_damaged", "server.storage")
    place.bucket.objects[path] = kept
    place.bucket.away = True
    assert told_to_wait(world.supervisor.call("GET", WHERE, **asked))
    place.bucket.away = False
    assert world.supervisor.call("GET", WHERE).content == PHOTO


def test_files_that_are_gone_cut_or_rotten(tmp_path: Path):
    world = World(Settings(tmp_path / "server"))
    assert world.org.found(world.token).status_code == 200
    sent_in_full(world.tablet)
    world.tablet.post([world.tablet.manifest(PHOTO, READERS)])
    small = os.urandom(900)
    world.tablet.push(small, audience=READERS)
    path = next((tmp_path / "server" / "objects").glob("*/??/*"))
    path.write_bytes(PHOTO[:5000])
    assert code_of(world.supervisor.call("GET", WHERE)) == "server.object_damaged"
    assert world.supervisor.call("GET", WHERE, range="bytes=0-99").content == PHOTO[:100]
    path.unlink()
    assert code_of(world.supervisor.call("GET", WHERE)) == "server.object_damaged"
    world.execute("UPDATE object SET content = :bad WHERE content IS NOT NULL", bad=b"x" * 900)
    rotten = f"/v1/objects/{hashlib.sha256(small).hexdigest()}"
    assert code_of(world.supervisor.call("GET", rotten)) == "server.object_damaged"
    world.close()


# -- the database ---------------------------------------------------------------------------------


def test_a_database_that_hangs_and_goes_on(tmp_path: Path):
    with database_url("postgresql") as url, Relay(url) as (relayed, relay):
        settings = Settings(tmp_path / "server", database=url)
        options = ["--database", relayed, "--patience", "2"]
        with running_server(tmp_path / "server", options=options, settings=settings) as server:
            _, supervisor, tablets = organisation(server)
            tablets[0].push(b"x" * 600, audience=READERS)
            manifest = tablets[0].manifest(b"y" * 600, READERS)
            relay.flows.clear()
            assert told_to_wait(tablets[0].post([manifest], [b"y" * 600]))
            assert told_to_wait(requests.get(f"{server.url}/readyz"))  # type: ignore[arg-type]
            assert requests.get(f"{server.url}/healthz").status_code == 200
            relay.flows.set()
            answer = recovered(lambda: tablets[0].post([manifest], [b"y" * 600]))
            assert PushAnswer.decode(answer.content).outcomes[0].index == 1
            assert len(supervisor.pull()) == 2


@pytest.mark.slow
def test_a_postgresql_that_is_stopped_in_the_middle_of_work(tmp_path: Path):
    cluster = Cluster.make(durable=True)
    if cluster is None:
        pytest.skip("no PostgreSQL on this machine")
    url = f"{cluster.url}/postgres"
    settings = Settings(tmp_path / "server", database=url)
    try:
        with running_server(tmp_path / "server", options=["--database", url], settings=settings) as server:
            org, supervisor, tablets = organisation(server)
            received: dict[int, bytes] = {}
            stop, problems = threading.Event(), set()

            def work(tablet: Device) -> None:
                org.send = Client(server)
                while not stop.is_set():
                    content = os.urandom(600)
                    manifest = tablet.manifest(content, READERS)
                    while True:
                        answer = tablet.post([manifest], [content])
                        if answer.status_code == 200:
                            break
                        assert told_to_wait(answer)
                        problems.add(code_of(answer))
                        stop.wait(0.1)
                    index = PushAnswer.decode(answer.content).outcomes[0].index
                    assert index is not None and index not in received
                    received[index] = content

            with ThreadPoolExecutor(3) as pool:
                working = [pool.submit(work, tablet) for tablet in tablets[:3]]
                for _ in range(2):
                    while_growing(received)
                    cluster.stop()
                    threading.Event().wait(0.5)
                    cluster.start()
                while_growing(received)
                stop.set()
                for one in working:
                    one.result()
            assert problems == {"server.storage"}
            assert dict(supervisor.pull()) == received
        assert verify_all(settings)[0].wrong == []
    finally:
        cluster.remove()


def while_growing(received: dict[int, bytes], more: int = 10) -> None:
    goal = len(received) + more
    for _ in range(600):
        if len(received) >= goal:
            return
        threading.Event().wait(0.1)
    raise AssertionError("work did not go on")


def recovered(call: Any) -> Answer:
    """The answer, once there is one again."""
    for _ in range(100):
        answer: Answer = call()
        if answer.status_code < 300:
            return answer
        assert told_to_wait(answer)
        threading.Event().wait(0.1)
    raise AssertionError("it did not recover")
