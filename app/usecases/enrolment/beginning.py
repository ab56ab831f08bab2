"""Beginning to join, and going on after an interruption. See `joining` for what happens in between."""

from app.protocol.enrolment_codes import InvitationCode, root_mark
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.roster import Roster
from app.store.profiles import ProfileInfo, list_profiles, remove_profile
from app.store.store import Store
from app.sync.transport import checked_address
from app.usecases.enrolment.door import AWAY, door
from app.usecases.enrolment.joining import ENDED, Joining
from app.usecases.enrolment.waiting import Waiting, new_waiting, read_waiting
from app.usecases.services import Services
from app.usecases.unlock import PENDING
from app.usecases.unlocking import check_new_passphrase, create_locked_profile, open_profile


def read_code(text: str) -> InvitationCode:
    """A pasted invitation: `.server` says where it leads. Raises enrol.bad_code, enrol.other_code,
    enrol.wrong_version, sync.insecure_address, sync.bad_address."""
    code = InvitationCode.parse(text)
    checked_address(code.server)
    return code


def begin(services: Services, code: str, label: str, passphrase: str) -> Joining:
    """Makes the locked profile with its keys and hands the offer to the server.

    Nothing is made where the code, the passphrase or the server's answer is wrong: enrol.bad_code …,
    enrol.no_name, crypto.weak_passphrase, server.invite_unknown, server.invite_used, enrol.expired,
    enrol.wrong_root, sync.not_our_server …. A server that is away is no hindrance: the state is "unsent".
    """
    invitation = read_code(code)
    _check_person(services, label, passphrase)
    waiting = new_waiting(services, invitation)
    _check_server(services, invitation, waiting)
    joining = _made(services, waiting, label, passphrase)
    if joining.poll().state in ENDED:  # another tablet was quicker
        ended = joining.problem
        joining.cancel()
        raise ended or Problem("enrol.expired")
    return joining


def begin_first(services: Services, label: str, passphrase: str) -> Joining:
    """The first supervisor of a new organisation: keys and a request code for `python -m app.admin`.

    Raises enrol.no_name, crypto.weak_passphrase, crypto.weak_pin.
    """
    _check_person(services, label, passphrase)
    return _made(services, new_waiting(services, None), label, passphrase)


def resume(services: Services, profile: str, passphrase: str) -> Joining:
    """Goes on with a pending profile. Raises as `unlock`, and enrol.not_pending."""
    info = next((one for one in list_profiles(services.data_dir) if one.id == profile), None)
    if info is None:
        raise Problem("usecase.no_such_profile")
    store = open_profile(services, profile, passphrase)
    waiting = read_waiting(store)
    if info.role != PENDING:
        store.close()
        raise Problem("enrol.not_pending")
    return Joining(services, info, store, waiting)


def give_up(services: Services, profile: str) -> None:
    """Takes a pending profile off this tablet without its passphrase (it was forgotten): only unused keys are lost.

    Raises enrol.not_pending for a profile that has joined, usecase.no_such_profile.
    """
    info = next((one for one in list_profiles(services.data_dir) if one.id == profile), None)
    if info is None:
        raise Problem("usecase.no_such_profile")
    if info.role != PENDING:
        raise Problem("enrol.not_pending")
    remove_profile(services.data_dir, profile)
    if services.keystore is not None:
        services.keystore.forget(profile)


def _made(services: Services, waiting: Waiting, label: str, passphrase: str) -> Joining:
    info = ProfileInfo(services.new_id(), label.strip(), PENDING)
    create_locked_profile(services, info, passphrase, lambda store: _fill(store, waiting))
    return Joining(services, info, open_profile(services, info.id, passphrase), waiting)


def _fill(store: Store, waiting: Waiting) -> None:
    waiting.keep(store)


def _check_person(services: Services, label: str, passphrase: str) -> None:
    if not label.strip():
        raise Problem("enrol.no_name")
    check_new_passphrase(services, passphrase)


def _check_server(services: Services, code: InvitationCode, waiting: Waiting) -> None:
    """Asks whether the invitation is open and leads to the organisation that it names, before anything is made."""
    ours = door(services, code.server, waiting.keys, waiting.invitation_keys.token)
    late = services.clock().timestamp() >= code.expires
    try:
        if ours.look().offer:
            raise Problem("server.invite_used")
        statements = ours.roster()
    except Problem as problem:
        if problem.code in AWAY and not late:
            return
        if problem.code in (*AWAY, "server.invite_unknown") and late:
            raise Problem("enrol.expired") from problem
        raise
    if not statements or statements[0].kind != "genesis":
        raise Problem("enrol.wrong_root")
    root = VerifyKey.parse(statements[0].body["root"])
    if root_mark(root) != code.root_mark:
        raise Problem("enrol.wrong_root")
    Roster.replay(statements, root)
