"""The real transport against servers that are not ours, are rude, or are not who they say."""

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.protocol.errors import Problem
from app.sync.transport import HttpTransport

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """An HTTP server whose every answer is this one; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer(self)

        do_POST = do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: tests speak for themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if context else ''}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def plain(status: int, headers: dict[str, str], body: bytes = b"") -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_answers_come_back_as_they_are() -> None:
    with serving(plain(200, {"X-Thing": "yes", "content-type": "a/b"}, b"body")) as address:
        transport = HttpTransport(address)
        answer = transport.request("GET", "/v1/info?a=b", {"doorstep-protocol": "1"}, b"", 5.0)
        transport.close()
    assert (answer.status, answer.body, answer.headers["x-thing"]) == (200, b"body", "yes")


def test_a_redirect_is_never_followed() -> None:
    followed: list[str] = []

    def trap(handler: BaseHTTPRequestHandler) -> None:
        followed.append(handler.path)
        plain(200, {})(handler)

    with serving(trap) as elsewhere, serving(plain(307, {"location": f"{elsewhere}/v1/entries"})) as address:
        answer = HttpTransport(address).request("POST", "/v1/entries", {}, b"sealed", 5.0)
    assert answer.status == 307 and followed == []


def test_only_what_was_signed_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login spy password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    seen: dict[str, str] = {}

    def look(handler: BaseHTTPRequestHandler) -> None:
        seen.update({name.lower(): value for name, value in handler.headers.items()})
        plain(200, {"set-cookie": "track=me; Path=/"})(handler)

    with serving(look) as address:
        transport = HttpTransport(address)
        transport.request("GET", "/", {"signature": "s"}, b"", 5.0)
        transport.request("GET", "/", {"signature": "s"}, b"", 5.0)
    assert set(seen) <= {"host", "user-agent", "accept-encoding", "connection", "signature"}


def test_an_answer_without_end_is_cut_off() -> None:
    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        piece = b"10000\r\n" + bytes(65536) + b"\r\n"
        try:
            while True:
                handler.wfile.write(piece)
        except OSError:
            handler.close_connection = True

    with serving(flood) as address, pytest.raises(Problem, match=r"sync\.not_our_server"):
        HttpTransport(address, answer_limit=1_000_000).request("GET", "/", {}, b"", 5.0)


@pytest.mark.parametrize("announced", ["1000", "5"])
def test_an_answer_that_is_cut_is_no_answer(announced: str) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        plain(200, {"content-length": announced}, b"1234")(handler)
        handler.close_connection = True

    with serving(cut) as address, pytest.raises(Problem, match=r"sync\.server_away"):
        HttpTransport(address).request("GET", "/", {}, b"", 5.0)


def test_silence_is_a_server_away() -> None:
    stop = threading.Event()
    with serving(lambda handler: (stop.wait(5), None)[1]) as address:
        with pytest.raises(Problem, match=r"sync\.server_away"):
            HttpTransport(address).request("GET", "/", {}, b"", 0.2)
        stop.set()


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=127.0.0.1",
    ]
    try:
        subprocess.run(
            [*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
        )
    except OSError:
        pytest.skip("no openssl to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    asked: list[str] = []
    note = serving(lambda handler: asked.append(handler.path), context)
    with note as address, pytest.raises(Problem, match=r"sync\.tls"):
        HttpTransport(address).request("POST", "/v1/entries", {}, b"sealed", 5.0)
    assert asked == []
