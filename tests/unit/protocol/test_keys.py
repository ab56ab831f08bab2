"""Ed25519 keys: texts, purposes, and keys under which a signature would mean nothing."""

import pytest

from app.protocol.canonical import b64
from app.protocol.errors import Problem
from app.protocol.keys import PREFIX, BadSignature, Purpose, SigningKey, VerifyKey

KEY = SigningKey.from_seed(bytes(range(32)))
PRIME = 2**255 - 19


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_signature_holds_for_its_purpose_alone(purpose: Purpose) -> None:
    signature = KEY.sign(purpose, b"message")
    assert len(signature) == 64
    KEY.public.verify(purpose, b"message", signature)
    for other in set(Purpose) - {purpose}:
        with pytest.raises(BadSignature) as caught:
            KEY.public.verify(other, b"message", signature)
        assert caught.value.code == "crypto.bad_signature"


def test_a_context_cannot_run_into_the_message() -> None:
    signature = KEY.sign("ab", b"c")
    with pytest.raises(BadSignature):
        KEY.public.verify("a", b"bc", signature)
    for context in ("", "a\x00b"):
        with pytest.raises(ValueError):
            KEY.sign(context, b"")


def test_every_flipped_bit_of_message_and_signature() -> None:
    message, signature = b"Familia Exemplu 12", KEY.sign(Purpose.RECORD, b"Familia Exemplu 12")
    for bit in range(8 * len(message)):
        altered = bytearray(message)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadSignature):
            KEY.public.verify(Purpose.RECORD, bytes(altered), signature)
    for bit in range(8 * len(signature)):
        forged = bytearray(signature)
        forged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadSignature):
            KEY.public.verify(Purpose.RECORD, message, bytes(forged))


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_signatures_of_another_length(length: int) -> None:
    with pytest.raises(BadSignature):
        KEY.public.verify(Purpose.RECORD, b"", bytes(length))


def test_a_malleable_signature_is_refused() -> None:
    """S + L verifies the same equation; RFC 8032 §5.1.7 asks for S < L."""
    order = 2**252 + 27742317777372353535851937790883648493
    signature = KEY.sign(Purpose.RECORD, b"x")
    raised = int.from_bytes(signature[32:], "little") + order
    with pytest.raises(BadSignature):
        KEY.public.verify(Purpose.RECORD, b"x", signature[:32] + raised.to_bytes(32, "little"))


def test_bare_signatures_stay_out_of_our_contexts() -> None:
    signature = KEY.sign_bare(b"note\n")
    KEY.public.verify_bare(b"note\n", signature)
    with pytest.raises(ValueError):
        KEY.sign_bare(b"doorstep/record/v1\x00{}")
    with pytest.raises(BadSignature):
        KEY.public.verify_bare(b"doorstep/record/v1\x00{}", KEY.sign(Purpose.RECORD, b"{}"))
    with pytest.raises(BadSignature):
        KEY.public.verify_bare(b"note\n\n", signature)


def test_texts() -> None:
    text = str(KEY.public)
    assert text.startswith(PREFIX) and VerifyKey.parse(text) == KEY.public
    for wrong in (
        "",
        text[8:],
        text[:-1],
        text + "A",
        text + "=",
        "ed448:" + text[8:],
        PREFIX + b64(bytes(31)),
    ):
        with pytest.raises(Problem) as caught:
            VerifyKey.parse(wrong)
        assert caught.value.code == "crypto.bad_key"


def test_secrets_do_not_show() -> None:
    assert KEY.seed.hex() not in repr(KEY) and repr(KEY.seed) not in repr(KEY)
    with pytest.raises(Problem):
        SigningKey.from_seed(bytes(31))


def test_randomness_is_passed_in() -> None:
    assert SigningKey.generate(lambda size: b"\x07" * size).seed == b"\x07" * 32
    assert SigningKey.generate() != SigningKey.generate()


def _double(x: int, y: int) -> tuple[int, int]:
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    k = d * x * x * y * y % PRIME
    return (2 * x * y * pow(1 + k, -1, PRIME) % PRIME, (y * y + x * x) * pow(1 - k, -1, PRIME) % PRIME)


def _points_of_small_order() -> set[tuple[int, int]]:
    """All points P with 8P = 0: halve the neutral element three times by searching the known formula."""
    root = pow(2, (PRIME - 1) // 4, PRIME)
    found = {(0, 1), (0, PRIME - 1), (root, 0), (PRIME - root, 0)}
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    # For order eight, 2P has y = 0: x² = -y², and the curve gives d·y⁴ + 2·y² - 1 = 0 … solved for y².
    square_root = _sqrt((1 + d) % PRIME)
    for sign in (1, -1):
        y_squared = (-1 + sign * square_root) * pow(d, -1, PRIME) % PRIME
        y = _sqrt(y_squared, missing=0)
        if y:
            x = root * y % PRIME
            found |= {(a, b) for a in (x, PRIME - x) for b in (y, PRIME - y)}
    return found


def _sqrt(value: int, missing: int = -1) -> int:
    candidate = pow(value, (PRIME + 3) // 8, PRIME)
    for root in (candidate, candidate * pow(2, (PRIME - 1) // 4, PRIME) % PRIME):
        if root * root % PRIME == value % PRIME:
            return root
    return missing


def test_points_of_small_order_are_no_keys() -> None:
    """All eight, in every encoding that a lenient library would read (also y + p and either sign)."""
    points = _points_of_small_order()
    assert len(points) == 8
    for x, y in points:
        assert _double(*_double(*_double(x, y))) == (0, 1)
        for encoded in (y, y + PRIME):
            if encoded >= 2**255:
                continue
            for sign in (0, 1):
                with pytest.raises(Problem):
                    VerifyKey((encoded | sign << 255).to_bytes(32, "little"))
