"""A device's own secret keys: one to sign with, one to open what is sealed to it."""

import os
from dataclasses import dataclass, field
from typing import Any

from app.crypto.age_keys import X25519Identity
from app.crypto.primitives import Random
from app.protocol.canonical import b64, unb64
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey
from app.protocol.roster import Role
from app.protocol.statement import is_name


@dataclass(frozen=True)
class DeviceKeys:
    """Made on the device and kept in its encrypted store; only `statement_body` ever leaves it."""

    device_id: str
    member: str
    role: Role
    signing: SigningKey = field(repr=False)
    identity: X25519Identity = field(repr=False)

    def statement_body(self) -> dict[str, str]:
        """The public half, as the body of an add_device statement."""
        return {
            "device": self.device_id,
            "member": self.member,
            "role": self.role,
            "sign_key": str(self.signing.public),
            "recipient": str(self.identity.recipient),
        }

    def to_json(self) -> dict[str, Any]:
        """Secret: for the encrypted store alone."""
        return {
            "v": 1,
            "device_id": self.device_id,
            "member": self.member,
            "role": self.role,
            "signing": b64(self.signing.seed),
            "identity": str(self.identity),
        }

    @classmethod
    def from_json(cls, value: Any) -> "DeviceKeys":
        """Raises Problem("crypto.bad_key") for anything but the output of `to_json`."""
        try:
            if value["v"] != 1 or value["role"] not in ("supervisor", "fieldworker"):
                raise Problem("crypto.bad_key")
            signing = SigningKey.from_seed(unb64(value["signing"]))
            identity = X25519Identity.parse(value["identity"])
            return cls(value["device_id"], value["member"], value["role"], signing, identity)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Problem("crypto.bad_key") from error


def new_device(member: str, role: Role, random: Random = os.urandom) -> DeviceKeys:
    """Fresh keys for one device of a member. The device id is random and says nothing about anybody."""
    if not is_name(member):
        raise ValueError("a member is named by an id")
    return DeviceKeys(
        device_id=f"dev-{random(8).hex()}",
        member=member,
        role=role,
        signing=SigningKey.generate(random),
        identity=X25519Identity.generate(random),
    )
