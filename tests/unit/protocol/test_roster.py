"""The roster: who may say what, what a client refuses to believe, and what it answers."""

from dataclasses import replace
from typing import Any

import pytest

from app.protocol.canonical import canonical_json, parse_json
from app.protocol.roster import KINDS, ROOT, Roster, RosterError, Statement
from tests.unit.protocol.roster_world import (
    AT,
    ORG,
    World,
    device_body,
    genesis,
    key_of,
    recipient_of,
    staffed,
)

ROOT_KEY = key_of(ROOT).public


def refused(code: str) -> Any:
    return pytest.raises(RosterError, match=rf"^{code}")


# -- states -------------------------------------------------------------------------------------------


def test_the_first_state() -> None:
    roster = World().roster
    assert (roster.org, roster.epoch, roster.count, roster.root) == (ORG, 1, 1, ROOT_KEY)
    assert roster.recovery == recipient_of("recovery") and roster.devices == {} and roster.supervisors() == ()
    assert roster.head == genesis().hash()


def test_a_staffed_organisation() -> None:
    roster = staffed().roster
    assert [device.id for device in roster.supervisors()] == ["ana", "ion"]
    dan = roster.device("dan")
    assert (dan.member, dan.role, dan.active, str(dan.sign_key)) == (
        "member-dan", "fieldworker", True, str(key_of("dan").public),
    )  # fmt: skip
    assert roster.audience(["dan"]) == ("ana", "dan", "ion")
    assert roster.recipients(["dan"]) == sorted([recipient_of("dan"), recipient_of("recovery")])


def test_replay_and_incremental_give_the_same_state() -> None:
    world = staffed()
    world.do("change_role", {"device": "dan", "role": "supervisor"}, "ana")
    world.do("revoke_device", {"device": "ana"}, "dan").do("new_epoch", {}, "ion")
    world.do("rotate_recovery", {"recovery": recipient_of("recovery 2")}).add("eva", by="dan")
    assert Roster.replay(world.statements, ROOT_KEY) == world.roster
    assert Roster.replay(world.statements, str(ROOT_KEY)) == world.roster
    for known in range(1, len(world.statements) + 1):
        older = Roster.replay(world.statements[:known], ROOT_KEY)
        assert older.extend(world.statements) == world.roster
        assert older.follow(world.statements) == world.roster
        assert older.extend(world.statements[known - 1 :]) == world.roster


def test_a_state_never_changes() -> None:
    world = staffed()
    before = world.roster
    world.do("revoke_device", {"device": "dan"}, "ana")
    assert before.device("dan").active and before.count == 4
    with pytest.raises(TypeError):
        before.devices["dan"] = before.device("ana")  # type: ignore[index]
    with pytest.raises(TypeError):
        world.statements[1].body["role"] = "fieldworker"  # type: ignore[index]


def test_removals_start_a_new_epoch_and_additions_do_not() -> None:
    world = staffed()
    assert world.roster.epoch == 1
    assert world.do("revoke_device", {"device": "dan"}, "ana").roster.epoch == 2
    assert world.do("change_role", {"device": "ion", "role": "fieldworker"}, "ana").roster.epoch == 3
    assert world.do("rotate_recovery", {"recovery": recipient_of("next")}).roster.epoch == 4
    assert world.do("new_epoch", {}, "ana").roster.epoch == 5
    assert world.add("eva", by="ana").roster.epoch == 5


def test_roles_at_an_epoch() -> None:
    world = staffed()
    world.do("change_role", {"device": "dan", "role": "supervisor"}, "ana")
    world.do("revoke_device", {"device": "dan"}, "ana")
    world.add("eva", by="ana")
    dan, eva = world.roster.device("dan"), world.roster.device("eva")
    assert [dan.role_at(epoch) for epoch in range(5)] == [None, "fieldworker", "supervisor", None, None]
    assert [eva.role_at(epoch) for epoch in (2, 3, 9)] == [None, "fieldworker", "fieldworker"]


def test_recovery_keys_of_old_epochs_stay_known() -> None:
    world = staffed().do("rotate_recovery", {"recovery": recipient_of("next")})
    assert world.roster.recovery == recipient_of("next")
    assert world.roster.recipients_at([], 1) == [recipient_of("recovery")]
    assert world.roster.recipients_at([], 2) == [recipient_of("next")]


def test_revoked_devices_are_never_sealed_to() -> None:
    roster = staffed().do("revoke_device", {"device": "dan"}, "ana").roster
    for ask in (roster.recipients, roster.audience):
        with refused("roster.device_revoked"):
            ask(["dan"])
        with refused("roster.unknown_device"):
            ask(["nobody"])
    assert recipient_of("dan") in roster.recipients_at(["dan"], 1)


# -- who may sign what --------------------------------------------------------------------------------

