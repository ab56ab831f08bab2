"""The only door to the network. Tests pass another `Transport` in; everything above sees only this.

Transport.request
 ├─ returns a Response for every answer of whatever answered, however strange
 └─ raises Problem: sync.server_away (no connection, cut, too slow: worth another try), sync.tls,
    sync.insecure_address, sync.bad_address, sync.not_our_server (an answer without end)
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit
from weakref import WeakSet

import requests
from requests.adapters import HTTPAdapter

from app.protocol.errors import Problem

CONNECT_SECONDS = 15.0
ANSWER_LIMIT = 8 * 1024 * 1024
_READ = 64 * 1024


@dataclass(frozen=True)
class Response:
    """`headers` have lower-case names. A redirect is an answer like any other: it is never followed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Carries one request. `path` begins with "/" and holds the query; `timeout` is seconds of silence."""

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response: ...


class HttpTransport:
    """HTTPS by `requests`, with one kept-alive connection for each thread that uses it; plain HTTP only to this
    machine."""

    def __init__(self, base_url: str, *, answer_limit: int = ANSWER_LIMIT) -> None:
        self.base_url = checked_address(base_url)
        self._limit = answer_limit
        self._own = threading.local()
        self._sessions: WeakSet[requests.Session] = WeakSet()

    def _session(self) -> requests.Session:
        """This thread's own: a Session is not made to be shared."""
        known: requests.Session | None = getattr(self._own, "session", None)
        if known is None:
            known = self._own.session = _new_session()
            self._sessions.add(known)
        return known

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        try:
            with self._session().request(
                method,
                self.base_url + path,
                headers=dict(headers),
                data=body or None,
                timeout=(CONNECT_SECONDS, timeout),
                allow_redirects=False,
                stream=True,
            ) as answer:
                names = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status_code, names, self._read(answer, method))
        except requests.exceptions.SSLError as error:
            raise Problem("sync.tls") from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise Problem("sync.bad_address", address=self.base_url) from error
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as error:
            raise Problem("sync.server_away", reason="cut") from error
        except requests.exceptions.RequestException as error:
            raise Problem("sync.server_away", reason=type(error).__name__) from error

    def _read(self, answer: requests.Response, method: str) -> bytes:
        pieces: list[bytes] = []
        size = 0
        for piece in answer.iter_content(_READ):
            size += len(piece)
            if size > self._limit:
                raise Problem("sync.not_our_server", reason="an answer without end")
            pieces.append(piece)
        announced = answer.headers.get("content-length", "")
        if method != "HEAD" and announced.isdigit() and int(announced) > size:
            raise Problem("sync.server_away", reason="cut")
        return b"".join(pieces)

    def close(self) -> None:
        """Drops the connections; a request under way fails as server_away."""
        for session in list(self._sessions):
            session.close()


def _new_session() -> requests.Session:
    session = requests.Session()
    session.headers.clear()  # what requests adds by itself is bytes on a slow link
    session.headers["User-Agent"] = "doorstep"
    session.trust_env = False  # no .netrc, no proxy variables: what is signed goes where it should
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # nobody gets to mark a device
    session.mount("https://", HTTPAdapter(pool_connections=1, pool_maxsize=1))
    return session


def checked_address(text: str) -> str:
    """A server address without a final slash.

    Raises Problem("sync.bad_address"), or ("sync.insecure_address") for plain HTTP beyond this machine.
    """
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise Problem("sync.bad_address", address=address) from error
    plain = parts.username is None and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not host or not plain:
        raise Problem("sync.bad_address", address=address)
    if parts.scheme == "http" and not is_loopback(host):
        raise Problem("sync.insecure_address", address=address)
    return address


def is_loopback(host: str) -> bool:
    """Whether a host name can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
