"""Whatever goes in comes out, and replay equals incremental, for anything Hypothesis thinks of."""

import io
import json
import math
import struct
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.crypto.age import X25519Identity, open_pieces, open_sealed, seal
from app.crypto.age_armor import armor, dearmor
from app.crypto.age_header import Stanza, make_header, read_header
from app.protocol import bech32
from app.protocol.canonical import (
    JsonError,
    b64,
    canonical_json,
    format_number,
    parse_canonical,
    parse_json,
    unb64,
)
from app.protocol.roster import ROOT, Roster, RosterError, Statement
from tests.unit.protocol.roster_world import World, device_body, key_of, recipient_of

IDENTITY = X25519Identity.generate()
SAFE = 2**53 - 1
texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-SAFE, SAFE)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=30)


@given(values)
def test_canonical_bytes_are_a_fixed_point(value: object) -> None:
    data = canonical_json(value)
    assert canonical_json(parse_canonical(data)) == data
    assert json.loads(data, parse_int=float) == parse_json(data)


@given(st.dictionaries(texts, st.none()))
def test_the_order_of_keys_does_not_matter(value: dict[str, None]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert canonical_json(backwards) == canonical_json(value)
    written = list(parse_json(canonical_json(value)))
    assert written == sorted(value, key=lambda key: key.encode("utf-16-be"))


@given(st.integers(0, 2**64 - 1))
def test_every_double_survives(bits: int) -> None:
    number = struct.unpack(">d", struct.pack(">Q", bits))[0]
    if math.isfinite(number):
        text = format_number(number)
        assert float(text) == number and "E" not in text and not text.endswith(".0")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_print_as_ecmascript_prints_them(number: float) -> None:
    """Number::toString from the shortest digits, k of them, with the point after the n-th."""
    sign, digits, exponent = Decimal(repr(number)).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    text, k_all = text.rstrip("0"), len(text)
    k, n = len(text), k_all + int(exponent)
    if not text:
        expected = "0"
    elif k <= n <= 21:
        expected = text + "0" * (n - k)
    elif 0 < n <= 21:
        expected = f"{text[:n]}.{text[n:]}"
    elif -6 < n <= 0:
        expected = "0." + "0" * -n + text
    else:
        mantissa = text if k == 1 else f"{text[0]}.{text[1:]}"
        expected = f"{mantissa}e{'+' if n > 0 else '-'}{abs(n - 1)}"
    assert format_number(number) == ("-" if sign and text else "") + expected


KEYS = ['"a"', '"b"', '"é"', '"\ufffd"', '"\U0001f600"']


@settings(max_examples=400)
@given(
    st.recursive(
        st.sampled_from(
            ["0", "-0", "1", "1.0", "1e3", "1E400", "NaN", "9007199254740992", "1e21", "100000000000000000000", '"a"',
             '"\\u0061"', "true", "null", '"\ud800"', "0.1", "-5"]
        ),
        lambda inner: st.lists(inner, max_size=3).map(lambda parts: "[" + ",".join(parts) + "]")
        | st.lists(st.tuples(st.sampled_from(KEYS), inner), max_size=3).map(
            lambda parts: "{" + ",".join(f"{key}:{value}" for key, value in parts) + "}"
        ),
        max_leaves=6,
    )
)  # fmt: skip
def test_the_quick_reader_says_what_the_strict_one_says(text: str) -> None:
    """Doubled keys, NaN, wide integers, other spellings, lone surrogates: refused by both, or read alike."""
    data = text.encode("utf-8", "surrogatepass")

    def strictly() -> object:
        value = parse_json(data)
        if canonical_json(value) != data:
            raise JsonError("not canonical")
        return value

    outcomes = []
    for read in (strictly, lambda: parse_canonical(data)):
        try:
            value = read()
            outcomes.append(repr(value))
        except JsonError:
            outcomes.append("refused")
    assert outcomes[0] == outcomes[1]


@given(st.binary())
def test_base64url(data: bytes) -> None:
    assert unb64(b64(data)) == data


@given(st.binary(max_size=80), st.sampled_from(["age", "age-secret-key-", "x"]))
def test_bech32(data: bytes, prefix: str) -> None:
    assert bech32.decode(bech32.encode(prefix, data)) == (prefix, data)
    assert bech32.decode(bech32.encode(prefix, data).upper()) == (prefix, data)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200_000), st.booleans())
