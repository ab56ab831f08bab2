"""GET and POST /v1/roster."""

from fastapi import APIRouter, Request, Response

from app.protocol.canonical import canonical_json
from app.protocol.errors import Problem
from app.protocol.messages import RosterMessage, token_hash
from app.protocol.pull import number
from app.protocol.versions import HEADER_INVITE, HEADER_SETUP, JSON, STATEMENT_BYTES
from sync_server.edge.caller import caller_of, check_protocol, single_headers
from sync_server.edge.limits import check_type, read_body
from sync_server.routes.describe import JSON_ANSWER, OBJECT, body, number_parameter
from sync_server.routes.entries import single_values
from sync_server.services.enrolments import find
from sync_server.services.membership import AddStatements, Found, opened_with, token_use
from sync_server.services.rosters import read_statements
from sync_server.state import Server

router = APIRouter()
_LIMIT = 64 * STATEMENT_BYTES


@router.get(
    "/v1/roster",
    openapi_extra={"parameters": [number_parameter("after")]},
    responses=JSON_ANSWER,
    response_class=Response,
)
async def read(request: Request) -> Response:
    """Statements from number `after` on, for every device of the roster, removed ones too, for an invitation, and
    for the set-up token that opened the organisation."""
    server: Server = request.app.state.server
    given = single_values(request)
    if not set(given) <= {"after"}:
        raise Problem("server.malformed", part="query")
    start = number("after", given.get("after", "0"))
    workspace = await _workspace_of_reader(request, server)
    statements = await server.read(workspace, lambda view: read_statements(view.connection, workspace, start))
    message = RosterMessage(tuple(statement for statement, _ in statements))
    return Response(message.encode(), media_type=JSON, headers={"cache-control": "no-store"})


async def _workspace_of_reader(request: Request, server: Server) -> str:
    if HEADER_SETUP in request.headers:
        headers = single_headers(request)
        check_protocol(headers)
        return await server.lookup(lambda connection: opened_with(connection, headers[HEADER_SETUP]))
    if HEADER_INVITE not in request.headers:
        return (await caller_of(request, server, removed=True)).workspace
    headers = single_headers(request)
    check_protocol(headers)
    digest = token_hash(headers[HEADER_INVITE])
    return (await server.lookup(lambda connection: find(connection, digest, server.clock()))).workspace


@router.post("/v1/roster", openapi_extra=body(JSON, OBJECT), responses=JSON_ANSWER, response_class=Response)
async def extend(request: Request) -> Response:
    """Add statements that the roster accepts; with a setup token, open a workspace with its genesis statement."""
    server: Server = request.app.state.server
    if HEADER_SETUP in request.headers:
        count = await _found(request, server)
    else:
        caller = await caller_of(request, server, media_type=JSON, limit=_LIMIT)
        statements = RosterMessage.decode(caller.body.content()).statements
        count = await server.write(AddStatements(caller.workspace, caller.device.id, statements))
    return Response(canonical_json({"count": count}), media_type=JSON)


async def _found(request: Request, server: Server) -> int:
    headers = single_headers(request)
    check_protocol(headers)
    check_type(headers, JSON)
    token = headers[HEADER_SETUP]
    await server.lookup(lambda connection: token_use(connection, token))  # before a byte is read
    body = await read_body(request, headers, _LIMIT, server.settings, server.steady)
    return await server.write(Found(token, RosterMessage.decode(body.content()).statements))
