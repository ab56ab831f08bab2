"""What every database behind the server must do with entries: one suite, SQLite and PostgreSQL."""

import hashlib
import os
from dataclasses import replace

import pytest

from app.protocol.errors import Problem
from app.protocol.messages import ManifestsAnswer, ProofMessage, PullPage, PushAnswer
from app.protocol.tree import Frontier, verify_consistency, verify_inclusion
from tests.contract.server_world import World, world
from tests.unit.server.kit import code_of

__all__ = ["world"]
BOTH = ("sup-1", "tab-1")


def sealed(size=700):
    return os.urandom(size)


def outcomes(response):
    assert response.status_code == 200, response.content
    return [
        o.index if o.problem is None else o.problem["code"]
        for o in PushAnswer.decode(response.content).outcomes
    ]


def test_what_is_pushed_is_pulled_by_its_audience_alone(world: World):
    first, second, third = sealed(), sealed(), sealed()
    assert world.tablet.push(first, second, audience=BOTH) == [0, 1]
    assert world.other.push(third, audience=("sup-1",)) == [2]
    assert world.supervisor.pull() == [(0, first), (1, second), (2, third)]
    assert world.other.pull() == []
    assert world.tablet.pull() == []
    assert world.tablet.frontier == world.supervisor.frontier == world.other.frontier


def test_own_entries_come_back_when_asked_for(world: World):
    content = sealed()
    world.tablet.push(content, audience=BOTH)
    assert world.tablet.pull(own=1) == [(0, content)]


def test_only_what_is_new_comes_the_second_time(world: World):
    world.tablet.push(sealed(), sealed(), audience=BOTH)
    assert [index for index, _ in world.supervisor.pull()] == [0, 1]
    content = sealed()
    world.tablet.push(content, audience=BOTH)
    assert world.supervisor.pull() == [(2, content)]
    assert world.supervisor.pull() == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_of_any_size_meet_at_one_root(world: World, limit: int):
    for turn in range(13):
        world.tablet.push(sealed(), audience=BOTH if turn % 3 else ("tab-1",))
        world.other.push(sealed(), audience=("sup-1",) if turn % 2 else ())
    pulled = world.supervisor.pull(limit=limit)
    assert len(pulled) == 8 + 6
    assert world.supervisor.frontier.root() == world.supervisor.checkpoint.root


def test_a_page_is_bounded_in_bytes(world: World):
    for _ in range(6):
        world.tablet.push(sealed(30_000), audience=BOTH)
    page = world.supervisor.page(size=70_000)
    assert len(page.entries) == 2
    assert page.next == 2


def test_large_objects_do_not_come_inline_where_that_is_not_wanted(world: World):
    world.tablet.push(sealed(900), sealed(5000), audience=BOTH)
    assert [content is None for _, content in world.supervisor.pull(inline=1000)] == [False, True]


def test_the_same_push_twice_is_one(world: World):
    contents = [sealed(), sealed()]
    manifests = [world.tablet.manifest(content, BOTH) for content in contents]
    assert outcomes(world.tablet.post(manifests, contents)) == [0, 1]
    again = world.tablet.post(manifests, contents)
    assert outcomes(again) == [0, 1]
    assert PushAnswer.decode(again.content).verify(manifests, world.org.name, world.org.log_key).size == 2
    assert outcomes(world.tablet.post(manifests)) == [0, 1]
    assert outcomes(world.tablet.post([manifests[0], manifests[0]])) == [0, 0]


def test_a_batch_that_overlaps_what_is_there_goes_on(world: World):
    contents = [sealed() for _ in range(4)]
    manifests = [world.tablet.manifest(content, BOTH) for content in contents]
    assert outcomes(world.tablet.post(manifests[:2], contents[:2])) == [0, 1]
    assert outcomes(world.tablet.post(manifests, contents)) == [0, 1, 2, 3]