def test_age_round_trips(plaintext: bytes, armored: bool) -> None:
    data = seal(plaintext, [IDENTITY.recipient], armored=armored)
    assert open_sealed(data, [IDENTITY]) == plaintext


class _Dribble(io.RawIOBase):
    """Gives at most a few bytes at each read, as sockets do."""

    def __init__(self, data: bytes, steps: list[int]) -> None:
        self._inner, self._steps, self._turn = io.BytesIO(data), steps, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._turn += 1
        piece = self._inner.read(min(len(buffer), self._steps[self._turn % len(self._steps)]))
        buffer[: len(piece)] = piece
        return len(piece)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=3000), st.booleans(), st.lists(st.integers(1, 700), min_size=1, max_size=8))
def test_age_does_not_mind_short_reads(plaintext: bytes, armored: bool, steps: list[int]) -> None:
    data = seal(plaintext, [IDENTITY.recipient], armored=armored)
    source = io.BufferedReader(_Dribble(data, steps), 16)
    assert b"".join(open_pieces(source, [IDENTITY])) == plaintext


@given(st.lists(st.binary(max_size=300), max_size=12))
def test_armor_round_trips(pieces: list[bytes]) -> None:
    text = b"".join(armor(pieces))
    assert dearmor(io.BytesIO(text)).read() == b"".join(pieces)
    assert dearmor(io.BytesIO(text.replace(b"\n", b"\r\n"))).read() == b"".join(pieces)


words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
stanzas = st.builds(Stanza, words, st.lists(words, max_size=3).map(tuple), st.binary(max_size=200))


@given(st.lists(stanzas, min_size=1, max_size=4), st.binary(min_size=16, max_size=16))
def test_headers_round_trip(made: list[Stanza], file_key: bytes) -> None:
    source = io.BytesIO(make_header(file_key, made) + b"payload")
    header = read_header(source)
    assert list(header.stanzas) == made and source.read() == b"payload"
    header.check(file_key)


@st.composite
def histories(draw: st.DrawFn) -> World:
    """A history of attempts, most of them allowed."""
    world = World()
    names = ["ana", "ion", "dan", "eva"]
    for step in range(draw(st.integers(0, 14))):
        kind = draw(
            st.sampled_from(
                ["add_device", "add_device", "revoke_device", "change_role", "new_epoch", "recovery"]
            )
        )
        name, signer = draw(st.sampled_from(names)), draw(st.sampled_from([ROOT, *names]))
        role = draw(st.sampled_from(["supervisor", "fieldworker"]))
        body: dict[str, str] = {
            "add_device": device_body(name, role),
            "revoke_device": {"device": name},
            "change_role": {"device": name, "role": role},
            "new_epoch": {},
            "recovery": {"recovery": recipient_of(f"recovery {step}")},
        }[kind]
        try:
            world.do("rotate_recovery" if kind == "recovery" else kind, body, signer)
        except RosterError:
            continue
    return world


@settings(deadline=None, max_examples=60)
@given(histories(), st.data())
def test_replay_equals_incremental(world: World, data: st.DataObject) -> None:
    root = key_of(ROOT).public
    wire = [Statement.from_wire(parse_json(canonical_json(one.to_wire()))) for one in world.statements]
    assert Roster.replay(wire, root) == world.roster
    cut = data.draw(st.integers(1, len(wire)))
    older = Roster.replay(wire[:cut], root)
    assert older.follow(wire) == older.extend(wire[cut:]) == world.roster
    assert older.epoch <= world.roster.epoch
    assert set(older.devices) <= set(world.roster.devices)
    recipients = world.roster.recipients(world.roster.audience())
    assert not [
        device
        for device in world.roster.devices.values()
        if not device.active and device.recipient in recipients
    ]
