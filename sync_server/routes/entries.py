"""POST and GET /v1/entries, GET /v1/manifests."""

import asyncio

from fastapi import APIRouter, Request, Response

from app.protocol.errors import Problem
from app.protocol.messages import PullQuery, PushRequest
from app.protocol.pull import number
from app.protocol.statement import is_name
from app.protocol.versions import MSGPACK, PAGE_ENTRIES
from sync_server.edge.bodies import SMALL
from sync_server.edge.caller import Caller, caller_of
from sync_server.routes.describe import (
    MSGPACK_BODY,
    PULL_PARAMETERS,
    PULL_RESPONSES,
    answers,
    number_parameter,
)
from sync_server.routes.describe import text_parameter as text
from sync_server.services.push import PushJob, signature_problems
from sync_server.state import Server

router = APIRouter()


@router.post("/v1/entries", openapi_extra=MSGPACK_BODY, responses=answers(MSGPACK), response_class=Response)
async def push(request: Request) -> Response:
    """Take a batch of manifests with small sealed objects; prove what was received."""
    server: Server = request.app.state.server
    caller = await caller_of(
        request, server, media_type=MSGPACK, limit=server.settings.batch_bytes, removed=True, harmless=True
    )
    async with server.room.take(caller.body.size):
        answer = await server.write(await _checked(caller, server))
    server.metrics.add("doorstep_entries_total", sum(one.index is not None for one in answer.outcomes))
    server.metrics.add("doorstep_received_bytes_total", caller.body.size)
    return Response(answer.encode(), media_type=MSGPACK)


async def _checked(caller: Caller, server: Server) -> PushJob:
    """The job with every signature already checked, in a thread when there are many."""

    def check() -> PushJob:
        batch = PushRequest.decode(caller.body.content())
        caller.body.close()
        if batch.workspace != caller.workspace:
            raise Problem("server.malformed", part="workspace")
        verdicts = signature_problems(batch.manifests, caller.standing, server.checker)
        return PushJob(batch, caller.device.id, verdicts, server.settings.handover_days)

    if caller.body.size <= SMALL:
        return check()
    return await asyncio.get_running_loop().run_in_executor(server.decoding, check)


@router.get("/v1/entries", openapi_extra=PULL_PARAMETERS, responses=PULL_RESPONSES, response_class=Response)
async def pull(request: Request) -> Response:
    """A page of the log from `after` on: what is addressed to the caller, and hashes for the rest."""
    server: Server = request.app.state.server
    caller = await caller_of(request, server)
    query = PullQuery.parse(single_values(request))
    page = await server.read(caller.workspace, lambda view: view.page(query, caller.device).encode())
    server.metrics.add("doorstep_pages_total")
    return Response(page, media_type=MSGPACK)


@router.get(
    "/v1/manifests",
    openapi_extra={"parameters": [text("device"), number_parameter("after"), number_parameter("limit")]},
    responses=answers(MSGPACK),
    response_class=Response,
)
async def audit(request: Request) -> Response:
    """One device's manifests in their own order: whoever misses one can see what it was."""
    server: Server = request.app.state.server
    caller = await caller_of(request, server)
    given = single_values(request)
    if not {"device", "after"} <= set(given) <= {"device", "after", "limit"} or not is_name(given["device"]):
        raise Problem("server.malformed", part="query")
    start, limit = number("after", given["after"]), number("limit", given.get("limit", str(PAGE_ENTRIES)))
    if not limit:
        raise Problem("server.malformed", part="limit")
    answer = await server.read(
        caller.workspace, lambda view: view.chain(given["device"], start, limit).encode()
    )
    return Response(answer, media_type=MSGPACK)


def single_values(request: Request) -> dict[str, str]:
    """The query's values; a doubled one is refused."""
    pairs = request.query_params.multi_items()
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Problem("server.malformed", part="a value given twice")
    return values
