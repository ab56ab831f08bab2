"""A server in a few lines, made of the protocol's own pieces: no network, no disk, no mercy.

It is a `Transport`, so a client talks to it directly. It checks what the real one checks as far as these
tests need it, and since the log's key is at hand, tests can make it lie with valid signatures.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.protocol.canonical import canonical_json
from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.errors import Problem
from app.protocol.httpsig import check_digest, read_signature
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.protocol.messages import (
    ManifestsAnswer,
    Outcome,
    PulledEntry,
    PullPage,
    PullQuery,
    PushAnswer,
    PushRequest,
    RosterMessage,
)
from app.protocol.roster import Roster, Statement
from app.protocol.tree import consistency_proof, cover_proof, fold, node_hash, spans
from app.protocol.versions import JSON, MSGPACK, OCTETS, PROBLEM_JSON
from app.sync.transport import Response

WINDOW = 300


@dataclass
class FakeServer:
    """One workspace. `clock` is the server's own; everything is public so that tests may tamper."""

    workspace: str
    log_key: SigningKey
    root: str
    clock: Any
    statements: list[Statement] = field(default_factory=list)
    log: list[Manifest] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # entries shown to everybody as somebody else's
    shown_as: dict[str, str] = field(default_factory=dict)  # who is given whose entries
    pretended: Roster | None = None  # what the server itself goes by while its statements are forged

    # -- Transport ------------------------------------------------------------------------------------

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float
    ) -> Response:
        self.requests.append(f"{method} {path}")
        date = {"date": format_datetime(self.clock().astimezone(UTC), usegmt=True)}
        try:
            device = self._authenticated(method, path, headers, body)
            status, kind, more, content = self._route(method, path, headers, body, device)
        except Problem as problem:
            if method == "HEAD":
                return Response(problem.entry.status, date, b"")
            document = canonical_json(problem.to_wire())
            return Response(problem.entry.status, {**date, "content-type": PROBLEM_JSON}, document)
        return Response(status, {**date, **more, "content-type": kind}, content)

    def _authenticated(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> str:
        signed = read_signature(method, path, headers, has_body=bool(body))
        device = self.roster.devices.get(signed.device)
        if device is None:
            raise Problem("server.device_unknown")
        signed.check(device.sign_key)
        if body:
            check_digest(headers, body)
        if abs(signed.created - self.clock().timestamp()) > WINDOW:
            raise Problem("server.clock_skew")
        if signed.nonce in self.nonces:
            raise Problem("server.replayed")
        self.nonces.add(signed.nonce)
        if headers.get("doorstep-workspace") != self.workspace:
            raise Problem("server.workspace_unknown")
        return signed.device

    def _route(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, device: str
    ) -> tuple[int, str, dict[str, str], bytes]:
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query))
        match (method, parts.path.removeprefix("/v1/").split("/")):
            case ("POST", ["entries"]):
                return 200, MSGPACK, {}, self.push(PushRequest.decode(body), device).encode()
            case ("GET", ["entries"]):
                self._active(device)
                return 200, MSGPACK, {}, self.page(PullQuery.parse(query), device).encode()
            case ("GET", ["roster"]):
                tail = tuple(self.statements[int(query["after"]) :])
                return 200, JSON, {}, RosterMessage(tail).encode()
            case ("POST", ["roster"]):
                self.add_statements(list(RosterMessage.decode(body).statements))
                return 200, JSON, {}, canonical_json({"count": len(self.statements)})
            case ("GET", ["manifests"]):
                self._active(device)
                return 200, MSGPACK, {}, self.chain(query).encode()
            case ("HEAD", ["objects", sha256]):
                return 200, OCTETS, self._offset(sha256), b""
            case ("PATCH", ["objects", sha256]):
                self._upload(sha256, headers, body)
                return 200, JSON, self._offset(sha256), b"{}"
            case ("GET", ["objects", sha256]):
                self._active(device)
                return 206, OCTETS, {}, self._range(sha256, headers["range"], device)
        raise Problem("server.not_found")

    # -- the log --------------------------------------------------------------------------------------

    @property
    def roster(self) -> Roster:
        return self.pretended or Roster.replay(self.statements, self.root)

    def add_statements(self, statements: list[Statement]) -> None:
        roster = self.roster if self.statements else Roster.genesis(statements[0])
        roster.extend(statements)
        known = len(self.statements)
        self.statements += [one for one in statements if one.n >= known]

    def push(self, request: PushRequest, device: str) -> PushAnswer:
        outcomes = []
        for manifest in request.manifests:
            try:
                outcomes.append(Outcome(index=self._take(manifest, request)))
            except Problem as problem:
                outcomes.append(Outcome(problem=problem.to_wire()))
        indices = sorted({one.index for one in outcomes if one.index is not None})
        return PushAnswer(
            tuple(outcomes),
            cover_proof(self.node, 0, indices, len(self.log)),
            self.checkpoint().sign(self.log_key),
            self._growth(request.known),
            len(self.statements),
            not self.roster.devices[device].active,
        )

    def _take(self, manifest: Manifest, request: PushRequest) -> int:
        manifest.verify(self.roster.devices[manifest.device].sign_key)
        chain = [(n, one) for n, one in enumerate(self.log) if one.device == manifest.device]
        if manifest.seq < len(chain):
            index, known = chain[manifest.seq]
            if known != manifest:
                raise Problem("server.sequence_conflict", seq=manifest.seq)
            return index
        if manifest.seq > len(chain):
            raise Problem("server.sequence_gap", expected=len(chain))
        if manifest.prev != (chain[-1][1].digest() if chain else ""):
            raise Problem("server.chain_broken", seq=manifest.seq)
        content = request.objects.get(manifest.sha256, self.objects.get(manifest.sha256))
        if content is None or len(content) != manifest.size:
            raise Problem("server.object_missing")
        self.objects[manifest.sha256] = content
        self.log.append(manifest)
        return len(self.log) - 1

    def page(self, query: PullQuery, device: str) -> PullPage:
        end, entries, room = len(self.log), [], query.size
        for index in range(query.after, len(self.log)):
            manifest = self.log[index]
            theirs = manifest.device == device and not query.own
            if self.shown_as.get(device, device) not in manifest.audience or theirs or index in self.hidden:
                continue
            content = self.objects.get(manifest.sha256) if manifest.size <= query.inline else None
            cost = 256 + len(content or b"")
            if entries and (room < cost or len(entries) >= query.limit):
                end = entries[-1].index + 1
                break
            room -= cost
            entries.append(PulledEntry(index, manifest, content))
        indices = [entry.index for entry in entries]
        proof = cover_proof(self.node, query.after, indices, end) + cover_proof(
            self.node, end, [], len(self.log)
        )
        note = self.checkpoint().sign(self.log_key)
        growth = self._growth(query.known)
        return PullPage(
            self.workspace, query.after, end, tuple(entries), proof, note, growth, len(self.statements)
        )

    def chain(self, query: dict[str, str]) -> ManifestsAnswer:
        found = [
            PulledEntry(index, one)
            for index, one in enumerate(self.log)
            if one.device == query["device"] and one.seq >= int(query["after"])
        ]
        return ManifestsAnswer(self.workspace, tuple(found[: int(query["limit"])]))

    def node(self, level: int, position: int) -> bytes:
        if level == 0:
            return self.log[position].leaf_hash()
        return node_hash(self.node(level - 1, 2 * position), self.node(level - 1, 2 * position + 1))

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = len(self.log) if size is None else size
        root = fold([self.node(level, position) for level, position in spans(0, size)])
        head = self.statements[-1].hash() if self.statements else ""
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Checkpoint(origin_of(self.workspace), size, root, at, len(self.statements), head)

    def _growth(self, known: int) -> tuple[bytes, ...]:
        return consistency_proof(self.node, known, len(self.log)) if 0 < known < len(self.log) else ()

    # -- objects --------------------------------------------------------------------------------------

    def _active(self, device: str) -> None:
        if not self.roster.devices[device].active:
            raise Problem("server.device_revoked")

    def _offset(self, sha256: str) -> dict[str, str]:
        if sha256 not in self.objects and sha256 not in self.uploads:
            raise Problem("server.object_unknown")
        there = self.objects.get(sha256, self.uploads.get(sha256, b""))
        return {"upload-offset": str(len(there))}

    def _upload(self, sha256: str, headers: Mapping[str, str], body: bytes) -> None:
        there = self.uploads.get(sha256, b"")
        if int(headers["upload-offset"]) != len(there):
            raise Problem("server.offset_mismatch", offset=len(there))
        there += body
        self.uploads[sha256] = there
        if len(there) == int(headers["upload-length"]):
            del self.uploads[sha256]
            if hashlib.sha256(there).hexdigest() != sha256:
                raise Problem("server.object_corrupt")
            self.objects[sha256] = there

    def _range(self, sha256: str, wanted: str, device: str) -> bytes:
        readable = any(
            one.sha256 == sha256 and (device in one.audience or one.device == device) for one in self.log
        )
        if not readable or sha256 not in self.objects:
            raise Problem("server.object_unknown")
        first, last = wanted.removeprefix("bytes=").split("-")
        return self.objects[sha256][int(first) : int(last) + 1]
