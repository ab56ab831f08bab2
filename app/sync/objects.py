"""Objects too large for a batch: sent in chunks from the offset the server has, fetched by range.

Both ways resume: an upload asks the server first (one HEAD, which is also all that a duplicate costs), a
download keeps what has arrived in `store.media`.
"""

import hashlib
from collections.abc import Callable

from app.protocol.errors import Problem
from app.protocol.versions import (
    CHUNK,
    CHUNK_LIMIT,
    HEADER_LENGTH,
    HEADER_OFFSET,
    JSON,
    OBJECT_LIMIT,
    OCTETS,
    PREFIX,
)
from app.store.media import Media
from app.sync.courier import Courier

Read = Callable[[int, int], bytes]  # (offset, size) → at most size bytes
Told = Callable[[int], None]  # bytes that have arrived so far


def upload(courier: Courier, sha256: str, size: int, read: Read, told: Told = lambda _: None) -> None:
    """Brings the whole object to the server; `told` hears the offset after every chunk.

    Raises Problem("server.…" | "sync.…"), Cancelled.
    """
    offset = offset_on_server(courier, sha256, size)
    refusals = 0
    while offset < size:
        told(offset)
        chunk = read(offset, courier.chunk(CHUNK_LIMIT))
        if not chunk:
            raise Problem("store.not_found", what="attachment")
        try:
            offset = _send_chunk(courier, sha256, size, offset, chunk)
        except Problem as problem:
            refusals += 1
            if problem.code not in ("server.offset_mismatch", "server.object_corrupt") or refusals > 3:
                raise
            offset = offset_on_server(courier, sha256, size)
    told(size)


def offset_on_server(courier: Courier, sha256: str, size: int) -> int:
    """How many bytes of the object the server has; all of them once it is complete."""
    try:
        answer = courier.call("HEAD", f"{PREFIX}/objects/{sha256}", OCTETS)
    except Problem as problem:
        if problem.code in ("server.object_unknown", "server.not_found"):
            return 0
        raise
    return _number(answer.headers.get(HEADER_OFFSET, ""), size)


def _send_chunk(courier: Courier, sha256: str, size: int, offset: int, chunk: bytes) -> int:
    answer = courier.call(
        "PATCH",
        f"{PREFIX}/objects/{sha256}",
        JSON,
        body=chunk,
        headers={"content-type": CHUNK, HEADER_OFFSET: str(offset), HEADER_LENGTH: str(size)},
    )
    there = _number(answer.headers.get(HEADER_OFFSET, ""), size)
    if there <= offset:
        raise Problem("sync.not_our_server", reason="an upload that does not grow")
    return there


def download(courier: Courier, sha256: str, size: int, media: Media, told: Told = lambda _: None) -> None:
    """Brings the whole object into `media`, checked against its hash.

    Raises Problem: sync.altered when the whole thing is not what it should be (what had arrived is thrown
    away), sync.object_missing when the server does not give it, others; Cancelled.
    """
    if size > OBJECT_LIMIT:
        raise Problem("sync.altered", reason="size")
    offset = media.partial(sha256)
    if offset > size:
        media.drop_partial(sha256)
        offset = 0
    while offset < size:
        told(offset)
        piece = _fetch(courier, sha256, offset, min(size - offset, courier.chunk(CHUNK_LIMIT)))
        media.extend_partial(sha256, offset, piece)
        offset += len(piece)
    told(size)
    if not media.finish_partial(sha256):
        raise Problem("sync.altered", reason="hash")


def _fetch(courier: Courier, sha256: str, offset: int, length: int) -> bytes:
    try:
        answer = courier.call(
            "GET",
            f"{PREFIX}/objects/{sha256}",
            OCTETS,
            headers={"range": f"bytes={offset}-{offset + length - 1}"},
        )
    except Problem as problem:
        if problem.code in ("sync.server_away", "sync.garbled", "server.internal") and _answers(
            courier, sha256
        ):
            raise Problem("sync.object_missing", reason=problem.code) from problem
        if problem.code == "server.object_damaged":
            raise Problem("sync.altered", reason="damaged on the server") from problem
        if problem.code in ("server.object_unknown", "server.not_found", "server.range"):
            raise Problem("sync.object_missing") from problem
        raise
    if not answer.body or len(answer.body) > length:
        raise Problem("sync.altered", reason="range")
    return answer.body


def _answers(courier: Courier, sha256: str) -> bool:
    """Whether the server is there after all: then it is this one object that it cannot give."""
    try:
        courier.call("HEAD", f"{PREFIX}/objects/{sha256}", OCTETS, tries=1)
    except Problem as problem:
        return problem.code.startswith("server.")
    return True


def matches(data: bytes, sha256: str, size: int) -> bool:
    """Whether bytes are the object that a manifest names."""
    return len(data) == size and hashlib.sha256(data).hexdigest() == sha256


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16 and int(text) <= most):
        raise Problem("sync.not_our_server", reason="an upload without an offset")
    return int(text)
