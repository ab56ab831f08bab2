"""The offer: a new device's public keys, signed by its own signing key.

    version ‖ device (8) ‖ sign key (32) ‖ recipient (32) ‖ made (4, Unix seconds) ‖ signature (64)

The signature is over "offer" ‖ 0x00 ‖ bound ‖ everything before it. `bound` is the hash of the invitation's
token, so that an offer made for one invitation is worth nothing in another; 32 zeros for a first supervisor.
All offers have one length: their size tells the server nothing.
"""

import hashlib
from dataclasses import dataclass

from app.protocol import bech32
from app.protocol.errors import Problem
from app.protocol.keys import BadSignature, Purpose, SigningKey, VerifyKey

VERSION = 1
UNBOUND = bytes(32)
_DEVICE, _SIZE = "dev-", 1 + 8 + 32 + 32 + 4
OFFER_SIZE = _SIZE + 64


@dataclass(frozen=True)
class Offer:
    """`device` is dev- and sixteen hex digits; `recipient` an age1… key; `made` Unix seconds by the tablet's clock."""

    device: str
    sign_key: VerifyKey
    recipient: str
    made: int

    def public(self) -> dict[str, str]:
        """What the six words are made of."""
        return {"device": self.device, "sign_key": str(self.sign_key), "recipient": self.recipient}

    def body(self) -> bytes:
        identity = bytes.fromhex(self.device.removeprefix(_DEVICE))
        _, recipient = bech32.decode(self.recipient)
        made = self.made.to_bytes(4, "big")
        return bytes([VERSION]) + identity + self.sign_key.raw + recipient + made

    def signed(self, key: SigningKey, bound: bytes = UNBOUND) -> bytes:
        """The bytes that are sealed or shown; `key` is the secret half of `sign_key`."""
        return self.body() + key.sign(Purpose.ENROLMENT, _message(bound, self.body()))


def read_offer(data: bytes, bound: bytes = UNBOUND) -> Offer:
    """The offer in these bytes, its signature checked.

    Raises Problem("enrol.bad_offer") also for one that was made for another invitation.
    """
    if len(data) != OFFER_SIZE:
        raise Problem("enrol.bad_offer")
    if data[0] != VERSION:
        raise Problem("enrol.wrong_version")
    body, signature = data[:_SIZE], data[_SIZE:]
    try:
        key = VerifyKey(body[9:41])
        key.verify(Purpose.ENROLMENT, _message(bound, body), signature)
    except BadSignature as error:
        raise Problem("enrol.bad_offer") from error
    except Problem as error:
        raise Problem("enrol.bad_offer") from error
    if not any(body[41:73]):
        raise Problem("enrol.bad_offer")
    return Offer(
        device=_DEVICE + body[1:9].hex(),
        sign_key=key,
        recipient=bech32.encode("age", body[41:73]),
        made=int.from_bytes(body[73:77], "big"),
    )


def offer_hash(signed: bytes) -> bytes:
    """SHA-256 of a signed offer: an answer names it and so fits this tablet alone."""
    return hashlib.sha256(signed).digest()


def _message(bound: bytes, body: bytes) -> bytes:
    return b"offer\x00" + bound + body
