"""The supervisor's side: invite, compare, approve, replace a lost tablet, remove, change roles."""

from datetime import timedelta

import pytest

from app.protocol.errors import Problem
from app.usecases import enrolment, unlock
from app.usecases.enrolment import PersonView, approving
from app.usecases.worker import Worker
from tests.usecases.enrolment.world import ANA, WORDS, Device, Killed, Line, Office, synced


def person(worker: Worker, name: str) -> PersonView:
    return next(one for one in enrolment.people(worker) if one.name == name)


def offered(office: Office, tablet: Device, **more: object) -> tuple[str, enrolment.Joining]:
    """An invitation that a tablet has answered and whose words the supervisor has seen."""
    invitation = office.invite(**more)  # type: ignore[arg-type]
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    assert office.seen(invitation.id).words == joining.view().words
    return invitation.id, joining


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("request_number", range(3))
def test_approving_goes_on_after_a_kill_at_any_request(
    office: Office, tablet: Device, request_number: int, when: str
) -> None:
    """Roster, statement, answer: one device, one name, one job, whatever happened."""
    invitation, joining = offered(office, tablet)
    line = office.console.line
    line.kill = (len(line.asked) + request_number, when)
    with pytest.raises(Killed):
        enrolment.approve(office.supervisor, invitation)
    line.kill = None
    profile = office.supervisor.profile
    unlock.lock(office.supervisor)
    office.supervisor = unlock.unlock(office.console.services, profile, WORDS)
    enrolment.approve(office.supervisor, invitation)
    _joined_once(office, joining)


