"""GET /v1/info, /v1/checkpoint, /v1/consistency and /v1/inclusion: what anybody may check."""

from fastapi import APIRouter, Request, Response

from app.protocol.errors import Problem
from app.protocol.messages import ServerInfo
from app.protocol.pull import number
from app.protocol.versions import INLINE_LIMIT, JSON, NOTE, PROTOCOL
from sync_server.edge.caller import caller_of, check_protocol, single_headers, workspace_of
from sync_server.routes.describe import JSON_ANSWER, answers, header_parameter, number_parameter
from sync_server.routes.entries import single_values
from sync_server.state import Server

router = APIRouter()


@router.get("/v1/info", responses=JSON_ANSWER, response_class=Response)
async def info(request: Request) -> Response:
    """The server's log key and limits."""
    server: Server = request.app.state.server
    card = ServerInfo(
        protocol=PROTOCOL,
        log_key=server.tools.key.public,
        inline_limit=INLINE_LIMIT,
        batch_bytes=server.settings.batch_bytes,
        chunk_limit=server.settings.chunk_limit,
        object_limit=server.settings.object_limit,
    )
    return Response(card.encode(), media_type=JSON)


@router.get(
    "/v1/checkpoint",
    openapi_extra={"parameters": [header_parameter("doorstep-workspace")]},
    responses=answers(NOTE, schema={"type": "string"}),
    response_class=Response,
)
async def checkpoint(request: Request) -> Response:
    """The newest signed tree head. Needs no signature, so that devices and outsiders can compare."""
    server: Server = request.app.state.server
    headers = single_headers(request)
    check_protocol(headers)
    workspace = workspace_of(headers)
    note = await server.read(workspace, lambda view: view.checkpoint)
    return Response(note, media_type=NOTE, headers={"cache-control": "no-store"})


@router.get(
    "/v1/consistency",
    openapi_extra={"parameters": [number_parameter("first", True), number_parameter("second", True)]},
    responses=JSON_ANSWER,
    response_class=Response,
)
async def consistency(request: Request) -> Response:
    """Proof that the log of `second` entries is the log of `first` entries, grown."""
    server: Server = request.app.state.server
    caller = await caller_of(request, server)
    first, second = _two(request, "first", "second")
    answer = await server.read(caller.workspace, lambda view: view.consistency(first, second).encode())
    return Response(answer, media_type=JSON)


@router.get(
    "/v1/inclusion",
    openapi_extra={"parameters": [number_parameter("index", True), number_parameter("size", True)]},
    responses=JSON_ANSWER,
    response_class=Response,
)
async def inclusion(request: Request) -> Response:
    """Proof that the leaf at `index` is in the tree of `size` leaves."""
    server: Server = request.app.state.server
    caller = await caller_of(request, server)
    index, size = _two(request, "index", "size")
    answer = await server.read(caller.workspace, lambda view: view.inclusion(index, size).encode())
    return Response(answer, media_type=JSON)


def _two(request: Request, first: str, second: str) -> tuple[int, int]:
    given = single_values(request)
    if set(given) != {first, second}:
        raise Problem("server.malformed", part="query")
    return number(first, given[first]), number(second, given[second])
