"""A supervisor has compared the six words and lets the tablet in.

    sign into the roster ─▶ name and earlier records for it ─▶ answer ─▶ hand over

Every step is repeated harmlessly: after a kill or a cut, `approve` goes on where it stopped.
"""

from app.protocol.enrolment import Blob
from app.protocol.enrolment_answer import Answer
from app.protocol.enrolment_codes import answer_code, read_request
from app.protocol.enrolment_offer import Offer, offer_hash
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.roster import Roster
from app.protocol.versions import JSON, PREFIX
from app.usecases.enrolment.inviting import check_open
from app.usecases.enrolment.kept import Kept, keep, kept
from app.usecases.enrolment.people import introduce_once
from app.usecases.enrolment.roster_changes import courier_of, sign_on, supervisors_only
from app.usecases.enrolment.wire import read_enrolment
from app.usecases.enrolment_views import Approved
from app.usecases.sharing import start_sharing
from app.usecases.worker import Worker


def approve(worker: Worker, invitation: str) -> Approved:
    """Lets the tablet in whose words were shown last, and starts sealing to it what it should read.

    Call it only after two people have compared the six words of the view. Raises enrol.no_offer,
    enrol.offer_changed, enrol.expired, enrol.withdrawn, enrol.already_approved, RosterError, sync.…
    """
    supervisors_only(worker)
    ours = kept(worker, invitation)
    check_open(worker, ours)
    return _let_in(worker, ours)


def accept_request(worker: Worker, invitation: str, request_code: str) -> str:
    """The same by text alone: the answer code for the tablet whose request this is.

    Its words must have been shown by `read_request_code` (or `invitations`) before. For a tablet that was let in
    already its answer is given again. Raises as `approve`, and enrol.bad_code …, enrol.bad_offer.
    """
    supervisors_only(worker)
    ours = kept(worker, invitation)
    kind, blob = read_request(request_code)
    if kind != "invited":
        raise Problem("enrol.bad_offer")
    signed = ours.keys.open_offer(blob)
    if not ours.offer:
        raise Problem("enrol.no_offer")
    if signed != ours.offer:
        raise Problem("enrol.offer_changed")
    if ours.state == "approved":
        return _answer_code(worker, ours)
    check_open(worker, ours)
    return _let_in(worker, ours).answer_code


def _let_in(worker: Worker, ours: Kept) -> Approved:
    offer = ours.offered
    if offer is None:
        raise Problem("enrol.no_offer")
    if ours.problem:
        raise Problem(ours.problem)
    ours = keep(worker, ours, member=ours.member or f"mem-{worker.services.random(8).hex()}")
    roster = _sign(worker, ours, offer)
    ours = keep(worker, ours, state="approving")
    introduce_once(worker, ours.member, ours.name, ours.role)
    unsealed = 0
    if not ours.shared:
        unsealed = start_sharing(worker, [offer.device], households=None, why="enrolment").total
        ours = keep(worker, ours, shared=True)
    if not ours.answer:
        signed = _answer(worker, ours, roster).signed(worker.device_keys.signing, ours.bound)
        ours = keep(worker, ours, answer=signed)
    handed_over = _hand_over(worker, ours)
    ours = keep(worker, ours, state="approved")
    return Approved(offer.device, unsealed, _answer_code(worker, ours), handed_over)


def _sign(worker: Worker, ours: Kept, offer: Offer) -> Roster:
    body = {**offer.public(), "member": ours.member, "role": ours.role}

    def done(roster: Roster) -> bool:
        """A device of this id with other keys is refused by the roster when the statement is applied."""
        known = roster.devices.get(offer.device)
        if known is None or (known.sign_key, known.recipient) != (offer.sign_key, offer.recipient):
            return False
        return roster.active_device(offer.device).member == ours.member

    return sign_on(worker, "add_device", body, done)


def _answer(worker: Worker, ours: Kept, roster: Roster) -> Answer:
    organisation = worker.organisation
    return Answer(
        org=organisation.org,
        root=VerifyKey.parse(organisation.root),
        log_key=VerifyKey.parse(organisation.log_key),
        server=organisation.server,
        member=ours.member,
        name=ours.name,
        role=ours.role,
        signer=worker.device,
        offer=offer_hash(ours.offer),
        count=roster.count,
    )


def _hand_over(worker: Worker, ours: Kept) -> bool:
    """Leaves the answer with the server; False where the server has forgotten the invitation (or never saw the
    offer): then the tablet needs it as text."""
    blob = ours.keys.seal_answer(ours.answer, worker.services.random)
    try:
        courier_of(worker).ask(
            "PUT",
            f"{PREFIX}/enrolments/{ours.id}",
            JSON,
            read_enrolment,
            body=Blob(blob).encode(),
            headers={"content-type": JSON},
        )
    except Problem as problem:
        if problem.code != "server.invite_unknown":
            raise
        return False
    return True


def _answer_code(worker: Worker, ours: Kept) -> str:
    return answer_code("invited", ours.keys.seal_answer(ours.answer, worker.services.random))
