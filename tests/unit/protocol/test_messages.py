import hashlib
from dataclasses import replace

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey
from app.protocol.manifest import Manifest
from app.protocol.messages import (
    Blob,
    Enrolment,
    Invitation,
    ManifestsAnswer,
    Outcome,
    ProofMessage,
    PulledEntry,
    PullPage,
    PullQuery,
    PushAnswer,
    PushRequest,
    ServerInfo,
    token_hash,
)
from app.protocol.tree import Frontier, consistency_proof, cover_proof, leaf_hash
from tests.unit.protocol.test_tree import LEAVES, mth

KEY = SigningKey.from_seed(b"d" * 32)
LOG = SigningKey.from_seed(b"l" * 32)
WORKSPACE = "org-1"


def chain(count, device="tablet-1", audience=("sup-1", "tablet-1")):
    """`count` manifests of one device and their objects."""
    manifests, objects, prev = [], {}, ""
    for seq in range(count):
        content = f"{device} {seq}".encode() * 40
        sha256 = hashlib.sha256(content).hexdigest()
        manifest = Manifest.signed(
            key=KEY,
            workspace=WORKSPACE,
            device=device,
            seq=seq,
            prev=prev,
            sha256=sha256,
            size=len(content),
            epoch=1,
            audience=audience,
        )
        manifests.append(manifest)
        objects[sha256] = content
        prev = manifest.digest()
    return manifests, objects


def code_of(call, *args):
    with pytest.raises(Problem) as caught:
        call(*args)
    return caught.value.code


class Log:
    """A log in memory whose leaves are these manifests, to answer with."""

    def __init__(self, manifests):
        self.manifests = manifests
        self.leaves = [manifest.leaf() for manifest in manifests]

    def read(self, level, position):
        return mth(self.leaves[position << level : (position + 1) << level])

    def note(self, size=None):
        size = len(self.leaves) if size is None else size
        return Checkpoint(origin_of(WORKSPACE), size, mth(self.leaves[:size]), "2026-03-01T08:00:00Z").sign(
            LOG
        )

    def checkpoint(self, size=None):
        return Checkpoint.open(self.note(size), LOG.public, origin_of(WORKSPACE))

    def frontier(self, size):
        frontier = Frontier()
        for leaf in self.leaves[:size]:
            frontier = frontier.push(0, leaf_hash(leaf))
        return frontier


# -- push -----------------------------------------------------------------------------------------


@given(st.integers(0, 12), st.integers(0, 5), st.integers(0, 100))
def test_a_push_survives_the_wire(count, skipped, known):
    manifests, objects = chain(count)
    more, more_objects = chain(3, device="tablet-2", audience=())
    kept = {**dict(list(objects.items())[skipped:]), **more_objects}
    request = PushRequest(WORKSPACE, (*manifests[2:], *more), kept, known)
    assert PushRequest.decode(request.encode()) == replace(
        request, objects={m.sha256: kept[m.sha256] for m in request.manifests if m.sha256 in kept}
    )


def test_a_batch_costs_little_more_than_its_objects():
    manifests, _ = chain(100)
    objects, prev, sealed = {}, "", b"\x00" * 1736
    for at, manifest in enumerate(manifests):
        content = at.to_bytes(2, "big") + sealed
        sha256 = hashlib.sha256(content).hexdigest()
        manifests[at] = replace(manifest, sha256=sha256, size=len(content), prev=prev)
        prev = manifests[at].digest()
        objects[sha256] = content
    wire = PushRequest(WORKSPACE, tuple(manifests), objects).encode()
    assert PushRequest.decode(wire).manifests == tuple(manifests)
    assert len(wire) / sum(map(len, objects.values())) < 1.06


