"""A server, a network or a stranger interferes with enrolment: refused, and said so."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from app.admin.organisation import sign_as_root
from app.crypto.device import new_device as new_keys
from app.protocol.canonical import b64, canonical_json
from app.protocol.enrolment_answer import answer_bound
from app.protocol.enrolment_codes import InvitationCode
from app.protocol.enrolment_offer import Offer
from app.protocol.enrolment_seal import InvitationKeys
from app.protocol.errors import Problem
from app.protocol.messages import RosterMessage
from app.protocol.roster import Statement
from app.sync.transport import Response
from app.usecases import enrolment, unlock
from app.usecases.enrolment import Joining
from tests.usecases.enrolment.world import ANA, WORDS, Device, Office, open_office, synced

Change = Callable[[str, str, Response], Response]


def other_roster(statements: Iterable[Statement]) -> Change:
    """A server that shows these statements."""

    def change(method: str, path: str, answer: Response) -> Response:
        if method != "GET" or not path.startswith("/v1/roster"):
            return answer
        return replace(answer, status=200, headers=JSON, body=RosterMessage(tuple(statements)).encode())

    return change


def other_offer(blob: bytes) -> Change:
    """A server that shows the supervisor this blob in place of the tablet's."""

    def change(method: str, path: str, answer: Response) -> Response:
        if (method, path) != ("GET", "/v1/enrolments"):
            return answer
        listed = json.loads(answer.body)["enrolments"]
        shown = [{**one, "offer": b64(blob), "state": "offered"} for one in listed]
        return replace(answer, body=canonical_json({"enrolments": shown}))

    return change


JSON = {"content-type": "application/json"}


def strangers_offer(code: str) -> bytes:
    """What somebody who has seen the invitation would hand over: their own keys, well sealed."""
    keys, secrets = new_keys("somebody", "fieldworker"), InvitationKeys.of(InvitationCode.parse(code))
    offer = Offer(keys.device_id, keys.signing.public, str(keys.identity.recipient), 1_772_352_000)
    signed = offer.signed(keys.signing, answer_bound(secrets.token_hash))
    return secrets.seal_offer(signed, lambda count: bytes(range(count)))


def statements(office: Office) -> list[Statement]:
    return [Statement.from_wire(one) for one in office.supervisor.store.values.get("roster")]


@pytest.fixture
def accepted(office: Office, tablet: Device) -> Joining:
    """A tablet that has its answer and is about to ask for the roster."""
    invitation = office.invite()
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    office.seen(invitation.id)
    enrolment.approve(office.supervisor, invitation.id)
    assert joining.poll().state == "accepted"
    return joining


# -- keys in place of the tablet's -----------------------------------------------------------------------------


def test_an_injected_device_is_refused(office: Office, tablet: Device) -> None:
    """The server knows the token, not the secret: whatever it puts in the place of the offer does not open."""
    invitation, other = office.invite(), office.invite("Ion Exemplu")
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    for blob in (b"\x00" * 173, strangers_offer(other.code)):
        office.console.line.change = other_offer(blob)
        seen = office.seen(invitation.id)
        assert (seen.state, seen.words) == ("open", ())
        assert seen.problem is not None and seen.problem.code == "enrol.bad_offer"
        with pytest.raises(Problem, match=r"enrol\.no_offer"):
            enrolment.approve(office.supervisor, invitation.id)
    office.console.line.change = lambda method, path, answer: answer
    assert office.seen(invitation.id).words == joining.view().words  # the true one is as good as before
    assert len(office.supervisor.roster().devices) == 1


def test_words_differ_when_keys_differ(office: Office, tablet: Device) -> None:
    """Somebody photographed the code and works with the server: it opens, and the words give them away."""
    invitation = office.invite()
    joining = enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    office.console.line.change = other_offer(strangers_offer(invitation.code))
    shown = office.seen(invitation.id).words
    assert len(shown) == 6 and len(set(shown) & set(joining.view().words)) < 3
    office.console.line.change = lambda method, path, answer: answer
    enrolment.withdraw(office.supervisor, invitation.id)
    assert joining.poll().state == "withdrawn"


def test_keys_exchanged_after_the_words_were_shown_are_refused(office: Office, tablet: Device) -> None:
    invitation = office.invite()
    enrolment.begin(tablet.services, invitation.code, "Ana", WORDS)
    words = office.seen(invitation.id).words
    office.console.line.change = other_offer(strangers_offer(invitation.code))
    seen = office.seen(invitation.id)
    assert seen.words == words and seen.problem is not None and seen.problem.code == "enrol.offer_changed"
    with pytest.raises(Problem, match=r"enrol\.offer_changed"):
        enrolment.approve(office.supervisor, invitation.id)
    assert len(office.supervisor.roster().devices) == 1


def test_a_server_that_answers_in_the_supervisors_place_is_not_believed(
    office: Office, tablet: Device
) -> None:
    joining = enrolment.begin(tablet.services, office.invite().code, "Ana", WORDS)

    def answered(method: str, path: str, answer: Response) -> Response:
        found = {**json.loads(answer.body), "answer": b64(bytes(500)), "state": "answered"}
        return replace(answer, body=canonical_json(found))

    tablet.line.change = answered
    view = joining.poll()
    assert view.state == "offered" and view.problem is not None and view.problem.code == "enrol.bad_answer"