def test_receipts_prove_growth_since_the_last_checkpoint(world: World):
    world.tablet.push(*(sealed() for _ in range(5)), audience=BOTH)
    world.supervisor.pull()
    known = world.supervisor.checkpoint
    content = sealed()
    manifest = world.supervisor.manifest(content, BOTH)
    response = world.supervisor.post([manifest], [content], known=known.size)
    answer = PushAnswer.decode(response.content)
    assert answer.verify([manifest], world.org.name, world.org.log_key, known).size == 6


def test_another_device_may_carry_manifests_in(world: World):
    """The safety net: a colleague's tablet delivers what this one sealed."""
    content = sealed()
    manifest = world.tablet.manifest(content, BOTH)
    assert outcomes(world.other.post([manifest], [content])) == [0]
    assert world.supervisor.pull() == [(0, content)]


def test_a_gap_a_conflict_and_a_broken_chain_are_refused(world: World):
    contents = [sealed() for _ in range(3)]
    manifests = [world.tablet.manifest(content, BOTH) for content in contents]
    assert outcomes(world.tablet.post(manifests[1:], contents)) == ["server.sequence_gap"] * 2
    assert outcomes(world.tablet.post(manifests, contents)) == [0, 1, 2]
    world.tablet.seq, world.tablet.prev = 1, manifests[0].digest()
    other = world.tablet.manifest(sealed(), BOTH)
    assert outcomes(world.tablet.post([other])) == ["server.sequence_conflict"]
    world.tablet.seq, world.tablet.prev = 3, "ab" * 32
    broken = world.tablet.manifest(contents[0], BOTH)
    assert outcomes(world.tablet.post([broken], contents)) == ["server.chain_broken"]
    world.tablet.seq, world.tablet.prev = 3, manifests[2].digest()
    assert outcomes(world.tablet.post([world.tablet.manifest(contents[0], BOTH)], contents)) == [3]


def test_a_manifest_signed_by_another_key_is_refused(world: World):
    content = sealed()
    manifest = world.tablet.manifest(content, BOTH)
    forged = replace(manifest, audience=("oth-1", "sup-1", "tab-1"))
    assert outcomes(world.tablet.post([forged], [content])) == ["server.entry_signature"]
    assert outcomes(world.tablet.post([manifest], [content])) == [0]


def test_what_the_roster_does_not_know_is_refused(world: World):
    content = sealed()
    assert outcomes(world.tablet.post([world.tablet.manifest(content, ("nobody",))], [content])) == [
        "server.audience_unknown"
    ]
    world.tablet.seq, world.tablet.prev = 0, ""
    assert outcomes(world.tablet.post([world.tablet.manifest(content, BOTH, epoch=9)], [content])) == [
        "server.epoch_unknown"
    ]


def test_an_object_must_be_there_and_be_what_was_announced(world: World):
    content = sealed()
    manifest = world.tablet.manifest(content, BOTH)
    assert outcomes(world.tablet.post([manifest])) == ["server.object_missing"]
    world.tablet.seq, world.tablet.prev = 0, ""
    wrong = world.tablet.manifest(content, BOTH, size=701)
    response = world.tablet.post([wrong], [])
    assert outcomes(response) == ["server.object_missing"]
    assert outcomes(world.tablet.post([manifest], [content])) == [0]
    more = world.tablet.manifest(content, BOTH, seq=1, prev=manifest.digest(), size=701)
    assert outcomes(world.tablet.post([more])) == ["server.size_mismatch"]


def test_one_object_may_be_named_by_many_entries(world: World):
    content = sealed()
    world.tablet.push(content, audience=("tab-1",))
    assert outcomes(world.tablet.post([world.tablet.manifest(content, ("oth-1",))])) == [1]
    assert world.other.pull() == [(1, content)]


def test_a_push_for_another_workspace_is_refused(world: World):
    manifest = replace(world.tablet.manifest(b"x", BOTH), workspace="elsewhere")
    from app.protocol.messages import PushRequest

    body = PushRequest("elsewhere", (manifest,), {}).encode()
    response = world.tablet.call("POST", "/v1/entries", body, content_type="application/vnd.msgpack")
    assert code_of(response) == "server.malformed"


