"""A small synthetic organisation for roster tests: keys made from fixed seeds, statements by name."""

import hashlib
from dataclasses import dataclass, field

from app.protocol import bech32
from app.protocol.keys import SigningKey
from app.protocol.roster import ROOT, Roster, Statement

AT = "2026-03-01T08:00:00Z"
ORG = "org-test"


def key_of(name: str) -> SigningKey:
    return SigningKey.from_seed(hashlib.sha256(f"sign {name}".encode()).digest())


def recipient_of(name: str) -> str:
    return bech32.encode("age", hashlib.sha256(f"open {name}".encode()).digest())


def device_body(name: str, role: str) -> dict[str, str]:
    return {
        "device": name,
        "member": f"member-{name}",
        "role": role,
        "sign_key": str(key_of(name).public),
        "recipient": recipient_of(name),
    }


def genesis() -> Statement:
    return Statement.genesis(org=ORG, root=key_of(ROOT), recovery=recipient_of("recovery"), at=AT)


@dataclass
class World:
    """Applies statements one by one and keeps them."""

    statements: list[Statement] = field(default_factory=lambda: [genesis()])
    roster: Roster = field(init=False)

    def __post_init__(self) -> None:
        self.roster = Roster.replay(self.statements, key_of(ROOT).public)

    def draft(
        self, kind: str, body: dict[str, str], signer: str = ROOT, key: SigningKey | None = None
    ) -> Statement:
        return self.roster.statement(kind, body, at=AT, signer=signer, key=key or key_of(signer))

    def do(
        self, kind: str, body: dict[str, str], signer: str = ROOT, key: SigningKey | None = None
    ) -> "World":
        statement = self.draft(kind, body, signer, key)
        self.roster = self.roster.apply(statement)
        self.statements.append(statement)
        return self

    def add(self, name: str, role: str = "fieldworker", by: str = ROOT) -> "World":
        return self.do("add_device", device_body(name, role), by)


def staffed() -> World:
    """Two supervisors (ana, ion) and one fieldworker (dan)."""
    return World().add("ana", "supervisor").add("ion", "supervisor", by="ana").add("dan", by="ion")
