"""/healthz, /readyz, /metrics, and a page that says what this is."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import text

from app.protocol.errors import Problem
from app.protocol.versions import JSON
from sync_server.routes.describe import JSON_ANSWER, answers
from sync_server.settings import is_loopback
from sync_server.state import Server

router = APIRouter()
_PLAIN = "text/plain; charset=utf-8"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"
_PAGE = (
    "Doorstep sync server\n\n"
    "This is a blind relay. It keeps sealed records and photos for an organisation's devices and hands them on.\n"
    "It cannot open any of them: the keys are only on the devices of the people who may read.\n"
)


@router.get("/", responses=answers(_PLAIN, schema={"type": "string"}), response_class=Response)
async def page(request: Request) -> Response:
    return Response(_PAGE, media_type=_PLAIN)


@router.get("/healthz", responses=JSON_ANSWER, response_class=Response)
async def healthy(request: Request) -> Response:
    """The process answers."""
    return Response(b'{"status":"ok"}', media_type=JSON)


@router.get("/readyz", responses=JSON_ANSWER, response_class=Response)
async def ready(request: Request) -> Response:
    """Database, writer and object store work; 503 otherwise."""
    server: Server = request.app.state.server

    await server.lookup(lambda connection: connection.execute(text("SELECT 1 FROM alembic_version")).all())
    await server.store(server.objects.ready)
    if not server.writer.alive:
        raise Problem("server.storage", retry_after=5)
    return Response(b'{"status":"ready"}', media_type=JSON)


@router.get("/metrics", responses=answers(_METRICS, schema={"type": "string"}), response_class=Response)
async def metrics(request: Request) -> Response:
    """Prometheus text, for callers on this machine that no proxy brought."""
    server: Server = request.app.state.server
    local = request.client is None or is_loopback(request.client.host)
    if not local or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        raise Problem("server.not_found")
    return Response(server.metrics.text(), media_type=_METRICS)
