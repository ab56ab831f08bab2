"""What the store keeps, as plain values."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from app.store.backend import Content

Origin = Literal["own", "pulled"]
OutboxRole = Literal["record", "attachment", "carried", "resealed", "announced"]
OutboxState = Literal["waiting", "sending", "received", "stopped"]


@dataclass(frozen=True)
class StoredRecord:
    """One revision. `record` is the inner record (DESIGN §3), `sha256` names the sealed object it came in,
    `index` is its place in the server's log, None until a receipt was verified. `readers` are the devices that
    it has been sealed to as far as this device knows; None where that was not noted."""

    record: dict[str, Any]
    signature: str
    sha256: str
    index: int | None
    origin: Origin
    readers: tuple[str, ...] | None = None

    @property
    def revision(self) -> str:
        return str(self.record["revision"])

    @property
    def record_id(self) -> str:
        return str(self.record["record"])


class RecordHead(NamedTuple):
    """What a list shows of one revision, held in memory while the store is open.

    `log_index` is None until received, `order` counts insertions. Names and values of the short fields of the
    body (labels, household, state …) are kept apart, because thousands of heads share the same names.
    """

    revision: str
    record_id: str
    kind: str
    form: str
    form_version: str
    created: str
    author_device: str
    seq: int
    epoch: int
    parents: tuple[str, ...]
    log_index: int | None
    origin: str
    order: int
    names: tuple[str, ...]
    values: list[Any]

    @property
    def summary(self) -> Content:
        """The short fields of the record's body."""
        return dict(zip(self.names, self.values, strict=True))


@dataclass(frozen=True)
class DraftHead:
    """A draft without its answers. `answers` counts journal entries since the last snapshot."""

    id: str
    meta: dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """A draft to be resumed: the last snapshot, and the answers given since, oldest first.

    `unreadable` counts journal entries that did not open; it is 0 unless the file was damaged.
    """

    id: str
    meta: dict[str, Any]
    snapshot: bytes
    journal: list[dict[str, Any]]
    unreadable: int = 0


@dataclass(frozen=True)
class OutboxEntry:
    """A sealed object on its way. `sealed` is None in lists and once purged; `problem` is {"code", …detail}.

    A record is numbered when it is kept (`seq` and its signed `manifest`). Everything else is queued without a
    number and gets one when its bytes are on the server, so that a large file never holds a record back; until
    then `seq` and `manifest` are None, and the four last fields say what the manifest will. Those four are
    taken from the manifest where there is one.

    `revision` names the entry: a record's revision, a file's SHA-256, for the others any unique text.

    | role | bytes lie in | is |
    |---|---|---|
    | record | `sealed` | an own record |
    | attachment | `store.media` | a file of an own record |
    | carried | `store.media` | a file out of somebody else's safety copy; it goes once it is received |
    | resealed | `sealed` | a record sealed again, for further readers |
    | announced | the server | a file that the server has, for further readers |
    """

    revision: str
    record_id: str
    seq: int | None
    manifest: dict[str, Any] | None
    sealed: bytes | None
    state: OutboxState
    receipt: dict[str, Any] | None
    problem: dict[str, Any] | None
    role: OutboxRole = "record"
    sha256: str = ""
    size: int = 0
    audience: tuple[str, ...] = ()
    epoch: int = 0

    def __post_init__(self) -> None:
        if (self.seq is None) != (self.manifest is None):
            raise ValueError("a number and its manifest come together")
        for name in ("sha256", "size", "epoch") if self.manifest else ():
            if name in (self.manifest or {}):
                object.__setattr__(self, name, (self.manifest or {})[name])
        object.__setattr__(self, "audience", tuple((self.manifest or {}).get("audience", self.audience)))

    @property
    def numbered(self) -> bool:
        return self.manifest is not None


@dataclass(frozen=True)
class Quarantined:
    """A refused entry of the log: why (a problem code), since when, and the bytes if they arrived."""

    index: int
    reason: str
    at: str
    manifest: dict[str, Any]
    detail: dict[str, Any] = field(default_factory=dict)
    data: bytes | None = None


@dataclass(frozen=True)
class Limits:
    """How much may wait to be sent before finishing a visit is refused (the draft stays)."""

    outbox_count: int = 2_000
    outbox_bytes: int = 256 * 1024 * 1024
