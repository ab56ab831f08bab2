"""The outer layer: protection, limits, replays, ranges, metrics, logs."""

import asyncio
import json
import logging

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from app.protocol.errors import Problem, catalogue
from app.protocol.httpsig import SignedRequest
from sync_server.app import create_app
from sync_server.edge.limits import RateLimit, read_body
from sync_server.edge.problems import problem_response
from sync_server.edge.replay import MemoryNonces, check_created
from sync_server.logs import JsonLines
from sync_server.metrics import Metrics
from sync_server.services.objects import parse_range
from sync_server.settings import Settings, is_loopback
from sync_server.setup import initialise


def code_of(call, *args):
    with pytest.raises(Problem) as caught:
        call(*args)
    return caught.value.code


# -- protection -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, secure",
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"host": "localhost"}, True),
        ({"host": "0.0.0.0"}, False),
        ({"host": "192.0.2.7"}, False),
        ({"host": "server.example"}, False),
        ({"host": "0.0.0.0", "behind_proxy": True}, True),
        ({"host": "0.0.0.0", "tls_cert": "cert.pem"}, True),
    ],
)
def test_where_listening_is_allowed(tmp_path, options, secure):
    assert Settings(tmp_path, **options).secure is secure


def test_loopback():
    assert [is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "10.0.0.1", "", "x")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "options, client, base, headers, status",
    [
        ({}, "127.0.0.1", "http", {}, 200),
        ({}, "192.0.2.7", "http", {}, 421),
        ({}, "192.0.2.7", "http", {"x-forwarded-proto": "https"}, 421),
        ({}, "192.0.2.7", "https", {}, 200),
        ({"behind_proxy": True}, "192.0.2.7", "http", {"x-forwarded-proto": "https"}, 200),
        ({"behind_proxy": True}, "192.0.2.7", "http", {}, 200),
        ({"behind_proxy": True}, "192.0.2.7", "http", {"x-forwarded-proto": "http"}, 421),
    ],
)
def test_plain_http_is_refused_beyond_loopback(tmp_path, options, client, base, headers, status):
    settings = Settings(tmp_path / "server", **options)
    initialise(settings)
    app = create_app(settings)
    with TestClient(app, base_url=f"{base}://server.example", client=(client, 50000)) as http:
        response = http.get("/healthz", headers=headers)
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"


# -- limits ---------------------------------------------------------------------------------------


def test_a_bucket_fills_up_again():
    now = [0.0]
    limit = RateLimit(2.0, 3, lambda: now[0])
    for _ in range(3):
        limit.take("org", "tab")
    assert code_of(limit.take, "org", "tab") == "server.rate"
    limit.take("org", "other")
    now[0] += 0.5
    limit.take("org", "tab")
    assert code_of(limit.take, "org", "tab") == "server.rate"
    now[0] += 100
    for _ in range(3):
        limit.take("org", "tab")
    assert code_of(limit.take, "org", "tab") == "server.rate"


def test_no_rate_is_no_limit():
    limit = RateLimit(0, 0, lambda: 0.0)
    for _ in range(1000):
        limit.take("org", "tab")


def body_request(pieces, announced, delay=0.0):
    waiting = list(pieces)

    async def receive():
        await asyncio.sleep(delay)
        if not waiting:
            return {"type": "http.disconnect"}
        piece = waiting.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    headers = [(b"content-length", str(announced).encode())] if announced is not None else []
    return Request({"type": "http", "method": "POST", "headers": headers, "path": "/"}, receive)


def read(request, tmp_path, limit=100, **options):
    settings = Settings(tmp_path, **options)
    now = iter(range(0, 10_000, 10))
    return asyncio.run(read_body(request, dict(request.headers), limit, settings, lambda: float(next(now))))


def test_a_body_is_read_in_pieces(tmp_path):
    assert read(body_request([b"ab", b"cd"], 4), tmp_path).content() == b"abcd"


