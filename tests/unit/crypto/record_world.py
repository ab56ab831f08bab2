"""A small synthetic organisation with real keys: devices, a roster, and records sealed to it."""

from dataclasses import dataclass, field, replace
from typing import Any

from app.crypto.age import X25519Identity
from app.crypto.device import DeviceKeys, new_device
from app.crypto.record import Record, SealedRecord, SignedRecord, recipients_hash, seal_record
from app.protocol.keys import SigningKey
from app.protocol.roster import ROOT, Role, Roster, Statement

AT = "2026-03-01T08:00:00Z"
ORG = "org-test"


@dataclass(frozen=True)
class Note:
    """A manifest's four facts that `check_announced` looks at."""

    device: str
    seq: int
    epoch: int
    audience: tuple[str, ...]


@dataclass
class Organisation:
    """ana supervises; dan and eva visit households."""

    root: SigningKey = field(default_factory=SigningKey.generate)
    recovery: X25519Identity = field(default_factory=X25519Identity.generate)
    devices: dict[str, DeviceKeys] = field(default_factory=dict)
    roster: Roster = field(init=False)

    def __post_init__(self) -> None:
        first = Statement.genesis(org=ORG, root=self.root, recovery=str(self.recovery.recipient), at=AT)
        self.roster = Roster.genesis(first, self.root.public)
        for name, role in (("ana", "supervisor"), ("dan", "fieldworker"), ("eva", "fieldworker")):
            self.join(name, role)  # type: ignore[arg-type]

    def join(self, name: str, role: Role) -> DeviceKeys:
        keys = replace(new_device(f"member-{name}", role), device_id=name)
        self.devices[name] = keys
        self.say("add_device", keys.statement_body())
        return keys

    def say(self, kind: str, body: dict[str, str]) -> None:
        self.roster = self.roster.apply(self.roster.statement(kind, body, at=AT, signer=ROOT, key=self.root))

    def body(self, kind: str) -> dict[str, Any]:
        return {
            "review": {
                "submission": "record-0",
                "revision": "revision-0",
                "state": "approved",
                "comments": [],
            },
            "assignment": {"household": "h1", "devices": ["dan"]},
            "programme": {"name": "exemplu", "version": "1", "toml": "", "forms": [], "lists": {}},
        }.get(kind, {"xml": "<data><name>Familia Exemplu 12</name></data>", "synthetic": True})

    def record(self, author: str, readers: tuple[str, ...] = (), **changes: Any) -> Record:
        fields: dict[str, Any] = {
            "v": 1,
            "org": ORG,
            "kind": "submission",
            "form": "household_baseline",
            "form_version": "3",
            "record": "record-1",
            "revision": "revision-1",
            "parents": (),
            "author_device": author,
            "seq": 0,
            "epoch": self.roster.epoch,
            "created": "2026-03-01T08:30:00.000+00:00",
            "body": self.body(changes.get("kind", "submission")),
            "attachments": (),
            "recipients_hash": recipients_hash(self.recipients(readers)),
        }
        return Record(**{**fields, **changes})

    def audience(self, readers: tuple[str, ...] = ()) -> tuple[str, ...]:
        return self.roster.audience(readers)

    def recipients(self, readers: tuple[str, ...] = ()) -> list[str]:
        return self.roster.recipients(self.audience(readers))

    def seal(
        self, author: str, readers: tuple[str, ...] = (), **changes: Any
    ) -> tuple[SignedRecord, SealedRecord]:
        record = self.record(author, readers, **changes)
        return seal_record(record, self.devices[author].signing, self.recipients(readers))

    def note(self, author: str, readers: tuple[str, ...] = (), **changes: Any) -> Note:
        return replace(Note(author, 0, self.roster.epoch, self.audience(readers)), **changes)
