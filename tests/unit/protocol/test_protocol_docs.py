"""docs/protocol.md and its vectors say what the code does."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from app.crypto.wordlist import device_words
from app.protocol import versions
from app.protocol.checkpoint import Checkpoint, origin_of
from app.protocol.enrolment_answer import Answer, answer_bound
from app.protocol.enrolment_codes import InvitationCode, answer_code, request_code, root_mark
from app.protocol.enrolment_offer import Offer, offer_hash
from app.protocol.enrolment_seal import InvitationKeys
from app.protocol.errors import catalogue
from app.protocol.httpsig import sign_request
from app.protocol.keys import Purpose, SigningKey
from app.protocol.manifest import Manifest
from app.protocol.messages import PushRequest
from app.protocol.statement import BODY_FIELDS, Statement
from app.protocol.tree import Frontier, consistency_proof, cover_proof, inclusion_proof, leaf_hash

DOCS = Path(__file__).resolve().parents[3] / "docs"
TEXT = (DOCS / "protocol.md").read_text("utf-8")
DEVICE, LOG, ROOT = (SigningKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))
RECOVERY = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"


def vectors():
    """Everything a second client can compare itself with, from fixed keys."""
    contents = [f"sealed object {n}".encode() * 8 for n in range(5)]
    manifests, objects, prev = [], {}, ""
    for seq, content in enumerate(contents):
        manifest = Manifest.signed(
            key=DEVICE,
            workspace="org-1",
            device="tab-1",
            seq=seq,
            prev=prev,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            epoch=1,
            audience=("sup-1", "tab-1"),
        )
        manifests.append(manifest)
        objects[manifest.sha256], prev = content, manifest.digest()
    nodes, frontier = {}, Frontier()
    for manifest in manifests:
        frontier = frontier.push(
            0, manifest.leaf_hash(), lambda level, at, digest: nodes.setdefault((level, at), digest)
        )

    def read(level, position):
        return nodes[level, position]

    body = PushRequest("org-1", tuple(manifests[:2]), objects, known=0).encode()
    checkpoint = Checkpoint(origin_of("org-1"), 5, frontier.root(), "2026-03-01T08:00:00Z", 4, "ab" * 32)
    headers = {"Doorstep-Workspace": "org-1", "Doorstep-Protocol": "1", "Content-Type": versions.MSGPACK}
    genesis = Statement.genesis(org="org-1", root=ROOT, recovery=RECOVERY, at="2026-03-01T08:00:00Z")
    return {
        "device_seed": DEVICE.seed.hex(),
        "device_key": str(DEVICE.public),
        "log_seed": LOG.seed.hex(),
        "log_key": str(LOG.public),
        "root_seed": ROOT.seed.hex(),
        "objects": [content.decode() for content in contents],
        "manifests": [manifest.to_wire() for manifest in manifests],
        "leaves": [manifest.leaf().decode() for manifest in manifests],
        "digests": [manifest.digest() for manifest in manifests],
        "leaf_hashes": [leaf_hash(manifest.leaf()).hex() for manifest in manifests],
        "frontier": frontier.to_wire(),
        "root": frontier.root().hex(),
        "inclusion_3_of_5": [one.hex() for one in inclusion_proof(read, 3, 5)],
        "consistency_3_to_5": [one.hex() for one in consistency_proof(read, 3, 5)],
        "cover_1_and_2_of_5": [one.hex() for one in cover_proof(read, 0, [1, 2], 5)],
        "checkpoint": checkpoint.sign(LOG),
        "push_of_two": body.hex(),
        "request": sign_request(
            "POST",
            "/v1/entries",
            headers,
            body,
            device="tab-1",
            key=DEVICE,
            created=1772352000,
            nonce="A" * 22,
        ),
        "genesis": genesis.to_wire(),
        "genesis_hash": genesis.hash(),
        "enrolment": enrolment_vectors(),
    }


def enrolment_vectors():
    """One hand-shake from fixed keys; sealed with nonces of 0, 1, 2 … where a real one has random bytes."""
    code = InvitationCode(bytes(range(32)), root_mark(ROOT.public), "https://sync.example.org", 1772438400)
    secrets = InvitationKeys.of(code)
    bound = answer_bound(secrets.token_hash)
    offer = Offer("dev-0011223344556677", DEVICE.public, RECOVERY, 1772352000)
    signed = offer.signed(DEVICE, bound)
    answer = Answer(
        org="org-1",
        root=ROOT.public,
        log_key=LOG.public,
        server=code.server,
        member="mem-1",
        name="Ana Exemplu",
        role="fieldworker",
        signer="sup-1",
        offer=offer_hash(signed),
        count=3,
    ).signed(LOG, bound)
    blobs = [
        seal(data, bytes_from_zero)
        for seal, data in ((secrets.seal_offer, signed), (secrets.seal_answer, answer))
    ]
    return {
        "secret": code.secret.hex(),
        "root_mark": code.root_mark.hex(),
        "invitation": code.text(),
        "token": secrets.token,
        "token_hash": secrets.token_hash,
        "offer_key": secrets.offer_key.hex(),
        "answer_key": secrets.answer_key.hex(),
        "offer": signed.hex(),
        "offer_blob": blobs[0].hex(),
        "request": request_code("invited", blobs[0]),
        "request_of_a_first_supervisor": request_code("first", offer.signed(DEVICE)),
        "six_words": " ".join(device_words(offer.public())),
        "answer_signed_by_the_log_seed": answer.hex(),
        "answer_blob": blobs[1].hex(),
        "answer_code": answer_code("invited", blobs[1]),
    }


def bytes_from_zero(count):
    return bytes(range(count))


def test_the_vectors_are_what_the_code_makes():
    """`python -m tests.unit.protocol.test_protocol_docs` writes them anew."""
    assert json.loads((DOCS / "protocol-vectors.json").read_text("utf-8")) == vectors()


def test_every_problem_of_the_server_is_described():
    described = set(re.findall(r"`(server\.[a-z_]+)`", TEXT))
    assert described == {code for code in catalogue() if code.startswith("server.")}


@pytest.mark.parametrize("code", sorted(code for code in catalogue() if code.startswith("server.")))
def test_every_status_is_right(code):
    rows = [line for line in TEXT.splitlines() if line.startswith("| `server.") and f"`{code}`" in line]
    if code in ("server.bad_checkpoint", "server.bad_proof", "server.fork", "server.dropped"):
        assert not rows
        return
    assert [int(row.split("|")[2]) for row in rows] == [catalogue()[code].status]


def test_every_header_purpose_and_statement_is_described():
    for name in (
        versions.HEADER_PROTOCOL,
        versions.HEADER_WORKSPACE,
        versions.HEADER_SETUP,
        versions.HEADER_INVITE,
    ):
        assert name in TEXT.lower()
    for purpose in (Purpose.RECORD, Purpose.MANIFEST, Purpose.ROSTER, Purpose.FORM, Purpose.ENROLMENT):
        assert f"`{purpose}`" in TEXT
    for kind, fields in BODY_FIELDS.items():
        row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{kind}` |"))
        assert all(f"`{field}`" in row for field in fields)


if __name__ == "__main__":
    (DOCS / "protocol-vectors.json").write_text(
        json.dumps(vectors(), indent=1, sort_keys=True) + "\n", "utf-8"
    )