@pytest.mark.parametrize(
    "change",
    [
        {"entries": [[0, 0, None, 1, 0, b"s" * 64]]},
        {"entries": [[1, 0, None, 1, 0, b"s" * 64, b"x"]]},
        {"entries": [[0, 5, None, 1, 0, b"s" * 64, b"x"]]},
        {"entries": [[0, 0, None, 1, 0, b"short", b"x"]]},
        {"entries": [[0, 0, None, 1, 0, b"s" * 64, b""]]},
        {"entries": [[0, 0, None, 1, 9, b"s" * 64, b"x"]]},
        {"entries": [[0, 0, None, 1, 0, b"s" * 64, [b"h" * 32, -1]]]},
        {"entries": {}},
        {"names": ["not a name"]},
        {"audiences": [[7]]},
        {"known": -1},
        {"known": 2**60},
        {"more": 1},
    ],
)
def test_malformed_pushes_are_refused(change):
    message = {
        "workspace": WORKSPACE,
        "known": 0,
        "names": ["tablet-1"],
        "audiences": [[0]],
        "entries": [[0, 0, None, 1, 0, b"s" * 64, b"x"]],
    }
    assert PushRequest.decode(msgpack.packb(message)).manifests[0].device == "tablet-1"
    assert code_of(PushRequest.decode, msgpack.packb({**message, **change})) == "server.malformed"


def test_attacks_on_size_are_refused():
    row = [0, 0, None, 1, 0, b"s" * 64, b"x"]
    message = {
        "workspace": WORKSPACE,
        "known": 0,
        "names": ["a"],
        "audiences": [[0]],
        "entries": [row] * 1001,
    }
    assert code_of(PushRequest.decode, msgpack.packb(message)) == "server.too_many"
    names = [f"d{n:05}" for n in range(20_000)]
    wide = {**message, "names": names, "audiences": [list(range(20_000))], "entries": [row] * 6}
    assert code_of(PushRequest.decode, msgpack.packb(wide)) == "server.too_many"
    large = {**message, "entries": [[*row[:6], b"x" * 65537]]}
    assert code_of(PushRequest.decode, msgpack.packb(large)) == "server.object_too_large"
    assert code_of(PushRequest.decode, b"\x91" * 100_000) == "server.malformed"
    assert code_of(PushRequest.decode, b"\xdf\xff\xff\xff\xff") == "server.malformed"
    assert code_of(PushRequest.decode, b"") == "server.malformed"


@given(st.binary(max_size=200))
def test_noise_is_refused_with_a_code(noise):
    for decode in (PushRequest.decode, PushAnswer.decode, PullPage.decode, Blob.decode, Invitation.decode):
        with pytest.raises(Problem):
            decode(noise)


def answer_for(log, indices, known=0):
    size = len(log.leaves)
    return PushAnswer(
        tuple(Outcome(index=index) for index in indices),
        cover_proof(log.read, 0, sorted(set(indices)), size),
        log.note(),
        consistency_proof(log.read, known, size),
        4,
    )


def test_an_answer_proves_every_receipt():
    manifests, _ = chain(9)
    log = Log(manifests)
    answer = PushAnswer.decode(answer_for(log, [3, 4, 8], known=5).encode())
    sent = [manifests[at] for at in (3, 4, 8)]
    assert answer.verify(sent, WORKSPACE, LOG.public, log.checkpoint(5)).size == 9
    assert code_of(answer.verify, [manifests[0], *sent[1:]], WORKSPACE, LOG.public) == "server.bad_proof"
    assert code_of(answer.verify, sent[:2], WORKSPACE, LOG.public) == "server.bad_proof"
    assert code_of(answer.verify, sent, WORKSPACE, KEY.public) == "server.bad_checkpoint"
    forked = Log(list(reversed(manifests))).checkpoint(5)
    assert code_of(answer.verify, sent, WORKSPACE, LOG.public, forked) == "server.fork"
    longer = replace(log.checkpoint(), size=10)
    assert code_of(answer.verify, sent, WORKSPACE, LOG.public, longer) == "server.fork"


def test_refused_manifests_need_no_proof():
    manifests, _ = chain(2)
    problem = Problem("server.sequence_gap", expected=0).to_wire()
    answer = PushAnswer((Outcome(0), Outcome(problem=problem)), (), Log(manifests[:1]).note())
    again = PushAnswer.decode(answer.encode())
    assert again.outcomes[1].problem["code"] == "server.sequence_gap"
    assert again.verify(manifests, WORKSPACE, LOG.public).size == 1


# -- pull -----------------------------------------------------------------------------------------