@pytest.mark.parametrize(
    "request_, options, code",
    [
        (body_request([b"x"], None), {}, "server.length_required"),
        (body_request([b"x"], 101), {}, "server.too_large"),
        (body_request([b"x" * 9], 4), {}, "server.too_large"),
        (body_request([b"x"], 5, delay=1), {"idle_timeout": 0.05}, "server.too_slow"),
        (body_request([b"x"] * 100, 100), {"idle_timeout": 1.0}, "server.too_slow"),
        (body_request([], 5), {}, "server.too_slow"),
    ],
)
def test_bodies_that_are_given_up(tmp_path, request_, options, code):
    with pytest.raises(Problem) as caught:
        read(request_, tmp_path, **options)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "asked, expected", [(None, (0, 10)), ("bytes=0-", (0, 10)), ("bytes=9-9", (9, 10)), ("bytes=-3", (7, 10)),
                        ("bytes=-99", (0, 10)), ("bytes=3-99", (3, 10))],
)  # fmt: skip
def test_ranges(asked, expected):
    assert parse_range(asked, 10) == expected


@pytest.mark.parametrize(
    "asked", ["bytes=10-", "bytes=-0", "bytes=a-b", "bytes", "", "bytes=0-1,3-4", "bytes=--1"]
)
def test_ranges_that_are_refused(asked):
    assert code_of(parse_range, asked, 10) == "server.range"


# -- replays --------------------------------------------------------------------------------------


def signed(nonce, created=1000):
    return SignedRequest("tab", created, nonce, b"", b"")


def test_nonces_are_remembered_as_long_as_they_could_be_used():
    now = [1000.0]
    nonces = MemoryNonces(300, lambda: now[0])
    nonces.use("org", signed("a"))
    for later in (0, 300, 599, 601, 900):
        now[0] = 1000.0 + later
        assert code_of(nonces.use, "org", signed("a")) == "server.replayed"
    nonces.use("org-2", signed("a"))


def test_nonces_are_forgotten_at_last():
    now = [1000.0]
    nonces = MemoryNonces(300, lambda: now[0])
    for turn in range(50):
        now[0] += 400
        nonces.use("org", signed(f"n{turn}", int(now[0])))
    assert len(nonces._new) + len(nonces._old) <= 4


def test_what_was_signed_before_the_start_is_refused():
    nonces = MemoryNonces(300, lambda: 1000.9)
    assert code_of(nonces.use, "org", signed("a", 999)) == "server.clock_skew"
    nonces.use("org", signed("a", 1000))


def test_the_clock_window():
    check_created(signed("a", 1300), 1000.0, 300)
    assert code_of(check_created, signed("a", 1301), 1000.0, 300) == "server.clock_skew"


# -- telling --------------------------------------------------------------------------------------


def test_every_problem_makes_a_document():
    for code, entry in catalogue().items():
        response = problem_response(Problem(code))
        document = json.loads(response.body)
        assert response.status_code == document["status"] == entry.status
        assert document["type"] == f"urn:doorstep:problem:{code}"


def test_metrics_text():
    metrics = Metrics()
    metrics.add("doorstep_a_total", 2, kind="x")
    metrics.add("doorstep_a_total", kind="x")
    metrics.observe("doorstep_b_seconds", 0.02)
    metrics.observe("doorstep_b_seconds", 20.0)
    metrics.gauge("doorstep_c", lambda: 7)
    lines = metrics.text().splitlines()
    assert 'doorstep_a_total{kind="x"} 3' in lines
    assert 'doorstep_b_seconds_bucket{le="0.025"} 1' in lines
    assert 'doorstep_b_seconds_bucket{le="+Inf"} 2' in lines
    assert "doorstep_b_seconds_count 2" in lines
    assert "doorstep_c 7" in lines
    assert lines.count("# TYPE doorstep_a_total counter") == 1


def test_log_lines_are_json():
    record = logging.makeLogRecord(
        {"name": "sync_server", "levelname": "INFO", "msg": "request", "status": 200}
    )
    line = json.loads(JsonLines().format(record))
    assert (line["event"], line["status"], line["level"]) == ("request", 200, "info")
