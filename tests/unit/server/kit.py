"""A small organisation with a root key, and devices that speak to a server like any client would."""

import hashlib
import itertools
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import time
from typing import Any, Protocol

from app.protocol import bech32
from app.protocol.checkpoint import Checkpoint
from app.protocol.httpsig import sign_request
from app.protocol.keys import SigningKey, VerifyKey
from app.protocol.manifest import Manifest
from app.protocol.messages import PullPage, PullQuery, PushAnswer, PushRequest, RosterMessage
from app.protocol.roster import Roster, Statement
from app.protocol.tree import Frontier
from app.protocol.versions import CHUNK, HEADER_LENGTH, HEADER_OFFSET, HEADER_SETUP, JSON, MSGPACK

AT = "2026-03-01T08:00:00Z"
_names = itertools.count()


class Answer(Protocol):
    """What requests, httpx and Starlette's test client all give back."""

    status_code: int
    content: bytes
    headers: Any

    def json(self) -> Any: ...


Send = Callable[[str, str, dict[str, str], bytes], Answer]


def recipient() -> str:
    return bech32.encode("age", os.urandom(32))


class Organisation:
    """Its roster grows here first; `send` carries requests to a server."""

    def __init__(
        self, send: Send, log_key: VerifyKey, name: str = "", clock: Callable[[], float] = time
    ) -> None:
        self.send, self.log_key, self.clock = send, log_key, clock
        self.name = name or f"org-{next(_names)}-{secrets.token_hex(3)}"
        self.root = SigningKey.generate()
        genesis = Statement.genesis(org=self.name, root=self.root, recovery=recipient(), at=AT)
        self.statements = [genesis]
        self.roster = Roster.genesis(genesis)

    def state(
        self, kind: str, body: dict[str, str], signer: str = "root", key: SigningKey | None = None
    ) -> Statement:
        statement = self.roster.statement(kind, body, at=AT, signer=signer, key=key or self.root)
        self.roster = self.roster.apply(statement)
        self.statements.append(statement)
        return statement

    def add(self, name: str, role: str = "fieldworker") -> "Device":
        device = Device(self, name, SigningKey.generate())
        body = {"device": name, "member": f"member-{name}", "role": role}
        self.state("add_device", {**body, "sign_key": str(device.key.public), "recipient": recipient()})
        return device

    def found(self, token: str) -> Answer:
        body = RosterMessage(tuple(self.statements)).encode()
        return self.send("POST", "/v1/roster", {HEADER_SETUP: token, "content-type": JSON}, body)


@dataclass
class Device:
    """One device: its key, its chain, its place in the log."""

    org: Organisation
    name: str
    key: SigningKey
    seq: int = 0
    prev: str = ""
    frontier: Frontier = field(default_factory=Frontier)
    checkpoint: Checkpoint | None = None

    def call(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *,
        key: SigningKey | None = None,
        created: float | None = None,
        nonce: str = "",
        workspace: str = "",
        **headers: str,
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        signed = sign_request(
            method,
            target,
            {"doorstep-workspace": workspace or self.org.name, "doorstep-protocol": "1", **named},
            body,
            device=self.name,
            key=key or self.key,
            created=int(self.org.clock() if created is None else created),
            nonce=nonce or secrets.token_urlsafe(16),
        )
        return self.org.send(method, target, signed, body)

    # -- writing --------------------------------------------------------------------------------------

    def manifest(self, content: bytes, audience: Iterable[str], **changes: Any) -> Manifest:
        """The device's next manifest; the chain moves on."""
        values = {
            "workspace": self.org.name,
            "device": self.name,
            "seq": self.seq,
            "prev": self.prev,
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "epoch": self.org.roster.epoch,
            "audience": tuple(audience),
            **changes,
        }
        manifest = Manifest.signed(key=self.key, **values)
        self.seq, self.prev = manifest.seq + 1, manifest.digest()
        return manifest

    def post(self, manifests: Iterable[Manifest], objects: Iterable[bytes] = (), known: int = 0) -> Answer:
        held = {hashlib.sha256(content).hexdigest(): content for content in objects}
        body = PushRequest(self.org.name, tuple(manifests), held, known).encode()
        return self.call("POST", "/v1/entries", body, content_type=MSGPACK)

    def push(self, *contents: bytes, audience: Iterable[str]) -> list[int]:
        """Pushes these objects and returns their proved indices."""
        readers = tuple(audience)
        manifests = [self.manifest(content, readers) for content in contents]
        response = self.post(manifests, contents)
        assert response.status_code == 200, response.content
        answer = PushAnswer.decode(response.content)
        answer.verify(manifests, self.org.name, self.org.log_key)
        assert all(outcome.index is not None for outcome in answer.outcomes), answer.outcomes
        return [outcome.index for outcome in answer.outcomes if outcome.index is not None]

    def upload(self, content: bytes, chunk: int = 65536, start: int = 0) -> list[Answer]:
        sha256 = hashlib.sha256(content).hexdigest()
        return [
            self.patch(sha256, at, len(content), content[at : at + chunk])
            for at in range(start, len(content), chunk)
        ]

    def patch(self, sha256: str, offset: int, length: int, data: bytes) -> Answer:
        headers = {HEADER_OFFSET: str(offset), HEADER_LENGTH: str(length), "content-type": CHUNK}
        return self.call("PATCH", f"/v1/objects/{sha256}", data, **headers)

    # -- reading --------------------------------------------------------------------------------------

    def page(self, **options: int) -> PullPage:
        known = self.checkpoint.size if self.checkpoint else 0
        query = PullQuery(**{"after": self.frontier.size, "known": known, **options})
        response = self.call("GET", f"/v1/entries?{query.query()}")
        assert response.status_code == 200, response.content
        return PullPage.decode(response.content)

    def pull(self, **options: int) -> list[tuple[int, bytes | None]]:
        """Everything new, verified: (index, object) of each entry."""
        found: list[tuple[int, bytes | None]] = []
        while True:
            page = self.page(**options)
            self.frontier, self.checkpoint = page.verify(
                self.frontier, self.org.name, self.org.log_key, self.checkpoint
            )
            for entry in page.entries:
                entry.manifest.verify(self.org.roster.devices[entry.manifest.device].sign_key)
                found.append((entry.index, entry.content))
            if page.next == self.checkpoint.size:
                return found


def code_of(response: Answer) -> str:
    """The problem's code; fails where the answer is not a problem document."""
    assert response.headers["content-type"] == "application/problem+json", response.content
    problem = response.json()
    assert problem["status"] == response.status_code
    return str(problem["code"])