def page_of(log, after, indices, end, known=0):
    size = len(log.leaves)
    proof = cover_proof(log.read, after, indices, end) + cover_proof(log.read, end, [], size)
    entries = tuple(
        PulledEntry(index, log.manifests[index], b"sealed" if index % 2 else None) for index in indices
    )
    return PullPage(
        WORKSPACE, after, end, entries, proof, log.note(), consistency_proof(log.read, known, size), 2
    )


@given(st.data())
def test_a_page_survives_the_wire_and_proves_its_entries(data):
    manifests, _ = chain(12)
    log = Log(manifests)
    after = data.draw(st.integers(0, 12))
    end = data.draw(st.integers(after, 12))
    indices = sorted(data.draw(st.sets(st.integers(after, end - 1)))) if after < end else []
    page = page_of(log, after, indices, end, known=7)
    again = PullPage.decode(page.encode())
    assert again == page
    frontier, checkpoint = again.verify(log.frontier(after), WORKSPACE, LOG.public, log.checkpoint(7))
    assert frontier == log.frontier(end)
    assert checkpoint.size == 12


def test_a_page_with_a_dropped_altered_or_moved_entry_fails():
    manifests, _ = chain(8)
    log = Log(manifests)
    page = page_of(log, 2, [3, 5], 8)
    frontier = log.frontier(2)
    page.verify(frontier, WORKSPACE, LOG.public)
    first, second = page.entries
    bad = [
        replace(page, entries=(first,)),
        replace(page, entries=(second,)),
        replace(page, entries=(first, replace(second, index=6))),
        replace(page, entries=(first, replace(second, manifest=replace(second.manifest, size=1)))),
        replace(page, entries=(second, first)),
        replace(page, next=7),
        replace(page, next=9),
        replace(page, after=3),
        replace(page, workspace="org-2"),
        replace(page, proof=page.proof[1:]),
    ]
    for one in bad:
        assert code_of(one.verify, frontier, WORKSPACE, LOG.public) == "server.bad_proof"
    assert code_of(page.verify, log.frontier(3), WORKSPACE, LOG.public) == "server.bad_proof"


def test_an_audit_survives_the_wire():
    manifests, _ = chain(5)
    answer = ManifestsAnswer(WORKSPACE, tuple(PulledEntry(at * 2, manifests[at]) for at in (1, 2, 4)))
    assert ManifestsAnswer.decode(answer.encode()) == answer


def test_queries_are_strict():
    query = PullQuery(after=5, known=3, limit=10, inline=0, own=1)
    pairs = dict(pair.split("=") for pair in query.query().split("&"))
    assert PullQuery.parse(pairs) == query
    for bad in (
        {},
        {"after": "-1"},
        {"after": "x"},
        {"after": "1", "limit": "0"},
        {"after": "1", "other": "1"},
    ):
        assert code_of(PullQuery.parse, bad) == "server.malformed"
    assert code_of(PullQuery.parse, {"after": "1", "size": "99999999"}) == "server.malformed"


# -- the rest -------------------------------------------------------------------------------------


def test_the_small_messages_survive_the_wire():
    token = "t" * 22
    assert Invitation.decode(Invitation(token_hash(token), 60).encode()) == Invitation(token_hash(token), 60)
    assert Blob.decode(Blob(b"keys").encode()) == Blob(b"keys")
    state = Enrolment(WORKSPACE, token_hash(token), "offered", 1700000000, b"keys")
    assert Enrolment.from_wire(state.to_wire()) == state
    info = ServerInfo(1, LOG.public, 1, 2, 3, 4)
    assert ServerInfo.decode(info.encode()) == info
    proof = ProofMessage(1, 2, (LEAVES[0].ljust(32),))
    assert ProofMessage.decode(proof.encode()) == proof


@pytest.mark.parametrize("token", ["", "short", "with space and more characters", "ț" * 30])
def test_weak_tokens_are_refused(token):
    assert code_of(token_hash, token) == "server.invite_unknown"


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'{"blob":""}', b'{"blob":"=="}', b'{"blob":"AA","x":1}', b'{"blob":5}']
)
def test_malformed_blobs_are_refused(body):
    assert code_of(Blob.decode, body) == "server.malformed"