# -- another organisation, another list ------------------------------------------------------------------------


def test_a_server_of_another_organisation_makes_nothing(
    office: Office, tablet: Device, tmp_path: Path
) -> None:
    other = open_office(tmp_path / "other", office.server)
    tablet.line.change = other_roster(statements(other))
    with pytest.raises(Problem, match=r"enrol\.wrong_root"):
        enrolment.begin(tablet.services, office.invite().code, "Ana", WORDS)
    assert unlock.profiles(tablet.services) == []


def test_something_that_is_no_server_makes_nothing(office: Office, tablet: Device) -> None:
    portal = Response(200, {"content-type": "text/html"}, b"<html>Welcome</html>")
    tablet.line.change = lambda method, path, answer: portal
    with pytest.raises(Problem, match=r"sync\.not_our_server"):
        enrolment.begin(tablet.services, office.invite().code, "Ana", WORDS)
    assert unlock.profiles(tablet.services) == []


def refusal(joining: Joining, tablet: Device) -> str:
    """Why finishing is refused; the tablet stays pending, and the true roster still lets it in."""
    with pytest.raises(Problem) as caught:
        joining.finish()
    assert [card.pending for card in unlock.profiles(tablet.services)] == [True]
    tablet.line.change = lambda method, path, answer: answer
    synced(joining.finish())
    return caught.value.code


def test_a_roster_of_another_root_is_refused(
    office: Office, tablet: Device, accepted: Joining, tmp_path: Path
) -> None:
    tablet.line.change = other_roster(statements(open_office(tmp_path / "other", office.server)))
    assert refusal(accepted, tablet) == "enrol.wrong_root"


def test_a_roster_without_this_tablet_is_refused(office: Office, tablet: Device, accepted: Joining) -> None:
    tablet.line.change = other_roster(statements(office)[:-1])
    assert refusal(accepted, tablet) == "enrol.not_in_roster"


@pytest.mark.parametrize("other", ["sign_key", "recipient", "role", "member"])
def test_a_roster_with_other_keys_or_another_role_is_refused(
    office: Office, tablet: Device, accepted: Joining, other: str
) -> None:
    """Even signed by a supervisor: the tablet believes its own keys, and the role that it was told."""
    *before, ours = statements(office)
    stranger = {**new_keys("mem-other", "supervisor").statement_body(), "device": ours.body["device"]}
    body = {**ours.body, other: stranger[other]}
    roster = office.supervisor.roster().replay(before, office.supervisor.organisation.root)
    forged = roster.statement(
        "add_device", body, at=ours.at, signer=ours.signer, key=office.supervisor.device_keys.signing
    )
    tablet.line.change = other_roster([*before, forged])
    assert refusal(accepted, tablet) == "enrol.other_keys"


def test_an_answer_of_somebody_who_is_no_supervisor_any_more(
    office: Office, tablet: Device, accepted: Joining
) -> None:
    body = {"device": office.supervisor.device}
    removal = sign_as_root(
        office.offline.root, office.supervisor.roster(), "revoke_device", body, tablet.clock
    )
    tablet.line.change = other_roster([*statements(office), removal])
    assert refusal(accepted, tablet) == "enrol.signer_not_active"


def test_a_tablet_that_was_removed_before_it_joined(
    office: Office, tablet: Device, accepted: Joining
) -> None:
    device = next(name for name in office.supervisor.roster().devices if name != office.supervisor.device)
    enrolment.remove_device(office.supervisor, device)
    with pytest.raises(Problem, match=r"server\.device_revoked"):
        accepted.finish()
    accepted.cancel()
    assert unlock.profiles(tablet.services) == []


# -- what the server learns ------------------------------------------------------------------------------------


def test_nothing_of_a_person_is_in_the_servers_files(office: Office, tablet: Device) -> None:
    """Name, label, the six words, the code and its secret; before the approval also the keys and the role."""
    invitation = office.invite(role="supervisor")
    joining = enrolment.begin(tablet.services, invitation.code, "Ana-Eticheta", WORDS)
    seen = office.seen(invitation.id)
    found = seen.device.removeprefix("dev-")
    assert not _anywhere(office, [found.encode(), bytes.fromhex(found)])
    enrolment.approve(office.supervisor, invitation.id)
    synced(office.supervisor)
    joining.poll()
    synced(joining.finish())
    code = InvitationCode.parse(invitation.code)
    token = InvitationKeys.of(code).token
    secrets = [
        ANA.encode(),
        b"Ana-Eticheta",
        *(" ".join(seen.words[at : at + 2]).encode() for at in range(5)),
    ]
    secrets += [code.secret, token.encode(), invitation.code[-60:].encode(), b"Asocia", b"Rodica"]
    assert _anywhere(office, [seen.device.encode()])  # the roster does name devices
    assert not _anywhere(office, secrets)


def _anywhere(office: Office, needles: list[bytes]) -> bool:
    places = [*office.server.data_dir.rglob("*"), office.server.log_path]
    contents = [path.read_bytes() for path in places if path.is_file()]
    assert sum(map(len, contents)) > 10_000
    return any(needle in content for needle in needles for content in contents)
