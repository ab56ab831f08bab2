"""What the server hands over blindly: any change, exchange or repetition elsewhere is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol import bech32
from app.protocol.enrolment_answer import Answer, answer_bound, first_bound, read_answer
from app.protocol.enrolment_codes import InvitationCode
from app.protocol.enrolment_offer import OFFER_SIZE, Offer, offer_hash, read_offer
from app.protocol.enrolment_seal import InvitationKeys
from app.protocol.errors import Problem
from app.protocol.keys import Purpose, SigningKey

TABLET, SUPERVISOR, ROOT, LOG = (SigningKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3, 4))
OFFER = Offer("dev-0011223344556677", TABLET.public, bech32.encode("age", bytes(range(1, 33))), 1_772_352_000)
KEYS = InvitationKeys.of(InvitationCode(b"s" * 32, b"r" * 16, "https://x.ro", 1))
OTHER = InvitationKeys.of(InvitationCode(b"t" * 32, b"r" * 16, "https://x.ro", 1))
BOUND = answer_bound(KEYS.token_hash)
SIGNED = OFFER.signed(TABLET, BOUND)
ANSWER = Answer(
    org="org-1",
    root=ROOT.public,
    log_key=LOG.public,
    server="https://x.ro",
    member="mem-1",
    name="Ana Exemplu",
    role="fieldworker",
    signer="dev-8899aabbccddeeff",
    offer=offer_hash(SIGNED),
    count=3,
)


def random(count: int) -> bytes:
    return bytes(range(7, 7 + count))


def flipped(data: bytes):  # type: ignore[no-untyped-def]
    for at in range(len(data)):
        for bit in (0, 7):
            yield data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def test_an_offer_and_an_answer_come_through() -> None:
    assert read_offer(KEYS.open_offer(KEYS.seal_offer(SIGNED, random)), BOUND) == OFFER
    sealed = KEYS.seal_answer(ANSWER.signed(SUPERVISOR, BOUND), random)
    found = read_answer(KEYS.open_answer(sealed), BOUND)
    found.check(SUPERVISOR.public)
    assert found.answer == ANSWER


def test_any_flipped_byte_of_a_blob_is_refused() -> None:
    for blob in flipped(KEYS.seal_offer(SIGNED, random)):
        with pytest.raises(Problem, match=r"enrol\.bad_offer"):
            KEYS.open_offer(blob)
    for blob in flipped(KEYS.seal_answer(ANSWER.signed(SUPERVISOR, BOUND), random)):
        with pytest.raises(Problem, match=r"enrol\.bad_answer"):
            KEYS.open_answer(blob)


def test_any_flipped_byte_inside_is_refused_too() -> None:
    """Also by whoever holds the invitation's secret: the signatures are the tablet's and the supervisor's."""
    for data in flipped(SIGNED):
        with pytest.raises(Problem):
            read_offer(data, BOUND)
    for data in flipped(ANSWER.signed(SUPERVISOR, BOUND)):
        with pytest.raises(Problem):
            read_answer(data, BOUND).check(SUPERVISOR.public)


@pytest.mark.parametrize("size", [0, 1, 11, 12, 27, 28, 100])
def test_a_short_blob_is_refused(size: int) -> None:
    for opened in (KEYS.open_offer, KEYS.open_answer):
        with pytest.raises(Problem):
            opened(bytes(size))


@given(st.binary(max_size=400))
def test_noise_is_refused(data: bytes) -> None:
    for read in (
        lambda: read_offer(data, BOUND),
        lambda: read_answer(data, BOUND),
        lambda: KEYS.open_offer(data),
        lambda: KEYS.open_answer(data),
    ):
        with pytest.raises(Problem):
            read()


def test_a_blob_of_another_invitation_is_refused() -> None:
    with pytest.raises(Problem, match=r"enrol\.bad_offer"):
        OTHER.open_offer(KEYS.seal_offer(SIGNED, random))
    with pytest.raises(Problem, match=r"enrol\.bad_answer"):
        OTHER.open_answer(KEYS.seal_answer(ANSWER.signed(SUPERVISOR, BOUND), random))


def test_an_offer_sealed_again_for_another_invitation_is_refused() -> None:
    """Whoever knows both secrets still cannot move an offer: the signature names the invitation."""
    moved = OTHER.open_offer(OTHER.seal_offer(SIGNED, random))
    with pytest.raises(Problem, match=r"enrol\.bad_offer"):
        read_offer(moved, answer_bound(OTHER.token_hash))
    answer = read_answer(ANSWER.signed(SUPERVISOR, BOUND), answer_bound(OTHER.token_hash))
    with pytest.raises(Problem, match=r"enrol\.bad_answer"):
        answer.check(SUPERVISOR.public)


def test_an_offer_never_opens_as_an_answer() -> None:
    with pytest.raises(Problem, match=r"enrol\.bad_answer"):
        KEYS.open_answer(KEYS.seal_offer(SIGNED, random))


def test_another_organisations_invitation_gives_other_keys() -> None:
    same_secret = InvitationKeys.of(InvitationCode(b"s" * 32, b"q" * 16, "https://x.ro", 1))
    assert same_secret.token_hash != KEYS.token_hash
    with pytest.raises(Problem, match=r"enrol\.bad_offer"):
        same_secret.open_offer(KEYS.seal_offer(SIGNED, random))


def test_keys_that_are_not_the_signers_are_refused() -> None:
    """Somebody who holds the code offers a stranger's public key with their own signature."""
    stranger = SigningKey.from_seed(bytes([9]) * 32)
    with pytest.raises(Problem, match=r"enrol\.bad_offer"):
        read_offer(OFFER.signed(stranger, BOUND), BOUND)


def test_a_signature_of_another_purpose_is_refused() -> None:
    data = OFFER.body() + TABLET.sign(Purpose.ROSTER, b"offer\x00" + BOUND + OFFER.body())
    with pytest.raises(Problem, match=r"enrol\.bad_offer"):
        read_offer(data, BOUND)


def test_offers_have_one_size_and_answers_hide_the_name() -> None:
    assert len(SIGNED) == OFFER_SIZE
    sizes = {len(replace(ANSWER, name="x" * count).signed(SUPERVISOR, BOUND)) for count in range(1, 40)}
    assert len(sizes) <= 2


def test_nothing_of_the_answer_is_readable() -> None:
    blob = KEYS.seal_answer(ANSWER.signed(SUPERVISOR, BOUND), random)
    assert not any(word in blob for word in (b"Ana", b"fieldworker", b"mem-1", b"org-1", b"dev-"))


@pytest.mark.parametrize(
    "change", [{"role": "owner"}, {"member": "Ana Exemplu"}, {"count": 0}, {"name": "x" * 201}]
)
def test_an_answer_that_makes_no_sense_is_refused(change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Problem, match=r"enrol\.bad_answer"):
        read_answer(replace(ANSWER, **change).signed(SUPERVISOR, BOUND), BOUND)


def test_a_first_supervisors_answer_is_bound_to_the_offer() -> None:
    signed = OFFER.signed(TABLET)
    data = ANSWER.signed(ROOT, first_bound(signed))
    read_answer(data, first_bound(signed)).check(ROOT.public)
    with pytest.raises(Problem, match=r"enrol\.bad_answer"):
        read_answer(data, first_bound(signed + b"x")).check(ROOT.public)
