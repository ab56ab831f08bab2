"""Who may open a workspace, extend its roster and enrol devices."""

import secrets

from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.messages import Blob, Enrolment, Invitation, RosterMessage, token_hash
from app.protocol.roster import Roster
from app.protocol.versions import HEADER_INVITE, HEADER_SETUP, JSON
from sync_server.setup import initialise
from tests.contract.server_world import World, world
from tests.unit.server.kit import Organisation, code_of

__all__ = ["world"]


def statements_of(response):
    assert response.status_code == 200, response.content
    return RosterMessage.decode(response.content).statements


def post(device, *statements):
    return device.call("POST", "/v1/roster", RosterMessage(statements).encode(), content_type=JSON)


def test_every_device_replays_the_same_roster(world: World):
    for device in world.devices:
        found = statements_of(device.call("GET", "/v1/roster"))
        assert Roster.replay(found, world.org.root.public) == world.org.roster
    assert [s.n for s in statements_of(world.tablet.call("GET", "/v1/roster?after=2"))] == [2, 3]


def test_founding_twice_with_the_same_statements_is_one(world: World):
    assert world.org.found(world.token).json() == {"count": 4}


def test_a_token_opens_one_organisation_only(world: World):
    stranger = Organisation(world.send, world.org.log_key)
    assert code_of(stranger.found(world.token)) == "server.setup_refused"
    assert code_of(stranger.found("t" * 32)) == "server.setup_refused"
    assert code_of(stranger.found("short")) == "server.setup_refused"
    another = initialise(world.settings, new_token=True).setup_token
    impostor = Organisation(world.send, world.org.log_key, name=world.org.name)
    assert code_of(impostor.found(another)) == "server.workspace_exists"
    assert stranger.found(another).status_code == 200


def test_two_organisations_on_one_server_do_not_see_each_other(world: World):
    second = Organisation(world.send, world.org.log_key, clock=world.clock)
    boss = second.add("sup-1", "supervisor")
    assert second.found(initialise(world.settings, new_token=True).setup_token).status_code == 200
    content = b"sealed" * 100
    world.tablet.push(content, audience=("sup-1",))
    assert boss.pull() == []
    response = boss.call("GET", "/v1/entries?after=0", workspace=world.org.name)
    assert code_of(response) == "server.signature_wrong"


def test_supervisors_extend_the_roster_and_others_do_not(world: World):
    before = world.org.roster
    body = {"device": "oth-1"}
    by_tablet = before.statement(
        "revoke_device", body, at="2026-03-01T08:00:00Z", signer="tab-1", key=world.tablet.key
    )
    assert code_of(post(world.tablet, by_tablet)) == "roster.not_allowed"
    by_boss = before.statement(
        "revoke_device", body, at="2026-03-01T08:00:00Z", signer="sup-1", key=world.supervisor.key
    )
    assert post(world.supervisor, by_boss).json() == {"count": 5}
    assert post(world.supervisor, by_boss).json() == {"count": 5}
    assert code_of(world.other.call("GET", "/v1/entries?after=0")) == "server.device_revoked"
    assert len(statements_of(world.other.call("GET", "/v1/roster"))) == 5


def test_a_fork_of_the_roster_is_refused(world: World):
    before = world.org.roster
    at, key = "2026-03-01T08:00:00Z", world.supervisor.key
    one = before.statement("new_epoch", {}, at=at, signer="sup-1", key=key)
    two = before.statement("revoke_device", {"device": "oth-1"}, at=at, signer="sup-1", key=key)
    assert post(world.supervisor, one).status_code == 200
    assert code_of(post(world.supervisor, two)) == "roster.fork"


def test_a_tail_is_taken_whole_or_not_at_all(world: World):
    at, key = "2026-03-01T08:00:00Z", world.supervisor.key
    good = world.org.roster.statement("new_epoch", {}, at=at, signer="sup-1", key=key)
    after = world.org.roster.apply(good)
    bad = after.statement(
        "change_role", {"device": "tab-1", "role": "supervisor"}, at=at, signer="tab-1", key=world.tablet.key
    )
    assert code_of(post(world.supervisor, good, bad)) == "roster.not_allowed"
    assert len(statements_of(world.tablet.call("GET", "/v1/roster"))) == 4


def test_the_checkpoint_names_the_roster(world: World):
    world.revoke("oth-1")
    response = world.send("GET", "/v1/checkpoint", {"doorstep-workspace": world.org.name}, b"")
    note = Checkpoint.open(response.content.decode(), world.org.log_key, origin_of(world.org.name))
    assert (note.size, note.roster_count, note.roster_head) == (0, 5, world.org.roster.head)


