"""Everything that can be set about a running server."""

import ipaddress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from app.protocol import versions


@dataclass(frozen=True)
class Settings:
    """Sizes in bytes, times in seconds. `database` and `objects` are URLs; empty means inside `data_dir`."""

    data_dir: Path
    database: str = ""
    objects: str = ""
    log_key: Path | None = None  # where several replicas share one key; default data_dir/log.key
    host: str = "127.0.0.1"
    port: int = 8700
    workers: int = 1
    behind_proxy: bool = False
    tls_cert: str = ""
    tls_key: str = ""
    batch_bytes: int = versions.BATCH_BYTES
    chunk_limit: int = versions.CHUNK_LIMIT
    object_limit: int = versions.OBJECT_LIMIT
    open_uploads: int = 64  # unfinished uploads a device may have
    handover_days: int = 90  # how long after its removal a device may still hand over what it holds
    clock_window: int = versions.CLOCK_WINDOW
    rate: float = 200.0  # requests a second that one device may make on average; 0 switches the limit off
    burst: int = 1000
    idle_timeout: float = 30.0  # without one byte of a request's body
    slowest: int = 500  # bytes a second below which a request's body is given up
    patience: float = 25.0  # for the database or the object store to answer
    concurrency: int = 512  # open requests of one process
    room: int = 2 * 1024 * 1024  # bytes of request bodies that one process works on at a time
    helper: bool = True  # a second process checks the signatures of large batches

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data_dir / 'server.db'}"

    @cached_property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @cached_property
    def shared(self) -> bool:
        """Whether other processes may serve the same log, so nothing may be decided from memory alone."""
        return self.workers > 1 or not self.sqlite

    @property
    def log_key_path(self) -> Path:
        return self.log_key or self.data_dir / "log.key"

    @property
    def secure(self) -> bool:
        """Whether listening as set is allowed: TLS, a declared proxy, or loopback only."""
        return bool(self.tls_cert) or self.behind_proxy or is_loopback(self.host)


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
