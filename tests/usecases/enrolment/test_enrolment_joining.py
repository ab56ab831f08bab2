"""A tablet joins: step by step, against a real server, whatever is pulled, cut or cancelled in between."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from app.protocol.errors import Problem
from app.store import profiles as store_profiles
from app.usecases import enrolment, unlock
from app.usecases.enrolment import joining as joining_module
from app.usecases.enrolment.waiting import read_waiting
from app.usecases.review_states import names
from tests.usecases.enrolment.world import ANA, WORDS, Device, Killed, Office, synced


def files(device: Device) -> list[Path]:
    folder = device.services.data_dir
    return [path for path in folder.rglob("*") if path.is_file() and "profiles" in path.parts]


def pending(device: Device) -> str:
    (card,) = unlock.profiles(device.services)
    assert card.pending
    return card.id


def test_a_tablet_joins_by_invitation(office: Office, tablet: Device) -> None:
    invitation = office.invite()
    assert invitation.state == "open" and office.seen(invitation.id).words == ()
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    view = joining.view()
    assert (view.state, view.problem, len(view.words), view.server) == ("offered", None, 6, office.server.url)

    seen = office.seen(invitation.id)
    assert seen.state == "offered" and seen.words == view.words
    approved = enrolment.approve(office.supervisor, invitation.id)
    assert approved.device == seen.device and approved.handed_over
    assert office.seen(invitation.id).state == "approved"

    assert joining.poll().state == "accepted" and joining.view().name == ANA
    worker = joining.finish()
    assert (worker.role, worker.name, worker.device) == ("fieldworker", "Ana", approved.device)
    assert [(card.label, card.pending) for card in unlock.profiles(tablet.services)] == [("Ana", False)]
    synced(office.supervisor)
    synced(worker)
    assert names(worker)[office.supervisor.device] == "Rodica Test"
    assert names(office.supervisor)[worker.device] == ANA

    unlock.lock(worker)
    again = unlock.unlock(tablet.services, worker.profile, WORDS)
    assert again.device == approved.device and again.roster().devices[again.device].active
    unlock.lock(again)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("request_number", range(5))
def test_a_kill_at_any_request_costs_nothing(
    office: Office, tablet: Device, request_number: int, when: str
) -> None:
    """Look, roster, offer | look, roster: whichever is the last one, the tablet joins in the end."""
    invitation = office.invite()
    tablet.line.kill = (request_number, when)
    device = ""
    with pytest.raises(Killed):
        joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
        device = office.seen(invitation.id).device
        enrolment.approve(office.supervisor, invitation.id)
        joining.poll()
        joining.finish()
    tablet.line.kill = None
    if request_number < 2:
        assert unlock.profiles(tablet.services) == [] and not files(tablet)
        joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    else:
        joining = enrolment.resume(tablet.services, pending(tablet), WORDS)
    joining.poll()
    if office.seen(invitation.id).state != "approved":
        assert office.seen(invitation.id).words == joining.view().words
        enrolment.approve(office.supervisor, invitation.id)
        joining.poll()
    worker = joining.finish()
    assert device in ("", worker.device)
    synced(worker)
    assert len(office.supervisor.roster().devices) == 2


@pytest.mark.parametrize("step", ["keep", "rename"])
def test_a_kill_while_the_profile_changes_hands(
    office: Office, tablet: Device, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = office.invite()
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    office.seen(invitation.id)
    enrolment.approve(office.supervisor, invitation.id)
    joining.poll()

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if step == "keep":
            patch.setattr(joining_module.Store, "transaction", killed)
        else:
            patch.setattr(joining_module, "rename_profile", killed)
        with pytest.raises(Killed):
            joining.finish()
    again = enrolment.resume(tablet.services, pending(tablet), WORDS)
    assert again.view().state == "accepted"
    worker = again.finish()
    assert worker.role == "fieldworker" and read_waiting(worker.store) is None
    synced(worker)


def test_somebody_who_is_still_joining_cannot_unlock(office: Office, tablet: Device) -> None:
    enrolment.begin(tablet.services, office.invite().code, "Ana", WORDS)
    with pytest.raises(Problem, match=r"enrol\.not_finished"):
        unlock.unlock(tablet.services, pending(tablet), WORDS)
    with pytest.raises(Problem, match=r"crypto\.wrong_passphrase"):
        enrolment.resume(tablet.services, pending(tablet), "nu este aceasta fraza deloc")


def test_finishing_too_early_is_refused(office: Office, tablet: Device) -> None:
    joining = enrolment.begin(tablet.services, office.invite().code, "Ana", WORDS)
    with pytest.raises(Problem, match=r"enrol\.not_answered"):
        joining.finish()
    assert joining.poll().state == "offered"


def test_cancelling_removes_the_profile_wholly(office: Office, tablet: Device) -> None:
    invitation = office.invite()
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    joining.cancel()
    assert unlock.profiles(tablet.services) == [] and not files(tablet)
    assert list((tablet.services.data_dir / "profiles").iterdir()) == []


def test_a_forgotten_passphrase_before_joining_costs_only_the_invitation(
    office: Office, tablet: Device
) -> None:
    joining = enrolment.begin(tablet.services, office.invite().code, "Ana", WORDS)
    joining.close()
    enrolment.give_up(tablet.services, joining.profile)
    assert unlock.profiles(tablet.services) == [] and not files(tablet)
    with pytest.raises(Problem, match=r"usecase\.no_such_profile"):
        enrolment.give_up(tablet.services, joining.profile)
    with pytest.raises(Problem, match=r"enrol\.not_pending"):
        enrolment.give_up(office.console.services, office.supervisor.profile)


def test_two_windows_join_the_same_person(office: Office, tablet: Device) -> None:
    """One finishes; the other sees it, and cannot cancel a worker's profile away."""
    invitation = office.invite()
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    other = enrolment.resume(tablet.services, joining.profile, WORDS)
    office.seen(invitation.id)
    enrolment.approve(office.supervisor, invitation.id)
    joining.poll()
    worker = joining.finish()
    with pytest.raises(Problem, match=r"enrol\.not_pending"):
        other.cancel()
    assert other.poll().state == "accepted" and other.finish() is worker
    synced(worker)


