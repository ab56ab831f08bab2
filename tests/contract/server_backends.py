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
from typing import Any

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
    cluster = Cluster.make()
    if cluster is None:
        return ""
    atexit.register(cluster.remove)
    return cluster.url


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


class Cluster:
    """A PostgreSQL of its own on loopback, run as an ordinary user. Made started; `remove` it in the end."""

    def __init__(self, binaries: Path, folder: Path, durable: bool) -> None:
        self.folder, self.port, self._binaries, self._durable = folder, _free_port(), binaries, durable
        account = _account()
        self._who: dict[str, Any] = {}
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
            self._who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        options = ["-D", folder / "data", "-U", "doorstep", "--auth=trust", "-E", "UTF8", "--no-sync"]
        self._call([binaries / "initdb", *options])
        self.start()

    @classmethod
    def make(cls, folder: Path | None = None, *, durable: bool = False) -> "Cluster | None":
        """None where PostgreSQL is not installed. Not `durable`: quick, for what is thrown away anyway."""
        binaries = _binaries()
        if binaries is None:
            return None
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="doorstep-postgres-"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            for one in (folder, *folder.parents):  # another user must be able to go there
                if one.stat().st_uid == os.getuid() and one != Path("/"):
                    one.chmod(one.stat().st_mode | 0o011)
        return cls(binaries, folder, durable)

    @property
    def url(self) -> str:
        return f"postgresql://doorstep@127.0.0.1:{self.port}"

    def start(self) -> None:
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
        ]
        if not self._durable:
            settings += ["fsync=off", "full_page_writes=off"]
        given = " ".join(f"-c {one}" for one in settings)
        self._control("-l", self.folder / "log", "-o", given, "start")

    def stop(self) -> None:
        """At once, as a crash would."""
        self._control("-m", "immediate", "stop")

    def remove(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, *arguments: object) -> None:
        self._call([self._binaries / "pg_ctl", "-D", self.folder / "data", "-w", *arguments])

    def _call(self, command: list[Any]) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._who)


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
