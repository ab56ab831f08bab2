"""Real server processes on real disks: killed, doubled, starved, attacked. Nothing acknowledged is lost."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from app.protocol.messages import PushAnswer, RosterMessage
from sync_server.commands.check import verify_all
from sync_server.settings import Settings
from sync_server.testing import RunningServer, running_server
from tests.contract.server_backends import database_url
from tests.unit.server.kit import Answer, Device, Organisation, code_of

READERS = ("sup-1", "tab-1")


class Client:
    """Sends over real connections; several servers may stand behind it."""

    def __init__(self, *servers: RunningServer) -> None:
        self.servers = servers
        self.sessions = threading.local()
        self.turn = 0

    def __call__(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        if not hasattr(self.sessions, "one"):
            self.sessions.one = requests.Session()
        self.turn += 1
        server = self.servers[self.turn % len(self.servers)]
        return self.sessions.one.request(method, server.url + target, data=body, headers=headers, timeout=30)


def organisation(*servers: RunningServer) -> tuple[Organisation, Device, list[Device]]:
    org = Organisation(Client(*servers), servers[0].log_key)
    supervisor = org.add("sup-1", "supervisor")
    tablets = [org.add(f"tab-{n}") for n in range(1, 5)]
    assert org.found(servers[0].setup_token).status_code == 200
    return org, supervisor, tablets


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "server") as found:
        yield found


def raw_push(tablet: Device, *contents: bytes) -> bytes:
    """The bytes of a whole HTTP request with these objects, to be sent as the test likes."""
    caught: list[tuple[str, str, dict[str, str], bytes]] = []
    send, tablet.org.send = tablet.org.send, lambda *request: caught.append(request)  # type: ignore[assignment]
    tablet.post([tablet.manifest(content, READERS) for content in contents], contents)
    tablet.org.send = send
    method, target, headers, body = caught[0]
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"{method} {target} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n{lines}\r\n"
    return head.encode() + body


def insist(tablet: Device, content: bytes) -> int:
    """Sends one entry until a receipt comes, as a client must; returns its index."""
    manifest = tablet.manifest(content, READERS)
    for _ in range(400):
        try:
            response = tablet.post([manifest], [content])
        except requests.RequestException:
            time.sleep(0.05)
            continue
        if response.status_code == 200:
            answer = PushAnswer.decode(response.content)
            answer.verify([manifest], tablet.org.name, tablet.org.log_key)
            assert answer.outcomes[0].index is not None, answer.outcomes
            return answer.outcomes[0].index
        assert code_of(response) in ("server.clock_skew", "server.storage"), response.content
        time.sleep(0.05)
    raise AssertionError("no receipt came")


@pytest.mark.slow
def test_killed_again_and_again_nothing_acknowledged_is_lost(server: RunningServer):
    _, supervisor, tablets = organisation(server)
    received: dict[int, bytes] = {}
    done = threading.Event()

    def work(tablet: Device) -> None:
        for _ in range(12):
            content = os.urandom(500)
            received[insist(tablet, content)] = content
            time.sleep(0.01)

    def murder() -> None:
        """Kills in the middle of work, but not before it has gone on a little: a slow machine gets on too."""
        known = 0
        while not done.wait(0.05):
            if len(received) >= known + 4:
                known = len(received)
                server.kill()
                server.start()

    killer = threading.Thread(target=murder)
    killer.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, tablets))
    finally:
        done.set()
        killer.join()
    assert sorted(received) == list(range(48))
    time.sleep(1.1)
    assert dict(supervisor.pull()) == received
    server.stop()
    assert not verify_all(Settings(server.data_dir))[0].wrong


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_several_workers_and_replicas_share_one_log(kind: str, tmp_path: Path):
    with database_url(kind) as url:
        options = ["--workers", "2", "--rate", "0", *(["--database", url] if url else [])]
        settings = Settings(tmp_path / "server", database=url)
        with running_server(tmp_path / "server", options=options, settings=settings) as first:
            second = RunningServer(first.data_dir, "", first.log_key, 0, options)
            second.start()
            try:
                received, pulled = shared_work(first, second)
            finally:
                second.stop()
        assert sorted(received) == list(range(len(received)))
        assert pulled == received
        assert not verify_all(settings)[0].wrong


def shared_work(
    first: RunningServer, second: RunningServer
) -> tuple[dict[int, bytes], dict[int, bytes | None]]:
    _, supervisor, tablets = organisation(first, second)
    received: dict[int, bytes] = {}

    def work(tablet: Device) -> None:
        for _ in range(8):
            contents = [os.urandom(400), os.urandom(400)]
            for index, content in zip(tablet.push(*contents, audience=READERS), contents, strict=True):
                received[index] = content

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, tablets))
    return received, dict(supervisor.pull())


@pytest.mark.slow
def test_replicas_know_each_others_nonces_and_removals(tmp_path: Path):
    with running_server(tmp_path / "server", options=["--workers", "2"]) as server:
        org, supervisor, tablets = organisation(server)
        caught: list[tuple[str, str, dict[str, str], bytes]] = []
        send, org.send = org.send, lambda *request: caught.append(request)  # type: ignore[assignment]
        supervisor.call("GET", "/v1/entries?after=0")
        org.send = send
        codes = [requests.get(server.url + caught[0][1], headers=caught[0][2]).status_code for _ in range(8)]
        assert sorted(codes) == [200] + [401] * 7
        statement = org.state("revoke_device", {"device": "tab-1"}, "sup-1", supervisor.key)
        body = RosterMessage((statement,)).encode()
        assert supervisor.call("POST", "/v1/roster", body, content_type="application/json").status_code == 200
        for _ in range(6):
            org.send = Client(server)  # a new connection each time, so that both workers are asked
            assert code_of(tablets[0].call("GET", "/v1/entries?after=0")) == "server.device_revoked"


def test_it_ends_gracefully(server: RunningServer):
    _, _, tablets = organisation(server)
    tablets[0].push(b"x" * 600, audience=READERS)
    assert server.stop() == 0
    assert (
        not list(server.data_dir.glob("server.db-wal"))
        or verify_all(Settings(server.data_dir))[0].entries == 1
    )


def test_a_full_disk_is_told_and_survived(tmp_path: Path):
    """No file may grow past 64 KiB, like on a full disk, until the limit is lifted."""
    with running_server(tmp_path / "server", options=["--log-level", "warning"]) as server:
        _, supervisor, tablets = organisation(server)
        tablets[0].push(b"x" * 600, audience=READERS)
        server.stop()
        server.file_limit = 65536
        server.start()
        contents = [os.urandom(60_000) for _ in range(2)]
        manifests = [tablets[0].manifest(content, READERS) for content in contents]
        response = tablets[0].post(manifests, contents)
        assert (response.status_code, code_of(response)) == (503, "server.storage")
        assert int(response.headers["retry-after"]) > 0
        photo = os.urandom(100_000)
        assert [code_of(one) for one in tablets[0].upload(photo, 100_000)] == ["server.storage"]
        assert len(supervisor.pull()) == 1
        server.stop()
        server.file_limit = 0
        server.start()
        answer = PushAnswer.decode(tablets[0].post(manifests, contents).content)
        assert [outcome.index for outcome in answer.outcomes] == [1, 2]
        assert supervisor.pull() == [(1, contents[0]), (2, contents[1])]


def test_a_database_that_goes_away_and_comes_back(tmp_path: Path):
    with database_url("postgresql") as url, Relay(url) as (relayed, relay):
        settings = Settings(tmp_path / "server", database=url)
        with running_server(
            tmp_path / "server", options=["--database", relayed], settings=settings
        ) as server:
            _, supervisor, tablets = organisation(server)
            tablets[0].push(b"x" * 600, audience=READERS)
            relay.cut()
            content = b"y" * 600
            manifest = tablets[0].manifest(content, READERS)
            response = tablets[0].post([manifest], [content])
            assert (response.status_code, code_of(response)) == (503, "server.storage")
            assert code_of(requests.get(f"{server.url}/readyz")) == "server.storage"
            assert requests.get(f"{server.url}/healthz").status_code == 200
            relay.mend()
            assert PushAnswer.decode(tablets[0].post([manifest], [content]).content).outcomes[0].index == 1
            assert len(supervisor.pull()) == 2


def test_a_slow_sender_is_given_up_and_does_not_hold_others_up(tmp_path: Path):
    with running_server(tmp_path / "server", options=["--idle-timeout", "1"]) as server:
        _, supervisor, tablets = organisation(server)
        raw = raw_push(tablets[0], b"x" * 600)
        with socket.create_connection(("127.0.0.1", server.port)) as slow:
            slow.sendall(raw[:-500])
            assert supervisor.pull() == []
            slow.settimeout(10)
            assert slow.recv(100).startswith(b"HTTP/1.1 408")


def test_a_head_that_never_ends_is_given_up(tmp_path: Path):
    with running_server(tmp_path / "server", options=["--idle-timeout", "1"]) as server:
        where = ("127.0.0.1", server.port)
        with socket.create_connection(where) as silent, socket.create_connection(where) as slow:
            for one in (silent, slow):
                one.settimeout(0.3)
            slow.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET /healthz HTTP/1.1\r\n")
            assert slow.recv(1000).startswith(b"HTTP/1.1 200")
            assert closed(slow, b"x-trickle: 1\r\n")
            assert closed(silent, b"")
            assert requests.get(f"{server.url}/healthz").status_code == 200


def closed(connection: socket.socket, drip: bytes) -> bool:
    """Whether the server ends the connection within a few seconds, however it is kept busy."""
    for _ in range(40):
        try:
            connection.sendall(drip)
            if connection.recv(1000) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_too_many_open_requests_are_told_to_come_back(tmp_path: Path):
    with running_server(tmp_path / "server", options=["--concurrency", "3"]) as server:
        _, supervisor, tablets = organisation(server)
        waiting = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
        for one, tablet in zip(waiting, tablets, strict=False):  # requests whose bodies do not come
            one.sendall(raw_push(tablet, os.urandom(600)).partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
        time.sleep(0.5)
        response = supervisor.call("GET", "/v1/entries?after=0")
        assert (code_of(response), response.headers["retry-after"]) == ("server.busy", "2")
        for one in waiting:
            one.close()
        time.sleep(0.5)
        assert supervisor.call("GET", "/v1/entries?after=0").status_code == 200


def test_the_log_names_nobody_and_the_files_hold_nothing_readable(server: RunningServer):
    org, supervisor, tablets = organisation(server)
    secret = b"Familia Exemplu 12"
    tablets[0].push(os.urandom(600), audience=READERS)
    requests.get(
        f"{server.url}/v1/nothing/Familia%20Exemplu%2012?name=Familia", headers={"user-agent": "Familia"}
    )
    requests.post(f"{server.url}/v1/entries", data=secret, headers={"doorstep-invite": "Familia"})
    supervisor.pull()
    server.stop()
    log = server.log_path.read_text("utf-8")
    assert '"route": "/v1/entries"' in log
    for word in ("Familia", "127.0.0.1", org.name, "tab-1", server.setup_token):
        assert word not in log
    for path in server.data_dir.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0, path


class Relay:
    """A TCP relay before a database, that can be cut, or hang."""

    def __init__(self, url: str) -> None:
        where, self.name = url.removeprefix("postgresql://").split("/")
        user, address = where.split("@")
        host, port = address.split(":")
        self.user, self.target = user, (host, int(port))
        self.open = True
        self.flows = threading.Event()
        self.flows.set()
        self.pairs: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "tuple[str, Relay]":
        return f"postgresql://{self.user}@127.0.0.1:{self.listener.getsockname()[1]}/{self.name}", self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self.listener.close()

    def cut(self) -> None:
        self.open = False
        for one in self.pairs:
            one.close()
        self.pairs.clear()

    def mend(self) -> None:
        self.open = True

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if not self.open:
                near.close()
                continue
            far = socket.create_connection(self.target)
            self.pairs += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(one, other, self.flows), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket, flows: threading.Event) -> None:
    try:
        while data := source.recv(65536):
            flows.wait(60)
            target.sendall(data)
    except OSError:
        pass
    for one in (source, target):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue
