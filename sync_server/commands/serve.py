"""`serve`: prepare the data folder where needed, then listen until told to stop."""

import json
import os
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path

import uvicorn

from sync_server.app import create_app
from sync_server.edge.guard import Guard
from sync_server.edge.patience import HEAD_SECONDS, PatientProtocol
from sync_server.logs import configure_logs
from sync_server.memory import frugal
from sync_server.settings import Settings
from sync_server.setup import initialise

RECEIVE = 32 * 1024  # bytes that the system keeps of each connection, beside the 64 KiB of the program's own
GRACE = 20  # seconds that open requests have to finish
_ENVIRONMENT = "DOORSTEP_SERVER_SETTINGS"


def serve(settings: Settings, log_level: str = "info") -> int:
    """Returns the exit status; refuses to listen in the clear beyond loopback."""
    configure_logs(log_level)
    if not settings.secure:
        print(
            f"Refusing plain HTTP on {settings.host}: give --tls-cert and --tls-key, or say --behind-proxy "
            "when a proxy before this server does TLS.",
            file=sys.stderr,
        )
        return 2
    ready = initialise(settings)
    if ready.setup_token:
        print(f"setup token (opens one organisation, once): {ready.setup_token}", flush=True)
    try:
        listener = _listen(settings)
    except OSError as error:
        print(f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}.", file=sys.stderr)
        return 1
    scheme = "https" if settings.tls_cert else "http"
    print(f"log key: {ready.log_key}", flush=True)
    print(f"listening on {scheme}://{_shown(settings.host)}:{listener.getsockname()[1]}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it once more after its graceful end
    try:
        _run(settings, listener, log_level)
    except KeyboardInterrupt:
        return 0
    return 0


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE)
    listener.bind((settings.host, settings.port))
    listener.listen(1024)
    listener.set_inheritable(True)
    return listener


def _run(settings: Settings, listener: socket.socket, log_level: str) -> None:
    os.environ[_ENVIRONMENT] = json.dumps({**asdict(settings), "log_level": log_level}, default=str)
    config = uvicorn.Config(
        "sync_server.commands.serve:app_from_environment",
        factory=True,
        workers=settings.workers,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=settings.concurrency * 8,  # connections; open requests are counted by the guard
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE,
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
    )
    if settings.workers > 1:
        from uvicorn.supervisors import Multiprocess

        Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


def app_from_environment() -> Guard:
    """What each worker process runs."""
    given = json.loads(os.environ[_ENVIRONMENT])
    configure_logs(given.pop("log_level"))
    log_key = given.pop("log_key")
    data_dir = Path(given.pop("data_dir"))
    frugal()
    settings = Settings(data_dir=data_dir, log_key=Path(log_key) if log_key else None, **given)
    PatientProtocol.patience = min(HEAD_SECONDS, settings.idle_timeout)
    return create_app(settings)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
