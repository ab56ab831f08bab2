"""HTTP Message Signatures (RFC 9421) with the device's Ed25519 key, in the one profile Doorstep uses.

Covered: `@method`, `@path`, `@query`, and every header of SIGNED_HEADERS that the request has; a body needs
`content-digest` (RFC 9530, sha-256). Parameters: created, nonce, keyid (the device id), alg="ed25519",
tag="doorstep". One signature a request, labelled `sig1`.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.protocol.errors import Problem
from app.protocol.keys import BadSignature, SigningKey, VerifyKey
from app.protocol.statement import is_name

LABEL = "sig1"
TAG = "doorstep"
SIGNED_HEADERS = (
    "doorstep-protocol",
    "doorstep-workspace",
    "content-type",
    "content-digest",
    "upload-offset",
    "upload-length",
    "range",
)
_DERIVED = ("@method", "@path", "@query")
_INPUT = re.compile(
    r'sig1=(\(((?:"[a-z@-]+"(?: (?=")|(?=\))))*)\)((?:;[a-z]+=(?:\d{1,15}|"[!-~]{1,128}"))*))'
)
_PARAMETER = re.compile(r';([a-z]+)=(?:(\d+)|"([^"\\]*)")')
_SIGNATURE = re.compile(r"sig1=:([A-Za-z0-9+/]{86}==):")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True)
class SignedRequest:
    """What a request's signature says of itself; believed only after `check`. `created` is Unix seconds."""

    device: str
    created: int
    nonce: str
    base: bytes
    signature: bytes

    def check(self, key: VerifyKey) -> None:
        """Raises Problem("server.signature_wrong") unless this key signed exactly this request."""
        try:
            key.verify_bare(self.base, self.signature)
        except BadSignature as error:
            raise Problem("server.signature_wrong") from error


def content_digest(body: bytes) -> str:
    """The Content-Digest header of a body."""
    return digest_header(hashlib.sha256(body).digest())


def digest_header(sha256: bytes) -> str:
    """The same of a body that was hashed while it arrived."""
    return f"sha-256=:{base64.b64encode(sha256).decode('ascii')}:"


def sign_request(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    device: str,
    key: SigningKey,
    created: int,
    nonce: str,
) -> dict[str, str]:
    """All headers to send: the given ones (lower case), the body's digest and the signature.

    `target` is path and query exactly as they go over the wire; `created` Unix seconds; `nonce` 16 to 64
    characters of base64url, never used twice.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    if body:
        sent["content-digest"] = content_digest(body)
    names = [*_DERIVED, *(name for name in SIGNED_HEADERS if name in sent)]
    listed = " ".join(f'"{name}"' for name in names)
    parameters = f'({listed});created={created};nonce="{nonce}";keyid="{device}";alg="ed25519";tag="{TAG}"'
    signature = key.sign_bare(_base(names, method, target, sent, parameters))
    sent["signature-input"] = f"{LABEL}={parameters}"
    sent["signature"] = f"{LABEL}=:{base64.b64encode(signature).decode('ascii')}:"
    return sent


def read_signature(method: str, target: str, headers: Mapping[str, str], *, has_body: bool) -> SignedRequest:
    """The request's signature, its coverage checked but not yet the signature itself.

    Raises Problem("server.unsigned") where there is none and Problem("server.signature_malformed") where it
    does not cover all it must.
    """
    if "signature-input" not in headers or "signature" not in headers:
        raise Problem("server.unsigned")
    match = _INPUT.fullmatch(headers["signature-input"])
    signature = _SIGNATURE.fullmatch(headers["signature"])
    if not match or not signature:
        raise _malformed("syntax")
    names = re.findall(r'"([a-z@-]+)"', match[2])
    _check_coverage(names, headers, has_body)
    values = _parameters(match[3])
    base = _base(names, method, target, headers, match[1])
    try:
        raw = base64.b64decode(signature[1], validate=True)
    except binascii.Error as error:
        raise _malformed("signature") from error
    return SignedRequest(values["keyid"], int(values["created"]), values["nonce"], base, raw)


def check_digest(headers: Mapping[str, str], body: bytes) -> None:
    """Raises Problem("server.digest_wrong") unless Content-Digest is this body's."""
    if headers.get("content-digest") != content_digest(body):
        raise Problem("server.digest_wrong")


def _check_coverage(names: list[str], headers: Mapping[str, str], has_body: bool) -> None:
    if len(set(names)) != len(names) or not set(_DERIVED) <= set(names):
        raise _malformed("coverage")
    if any((name in headers) != (name in names) for name in SIGNED_HEADERS):
        raise _malformed("coverage")
    if any(name not in SIGNED_HEADERS and name not in _DERIVED for name in names):
        raise _malformed("coverage")
    if has_body and "content-digest" not in names:
        raise _malformed("no content-digest")


def _parameters(text: str) -> dict[str, str]:
    pairs = [(match[1], match[2] or match[3] or "") for match in _PARAMETER.finditer(text)]
    values = dict(pairs)
    if len(values) != len(pairs) or set(values) != {"created", "nonce", "keyid", "alg", "tag"}:
        raise _malformed("parameters")
    if values["alg"] != "ed25519" or values["tag"] != TAG or not values["created"].isdigit():
        raise _malformed("parameters")
    if not _NONCE.fullmatch(values["nonce"]) or not is_name(values["keyid"]):
        raise _malformed("parameters")
    return values


def _base(names: list[str], method: str, target: str, headers: Mapping[str, str], parameters: str) -> bytes:
    path, mark, query = target.partition("?")
    derived = {"@method": method.upper(), "@path": path, "@query": f"?{query}" if mark else "?"}
    lines = [f'"{name}": {derived[name] if name in derived else headers[name].strip()}' for name in names]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("utf-8")


def _malformed(reason: str) -> Problem:
    return Problem("server.signature_malformed", reason=reason)