@pytest.mark.parametrize("step", ["introduce_once", "start_sharing", "_answer"])
def test_approving_goes_on_after_a_kill_between_requests(
    office: Office, tablet: Device, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation, joining = offered(office, tablet)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(approving, step, killed)
        with pytest.raises(Killed):
            enrolment.approve(office.supervisor, invitation)
    assert office.seen(invitation).state == "offered"
    enrolment.approve(office.supervisor, invitation)
    _joined_once(office, joining)


def _joined_once(office: Office, joining: enrolment.Joining) -> None:
    assert joining.poll().state == "accepted"
    worker = joining.finish()
    records = [one.record["body"] for one in office.supervisor.store.records.all("profile")]
    assert [one["name"] for one in records] == ["Rodica Test", ANA]
    assert sorted(office.supervisor.roster().devices) == sorted([office.supervisor.device, worker.device])
    synced(office.supervisor)
    synced(worker)
    assert person(worker, "Rodica Test").role == "supervisor"


def test_somebody_elses_statement_first(office: Office, tablet: Device) -> None:
    """Another supervisor signs between our look and our statement: fetched, looked at, signed again."""
    doina = office.joined("Doina Exemplu", "supervisor")
    invitation, joining = offered(office, tablet)
    pending = [doina]

    def meanwhile(method: str, path: str, answer):  # type: ignore[no-untyped-def]
        if method == "GET" and path.startswith("/v1/roster") and pending:
            enrolment.new_epoch(pending.pop())
        return answer

    office.console.line.change = meanwhile
    before = office.supervisor.roster().epoch
    enrolment.approve(office.supervisor, invitation)
    roster = office.supervisor.roster()
    assert roster.epoch == before + 1 and len([one for one in roster.devices.values() if one.active]) == 3
    joining.poll()
    assert joining.finish().roster().head == roster.head


def test_an_invitation_is_only_good_for_its_time(office: Office, tablet: Device) -> None:
    invitation, _ = offered(office, tablet)
    office.console.clock.ahead = timedelta(days=1, seconds=5)
    (known,) = enrolment.known_invitations(office.supervisor)
    assert known.state == "expired"
    with pytest.raises(Problem, match=r"enrol\.expired"):
        enrolment.approve(office.supervisor, invitation)
    with pytest.raises(Problem, match=r"enrol\.expired"):
        enrolment.read_request_code(office.supervisor, invitation, "")
    assert len(office.supervisor.roster().devices) == 1
    office.console.clock.ahead = timedelta(days=9)
    assert enrolment.known_invitations(office.supervisor) == []


@pytest.mark.parametrize("time", [timedelta(), timedelta(days=8), timedelta(seconds=-5)])
def test_no_invitation_is_open_for_ever(office: Office, time: timedelta) -> None:
    with pytest.raises(ValueError, match="seven days"):
        office.invite(expires_in=time)


def test_an_answer_that_came_too_late_is_given_as_text(office: Office, tablet: Device) -> None:
    """The server forgets the invitation in the very moment of the approval."""
    invitation, joining = offered(office, tablet)

    def forgotten(method: str, path: str, answer):  # type: ignore[no-untyped-def]
        if method == "GET" and path.startswith("/v1/roster"):
            _forget_at_server(office, invitation)
        return answer

    office.console.line.change = forgotten
    approved = enrolment.approve(office.supervisor, invitation)
    assert not approved.handed_over
    assert joining.poll().state == "withdrawn"
    assert joining.accept(approved.answer_code).state == "accepted"
    synced(joining.finish())


def _forget_at_server(office: Office, invitation: str) -> None:
    from app.protocol.versions import JSON
    from app.usecases.enrolment.roster_changes import courier_of

    line = office.console.line
    change, line.change = line.change, Line().change
    courier_of(office.supervisor).call("DELETE", f"/v1/enrolments/{invitation}", JSON)
    line.change = change


def test_withdrawing_holds_even_where_the_server_is_away(office: Office, tablet: Device) -> None:
    invitation, _ = offered(office, tablet)
    office.console.line.away = True
    with pytest.raises(Problem, match=r"sync\.server_away"):
        enrolment.withdraw(office.supervisor, invitation)
    with pytest.raises(Problem, match=r"enrol\.withdrawn"):
        enrolment.approve(office.supervisor, invitation)
    office.console.line.away = False
    enrolment.withdraw(office.supervisor, invitation)
    assert enrolment.invitations(office.supervisor) == []


def test_without_a_server_no_invitation_is_left_behind(office: Office) -> None:
    office.invite()
    office.console.line.away = True
    with pytest.raises(Problem, match=r"sync\.server_away"):
        office.invite()
    with pytest.raises(Problem, match=r"sync\.server_away"):
        enrolment.invitations(office.supervisor)
    assert [one.state for one in enrolment.known_invitations(office.supervisor)] == ["unknown"]


def test_a_lost_tablet_is_replaced(office: Office) -> None:
    """The same person again on a new tablet; the old one is removed by a step of its own."""
    first = office.joined(ANA)
    again = office.joined(ANA, name="", member=first.member)
    assert again.member == first.member and again.device != first.device
    ana = person(office.supervisor, ANA)
    assert {one.id for one in ana.devices if one.active} == {first.device, again.device}
    assert all(len(one.words) == 6 and one.since for one in ana.devices)

    before = office.supervisor.roster().epoch
    enrolment.remove_device(office.supervisor, first.device)
    assert office.supervisor.roster().epoch == before + 1
    ana = person(office.supervisor, ANA)
    assert [(one.id, one.active) for one in ana.devices] == [(again.device, True), (first.device, False)]
    assert ana.devices[1].removed >= ana.devices[1].since
    enrolment.remove_device(office.supervisor, first.device)  # again is fine
    assert office.supervisor.roster().epoch == before + 1
    synced(office.supervisor)
    synced(again)
    (newer,) = [one for one in person(again, ANA).devices if one.active]
    assert newer.this and newer.id == again.device


def test_a_further_supervisor_works_like_the_first(office: Office) -> None:
    doina = office.joined("Doina Exemplu", "supervisor")
    assert doina.role == "supervisor"
    synced(office.supervisor)
    synced(doina)
    invitation = enrolment.invite(doina, "Ion Exemplu", "fieldworker")
    assert enrolment.known_invitations(office.supervisor)[0].id != invitation.id  # each knows their own
    tablet = office.device("ion")
    joining = enrolment.begin(tablet.services, invitation.code, "Ion", WORDS)
    (seen,) = enrolment.invitations(doina)
    assert seen.words == joining.view().words
    enrolment.approve(doina, invitation.id)
    joining.poll()
    worker = joining.finish()
    synced(doina)
    synced(office.supervisor)
    assert person(office.supervisor, "Ion Exemplu").devices[0].id == worker.device


def test_roles_change_on_the_device_too(office: Office) -> None:
    ana = office.joined(ANA)
    synced(ana)
    enrolment.change_role(office.supervisor, ana.device, "supervisor")
    synced(office.supervisor)
    assert person(office.supervisor, ANA).role == "supervisor"
    ana.store.values.delete("sync.roster_at")
    synced(ana)
    assert ana.role == "supervisor" and not enrolment.follow_roster(ana)
    unlock.lock(ana)
    card = next(one for one in unlock.profiles(ana.services) if one.id == ana.profile)
    assert card.role == "supervisor"
    enrolment.change_role(office.supervisor, ana.device, "fieldworker")
    assert person(office.supervisor, ANA).role == "fieldworker"


def test_what_a_supervisor_cannot_do_to_themselves(office: Office) -> None:
    ours = office.supervisor.device
    for step in (
        lambda: enrolment.remove_device(office.supervisor, ours),
        lambda: enrolment.change_role(office.supervisor, ours, "fieldworker"),
    ):
        with pytest.raises(Problem, match=r"enrol\.not_yourself"):
            step()
    for unknown in (
        lambda: enrolment.remove_device(office.supervisor, "dev-0000000000000000"),
        lambda: enrolment.change_role(office.supervisor, "dev-0000000000000000", "supervisor"),
    ):
        with pytest.raises(Problem, match=r"roster\.unknown_device"):
            unknown()


def test_a_fieldworker_can_do_none_of_it(office: Office) -> None:
    ana = office.joined(ANA)
    for step in (
        lambda: enrolment.invite(ana, "X", "fieldworker"),
        lambda: enrolment.invitations(ana),
        lambda: enrolment.approve(ana, "0" * 64),
        lambda: enrolment.withdraw(ana, "0" * 64),
        lambda: enrolment.remove_device(ana, office.supervisor.device),
        lambda: enrolment.change_role(ana, office.supervisor.device, "fieldworker"),
        lambda: enrolment.new_epoch(ana),
    ):
        with pytest.raises(Problem, match=r"usecase\.supervisors_only"):
            step()
    assert {one.name for one in enrolment.people(ana)} >= {ANA}


@pytest.mark.parametrize("member", ["mem-unknown", "Ana Exemplu"])
def test_only_known_people_get_another_device(office: Office, member: str) -> None:
    with pytest.raises(Problem, match=r"enrol\.unknown_member"):
        office.invite(ANA, member=member)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_an_invitation_needs_a_name(office: Office, name: str) -> None:
    with pytest.raises(Problem, match=r"enrol\.no_name"):
        office.invite(name)
