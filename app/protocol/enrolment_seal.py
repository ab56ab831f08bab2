"""The keys that an invitation's secret gives, and sealing with them.

    secret ─ HKDF-SHA-256 (salt: root mark) ─┬─ "…/token"   the one-time token; the server keeps only its hash
                                             ├─ "…/offer"   seals what the tablet sends
                                             └─ "…/answer"  seals what the supervisor sends

ChaCha20-Poly1305 under a fresh random nonce. The server knows the token and neither key, so it can read,
alter or exchange nothing; and an offer never opens as an answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.protocol.canonical import b64
from app.protocol.enrolment import token_hash
from app.protocol.enrolment_codes import InvitationCode
from app.protocol.errors import Problem
from app.protocol.keys import Purpose

NONCE_SIZE = 12
Random = Callable[[int], bytes]


@dataclass(frozen=True)
class InvitationKeys:
    """Everything that follows from an invitation's secret."""

    token: str = field(repr=False)
    offer_key: bytes = field(repr=False)
    answer_key: bytes = field(repr=False)
    root_mark: bytes

    @classmethod
    def of(cls, code: InvitationCode) -> "InvitationKeys":
        def derived(name: str) -> bytes:
            info = f"{Purpose.ENROLMENT}/{name}".encode()
            return HKDF(algorithm=SHA256(), length=32, salt=code.root_mark, info=info).derive(code.secret)

        return cls(b64(derived("token")), derived("offer"), derived("answer"), code.root_mark)

    @property
    def token_hash(self) -> str:
        """SHA-256 (hex) of the token: the invitation's name at the server, and what its blobs are bound to."""
        return token_hash(self.token)

    def seal_offer(self, offer: bytes, random: Random) -> bytes:
        return self._seal(self.offer_key, offer, random)

    def open_offer(self, blob: bytes) -> bytes:
        """Raises Problem("enrol.bad_offer")."""
        return self._open(self.offer_key, blob, Problem("enrol.bad_offer"))

    def seal_answer(self, answer: bytes, random: Random) -> bytes:
        return self._seal(self.answer_key, answer, random)

    def open_answer(self, blob: bytes) -> bytes:
        """Raises Problem("enrol.bad_answer")."""
        return self._open(self.answer_key, blob, Problem("enrol.bad_answer", reason="seal"))

    def _seal(self, key: bytes, plaintext: bytes, random: Random) -> bytes:
        nonce = random(NONCE_SIZE)
        return nonce + ChaCha20Poly1305(key).encrypt(nonce, plaintext, self.root_mark)

    def _open(self, key: bytes, blob: bytes, refusal: Problem) -> bytes:
        nonce, sealed = blob[:NONCE_SIZE], blob[NONCE_SIZE:]
        try:
            return ChaCha20Poly1305(key).decrypt(nonce, sealed, self.root_mark)
        except (InvalidTag, ValueError) as error:  # ValueError: too short for a nonce
            raise refusal from error