def test_a_kill_while_the_profile_is_made_leaves_nothing(
    office: Office, tablet: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has heard of nothing, so the same invitation is still good."""
    invitation = office.invite()

    def killed(*_: object) -> None:
        raise Killed

    for step in ("_write_keyslot", "sync_folder"):
        with monkeypatch.context() as patch:
            patch.setattr(store_profiles, step, killed)
            with pytest.raises(Killed):
                enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    assert office.seen(invitation.id).state == "open"
    for card in unlock.profiles(tablet.services):  # complete, only the folder was not flushed
        enrolment.resume(tablet.services, card.id, WORDS).cancel()
    assert unlock.profiles(tablet.services) == []
    assert enrolment.begin(tablet.services, invitation.code, "Ana", WORDS).view().state == "offered"


def test_the_keys_are_never_unprotected(office: Office, tablet: Device) -> None:
    invitation = office.invite()
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    waiting = read_waiting(joining._store)
    assert waiting is not None
    secrets = [
        waiting.keys.signing.seed,
        waiting.keys.identity.raw,
        str(waiting.keys.identity).encode(),
        waiting.invitation.secret,
        waiting.invitation_keys.token.encode(),
        invitation.code[-40:].encode(),
        " ".join(waiting.words).encode(),
    ]
    written = [path.read_bytes() for path in tablet.services.data_dir.rglob("*") if path.is_file()]
    assert written and not any(secret in data for secret in secrets for data in written)


# -- what is refused before anything is made -----------------------------------------------------------------


def refused(device: Device, code: str, passphrase: str = WORDS, label: str = "Ana") -> str:
    with pytest.raises(Problem) as caught:
        enrolment.begin(device.services, code, label, passphrase)
    assert unlock.profiles(device.services) == [] and not files(device)
    return caught.value.code


def test_what_is_wrong_from_the_start_makes_nothing(office: Office, tablet: Device) -> None:
    code = office.invite().code
    assert refused(tablet, code[:-1]) == "enrol.bad_code"
    assert refused(tablet, code, passphrase="scurt") == "crypto.weak_passphrase"
    assert refused(tablet, code, label="  ") == "enrol.no_name"
    assert tablet.line.asked == []


def test_an_invitation_that_the_server_does_not_know(office: Office, tablet: Device) -> None:
    invitation = office.invite()
    enrolment.withdraw(office.supervisor, invitation.id)
    assert refused(tablet, invitation.code) == "server.invite_unknown"
    with pytest.raises(Problem, match=r"enrol\.unknown_invitation"):
        enrolment.approve(office.supervisor, invitation.id)


def test_an_expired_invitation(office: Office, tablet: Device) -> None:
    invitation = office.invite(expires_in=timedelta(hours=1))
    tablet.clock.ahead = timedelta(hours=2)
    tablet.line.away = True
    assert refused(tablet, invitation.code) == "enrol.expired"


def test_an_invitation_that_expired_at_the_server(office: Office, tablet: Device) -> None:
    """The server lets it end by its own clock, whatever the tablet's says."""
    invitation = office.invite(expires_in=timedelta(seconds=1))
    tablet.clock.ahead = timedelta(minutes=-2)
    time.sleep(1.2)
    assert refused(tablet, invitation.code) == "server.invite_unknown"


def test_a_replayed_invitation_is_refused(office: Office, tablet: Device) -> None:
    """Used, and used again: by another tablet, before and after the first was let in."""
    invitation = office.invite()
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    assert refused(office.device("second"), invitation.code) == "server.invite_used"
    office.seen(invitation.id)
    enrolment.approve(office.supervisor, invitation.id)
    assert refused(office.device("third"), invitation.code) == "server.invite_used"
    joining.poll()
    joining.finish()
    assert refused(office.device("fourth"), invitation.code) == "server.invite_used"
    with pytest.raises(Problem, match=r"enrol\.already_approved"):
        enrolment.approve(office.supervisor, invitation.id)


def test_two_tablets_race_for_one_invitation(office: Office, tablet: Device) -> None:
    """Both looked before either offered: one wins, the other is told, and keeps nothing."""
    invitation = office.invite()
    slow = office.device("slow")
    started: list[enrolment.Joining] = []

    def the_other_is_quicker(method: str, path: str, answer):  # type: ignore[no-untyped-def]
        if path.endswith("/roster") and not started:
            started.append(enrolment.begin(tablet.services, invitation.code, "Ana", WORDS))
        return answer

    slow.line.change = the_other_is_quicker
    assert refused(slow, invitation.code) == "server.invite_used"
    assert office.seen(invitation.id).words == started[0].view().words


def test_offers_that_were_late_are_told_when_the_line_is_back(office: Office, tablet: Device) -> None:
    invitation = office.invite()
    tablet.line.away = True
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    view = joining.view()
    assert view.state == "unsent" and view.problem is not None and view.problem.code == "sync.server_away"
    enrolment.begin(office.device("quick").services, invitation.code, "Ion", WORDS)
    tablet.line.away = False
    view = joining.poll()
    assert (
        view.state == "withdrawn" and view.problem is not None and view.problem.code == "server.invite_used"
    )
    joining.close()
    again = enrolment.resume(tablet.services, pending(tablet), WORDS)
    assert again.view().state == "withdrawn" and again.view().problem is not None
    again.cancel()
    assert unlock.profiles(tablet.services) == []


def test_withdrawn_and_expired_are_told_while_waiting(office: Office, tablet: Device) -> None:
    invitation, other = office.invite(), office.invite()
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    second = office.device("second")
    late = enrolment.begin(second.services, other.code, "Ion", WORDS)
    for one in (invitation, other):
        enrolment.withdraw(office.supervisor, one.id)
    second.clock.ahead = timedelta(days=2)
    assert (joining.poll().state, late.poll().state) == ("withdrawn", "expired")


def test_a_tablet_without_a_connection_joins_by_text(office: Office, tablet: Device) -> None:
    """Request and answer are read aloud, typed or photographed; only the roster needs the server in the end."""
    invitation = office.invite()
    tablet.line.away = True
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    request = joining.view().request_code
    with pytest.raises(Problem, match=r"enrol\.no_offer"):  # nobody has seen its words yet
        enrolment.accept_request(office.supervisor, invitation.id, request)
    seen = enrolment.read_request_code(office.supervisor, invitation.id, request.lower())
    assert seen.words == joining.view().words and seen.state == "offered"
    answer = enrolment.accept_request(office.supervisor, invitation.id, request)
    again = enrolment.accept_request(office.supervisor, invitation.id, request)
    with pytest.raises(Problem, match=r"enrol\.bad_code"):
        joining.accept(answer[:-2])
    assert joining.accept(again).state == "accepted"
    with pytest.raises(Problem, match=r"sync\.server_away"):
        joining.finish()
    tablet.line.away = False
    synced(joining.finish())


def test_an_answer_for_somebody_else_is_refused(office: Office, tablet: Device) -> None:
    mine, other = office.invite(), office.invite("Ion Exemplu")
    joining = enrolment.begin(tablet.services, mine.code, "Ana", WORDS)
    second = enrolment.begin(office.device("second").services, other.code, "Ion", WORDS)
    office.seen(other.id)
    answer = enrolment.approve(office.supervisor, other.id).answer_code
    with pytest.raises(Problem, match=r"enrol\.bad_answer"):
        joining.accept(answer)
    assert joining.view().state == "offered"
    assert second.accept(answer).state == "accepted"