BODIES: dict[str, dict[str, str]] = {
    "add_device": device_body("new", "fieldworker"),
    "revoke_device": {"device": "dan"},
    "change_role": {"device": "dan", "role": "supervisor"},
    "new_epoch": {},
    "rotate_recovery": {"recovery": recipient_of("next")},
}


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_what_each_may_sign(kind: str) -> None:
    world = staffed()
    world.roster.apply(world.draft(kind, BODIES[kind], ROOT))
    with refused("roster.not_allowed"):
        world.roster.apply(world.draft(kind, BODIES[kind], "dan"))
    with refused("roster.unknown_signer"):
        world.roster.apply(world.draft(kind, BODIES[kind], "stranger"))
    if kind == "rotate_recovery":
        with refused("roster.not_allowed"):
            world.roster.apply(world.draft(kind, BODIES[kind], "ana"))
    else:
        world.roster.apply(world.draft(kind, BODIES[kind], "ana"))


def test_only_the_root_adds_the_first_supervisor() -> None:
    world = World()
    with refused("roster.unknown_signer"):
        world.add("ana", "supervisor", by="ana")
    assert world.add("ana", "supervisor").roster.supervisors()[0].id == "ana"


def test_a_revoked_or_demoted_supervisor_signs_nothing_more() -> None:
    world = staffed().do("revoke_device", {"device": "ana"}, "ion")
    with refused("roster.signer_revoked"):
        world.add("eva", by="ana")
    world.add("eva", "supervisor", by="ion").do(
        "change_role", {"device": "ion", "role": "fieldworker"}, "eva"
    )
    with refused("roster.not_allowed"):
        world.add("max", by="ion")


def test_the_last_supervisor_stays_unless_the_root_says_so() -> None:
    world = World().add("ana", "supervisor")
    for kind, body in (
        ("revoke_device", {"device": "ana"}),
        ("change_role", {"device": "ana", "role": "fieldworker"}),
    ):
        with refused("roster.last_supervisor"):
            world.do(kind, body, "ana")
    world.do("revoke_device", {"device": "ana"})
    assert world.add("ion", "supervisor").roster.supervisors()[0].id == "ion"


def test_a_second_genesis_is_refused() -> None:
    world = staffed()
    body = {"root": str(key_of("eve").public), "recovery": recipient_of("eve")}
    with refused("roster.not_allowed"):
        world.do("genesis", body)
    with refused("roster.not_allowed"):
        world.do("genesis", body, "ana")


# -- hostile servers ----------------------------------------------------------------------------------


def test_another_root_is_refused() -> None:
    eve = Statement.genesis(org=ORG, root=key_of("eve"), recovery=recipient_of("eve"), at=AT)
    with refused("roster.wrong_root"):
        Roster.replay([eve], ROOT_KEY)
    swapped = replace(genesis(), body={"root": str(ROOT_KEY), "recovery": recipient_of("eve")})
    with refused("roster.bad_signature"):
        Roster.replay([swapped], ROOT_KEY)


def test_an_injected_recipient_is_refused() -> None:
    """The server adds itself as a supervisor, in every name it could take."""
    world = staffed()
    body = device_body("eve", "supervisor")
    for signer in ("ana", ROOT):
        with refused("roster.bad_signature"):
            world.roster.apply(world.draft("add_device", body, signer, key_of("eve")))
    with refused("roster.unknown_signer"):
        world.roster.apply(world.draft("add_device", body, "eve"))
    honest = world.draft("add_device", device_body("new", "fieldworker"), "ana")
    altered = replace(honest, body={**honest.body, "recipient": recipient_of("eve")})
    with refused("roster.bad_signature"):
        world.roster.apply(altered)


def test_a_rolled_back_roster_is_refused() -> None:
    world = staffed()
    with refused("roster.rollback"):
        world.roster.follow(world.statements[:-1])
    with refused("roster.rollback"):
        world.roster.follow([])
    with refused("roster.rollback"):
        world.roster.apply(world.statements[-1])


def test_a_forked_roster_is_refused() -> None:
    """Both branches are honestly signed; a client believes the one it saw first."""
    world = staffed()
    fork = [*world.statements[:-1], World(list(world.statements[:-1])).draft(
        "add_device", device_body("eva", "fieldworker"), "ion"
    )]  # fmt: skip
    Roster.replay(fork, ROOT_KEY)
    for hear in (world.roster.follow, world.roster.extend):
        with refused("roster.fork"):
            hear(fork)
    longer = World(fork).add("max", by="ana").statements
    for hear in (world.roster.follow, world.roster.extend):
        with refused("roster.fork"):
            hear(longer)
    with refused("roster.fork"):
        world.roster.apply(longer[-1])


def test_gaps_and_reordering_are_refused() -> None:
    one, two, three, four = staffed().statements
    for wrong in ([one, three], [two, three], [one, three, two, four]):
        with refused("roster.gap"):
            Roster.replay(wrong, ROOT_KEY)
    with refused("roster.gap"):
        Roster.replay([], ROOT_KEY)
    with refused("roster.gap"):
        Roster.replay([one, two], ROOT_KEY).follow([one, three])
    with refused("roster.rollback"):
        Roster.replay([one, two, two, three], ROOT_KEY)


