"""The databases that the server's contract suite runs on: SQLite always, PostgreSQL where there is one.

`DATABASE_URL` names a PostgreSQL whose user may create databases; otherwise Debian's binaries start a
throw-away cluster on loopback, as an ordinary user.
"""

import atexit
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest


@contextmanager
def database_url(kind: str) -> Iterator[str]:
    """The URL of an empty database ("" for SQLite in the data folder), dropped at the end."""
    if kind == "sqlite":
        yield ""
        return
    admin, name = postgres(), f"doorstep_{secrets.token_hex(6)}"
    with psycopg.connect(f"{admin}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{admin}/{name}"
    finally:
        with psycopg.connect(f"{admin}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _started() -> str:
    """The server's URL without a database, "" where there is none."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        return given.rpartition("/")[0]
    binaries = _binaries()
    return _start(binaries) if binaries else ""


def postgres() -> str:
    url = _started()
    if not url:
        pytest.skip("no PostgreSQL: set DATABASE_URL or install Debian's postgresql")
    return url


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "postgres").exists()), None)


def _start(binaries: Path) -> str:
    folder = Path(tempfile.mkdtemp(prefix="doorstep-postgres-"))
    account = _account()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    data = folder / "data"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "doorstep", "--auth=trust", "-E", "UTF8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **who,
    )
    port = _free_port()
    settings = [
        "-c",
        f"port={port}",
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        f"unix_socket_directories={folder}",
    ]
    settings += [
        "-c",
        "fsync=off",
        "-c",
        "full_page_writes=off",
    ]  # thrown away at the end: nothing to protect
    control = [binaries / "pg_ctl", "-D", data, "-w"]
    log = folder / "log"
    command = [*control, "-l", log, "-o", " ".join(settings), "start"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)

    def stop() -> None:
        subprocess.run([*control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, cwd=folder, **who)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://doorstep@127.0.0.1:{port}"


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then its own user, or nobody."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
