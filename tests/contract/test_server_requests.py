"""Requests that are not as they must be: unsigned, replayed, late, too large, of the wrong kind."""

import os
from dataclasses import replace

from app.protocol.keys import SigningKey
from app.protocol.versions import MSGPACK
from tests.contract.server_world import World, world
from tests.unit.server.kit import code_of

__all__ = ["world"]
WHERE = "/v1/entries?after=0"


def captured(world: World):
    """A valid request of the supervisor, caught on its way: to be sent again or changed."""
    caught = []
    send, world.org.send = world.org.send, lambda *request: caught.append(request)
    world.supervisor.call("GET", WHERE)
    world.org.send = send
    return caught[0]


def test_unsigned_requests_are_refused_everywhere(world: World):
    for method, target in [
        ("GET", WHERE),
        ("GET", "/v1/manifests?device=tab-1&after=0"),
        ("GET", "/v1/consistency?first=0&second=0"),
        ("GET", "/v1/inclusion?index=0&size=0"),
        ("GET", "/v1/roster"),
        ("GET", "/v1/enrolments"),
        ("GET", f"/v1/objects/{'ab' * 32}"),
        ("DELETE", f"/v1/enrolments/{'ab' * 32}"),
    ]:
        response = world.send(method, target, {"doorstep-workspace": world.org.name}, b"")
        assert code_of(response) == "server.unsigned", target


def test_what_needs_no_signature(world: World):
    for target in ("/", "/healthz", "/readyz", "/v1/info", "/v1/openapi.json", "/metrics"):
        assert world.send("GET", target, {}, b"").status_code == 200, target


def test_a_request_counts_once(world: World):
    request = captured(world)
    assert world.send(*request).status_code == 200
    assert code_of(world.send(*request)) == "server.replayed"


def test_a_request_from_before_a_restart_does_not_count_again(world: World):
    request = captured(world)
    assert world.send(*request).status_code == 200
    world.clock.now += 2
    world.restart()
    assert code_of(world.send(*request)) in ("server.clock_skew", "server.replayed")


def test_a_clock_that_is_far_away_is_told_the_time(world: World):
    for seconds in (-301, 301, -86_400, 10**9):
        check_far_clock(world, seconds)


def check_far_clock(world: World, seconds: int):
    response = world.supervisor.call("GET", WHERE, created=world.clock.now + seconds)
    assert code_of(response) == "server.clock_skew"
    assert response.json()["now"] == int(world.clock.now)
    skew = world.clock.now + seconds - response.json()["now"]
    assert world.supervisor.call("GET", WHERE, created=world.clock.now + seconds - skew).status_code == 200


def test_a_clock_that_is_a_little_off_does_not_matter(world: World):
    for seconds in (1, 299):
        assert world.supervisor.call("GET", WHERE, created=world.clock.now + seconds).status_code == 200


def test_another_devices_key_is_noticed(world: World):
    assert code_of(world.supervisor.call("GET", WHERE, key=world.tablet.key)) == "server.signature_wrong"
    assert code_of(world.supervisor.call("GET", WHERE, key=SigningKey.generate())) == "server.signature_wrong"


def test_an_unknown_device(world: World):
    world.tablet.name = "nobody"
    assert code_of(world.tablet.call("GET", WHERE)) == "server.device_unknown"


def test_an_altered_request_is_noticed(world: World):
    method, target, headers, body = captured(world)
    assert code_of(world.send(method, "/v1/entries?after=0&own=1", headers, body)) == "server.signature_wrong"
    assert code_of(world.send("GET", "/v1/roster?after=0", headers, body)) == "server.signature_wrong"
    other = {**headers, "doorstep-protocol": "2"}
    assert code_of(world.send(method, target, other, body)) == "server.protocol_version"


def test_a_body_altered_on_its_way_is_noticed(world: World):
    caught = []
    send, world.org.send = world.org.send, lambda *request: caught.append(request)
    world.tablet.post([world.tablet.manifest(b"x" * 100, ("sup-1",))], [b"x" * 100])
    world.org.send = send
    method, target, headers, body = caught[0]
    assert code_of(world.send(method, target, headers, body[:-1] + b"y")) == "server.digest_wrong"


def test_only_the_right_media_type(world: World):
    for kind in ("application/json", "application/vnd.msgpack; charset=utf-8", "text/plain"):
        assert (
            code_of(world.tablet.call("POST", "/v1/entries", b"x", content_type=kind)) == "server.media_type"
        )


def test_a_body_too_large_is_refused_before_it_is_read(world: World):
    body = os.urandom(world.settings.batch_bytes + 1)
    assert code_of(world.tablet.call("POST", "/v1/entries", body, content_type=MSGPACK)) == "server.too_large"


def test_noise_is_refused(world: World):
    for noise in (b"\xc1", b"\x80", os.urandom(100), b"\x91" * 5000, b"\xdf\xff\xff\xff\xff"):
        assert (
            code_of(world.tablet.call("POST", "/v1/entries", noise, content_type=MSGPACK))
            == "server.malformed"
        )


def test_odd_queries_are_refused(world: World):
    for target in [
        "/v1/entries",
        "/v1/entries?after=x",
        "/v1/entries?after=0&after=1",
        "/v1/entries?after=0&more=1",
        "/v1/entries?after=0&limit=0",
        "/v1/entries?after=99999999999999999999",
        "/v1/manifests?device=tab-1",
        "/v1/manifests?device=..&after=0",
        "/v1/manifests?device=tab-1&after=0&limit=0",
        "/v1/consistency?first=1",
        "/v1/roster?since=1",
    ]:
        assert code_of(world.supervisor.call("GET", target)) == "server.malformed", target


def test_unknown_places_and_methods(world: World):
    assert code_of(world.send("GET", "/v1/nothing", {}, b"")) == "server.not_found"
    assert code_of(world.send("DELETE", "/v1/entries", {}, b"")) == "server.method"
    assert code_of(world.send("GET", "/v1/entries/", {}, b"")) == "server.not_found"


def test_a_device_that_asks_too_often_is_slowed_down(world: World):
    world.restart(replace(world.settings, rate=1.0, burst=3))
    codes = [world.supervisor.call("GET", WHERE) for _ in range(5)]
    assert [response.status_code for response in codes] == [200, 200, 200, 429, 429]
    assert int(codes[-1].headers["retry-after"]) >= 1
    assert world.tablet.call("GET", WHERE).status_code == 200


def test_metrics_count_and_name_nobody(world: World):
    world.tablet.push(os.urandom(600), audience=("sup-1",))
    text = world.send("GET", "/metrics", {}, b"").content.decode()
    assert "doorstep_entries_total 1\n" in text
    assert 'doorstep_requests_total{method="POST",route="/v1/entries",status="200"} 1' in text
    for secret in (world.org.name, "tab-1", "sup-1"):
        assert secret not in text
    hidden = world.send("GET", "/metrics", {"x-forwarded-for": "203.0.113.9"}, b"")
    assert code_of(hidden) == "server.not_found"