def test_an_unknown_workspace(world: World):
    response = world.send("GET", "/v1/checkpoint", {"doorstep-workspace": "nobody"}, b"")
    assert code_of(response) == "server.workspace_unknown"
    assert code_of(world.tablet.call("GET", "/v1/roster", workspace="nobody")) == "server.workspace_unknown"
    assert code_of(world.send("GET", "/v1/checkpoint", {}, b"")) == "server.workspace_unknown"


# -- enrolment ------------------------------------------------------------------------------------


def invited(world: World, seconds=600):
    token = secrets.token_urlsafe(24)
    body = Invitation(token_hash(token), seconds).encode()
    response = world.supervisor.call("POST", "/v1/enrolments", body, content_type=JSON)
    assert response.status_code == 200, response.content
    return token


def by_token(world: World, method, token, body=b"", path="/v1/enrolments/mine"):
    headers = {HEADER_INVITE: token, **({"content-type": JSON} if body else {})}
    return world.send(method, path, headers, body)


def state(response):
    assert response.status_code == 200, response.content
    return Enrolment.from_wire(response.json())


def test_the_whole_hand_shake(world: World):
    token = invited(world)
    assert state(by_token(world, "GET", token)).state == "open"
    assert state(by_token(world, "PUT", token, Blob(b"keys").encode())).state == "offered"
    listed = world.supervisor.call("GET", "/v1/enrolments").json()["enrolments"]
    offered = Enrolment.from_wire(listed[0])
    assert (offered.offer, offered.workspace) == (b"keys", world.org.name)
    target = f"/v1/enrolments/{offered.token_hash}"
    answered = world.supervisor.call("PUT", target, Blob(b"welcome").encode(), content_type=JSON)
    assert state(answered).state == "answered"
    assert state(by_token(world, "GET", token)).answer == b"welcome"
    assert len(statements_of(by_token(world, "GET", token, path="/v1/roster"))) == 4
    assert world.supervisor.call("DELETE", target).status_code == 200
    assert code_of(by_token(world, "GET", token)) == "server.invite_unknown"


def test_an_invitation_is_used_once(world: World):
    token = invited(world)
    by_token(world, "PUT", token, Blob(b"first").encode())
    assert state(by_token(world, "PUT", token, Blob(b"first").encode())).state == "offered"
    assert code_of(by_token(world, "PUT", token, Blob(b"second").encode())) == "server.invite_used"


def test_an_invitation_expires(world: World):
    token = invited(world, 60)
    world.clock.now += 61
    assert code_of(by_token(world, "GET", token)) == "server.invite_unknown"
    assert code_of(by_token(world, "PUT", token, Blob(b"late").encode())) == "server.invite_unknown"
    assert code_of(by_token(world, "GET", token, path="/v1/roster")) == "server.invite_unknown"


def test_only_supervisors_invite_see_and_answer(world: World):
    token = invited(world)
    digest = token_hash(token)
    body = Invitation(token_hash("u" * 24), 60).encode()
    assert (
        code_of(world.tablet.call("POST", "/v1/enrolments", body, content_type=JSON)) == "server.not_allowed"
    )
    assert code_of(world.tablet.call("GET", "/v1/enrolments")) == "server.not_allowed"
    by_token(world, "PUT", token, Blob(b"keys").encode())
    target = f"/v1/enrolments/{digest}"
    reply = world.tablet.call("PUT", target, Blob(b"welcome").encode(), content_type=JSON)
    assert code_of(reply) == "server.not_allowed"
    assert code_of(world.tablet.call("DELETE", target)) == "server.not_allowed"


def test_guessed_tokens_open_nothing(world: World):
    for token in ("", "short", "x" * 200, "guess" * 6):
        assert code_of(by_token(world, "GET", token)) == "server.invite_unknown"


def test_the_server_keeps_no_token(world: World, tmp_path):
    token = invited(world)
    kept = world.execute("SELECT token_hash FROM enrolment UNION SELECT token_hash FROM setup_token")
    assert {row[0] for row in kept} == {token_hash(token), token_hash(world.token)}


def test_blobs_are_bounded(world: World):
    token = invited(world)
    assert code_of(by_token(world, "PUT", token, Blob(b"x" * 17_000).encode())) == "server.malformed"
    assert code_of(by_token(world, "PUT", token, b"x" * 40_000)) == "server.too_large"


def test_the_setup_header_needs_json(world: World):
    response = world.send(
        "POST", "/v1/roster", {HEADER_SETUP: world.token, "content-type": "text/plain"}, b"{}"
    )
    assert code_of(response) == "server.media_type"
