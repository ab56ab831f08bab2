"""/v1/enrolments: the hand-shake between a new device and a supervisor, handed over blindly."""

from fastapi import APIRouter, Request, Response

from app.protocol.canonical import canonical_json
from app.protocol.errors import Problem
from app.protocol.manifest import is_hash
from app.protocol.messages import Blob, Enrolment, Invitation
from app.protocol.messages import token_hash as hash_of
from app.protocol.versions import BLOB_LIMIT, HEADER_INVITE, JSON
from sync_server.edge.caller import Caller, caller_of, check_protocol, single_headers
from sync_server.edge.limits import check_type, read_body
from sync_server.routes.describe import JSON_ANSWER, OBJECT, body, header_parameter
from sync_server.services.enrolments import Invite, Offer, Reply, Withdraw, find, listed
from sync_server.state import Server

router = APIRouter()
_LIMIT = 2 * BLOB_LIMIT
_TOKEN = {"parameters": [header_parameter(HEADER_INVITE)]}
_BODY = body(JSON, OBJECT)


@router.post("/v1/enrolments", openapi_extra=_BODY, responses=JSON_ANSWER, response_class=Response)
async def invite(request: Request) -> Response:
    """A supervisor opens an invitation, named by its token's hash."""
    server: Server = request.app.state.server
    caller = await caller_of(request, server, media_type=JSON, limit=_LIMIT)
    job = Invite(caller.workspace, caller.device.id, Invitation.decode(caller.body.content()))
    return _answer(await server.write(job))


@router.get("/v1/enrolments", responses=JSON_ANSWER, response_class=Response)
async def every(request: Request) -> Response:
    """All open invitations of the workspace, for its supervisors."""
    server: Server = request.app.state.server
    caller = await _supervisor(request, server)
    found = await server.read(
        caller.workspace, lambda view: listed(view.connection, caller.workspace, server.clock())
    )
    return Response(canonical_json({"enrolments": [one.to_wire() for one in found]}), media_type=JSON)


@router.get("/v1/enrolments/mine", openapi_extra=_TOKEN, responses=JSON_ANSWER, response_class=Response)
async def mine(request: Request) -> Response:
    """Where the hand-shake of this token stands."""
    server: Server = request.app.state.server
    digest = _token(request)
    return _answer(await server.lookup(lambda connection: find(connection, digest, server.clock())))


@router.put(
    "/v1/enrolments/mine", openapi_extra={**_BODY, **_TOKEN}, responses=JSON_ANSWER, response_class=Response
)
async def offer(request: Request) -> Response:
    """The new device hands its offer over, once."""
    server: Server = request.app.state.server
    digest = _token(request)
    headers = single_headers(request)
    check_type(headers, JSON)
    await server.lookup(lambda connection: find(connection, digest, server.clock()))  # before a byte is read
    body = await read_body(request, headers, _LIMIT, server.settings, server.steady)
    blob = Blob.decode(body.content())
    return _answer(await server.write(Offer(digest, blob.data)))


@router.put(
    "/v1/enrolments/{token_hash}", openapi_extra=_BODY, responses=JSON_ANSWER, response_class=Response
)
async def reply(request: Request, token_hash: str) -> Response:
    """A supervisor answers the offer, after signing the device into the roster."""
    server: Server = request.app.state.server
    caller = await caller_of(request, server, media_type=JSON, limit=_LIMIT)
    _check(token_hash)
    blob = Blob.decode(caller.body.content())
    return _answer(await server.write(Reply(caller.workspace, caller.device.id, token_hash, blob.data)))


@router.delete("/v1/enrolments/{token_hash}", responses=JSON_ANSWER, response_class=Response)
async def withdraw(request: Request, token_hash: str) -> Response:
    """A supervisor ends an invitation."""
    server: Server = request.app.state.server
    caller = await _supervisor(request, server)
    _check(token_hash)
    await server.write(Withdraw(caller.workspace, caller.device.id, token_hash))
    return Response(canonical_json({"withdrawn": True}), media_type=JSON)


async def _supervisor(request: Request, server: Server) -> Caller:
    caller = await caller_of(request, server)
    if caller.device.role != "supervisor":
        raise Problem("server.not_allowed")
    return caller


def _token(request: Request) -> str:
    headers = single_headers(request)
    check_protocol(headers)
    return hash_of(headers.get(HEADER_INVITE, ""))


def _check(digest: str) -> None:
    if not is_hash(digest):
        raise Problem("server.invite_unknown")


def _answer(enrolment: Enrolment) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(canonical_json(enrolment.to_wire()), media_type=JSON, headers=headers)
