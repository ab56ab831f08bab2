"""A supervisor invites: the code is shown, the server keeps the token's hash, the offer comes back and is kept.

Only the supervisor's device that made an invitation can open what comes back; another supervisor's cannot.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from app.protocol.enrolment import LONGEST, Enrolment, Invitation
from app.protocol.enrolment_answer import LONGEST_NAME
from app.protocol.enrolment_codes import SECRET_SIZE, InvitationCode, read_request, root_mark
from app.protocol.enrolment_offer import read_offer
from app.protocol.enrolment_seal import InvitationKeys
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.roster import ROLES
from app.protocol.versions import JSON, PREFIX
from app.usecases.enrolment.kept import Kept, every_kept, forget, keep, kept
from app.usecases.enrolment.people import member_names
from app.usecases.enrolment.roster_changes import courier_of, supervisors_only
from app.usecases.enrolment.wire import read_enrolment, read_enrolments
from app.usecases.enrolment_views import InvitationView
from app.usecases.worker import Worker

DAY = timedelta(days=1)
_PLACE = f"{PREFIX}/enrolments"


def invite(
    worker: Worker, name: str, role: str, *, member: str = "", expires_in: timedelta = DAY
) -> InvitationView:
    """Opens an invitation, good for one tablet; at most seven days.

    `member` names a known person: a second tablet, or a new one after the old was lost (which is removed by
    `remove_device`, not by this). Their known name is taken where `name` is empty. Raises
    usecase.supervisors_only, enrol.no_name, enrol.unknown_member, sync.…
    """
    supervisors_only(worker)
    name = _name(worker, name, member)
    if role not in ROLES:
        raise ValueError(f"no such role: {role}")
    seconds = int(expires_in.total_seconds())
    if not 0 < seconds <= LONGEST:
        raise ValueError("an invitation is open for up to seven days")
    code = InvitationCode(
        secret=worker.services.random(SECRET_SIZE),
        root_mark=root_mark(VerifyKey.parse(worker.organisation.root)),
        server=worker.organisation.server,
        expires=int(worker.now().timestamp()) + seconds,
    )
    ours = Kept(
        id=InvitationKeys.of(code).token_hash,
        code=code.text(),
        name=name,
        role=role,
        member=member,
        expires=code.expires,
    )
    # Kept first: an invitation that only the server knows could never be answered.
    keep(worker, ours)
    try:
        body = Invitation(ours.id, seconds).encode()
        headers = {"content-type": JSON}
        courier_of(worker).ask("POST", _PLACE, JSON, read_enrolment, body=body, headers=headers)
    except Problem:
        forget(worker, ours.id)
        raise
    return ours.view(worker.now())


def invitations(worker: Worker) -> list[InvitationView]:
    """This device's invitations as they stand at the server. Raises usecase.supervisors_only, sync.…

    An offer that does not open, or a second one in the place of the first, shows as the view's `problem`.
    """
    supervisors_only(worker)
    listed = courier_of(worker).ask("GET", _PLACE, JSON, read_enrolments)
    there = {one.token_hash: one for one in listed}
    return [
        _looked_at(worker, one, there).view(worker.now(), _asked(one, there)) for one in every_kept(worker)
    ]


def known_invitations(worker: Worker) -> list[InvitationView]:
    """The same without asking the server: what is open or offered is "unknown"."""
    return [one.view(worker.now(), asked=False) for one in every_kept(worker)]


def read_request_code(worker: Worker, invitation: str, request_code: str) -> InvitationView:
    """Takes a tablet's request as text, for its six words to be compared; `approve` or `accept_request` come next.

    Raises enrol.bad_code …, enrol.bad_offer, enrol.offer_changed, enrol.expired, enrol.withdrawn.
    """
    supervisors_only(worker)
    ours = kept(worker, invitation)
    check_open(worker, ours)
    kind, blob = read_request(request_code)
    if kind != "invited":
        raise Problem("enrol.bad_offer")
    return _with_offer(worker, ours, blob, strict=True).view(worker.now())


def withdraw(worker: Worker, invitation: str) -> None:
    """Ends an invitation: at once here, then at the server. Raises enrol.already_approved, sync.…

    Where the server is away nothing can be approved any more all the same; withdraw again tells it.
    """
    supervisors_only(worker)
    ours = kept(worker, invitation)
    if ours.state in ("approving", "approved"):
        raise Problem("enrol.already_approved")
    keep(worker, ours, state="withdrawn")
    courier_of(worker).call("DELETE", f"{_PLACE}/{ours.id}", JSON)
    forget(worker, ours.id)


def check_open(worker: Worker, ours: Kept) -> None:
    """Raises enrol.already_approved, enrol.withdrawn, enrol.expired."""
    if ours.state == "approved":
        raise Problem("enrol.already_approved")
    if ours.state == "withdrawn":
        raise Problem("enrol.withdrawn")
    if ours.ended(worker.now()):
        raise Problem("enrol.expired")


def _name(worker: Worker, name: str, member: str) -> str:
    name = name.strip()
    if member:
        known = {device.member for device in worker.roster().devices.values()}
        if member not in known:
            raise Problem("enrol.unknown_member")
        name = name or member_names(worker).get(member, "")
    if not name or len(name) > LONGEST_NAME:
        raise Problem("enrol.no_name")
    return name


def _asked(ours: Kept, there: Mapping[str, Enrolment]) -> bool:
    """Whether the server still knows an invitation whose end has not come."""
    return ours.id in there or ours.state not in ("open", "offered")


def _looked_at(worker: Worker, ours: Kept, there: Mapping[str, Enrolment]) -> Kept:
    found = there.get(ours.id)
    if found is None or not found.offer or ours.state not in ("open", "offered"):
        return ours
    return _with_offer(worker, ours, found.offer, strict=False)


def _with_offer(worker: Worker, ours: Kept, blob: bytes, *, strict: bool) -> Kept:
    """Keeps the first offer that opens. What follows in its place spoils the invitation.

    `strict` raises what is wrong instead of noting it.
    """
    try:
        signed = ours.keys.open_offer(blob)
        read_offer(signed, ours.bound)
        if ours.offer and signed != ours.offer:
            raise Problem("enrol.offer_changed")
    except Problem as problem:
        changed = problem.code == "enrol.offer_changed"
        if strict and not changed:
            raise  # a wrong paste is no reason to give the invitation up
        noted = keep(worker, ours, problem=problem.code) if changed else replace(ours, problem=problem.code)
        if strict:
            raise
        return noted
    return ours if ours.offer else keep(worker, ours, state="offered", offer=signed)
