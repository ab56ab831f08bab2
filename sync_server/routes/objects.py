"""HEAD, PATCH and GET /v1/objects/{sha256}: large sealed objects in parts."""

from collections.abc import AsyncIterator, Iterator

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from app.protocol.errors import Problem
from app.protocol.manifest import is_hash
from app.protocol.versions import CHUNK, HEADER_LENGTH, HEADER_OFFSET, OCTETS
from sync_server.edge.caller import Caller, caller_of
from sync_server.objectstore.base import ObjectDamaged, Upload
from sync_server.routes.describe import answers, body, header_parameter
from sync_server.services.objects import (
    Download,
    Register,
    UploadState,
    held_size,
    parse_range,
    take_chunk,
    unfinished,
)
from sync_server.services.reading import LogView
from sync_server.state import Server

router = APIRouter()
_CHUNK_REQUEST = {
    **body(CHUNK),
    "parameters": [header_parameter(HEADER_OFFSET), header_parameter(HEADER_LENGTH)],
}


@router.head("/v1/objects/{sha256}", responses=answers(""), response_class=Response)
async def where(request: Request, sha256: str) -> Response:
    """Upload-Offset: how much of this object the server has from this device; all of it for its readers."""
    server: Server = request.app.state.server
    caller = await caller_of(request, server, removed=True)
    check_handover(caller, server)
    state = await _state(server, upload_of(caller, sha256))
    return _offset_response(state, 200)


@router.patch(
    "/v1/objects/{sha256}", openapi_extra=_CHUNK_REQUEST, responses=answers("", 204), response_class=Response
)
async def upload(request: Request, sha256: str) -> Response:
    """Take the bytes from Upload-Offset on, of Upload-Length in all; the last chunk completes the object."""
    server: Server = request.app.state.server
    caller = await caller_of(
        request, server, media_type=CHUNK, limit=server.settings.chunk_limit, removed=True, harmless=True
    )
    check_handover(caller, server)
    target = upload_of(caller, sha256)
    offset, length = _size(request, HEADER_OFFSET), _size(request, HEADER_LENGTH)
    if length > server.settings.object_limit:
        raise Problem("server.object_too_large", limit=server.settings.object_limit)
    state = await _state(server, target)
    if state.complete:  # the answer to the last chunk was lost
        return _offset_response(state, 204)

    def keep() -> UploadState:
        most = server.settings.open_uploads
        return take_chunk(server.objects, target, offset, length, caller.body.content(), most)

    async with server.room.take(caller.body.size):
        state = await server.store(keep)
    server.metrics.add("doorstep_received_bytes_total", caller.body.size)
    return _offset_response(await _registered(server, target, state), 204)


@router.get(
    "/v1/objects/{sha256}",
    openapi_extra={"parameters": [header_parameter("range", False)]},
    responses={**answers(OCTETS), **answers(OCTETS, 206)},
    response_class=Response,
)
async def download(request: Request, sha256: str) -> Response:
    """Any part of an object, for the devices it is addressed to and the one that wrote it."""
    server: Server = request.app.state.server
    caller = await caller_of(request, server)
    check_hash(sha256)

    def find(view: LogView) -> Download:
        if not view.may_read(sha256, caller.device):
            raise Problem("server.object_unknown")
        return Download.find(view.connection, view.workspace, sha256)

    found = await server.read(caller.workspace, find)
    asked = request.headers.get("range")
    start, end = parse_range(asked, found.size)
    headers = {
        "accept-ranges": "bytes",
        "cache-control": "no-store",
        "content-length": str(end - start),
        "etag": f'"{sha256}"',
    }
    if asked:
        headers["content-range"] = f"bytes {start}-{end - 1}/{found.size}"
    pieces = await _begun(server, found.pieces(server.objects, caller.workspace, sha256, start, end))
    return StreamingResponse(pieces, 206 if asked else 200, headers, OCTETS)


async def _begun(server: Server, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces, the first one fetched already: what is missing is told before a byte has been sent."""

    def piece() -> bytes:
        return next(pieces, b"")

    try:
        first = await server.store(piece)
    except (FileNotFoundError, ObjectDamaged) as error:
        raise Problem("server.object_damaged") from error

    async def all_of_them() -> AsyncIterator[bytes]:
        found = first
        while found:
            yield found
            found = await server.store(piece)

    return all_of_them()


def upload_of(caller: Caller, sha256: str) -> Upload:
    check_hash(sha256)
    return Upload(caller.workspace, caller.device.id, sha256)


def check_hash(sha256: str) -> None:
    if not is_hash(sha256):
        raise Problem("server.not_found")


def check_handover(caller: Caller, server: Server) -> None:
    """A removed device may still hand over what it holds, for a while."""
    if not caller.standing.may_hand_over(caller.device.id, server.clock(), server.settings.handover_days):
        raise Problem("server.device_revoked")


async def _state(server: Server, target: Upload) -> UploadState:
    held = await server.read(target.workspace, lambda view: held_size(view.connection, target))
    if held is not None:
        return UploadState(held, True, True)
    return await _registered(server, target, await server.store(lambda: unfinished(server.objects, target)))


async def _registered(server: Server, target: Upload, state: UploadState) -> UploadState:
    if not state.complete or state.registered:
        return state
    size = await server.write(Register(target.workspace, target.sha256, state.offset, target.device))
    await server.store(lambda: server.objects.discard(target))
    return UploadState(size, True, True)


def _offset_response(state: UploadState, status: int) -> Response:
    complete = "?1" if state.complete else "?0"
    headers = {HEADER_OFFSET: str(state.offset), "upload-complete": complete, "cache-control": "no-store"}
    return Response(status_code=status, headers=headers)


def _size(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Problem("server.malformed", part=name)
    return int(text)
