"""Bombs, paths, sizes and slowness: what an enrolled but hostile device, or anybody on the network, may try."""

import gzip
import hashlib
import json
import os
import socket
import struct
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgpack
import pytest
import requests

from app.protocol.messages import PushRequest
from app.protocol.versions import BATCH_ENTRIES, HEADER_INVITE, HEADER_SETUP, JSON, MSGPACK
from sync_server.edge.limits import OPEN_BODIES
from sync_server.settings import Settings
from sync_server.testing import RunningServer, running_server
from tests.contract.server_world import World, world
from tests.contract.test_server_processes import READERS, closed, organisation, raw_push
from tests.unit.server.kit import Device, code_of

__all__ = ["world"]
MB = 1024 * 1024


def resident(server: RunningServer) -> int:
    lines = Path(f"/proc/{server.pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@pytest.fixture(scope="module")
def attacked(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[RunningServer, Device, list[Device]]]:
    folder = tmp_path_factory.mktemp("attacked") / "server"
    options = ["--rate", "0", "--idle-timeout", "1", "--log-level", "warning"]
    with running_server(folder, options=options) as server:
        _, supervisor, tablets = organisation(server)
        yield server, supervisor, tablets


def push(device: Device, body: bytes, **headers: str) -> Any:
    return device.call("POST", "/v1/entries", body, content_type=MSGPACK, **headers)


# -- bombs ----------------------------------------------------------------------------------------


def bombs(org: str) -> dict[str, bytes]:
    """A few bytes that claim or unfold into very many."""
    head = {"workspace": org, "known": 0, "names": ["tab-1"], "audiences": [[0]], "entries": []}
    names = [f"d{n}" for n in range(5000)]
    row = [0, 0, None, 1, 0, b"s" * 64, b"x"]
    return {
        "a list of four thousand million": b"\xdd\xff\xff\xff\xff",
        "a map of four thousand million": b"\xdf\xff\xff\xff\xff",
        "a text of four thousand million": b"\xdb\xff\xff\xff\xff",
        "bytes of four thousand million": b"\xc6\xff\xff\xff\xff",
        "an extension of four thousand million": b"\xc9\xff\xff\xff\xff\x01",
        "lists in lists": b"\x91" * 4_000_000,
        "maps in maps": b"\x81\xa1a" * 1_300_000,
        "a number beyond all bounds": msgpack.packb({**head, "known": 2**64 - 1}),
        "one audience a thousand times": msgpack.packb(
            {**head, "names": names, "audiences": [list(range(5000))], "entries": [row] * 1000}
        ),
        "a thousand audiences": msgpack.packb(
            {**head, "names": names, "audiences": [list(range(5000))] * 700}
        ),
        "too many entries": msgpack.packb({**head, "entries": [row] * (BATCH_ENTRIES + 1)}),
        "a member twice": b"\x85" + msgpack.packb("known") + b"\x00" + msgpack.packb("known") + b"\x00",
    }


def test_bombs_of_msgpack_cost_neither_memory_nor_time(attacked: tuple[RunningServer, Device, list[Device]]):
    server, _, tablets = attacked
    before = resident(server)
    for name, bomb in bombs(tablets[0].org.name).items():
        answer = push(tablets[0], bomb)
        assert answer.status_code in (400, 413), (name, answer.content)
        assert code_of(answer) in ("server.malformed", "server.too_many", "server.too_large"), name
    assert resident(server) - before < 60 * MB


def test_a_compressed_body_is_never_unpacked(attacked: tuple[RunningServer, Device, list[Device]]):
    server, _, tablets = attacked
    before = resident(server)
    zeros = bytes(64 * MB)
    for kind, bomb in (("gzip", gzip.compress(zeros)), ("deflate", zlib.compress(zeros))):
        answer = push(tablets[0], bomb, content_encoding=kind)
        assert code_of(answer) == "server.malformed"
    assert resident(server) - before < 20 * MB


def test_bombs_of_json(attacked: tuple[RunningServer, Device, list[Device]]):
    _, supervisor, _ = attacked
    for bomb in (
        b"[" * 500_000,
        b'{"a":' * 100_000,
        b'{"statements":' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"statements":[' + b"1," * 200_000 + b"1]}",
        b'{"statements":[' + b"9" * 100_000 + b"]}",
        b'{"statements":[],"statements":[]}',
        b'{"statements":[NaN]}',
        b"\xff\xfe" + json.dumps({"statements": []}).encode("utf-16-le"),
    ):
        answer = supervisor.call("POST", "/v1/roster", bomb, content_type=JSON)
        assert answer.status_code in (400, 409, 413, 422), answer.content
        code_of(answer)


# -- paths ----------------------------------------------------------------------------------------

PATHS = [
    "/v1/objects/../../log.key",
    "/v1/objects/..%2f..%2flog.key",
    "/v1/objects/%2e%2e/%2e%2e/log.key",
    "/v1/objects/..%5c..%5clog.key",
    "/v1/objects/%00",
    "/v1/objects/" + "ab" * 31 + "%2f.",
    "/v1/objects//etc/passwd",
    "//v1/entries",
    "/v1//entries",
    "/v1/entries/..",
    "/v1/objects/%c0%ae%c0%ae%c0%af",
    "/server.db",
    "/log.key",
    "/v1/objects/" + "a" * 5000,
]


def test_no_path_leads_to_a_file(attacked: tuple[RunningServer, Device, list[Device]]):
    server, supervisor, _ = attacked
    key = (server.data_dir / "log.key").read_bytes()
    for path in PATHS:
        for signed in (True, False):
            answer = raw(server, "GET", path, supervisor if signed else None)
            assert answer.split(b" ", 2)[1][:1] == b"4", (path, answer[:100])
            assert key not in answer and b"SQLite" not in answer


def raw(server: RunningServer, method: str, target: str, device: Device | None) -> bytes:
    """The answer to exactly this target: clients tidy paths up before they send them."""
    lines: dict[str, str] = {}
    if device is not None:
        send = device.org.send
        device.org.send = lambda method, target, headers, body: lines.update(headers)  # type: ignore[assignment, return-value]
        device.call(method, target)
        device.org.send = send
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        link.sendall(f"{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{head}\r\n".encode())
        link.settimeout(10)
        answer = b""
        while piece := link.recv(65536):
            answer += piece
    return answer


NAMES = ["..", ".", "a/b", "a\\b", "/etc", "", "x" * 65, "-a", "a b", "a%2fb", "~", "org-1\tx"]


def test_a_name_never_becomes_a_path(world: World):
    """An organisation's or device's id is part of a file's path: only the plainest ones are names."""
    for name in NAMES:
        answer = world.send("GET", "/v1/checkpoint", {"doorstep-workspace": name}, b"")
        assert code_of(answer) == "server.workspace_unknown", name
        world.tablet.name = name
        answer = world.tablet.call("GET", "/v1/roster")
        assert code_of(answer) in ("server.signature_malformed", "server.device_unknown"), name


# -- sizes ----------------------------------------------------------------------------------------

HEADS = {
    "two lengths": b"content-length: 5\r\ncontent-length: 6\r\n",
    "a length and chunks": b"content-length: 5\r\ntransfer-encoding: chunked\r\n",
    "chunks": b"transfer-encoding: chunked\r\n",
    "a negative length": b"content-length: -1\r\n",
    "a length that is no number": b"content-length: 0x10\r\n",
    "a length with a sign": b"content-length: +5\r\n",
    "a huge length": b"content-length: 99999999999999999999\r\n",
    "a large length": b"content-length: 4194305\r\n",
    "no length": b"",
    "many headers": b"".join(b"x-%d: y\r\n" % n for n in range(5000)),
    "one huge header": b"x-a: " + b"y" * 300_000 + b"\r\n",
}


@pytest.mark.parametrize("name", HEADS)
def test_lengths_and_heads_that_are_not_as_they_must_be(
    attacked: tuple[RunningServer, Device, list[Device]], name: str
):
    server, _, tablets = attacked
    whole = raw_push(tablets[1], os.urandom(100))
    tablets[1].seq, tablets[1].prev = 0, ""
    lines = [line for line in whole.partition(b"\r\n\r\n")[0].split(b"\r\n") if b"content-length" not in line]
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        link.settimeout(10)
        try:
            link.sendall(b"\r\n".join(lines) + b"\r\n" + HEADS[name] + b"\r\nhello")
            answer = link.recv(1000)
        except ConnectionError:
            answer = b""
    assert answer == b"" or answer[9:10] == b"4", answer
    assert requests.get(f"{server.url}/healthz").status_code == 200


def test_a_body_longer_than_announced_is_not_read_on(attacked: tuple[RunningServer, Device, list[Device]]):
    """What follows the announced bytes is another request, and no good one: the connection ends with it."""
    server, _, tablets = attacked
    whole = raw_push(tablets[2], os.urandom(100))
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        link.settimeout(10)
        link.sendall(whole + b"POST /v1/entries HTTP/1.1 smuggled\r\n\r\n")
        answer = b""
        while piece := link.recv(65536):
            answer += piece
    assert b"HTTP/1.1 400" in answer and answer.count(b"HTTP/1.1 200") <= 1
    assert requests.get(f"{server.url}/healthz").status_code == 200


def test_nobody_without_a_key_or_token_makes_the_server_read(
    attacked: tuple[RunningServer, Device, list[Device]],
):
    server, _, _ = attacked
    for path, header in (("/v1/roster", HEADER_SETUP), ("/v1/enrolments/mine", HEADER_INVITE)):
        method = "POST" if header == HEADER_SETUP else "PUT"
        with socket.create_connection(("127.0.0.1", server.port)) as link:
            link.settimeout(10)
            head = f"{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: {JSON}\r\n{header}: {'t' * 24}\r\n"
            link.sendall(f"{head}content-length: 20000\r\n\r\n".encode())
            assert link.recv(100)[9:12] in (b"403", b"404"), "answered before a byte of the body came"


def test_many_large_batches_at_once_take_turns(attacked: tuple[RunningServer, Device, list[Device]]):
    """Thirty-two batches of 400 KB: never more than the room's two MiB are worked on, and memory hardly grows."""
    server, _, tablets = attacked
    work = []
    for tablet in tablets:
        tablet.seq, tablet.prev = 0, ""
        contents = [os.urandom(20_000) for _ in range(20)]
        manifests = [tablet.manifest(content, ("nobody",)) for content in contents]
        work += [(tablet, manifests, contents)] * 8
    before = resident(server)
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda one: one[0].post(one[1], one[2]), work))
    assert {answer.status_code for answer in answers} == {200}
    room = Settings(server.data_dir).room
    assert 400_000 < gauge(server, "doorstep_body_bytes_most") <= room
    assert gauge(server, "doorstep_body_bytes") == 0
    assert resident(server) - before < 40 * MB


