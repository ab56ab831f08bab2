"""Every request and answer that goes over the wire, in one place to import from.

The two sides use the same classes, so they cannot drift apart. docs/protocol.md describes the bytes.
"""

from app.protocol.enrolment import Blob, Enrolment, Invitation, ServerInfo, token_hash
from app.protocol.pull import ManifestsAnswer, PulledEntry, PullPage, PullQuery
from app.protocol.push import Outcome, PushAnswer, PushRequest, check_growth
from app.protocol.roster_messages import ProofMessage, RosterMessage

__all__ = [
    "Blob",
    "Enrolment",
    "Invitation",
    "ManifestsAnswer",
    "Outcome",
    "ProofMessage",
    "PullPage",
    "PullQuery",
    "PulledEntry",
    "PushAnswer",
    "PushRequest",
    "RosterMessage",
    "ServerInfo",
    "check_growth",
    "token_hash",
]
