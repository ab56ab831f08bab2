"""What can go wrong with an age file.

AgeError (a Problem: carries code and texts for people)
 ├─ NotForMe          the header is sound, but none of these identities opens it
 ├─ CorruptHeader     the header does not follow the format, or a stanza of ours is malformed
 │   └─ HeaderMac     a file key was found, but the header is not the one it was made with
 ├─ CorruptPayload    a chunk does not authenticate, or the file ends too early or too late
 └─ ArmorError        the ASCII armor is not strict PEM
"""

from app.protocol.errors import Problem


class AgeError(Problem):
    """Any failure to open an age file."""


class NotForMe(AgeError):
    def __init__(self) -> None:
        super().__init__("crypto.not_for_me")


class CorruptHeader(AgeError):
    def __init__(self, reason: str) -> None:
        super().__init__("crypto.damaged", reason=reason)


class HeaderMac(CorruptHeader):
    def __init__(self) -> None:
        super().__init__("the header was altered")


class CorruptPayload(AgeError):
    def __init__(self, reason: str) -> None:
        super().__init__("crypto.damaged", reason=reason)


class ArmorError(AgeError):
    def __init__(self, reason: str) -> None:
        super().__init__("crypto.damaged", reason=reason)