# -- slowness -------------------------------------------------------------------------------------


def test_a_body_that_trickles_is_given_up(attacked: tuple[RunningServer, Device, list[Device]]):
    server, supervisor, tablets = attacked
    head, _, body = raw_push(tablets[3], os.urandom(30_000)).partition(b"\r\n\r\n")
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        link.sendall(head + b"\r\n\r\n")
        link.settimeout(0.2)
        answer = b""
        for at in range(60):
            try:
                link.sendall(body[at : at + 1])
                answer = link.recv(100)
            except TimeoutError:
                continue
            break
    assert answer.startswith(b"HTTP/1.1 408")
    assert supervisor.pull() is not None


def test_one_slow_device_cannot_take_every_place(tmp_path: Path):
    with running_server(tmp_path / "server", options=["--rate", "0", "--idle-timeout", "20"]) as server:
        _, supervisor, tablets = organisation(server)
        links = []
        for _ in range(OPEN_BODIES):
            link = socket.create_connection(("127.0.0.1", server.port))
            link.sendall(raw_push(tablets[0], os.urandom(600)).partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
            links.append(link)
        time.sleep(1.0)
        assert code_of(push(tablets[0], b"x")) == "server.rate"
        assert tablets[1].push(b"x" * 600, audience=READERS) == [0]
        assert len(supervisor.pull()) == 1
        for link in links:
            link.close()
        for _ in range(50):
            if push(tablets[0], b"x").status_code == 400:
                return
            time.sleep(0.1)
        raise AssertionError("its places were never free again")


def test_an_answer_that_nobody_reads_is_given_up(attacked: tuple[RunningServer, Device, list[Device]]):
    server, supervisor, tablets = attacked
    content = os.urandom(5 * MB)
    for answer in tablets[3].upload(content, chunk=MB):
        assert answer.status_code == 204
    tablets[3].seq, tablets[3].prev = 0, ""
    assert tablets[3].post([tablets[3].manifest(content, READERS)]).status_code == 200
    target = f"/v1/objects/{hashlib.sha256(content).hexdigest()}"
    lines: dict[str, str] = {}
    send = supervisor.org.send
    supervisor.org.send = lambda method, target, headers, body: lines.update(headers)  # type: ignore[assignment, return-value]
    supervisor.call("GET", target)
    supervisor.org.send = send
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.socket() as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        link.connect(("127.0.0.1", server.port))
        link.sendall(f"GET {target} HTTP/1.1\r\nhost: x\r\n{head}\r\n".encode())
        for _ in range(60):
            if gauge(server, "doorstep_open_requests") <= 1:
                break
            time.sleep(0.2)
        else:
            raise AssertionError("it waits for ever")
        link.settimeout(10)
        got = 0
        try:
            while piece := link.recv(65536):
                got += len(piece)
        except ConnectionError:
            pass
        assert got < len(content)


def gauge(server: RunningServer, name: str) -> float:
    lines = requests.get(f"{server.url}/metrics").text.splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(name + " ")))


def test_idle_connections_are_closed(attacked: tuple[RunningServer, Device, list[Device]]):
    server, _, _ = attacked
    links = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(100)]
    for link in links:
        link.settimeout(0.2)
    assert all(closed(link, b"") for link in links)


# -- noise ----------------------------------------------------------------------------------------


def test_every_truncation_of_a_good_push_is_refused_or_whole(world: World):
    contents = [os.urandom(90), os.urandom(110)]
    manifests = [world.tablet.manifest(content, READERS) for content in contents]
    held = {manifest.sha256: content for manifest, content in zip(manifests, contents, strict=True)}
    body = PushRequest(world.org.name, tuple(manifests), held).encode()
    for end in range(0, len(body), 7):
        assert code_of(push(world.tablet, body[:end] or b"\xc0")) == "server.malformed"
    for at in range(0, len(body), 5):
        flipped = body[:at] + struct.pack("B", body[at] ^ 0x41) + body[at + 1 :]
        answer = push(world.tablet, flipped)
        assert answer.status_code in (200, 400, 413), (at, answer.content)
    assert push(world.tablet, body).status_code == 200
    for index, content in world.supervisor.pull():
        assert content in contents, index
