"""The roster: who belongs to the organisation, with which keys, proved by a chain of signed statements.

A `Roster` is an immutable state, reached by applying statements to a genesis whose root key the
client pinned when it enrolled. Nothing else decides whom a record is sealed to.

Rules
- genesis and rotate_recovery are signed by the root key alone; so is the first supervisor, because
  nobody else exists yet. The root key may also sign everything else (all supervisors may be lost).
- An active supervisor may sign add_device, revoke_device, change_role and new_epoch.
- Ids and keys are never used twice, not even those of revoked devices.
- Within an epoch the set of readers and the roles only grow: revoke_device, change_role and
  rotate_recovery start a new epoch by themselves; new_epoch starts one without another change.
- Time never decides anything: `at` is for people, the order is the chain's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from app.protocol import bech32
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey, VerifyKey
from app.protocol.statement import BODY_FIELDS, ROOT, RosterError, Statement, is_name, malformed

__all__ = ["KINDS", "ROLES", "ROOT", "Device", "Role", "Roster", "RosterError", "Statement"]

Role = Literal["supervisor", "fieldworker"]
ROLES: tuple[Role, ...] = ("supervisor", "fieldworker")
KINDS = tuple(BODY_FIELDS)
FIRST_EPOCH = 1
_BY_SUPERVISORS = frozenset({"add_device", "revoke_device", "change_role", "new_epoch"})


@dataclass(frozen=True)
class Device:
    """One device of one member. `recipient` is an age1… key; `until` the last epoch it could write in."""

    id: str
    member: str
    role: Role
    sign_key: VerifyKey
    recipient: str
    active: bool
    since: int
    until: int | None = None
    roles: tuple[tuple[int, Role], ...] = ()

    def role_at(self, epoch: int) -> Role | None:
        """The role this device wrote with in an epoch; None where it was not a member."""
        if epoch < self.since or (self.until is not None and epoch > self.until):
            return None
        return [role for start, role in self.roles if start <= epoch][-1]


@dataclass(frozen=True)
class Roster:
    """The state after `count` statements; `head` is the last one's hash, `chain` all of them in order."""

    org: str
    root: VerifyKey
    epoch: int
    devices: Mapping[str, Device]
    recoveries: tuple[tuple[int, str], ...]
    chain: tuple[str, ...]

    # -- reaching a state ---------------------------------------------------------------------------

    @classmethod
    def genesis(cls, statement: Statement, pinned_root: VerifyKey | str | None = None) -> "Roster":
        """The state after the first statement; raises RosterError when it is not the pinned root's."""
        if statement.kind != "genesis" or statement.n != 0:
            raise RosterError("roster.gap", n=statement.n)
        if statement.signer != ROOT:
            raise RosterError("roster.not_allowed", kind="genesis")
        root = _sign_key(statement.body["root"])
        if pinned_root is not None and str(root) != str(pinned_root):
            raise RosterError("roster.wrong_root")
        statement.verify(root)
        recovery = _recipient(statement.body["recovery"])
        recoveries = ((FIRST_EPOCH, recovery),)
        return cls(statement.org, root, FIRST_EPOCH, MappingProxyType({}), recoveries, (statement.hash(),))

    @classmethod
    def replay(cls, statements: Iterable[Statement], pinned_root: VerifyKey | str) -> "Roster":
        """The state after a whole chain. The pinned root comes from enrolment, never from the server."""
        chain = iter(statements)
        first = next(chain, None)
        if first is None:
            raise RosterError("roster.gap", n=0)
        roster = cls.genesis(first, pinned_root)
        for statement in chain:
            roster = roster.apply(statement)
        return roster

    def apply(self, statement: Statement) -> "Roster":
        """The next state. Raises RosterError; this state stays as it was."""
        if statement.org != self.org:
            raise RosterError("roster.wrong_org")
        if statement.n < self.count:
            known = statement.hash() == self.chain[statement.n]
            raise RosterError("roster.rollback" if known else "roster.fork", n=statement.n)
        if statement.n > self.count:
            raise RosterError("roster.gap", n=statement.n)
        if statement.prev != self.head:
            raise RosterError("roster.fork", n=statement.n)
        statement.verify(self._signer_key(statement))
        changed = self._changed(statement)
        return replace(changed, chain=(*self.chain, statement.hash()))

    def extend(self, statements: Iterable[Statement]) -> "Roster":
        """Applies what is new in an overlapping tail; what is already known must be the same."""
        roster = self
        for statement in statements:
            if statement.n < roster.count and statement.hash() == roster.chain[statement.n]:
                continue
            roster = roster.apply(statement)
        return roster

    def follow(self, statements: Iterable[Statement]) -> "Roster":
        """The state after a server's whole chain, which must contain ours: no rollback, no fork."""
        whole = list(statements)
        if [statement.n for statement in whole] != list(range(len(whole))):
            raise RosterError("roster.gap", n=len(whole))
        roster = self.extend(whole)
        if len(whole) < self.count:
            raise RosterError("roster.rollback", n=len(whole))
        return roster

    def statement(
        self, kind: str, body: Mapping[str, str], *, at: str, signer: str, key: SigningKey
    ) -> Statement:
        """A signed statement that would come next; `apply` decides whether it may."""
        return Statement.signed(
            org=self.org, n=self.count, prev=self.head, kind=kind, at=at, body=body, signer=signer, key=key
        )

    # -- asking it ----------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        return len(self.chain)

    @property
    def head(self) -> str:
        return self.chain[-1]

    @property
    def recovery(self) -> str:
        """The recovery recipient in force."""
        return self.recoveries[-1][1]

    def recovery_at(self, epoch: int) -> str:
        return [recipient for start, recipient in self.recoveries if start <= epoch][-1]

    def device(self, device_id: str) -> Device:
        """Raises RosterError("roster.unknown_device")."""
        if device_id not in self.devices:
            raise RosterError("roster.unknown_device", device=device_id)
        return self.devices[device_id]

    def active_device(self, device_id: str) -> Device:
        """As `device`, and raises RosterError("roster.device_revoked") for a removed one."""
        device = self.device(device_id)
        if not device.active:
            raise RosterError("roster.device_revoked", device=device_id)
        return device

    def supervisors(self) -> tuple[Device, ...]:
        """Active supervisors' devices, in order of their ids."""
        found = [device for device in self.devices.values() if device.active and device.role == "supervisor"]
        return tuple(sorted(found, key=lambda device: device.id))

    def audience(self, device_ids: Iterable[str] = ()) -> tuple[str, ...]:
        """Ids of every device that should read a record: active supervisors and these active devices."""
        wanted = {self.active_device(device_id).id for device_id in device_ids}
        return tuple(sorted(wanted | {device.id for device in self.supervisors()}))

    def recipients(self, device_ids: Iterable[str]) -> list[str]:
        """The sorted age recipients of exactly these active devices and of the recovery key."""
        return sorted({self.recovery, *(self.active_device(device_id).recipient for device_id in device_ids)})

    def recipients_at(self, device_ids: Iterable[str], epoch: int) -> list[str]:
        """What `recipients` was in an epoch, for checking old records: revoked devices are allowed."""
        readers = {self.device(device_id).recipient for device_id in device_ids}
        return sorted({self.recovery_at(epoch), *readers})

    # -- deciding -----------------------------------------------------------------------------------

    def _signer_key(self, statement: Statement) -> VerifyKey:
        if statement.signer == ROOT:
            return self.root
        if statement.signer not in self.devices:
            raise RosterError("roster.unknown_signer", n=statement.n)
        signer = self.devices[statement.signer]
        if not signer.active:
            raise RosterError("roster.signer_revoked", n=statement.n)
        if signer.role != "supervisor" or statement.kind not in _BY_SUPERVISORS:
            raise RosterError("roster.not_allowed", kind=statement.kind)
        return signer.sign_key

    def _changed(self, statement: Statement) -> "Roster":
        match statement.kind:
            case "add_device":
                return self._with(self._added(statement.body))
            case "revoke_device":
                return self._revoked(statement)
            case "change_role":
                return self._role_changed(statement)
            case "new_epoch":
                return replace(self, epoch=self.epoch + 1)
            case "rotate_recovery":
                return self._recovery_rotated(statement.body["recovery"])
        raise RosterError("roster.not_allowed", kind=statement.kind)  # a second genesis

    def _with(self, device: Device, epoch: int | None = None) -> "Roster":
        devices = MappingProxyType({**self.devices, device.id: device})
        return replace(self, devices=devices, epoch=self.epoch if epoch is None else epoch)

    def _added(self, body: Mapping[str, str]) -> Device:
        if not is_name(body["device"]) or body["device"] == ROOT or not is_name(body["member"]):
            raise malformed("a name")
        role, sign_key = _role(body["role"]), _sign_key(body["sign_key"])
        recipient = _recipient(body["recipient"])
        if body["device"] in self.devices or sign_key == self.root or self._used(recipient, sign_key):
            raise RosterError("roster.device_exists", device=body["device"])
        return Device(
            id=body["device"],
            member=body["member"],
            role=role,
            sign_key=sign_key,
            recipient=recipient,
            active=True,
            since=self.epoch,
            roles=((self.epoch, role),),
        )

    def _revoked(self, statement: Statement) -> "Roster":
        device = self.active_device(statement.body["device"])
        self._keep_a_supervisor(device, statement)
        return self._with(replace(device, active=False, until=self.epoch), self.epoch + 1)

    def _role_changed(self, statement: Statement) -> "Roster":
        device, role = self.active_device(statement.body["device"]), _role(statement.body["role"])
        if device.role == role:
            raise RosterError("roster.no_change", device=device.id)
        if role != "supervisor":
            self._keep_a_supervisor(device, statement)
        epoch = self.epoch + 1
        return self._with(replace(device, role=role, roles=(*device.roles, (epoch, role))), epoch)

    def _keep_a_supervisor(self, leaving: Device, statement: Statement) -> None:
        if statement.signer != ROOT and [device.id for device in self.supervisors()] == [leaving.id]:
            raise RosterError("roster.last_supervisor", device=leaving.id)

    def _recovery_rotated(self, text: str) -> "Roster":
        recipient, epoch = _recipient(text), self.epoch + 1
        if self._used(recipient):
            raise RosterError("roster.device_exists", device="recovery")
        return replace(self, epoch=epoch, recoveries=(*self.recoveries, (epoch, recipient)))

    def _used(self, recipient: str, sign_key: VerifyKey | None = None) -> bool:
        """Whether a key was ever anybody's."""
        if any(recipient == known for _, known in self.recoveries):
            return True
        return any(
            recipient == known.recipient or sign_key == known.sign_key for known in self.devices.values()
        )


def _role(text: str) -> Role:
    for role in ROLES:
        if text == role:
            return role
    raise malformed("role")


def _sign_key(text: str) -> VerifyKey:
    try:
        return VerifyKey.parse(text)
    except Problem as error:
        raise malformed("sign_key") from error


@lru_cache(maxsize=4096)  # a roster is replayed often
def _recipient(text: str) -> str:
    """An age X25519 recipient in its one lower-case text, or RosterError."""
    try:
        prefix, raw = bech32.decode(text)
    except bech32.Bech32Error as error:
        raise malformed("recipient") from error
    if prefix != "age" or len(raw) != 32 or text != text.lower() or not any(raw):
        raise malformed("recipient")
    return text
