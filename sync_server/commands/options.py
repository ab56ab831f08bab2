"""Command-line options that become Settings; each can also come from the environment (DOORSTEP_…)."""

import argparse
import os
from pathlib import Path

from sync_server.settings import Settings


def add_places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=_env("DATA"), required=_env("DATA") is None, metavar="DIR"
    )
    parser.add_argument(
        "--database",
        default=_env("DATABASE", ""),
        metavar="URL",
        help="postgresql://… (default: SQLite in DIR)",
    )
    parser.add_argument(
        "--objects",
        default=_env("OBJECTS", ""),
        metavar="URL",
        help="s3://bucket/prefix (default: files in DIR)",
    )
    parser.add_argument(
        "--log-key",
        type=Path,
        default=_env("LOG_KEY"),
        metavar="FILE",
        help="the log key, shared by replicas",
    )


def add_listening(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=_env("HOST", "127.0.0.1"))
    parser.add_argument(
        "--port", type=int, default=int(_env("PORT", "8700") or 8700), help="0 picks a free one"
    )
    parser.add_argument("--workers", type=int, default=int(_env("WORKERS", "1") or 1))
    parser.add_argument(
        "--behind-proxy",
        action="store_true",
        default=bool(_env("BEHIND_PROXY")),
        help="a proxy before this server does TLS",
    )
    parser.add_argument("--tls-cert", default=_env("TLS_CERT", ""), metavar="FILE")
    parser.add_argument("--tls-key", default=_env("TLS_KEY", ""), metavar="FILE")
    parser.add_argument(
        "--rate",
        type=float,
        default=float(_env("RATE", "200") or 0),
        help="requests a second and device; 0: no limit",
    )
    parser.add_argument(
        "--idle-timeout",
        type=float,
        default=float(_env("IDLE_TIMEOUT", "30") or 30),
        help="seconds without one byte after which a request's body is given up",
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=float(_env("PATIENCE", "25") or 25),
        help="seconds that the database or the object store has to answer",
    )
    parser.add_argument(
        "--concurrency",
        type=int,
        default=int(_env("CONCURRENCY", "512") or 512),
        help="open requests of one process; more are told to come back",
    )
    parser.add_argument(
        "--no-helper",
        dest="helper",
        action="store_false",
        default=not _env("NO_HELPER"),
        help="check all signatures in the server's own process (saves 20 MB, costs half of the speed)",
    )
    parser.add_argument("--log-level", default=_env("LOG_LEVEL", "info"))


def settings_of(given: argparse.Namespace) -> Settings:
    values = {
        "data_dir": Path(given.data),
        "database": given.database,
        "objects": given.objects,
        "log_key": Path(given.log_key) if given.log_key else None,
    }
    for name in (
        "host",
        "port",
        "workers",
        "behind_proxy",
        "tls_cert",
        "tls_key",
        "rate",
        "idle_timeout",
        "patience",
        "concurrency",
        "helper",
    ):
        if hasattr(given, name):
            values[name] = getattr(given, name)
    return Settings(**values)


def _env(name: str, default: str | None = None) -> str | None:
    return os.environ.get(f"DOORSTEP_{name}", default)
