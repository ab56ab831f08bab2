"""Who asks: the signature of a request, checked against the roster."""

from dataclasses import dataclass

from starlette.requests import Request

from app.protocol.errors import Problem
from app.protocol.httpsig import SignedRequest, read_signature
from app.protocol.roster import Device
from app.protocol.statement import is_name
from app.protocol.versions import HEADER_PROTOCOL, HEADER_WORKSPACE, PROTOCOL
from sync_server.edge.bodies import Body
from sync_server.edge.limits import Headers, body_length, check_type, read_body
from sync_server.edge.replay import UseNonce, check_created
from sync_server.services.rosters import Standing
from sync_server.state import Server


@dataclass(frozen=True)
class Caller:
    """A device that signed this request, and the roster as this process knows it."""

    workspace: str
    device: Device
    standing: Standing
    body: Body


async def caller_of(
    request: Request,
    server: Server,
    *,
    media_type: str = "",
    limit: int = 0,
    removed: bool = False,
    harmless: bool = False,
) -> Caller:
    """The caller, its body read and its digest compared where `media_type` says there is one.

    `removed`: also for a device that has been removed (to learn of it, or to hand over what it holds).
    `harmless`: a repetition changes nothing and its answer holds nothing sealed, and the roster is looked at
    again under the log's lock; so processes that share a database need not ask it here.
    Raises the "server." problems of signatures, clocks, replays, rates and sizes.
    """
    headers = single_headers(request)
    check_protocol(headers)
    has_body = bool(media_type)
    if has_body:
        check_type(headers, media_type)
        body_length(headers, limit)
    workspace = workspace_of(headers)
    signed = read_signature(request.method, target_of(request), headers, has_body=has_body)
    standing = await _standing(server, workspace, signed.device, harmless)
    device = standing.device(signed.device) if removed else standing.active(signed.device)
    signed.check(device.sign_key)
    check_created(signed, server.clock(), server.settings.clock_window)
    server.limit.take(workspace, device.id)
    await _use_nonce(server, workspace, signed, harmless)
    if not has_body:
        return Caller(workspace, device, standing, Body(server.settings.data_dir))
    request.scope["state"]["leave"] = server.limit.enter(workspace, device.id)
    body = await read_body(request, headers, limit, server.settings, server.steady)
    if headers.get("content-digest") != body.digest:
        raise Problem("server.digest_wrong")
    return Caller(workspace, device, standing, body)


def check_protocol(headers: Headers) -> None:
    """Raises Problem("server.protocol_version") where a client says that it speaks another version."""
    theirs = headers.get(HEADER_PROTOCOL, str(PROTOCOL))
    if theirs != str(PROTOCOL):
        raise Problem("server.protocol_version", ours=theirs[:8], theirs=str(PROTOCOL))


def single_headers(request: Request) -> Headers:
    """Every header once, lower case; a doubled one could be read in two ways and is refused."""
    pairs = request.scope["headers"]
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}
    if len(headers) != len(pairs):
        raise Problem("server.malformed", part="a header given twice")
    return headers


def workspace_of(headers: Headers) -> str:
    workspace = headers.get(HEADER_WORKSPACE, "")
    if not is_name(workspace):
        raise Problem("server.workspace_unknown")
    return workspace


def target_of(request: Request) -> str:
    """Path and query as they came over the wire."""
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode("utf-8")
    query: bytes = request.scope.get("query_string") or b""
    return (path.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


async def _standing(server: Server, workspace: str, device: str, harmless: bool) -> Standing:
    """From memory where the device is known; otherwise, and wherever others may have written, from the database."""
    standing = server.tools.rosters.peek(workspace)
    ask = server.settings.shared and not harmless
    if ask or standing is None or device not in standing.roster.devices:
        return await server.read(workspace, lambda view: view.standing)
    return standing


async def _use_nonce(server: Server, workspace: str, signed: SignedRequest, harmless: bool) -> None:
    if server.settings.shared and not harmless:
        await server.write(UseNonce(workspace, signed, server.settings.clock_window))
    else:
        server.nonces.use(workspace, signed)