def test_a_removed_device_hands_over_and_is_given_nothing(world: World):
    content, late = sealed(), sealed()
    world.supervisor.push(sealed(), audience=BOTH)
    waiting = world.tablet.manifest(content, BOTH)
    world.revoke("tab-1")
    response = world.tablet.post([waiting], [content])
    assert outcomes(response) == [1]
    assert PushAnswer.decode(response.content).revoked is True
    for target in ("/v1/entries?after=0", f"/v1/objects/{hashlib.sha256(content).hexdigest()}"):
        assert code_of(world.tablet.call("GET", target)) == "server.device_revoked"
    assert world.tablet.call("GET", "/v1/roster").status_code == 200
    after = world.tablet.manifest(late, BOTH, epoch=world.org.roster.epoch)
    assert outcomes(world.tablet.post([after], [late])) == ["server.device_revoked"]
    world.clock.now += 91 * 24 * 3600
    assert code_of(world.tablet.post([waiting], [content])) == "server.device_revoked"


def test_the_chain_of_a_device_can_be_audited(world: World):
    world.tablet.push(sealed(), sealed(), audience=("tab-1",))
    world.other.push(sealed(), audience=())
    world.tablet.push(sealed(), audience=BOTH)
    response = world.other.call("GET", "/v1/manifests?device=tab-1&after=1")
    entries = ManifestsAnswer.decode(response.content).entries
    assert [(entry.index, entry.manifest.seq) for entry in entries] == [(1, 1), (3, 2)]
    assert entries[1].manifest.prev == entries[0].manifest.digest()
    assert code_of(world.other.call("GET", "/v1/manifests?device=nobody&after=0")) == "server.device_unknown"


def test_proofs_of_growth_and_of_one_leaf(world: World):
    manifests = []
    for _ in range(11):
        content = sealed()
        manifests.append(world.tablet.manifest(content, BOTH))
        assert world.tablet.post([manifests[-1]], [content]).status_code == 200
    frontier = Frontier()
    for manifest in manifests[:4]:
        frontier = frontier.push(0, manifest.leaf_hash())
    four = frontier.root()
    for manifest in manifests[4:]:
        frontier = frontier.push(0, manifest.leaf_hash())
    growth = ProofMessage.decode(world.other.call("GET", "/v1/consistency?first=4&second=11").content)
    verify_consistency(4, four, 11, frontier.root(), growth.proof)
    leaf = ProofMessage.decode(world.other.call("GET", "/v1/inclusion?index=6&size=11").content)
    verify_inclusion(manifests[6].leaf_hash(), 6, 11, leaf.proof, frontier.root())
    for target in (
        "/v1/consistency?first=4&second=12",
        "/v1/inclusion?index=11&size=11",
        "/v1/entries?after=12",
    ):
        assert code_of(world.other.call("GET", target)) == "server.tree_size"


def test_a_restart_changes_nothing(world: World):
    first = sealed()
    world.tablet.push(first, sealed(), sealed(), audience=BOTH)
    world.supervisor.pull()
    world.restart()
    content = sealed()
    assert world.tablet.push(content, audience=BOTH) == [3]
    assert world.supervisor.pull() == [(3, content)]
    world.other.pull()
    assert world.other.frontier == world.supervisor.frontier


def test_a_damaged_row_is_one_damaged_record(world: World):
    """Bit rot: the entry still comes with its proof, its object does not."""
    contents = [sealed(), sealed()]
    world.tablet.push(*contents, audience=BOTH)
    world.execute(
        "UPDATE object SET content = :bad WHERE sha256 = :key", bad=b"rotten", key=_digest(contents[0])
    )
    assert world.supervisor.pull() == [(0, None), (1, contents[1])]


def test_an_altered_manifest_row_is_noticed_by_the_reader(world: World):
    world.tablet.push(sealed(), audience=BOTH)
    world.execute("UPDATE entry SET epoch = 0")
    page: PullPage = world.supervisor.page()
    with pytest.raises(Problem) as caught:
        page.verify(Frontier(), world.org.name, world.org.log_key)
    assert caught.value.code == "server.bad_proof"


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