def test_another_organisations_statement_is_refused() -> None:
    world = staffed()
    foreign = Statement.signed(
        org="org-other",
        n=4,
        prev=world.roster.head,
        kind="new_epoch",
        at=AT,
        body={},
        signer="ana",
        key=key_of("ana"),
    )
    with refused("roster.wrong_org"):
        world.roster.apply(foreign)


def test_every_flipped_byte_of_a_statement_is_refused() -> None:
    """Over the wire's canonical bytes: no altered statement parses, verifies and still chains."""
    world = staffed()
    older, last = Roster.replay(world.statements[:-1], ROOT_KEY), world.statements[-1]
    data = canonical_json(last.to_wire())
    for place in range(len(data)):
        for mask in (0x01, 0x02, 0x20):
            altered = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
            with pytest.raises((RosterError, ValueError)):
                older.apply(Statement.from_wire(parse_json(altered)))


# -- keys and shapes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"device": "dan"}, "roster.device_exists"),
        ({"sign_key": str(key_of("dan").public)}, "roster.device_exists"),
        ({"sign_key": str(ROOT_KEY)}, "roster.device_exists"),
        ({"recipient": recipient_of("dan")}, "roster.device_exists"),
        ({"recipient": recipient_of("recovery")}, "roster.device_exists"),
        ({"device": "root"}, "roster.malformed"),
        ({"device": "Familia Exemplu"}, "roster.malformed"),
        ({"member": "x" * 65}, "roster.malformed"),
        ({"role": "boss"}, "roster.malformed"),
        ({"sign_key": "ed25519:AAAA"}, "roster.malformed"),
        ({"recipient": recipient_of("new").upper()}, "roster.malformed"),
        ({"recipient": recipient_of("new")[:-1] + "q"}, "roster.malformed"),
        ({"recipient": "age1"}, "roster.malformed"),
    ],
)
def test_add_device_is_checked(change: dict[str, str], code: str) -> None:
    with refused(code):
        staffed().do("add_device", {**device_body("new", "fieldworker"), **change}, "ana")


def test_ids_and_keys_are_never_used_again() -> None:
    world = staffed().do("revoke_device", {"device": "dan"}, "ana")
    with refused("roster.device_exists"):
        world.add("dan", by="ana")
    with refused("roster.device_exists"):
        world.do("add_device", {**device_body("dan", "fieldworker"), "device": "dan-2"}, "ana")
    world.do("rotate_recovery", {"recovery": recipient_of("next")})
    for used in ("recovery", "next", "ana"):
        with refused("roster.device_exists"):
            world.do("rotate_recovery", {"recovery": recipient_of(used)})


def test_changes_to_devices_are_checked() -> None:
    world = staffed()
    with refused("roster.no_change"):
        world.do("change_role", {"device": "dan", "role": "fieldworker"}, "ana")
    with refused("roster.unknown_device"):
        world.do("revoke_device", {"device": "nobody"}, "ana")
    world.do("revoke_device", {"device": "dan"}, "ana")
    for kind, body in (
        ("revoke_device", {"device": "dan"}),
        ("change_role", {"device": "dan", "role": "supervisor"}),
    ):
        with refused("roster.device_revoked"):
            world.do(kind, body, "ana")


@pytest.mark.parametrize("kind", KINDS)
def test_the_wire_form_round_trips(kind: str) -> None:
    world = staffed()
    statement = genesis() if kind == "genesis" else world.draft(kind, BODIES[kind])
    wire = parse_json(canonical_json(statement.to_wire()))
    assert Statement.from_wire(wire) == statement and Statement.from_wire(wire).hash() == statement.hash()


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2}, {"v": True}, {"v": 1.0}, {"n": -1}, {"n": True}, {"n": "1"}, {"n": 0}, {"prev": ""},
        {"prev": "A" * 64}, {"prev": None}, {"kind": "add_human"}, {"kind": None}, {"kind": []}, {"at": "yesterday"},
        {"at": "2026-03-01"}, {"at": 5}, {"body": {}}, {"body": []}, {"body": {"device": 5}},
        {"body": {"device": "dan", "name": "Familia Exemplu 12"}}, {"signer": ""}, {"signer": None}, {"signature": ""},
        {"signature": "AAAA"}, {"signature": None}, {"signature": "?" * 86}, {"org": ""}, {"org": 7}, {"extra": 1},
    ],
)  # fmt: skip
def test_misshapen_statements_are_refused(change: dict[str, Any]) -> None:
    wire = staffed().draft("revoke_device", {"device": "dan"}).to_wire()
    with refused("roster.malformed"):
        Statement.from_wire({**wire, **change})


def test_missing_members_are_refused() -> None:
    wire = genesis().to_wire()
    for name in wire:
        with refused("roster.malformed"):
            Statement.from_wire({key: value for key, value in wire.items() if key != name})
    with refused("roster.malformed"):
        Statement.from_wire(None)
