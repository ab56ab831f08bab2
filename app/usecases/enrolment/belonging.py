"""From a waiting tablet to a worker's profile: the roster decides, the server's and the answer's word alone do not."""

from dataclasses import asdict, dataclass, replace
from typing import cast

from app.crypto.device import DeviceKeys
from app.protocol.enrolment_answer import Answer
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.roster import ROOT, Device, Role, Roster, RosterError, Statement
from app.store.store import Store
from app.usecases.enrolment.door import fetch_whole_roster, signed_courier
from app.usecases.enrolment.waiting import VALUE, Waiting
from app.usecases.services import Services
from app.usecases.worker import Organisation


@dataclass(frozen=True)
class Belonging:
    """What a verified roster and a verified answer make of a waiting tablet."""

    keys: DeviceKeys
    organisation: Organisation
    statements: list[Statement]

    def keep(self, store: Store) -> None:
        """One transaction: from here on the store is a worker's."""
        with store.transaction():
            store.values.set("device", self.keys.to_json())
            store.values.set("organisation", asdict(self.organisation))
            store.values.set("roster", [statement.to_wire() for statement in self.statements])
            store.values.delete(VALUE)


def establish(services: Services, waiting: Waiting) -> Belonging:
    """Fetches the roster with the new key, replays it from the pinned root, and finds itself in it.

    Raises enrol.not_answered, enrol.wrong_root, enrol.not_in_roster, enrol.other_keys, enrol.signer_not_active,
    enrol.bad_answer, other RosterErrors, sync.…
    """
    signed = waiting.signed_answer
    answer = signed.answer
    keys = replace(waiting.keys, member=answer.member, role=cast(Role, answer.role))
    statements = fetch_whole_roster(signed_courier(services, answer.server, keys, answer.org))
    roster = _replayed(statements, answer)
    _check_self(roster, keys)
    if roster.count < answer.count:
        raise RosterError("roster.rollback", n=roster.count)
    signed.check(_signer_key(roster, answer, waiting.first))
    organisation = Organisation(answer.org, str(answer.root), answer.server, str(answer.log_key))
    return Belonging(keys, organisation, statements)


def _replayed(statements: list[Statement], answer: Answer) -> Roster:
    try:
        roster = Roster.replay(statements, answer.root)
    except RosterError as error:
        if error.code in ("roster.wrong_root", "roster.wrong_org"):
            raise Problem("enrol.wrong_root") from error
        raise
    if roster.org != answer.org:
        raise Problem("enrol.wrong_root")
    return roster


def _check_self(roster: Roster, keys: DeviceKeys) -> None:
    found = roster.devices.get(keys.device_id)
    if found is None:
        raise Problem("enrol.not_in_roster")
    if not found.active:
        raise Problem("server.device_revoked")
    if _as_body(found) != keys.statement_body():
        raise Problem("enrol.other_keys")


def _signer_key(roster: Roster, answer: Answer, first: bool) -> VerifyKey:
    """The root key answers only without an invitation, a supervisor's device only with one."""
    if first:
        if answer.signer != ROOT:
            raise Problem("enrol.signer_not_active")
        return roster.root
    signer = roster.devices.get(answer.signer)
    if signer is None or not signer.active or signer.role != "supervisor":
        raise Problem("enrol.signer_not_active")
    return signer.sign_key


def _as_body(device: Device) -> dict[str, str]:
    return {
        "device": device.id,
        "member": device.member,
        "role": device.role,
        "sign_key": str(device.sign_key),
        "recipient": device.recipient,
    }
