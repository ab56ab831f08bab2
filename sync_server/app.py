"""Put the server together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import time

from fastapi import FastAPI

from sync_server.edge import problems
from sync_server.edge.guard import Guard
from sync_server.memory import resident
from sync_server.metrics import Metrics
from sync_server.routes import enrolments, entries, health, log, objects, roster
from sync_server.settings import Settings
from sync_server.state import Server


def create_app(settings: Settings, clock: Callable[[], float] = time) -> Guard:
    """The ASGI application over an initialised data folder (`setup.initialise`). `clock` gives Unix seconds."""
    metrics = Metrics()
    metrics.gauge("doorstep_resident_bytes", resident)
    app = create_api(settings, clock, metrics)
    lanes = {("POST", "/v1/entries"): problems.answering(entries.push)}
    return Guard(app, settings=settings, metrics=metrics, lanes=lanes)


def create_api(settings: Settings, clock: Callable[[], float], metrics: Metrics) -> FastAPI:
    """The routes, and what they need while the application lives."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        server = Server.open(settings, clock, metrics)
        app.state.server = server
        metrics.gauge("doorstep_body_bytes", lambda: server.room.used)
        metrics.gauge("doorstep_body_bytes_most", lambda: server.room.most)
        try:
            yield
        finally:
            server.close()

    app = FastAPI(
        title="Doorstep sync server",
        description="A blind relay of sealed records. docs/protocol.md describes every byte.",
        version="1",
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for module in (entries, objects, log, roster, enrolments, health):
        app.include_router(module.router)
    problems.install(app)
    return app
