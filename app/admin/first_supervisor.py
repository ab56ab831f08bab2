"""The first supervisor of an organisation: the root key signs their device, opens the server and answers.

    request code ─▶ six words compared ─▶ roster.json ─▶ POST /v1/roster with the set-up token ─▶ answer code

Run again with the same code it does what is still missing, and gives the answer again.
"""

import requests

from app.admin.organisation import Clock, sign_as_root
from app.crypto.age import X25519Recipient, seal
from app.crypto.primitives import Random
from app.protocol.canonical import JsonError, parse_json
from app.protocol.enrolment import ServerInfo
from app.protocol.enrolment_answer import Answer, first_bound
from app.protocol.enrolment_codes import answer_code, read_request
from app.protocol.enrolment_offer import Offer, offer_hash, read_offer
from app.protocol.errors import Problem, catalogue
from app.protocol.keys import SigningKey, VerifyKey
from app.protocol.messages import RosterMessage
from app.protocol.roster import ROOT, Roster, Statement
from app.protocol.versions import HEADER_PROTOCOL, HEADER_SETUP, JSON, PREFIX, PROBLEM_JSON, PROTOCOL
from app.sync.transport import Response, Transport

_SECONDS = 30.0


def read_first_request(code: str) -> tuple[Offer, bytes]:
    """The keys that ask to be a supervisor's, and the signed bytes that the answer names.

    Raises enrol.bad_code …, enrol.bad_offer; enrol.other_code for the request of an invited tablet, which is the
    inviting supervisor's to answer.
    """
    kind, signed = read_request(code)
    if kind != "first":
        raise Problem("enrol.other_code")
    return read_offer(signed), signed


def with_supervisor(
    root: SigningKey, statements: list[Statement], offer: Offer, clock: Clock, random: Random
) -> list[Statement]:
    """The roster with this device as a supervisor's; unchanged where it is in there already.

    Raises RosterError("roster.device_exists" | "roster.device_revoked").
    """
    roster = Roster.replay(statements, root.public)
    known = roster.devices.get(offer.device)
    if known is not None and (known.sign_key, known.recipient) == (offer.sign_key, offer.recipient):
        roster.active_device(offer.device)
        return statements
    body = {**offer.public(), "member": f"mem-{random(8).hex()}", "role": "supervisor"}
    statement = sign_as_root(root, roster, "add_device", body, clock)
    roster.apply(statement)
    return [*statements, statement]


def log_key_of(transport: Transport) -> VerifyKey:
    """The key with which the server signs its log. Raises sync.…, server.…"""
    answer = transport.request("GET", f"{PREFIX}/info", {HEADER_PROTOCOL: str(PROTOCOL)}, b"", _SECONDS)
    return ServerInfo.decode(_believed(answer)).log_key


def newest_roster(
    transport: Transport, setup_token: str, root: VerifyKey, ours: list[Statement]
) -> list[Statement]:
    """What the server has beyond ours, where the token has opened the organisation before; ours otherwise.

    Raises RosterError("roster.fork" …) where the two contradict each other.
    """
    headers = {HEADER_SETUP: setup_token, HEADER_PROTOCOL: str(PROTOCOL)}
    try:
        body = _believed(transport.request("GET", f"{PREFIX}/roster", headers, b"", _SECONDS))
    except Problem as problem:
        if problem.code in ("server.workspace_unknown", "server.setup_refused"):
            return ours
        raise
    theirs = list(RosterMessage.decode(body).statements)
    Roster.replay(ours, root).extend(theirs)
    return theirs if len(theirs) > len(ours) else ours


def open_workspace(transport: Transport, setup_token: str, statements: list[Statement]) -> None:
    """Opens the organisation at the server; again is fine. Raises server.setup_refused, server.workspace_exists."""
    headers = {"content-type": JSON, HEADER_SETUP: setup_token, HEADER_PROTOCOL: str(PROTOCOL)}
    body = RosterMessage(tuple(statements)).encode()
    _believed(transport.request("POST", f"{PREFIX}/roster", headers, body, _SECONDS))


def first_answer(
    root: SigningKey,
    statements: list[Statement],
    signed_offer: bytes,
    server: tuple[str, VerifyKey],
    random: Random,
    name: str = "",
) -> str:
    """The answer code: sealed to the device, signed by the root key. `server` is its address and log key."""
    roster, offer = Roster.replay(statements, root.public), read_offer(signed_offer)
    device = roster.active_device(offer.device)
    answer = Answer(
        org=roster.org,
        root=root.public,
        log_key=server[1],
        server=server[0],
        member=device.member,
        name=name,
        role=device.role,
        signer=ROOT,
        offer=offer_hash(signed_offer),
        count=roster.count,
    )
    data = answer.signed(root, first_bound(signed_offer))
    return answer_code("first", seal(data, [X25519Recipient.parse(offer.recipient)], random=random))


def _believed(answer: Response) -> bytes:
    """The body of a Doorstep server's good answer; its problem, or sync.not_our_server, otherwise."""
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if answer.status == requests.codes.ok and kind == JSON:
        return answer.body
    if kind == PROBLEM_JSON:
        try:
            found = parse_json(answer.body)
        except JsonError as error:
            raise Problem("sync.not_our_server", reason="a broken problem document") from error
        code = found.get("code") if isinstance(found, dict) else None
        if isinstance(code, str) and code in catalogue():
            raise Problem(code, **{name: value for name, value in found.items() if name not in _DOCUMENT})
    raise Problem("sync.not_our_server", reason=f"status {answer.status}")


_DOCUMENT = frozenset({"type", "title", "status", "detail", "code", "instance"})
