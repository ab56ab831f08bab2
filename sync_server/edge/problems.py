"""Every failure leaves the server as an RFC 9457 problem document of the one catalogue."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.protocol.canonical import canonical_json
from app.protocol.errors import Problem
from app.protocol.versions import PROBLEM_JSON

_LOG = logging.getLogger("sync_server.problems")


def problem_response(problem: Problem) -> Response:
    """Status and text from the catalogue; `retry_after` in the detail becomes Retry-After."""
    headers = {"cache-control": "no-store"}
    if "retry_after" in problem.detail:
        headers["retry-after"] = str(problem.detail["retry_after"])
    if "offset" in problem.detail:
        headers["upload-offset"] = str(problem.detail["offset"])
    if problem.entry.status == 416:
        headers["content-range"] = f"bytes */{problem.detail.get('size', 0)}"
    return Response(canonical_json(problem.to_wire()), problem.entry.status, headers, PROBLEM_JSON)


def answering(endpoint: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    """The endpoint as an ASGI application of its own, its failures told as everywhere else."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await endpoint(request)
        except Problem as problem:
            response = await _on_problem(request, problem)
        except SQLAlchemyError as error:
            response = await _on_database(request, error)
        except OSError as error:
            response = await _on_disk(request, error)
        await response(scope, receive, send)

    return ServerErrorMiddleware(app, handler=_on_bug)


def install(app: Starlette) -> None:
    handlers: dict[Any, Any] = {
        Problem: _on_problem,
        HTTPException: _on_http,
        SQLAlchemyError: _on_database,
        PoolTimeout: _on_database,
        OSError: _on_disk,
        Exception: _on_bug,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _on_problem(request: Request, problem: Problem) -> Response:
    request.state.code = problem.code
    return problem_response(problem)


async def _on_http(request: Request, error: HTTPException) -> Response:
    code = "server.method" if error.status_code == 405 else "server.not_found"
    response = await _on_problem(request, Problem(code))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def _on_database(request: Request, error: Exception) -> Response:
    _LOG.error("the database does not answer", extra={"kind": type(error).__name__})
    return await _on_problem(request, Problem("server.storage", retry_after=5))


async def _on_disk(request: Request, error: OSError) -> Response:
    _LOG.error("the object store does not answer", extra={"kind": type(error).__name__, "errno": error.errno})
    return await _on_problem(request, Problem("server.storage", retry_after=5))


async def _on_bug(request: Request, error: Exception) -> Response:
    _LOG.error("unexpected", extra={"kind": type(error).__name__})
    return await _on_problem(request, Problem("server.internal"))
