"""What a tablet keeps while it waits to be let in, in its own encrypted store from the first instant on.

The store's value "enrolment" is there exactly as long as the profile is pending; "device", "organisation" and
"roster" take its place in one transaction.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from app.crypto.device import DeviceKeys, new_device
from app.crypto.wordlist import device_words
from app.protocol.canonical import b64, unb64
from app.protocol.enrolment_answer import SignedAnswer, answer_bound, first_bound, read_answer
from app.protocol.enrolment_codes import InvitationCode, request_code
from app.protocol.enrolment_offer import Offer
from app.protocol.enrolment_seal import InvitationKeys
from app.protocol.errors import Problem
from app.store.store import Store
from app.usecases.services import Services

VALUE = "enrolment"
UNKNOWN_MEMBER = "unknown"  # until the answer says who this is; never leaves the device


@dataclass(frozen=True)
class Waiting:
    """`offer` is the signed offer, `blob` the same as it goes to the server ("" for the first supervisor).

    `state` is that of JoiningView; `problem` the code of what ended it; `answer` the supervisor's signed answer.
    """

    keys: DeviceKeys
    code: str = field(repr=False)
    offer: bytes
    blob: bytes
    state: str = "unsent"
    problem: str = ""
    answer: bytes = b""

    @property
    def first(self) -> bool:
        return not self.code

    @property
    def invitation(self) -> InvitationCode:
        return InvitationCode.parse(self.code)

    @property
    def invitation_keys(self) -> InvitationKeys:
        return InvitationKeys.of(self.invitation)

    @property
    def bound(self) -> bytes:
        return first_bound(self.offer) if self.first else answer_bound(self.invitation_keys.token_hash)

    @property
    def signed_answer(self) -> SignedAnswer:
        """Raises enrol.not_answered."""
        if not self.answer:
            raise Problem("enrol.not_answered")
        return read_answer(self.answer, self.bound)

    @property
    def request_code(self) -> str:
        return request_code("first", self.offer) if self.first else request_code("invited", self.blob)

    @property
    def words(self) -> tuple[str, ...]:
        return device_words(public_half(self.keys))

    def keep(self, store: Store, **changes: Any) -> "Waiting":
        """The next state, durable before it is believed."""
        after = replace(self, **changes)
        store.values.set(VALUE, after._to_json())
        return after

    def _to_json(self) -> dict[str, Any]:
        return {
            "v": 1,
            "keys": self.keys.to_json(),
            "code": self.code,
            "offer": b64(self.offer),
            "blob": b64(self.blob),
            "state": self.state,
            "problem": self.problem,
            "answer": b64(self.answer),
        }


def new_waiting(services: Services, code: InvitationCode | None) -> Waiting:
    """Fresh keys and their offer, not kept anywhere yet."""
    keys = new_device(UNKNOWN_MEMBER, "fieldworker", services.random)
    made = int(services.clock().timestamp())
    offer = Offer(keys.device_id, keys.signing.public, str(keys.identity.recipient), made)
    if code is None:
        return Waiting(keys, "", offer.signed(keys.signing), b"")
    secrets = InvitationKeys.of(code)
    signed = offer.signed(keys.signing, answer_bound(secrets.token_hash))
    return Waiting(keys, code.text(), signed, secrets.seal_offer(signed, services.random))


def read_waiting(store: Store) -> Waiting | None:
    """What the store keeps of joining; None where nothing waits (any more)."""
    found = store.values.get(VALUE)
    if found is None:
        return None
    return Waiting(
        keys=DeviceKeys.from_json(found["keys"]),
        code=found["code"],
        offer=unb64(found["offer"]),
        blob=unb64(found["blob"]),
        state=found["state"],
        problem=found["problem"],
        answer=unb64(found["answer"]),
    )


def public_half(keys: DeviceKeys) -> dict[str, str]:
    """What six words are made of: the device and its two public keys, whoever it will belong to."""
    body = keys.statement_body()
    return {name: body[name] for name in ("device", "sign_key", "recipient")}
