"""Enrolment: how a tablet or a further supervisor joins, and how people and devices are kept.

Tablet, before anybody has unlocked: `begin` (or `begin_first`), `resume`, and the `Joining` they give.
Supervisor: `invite`, `invitations`, `approve` … and `people`, `remove_device`, `change_role`, `new_epoch`.
What travels is described in docs/protocol.md; what a hostile server can do with it in docs/security.md.
"""

from app.usecases.enrolment.approving import accept_request, approve
from app.usecases.enrolment.beginning import begin, begin_first, give_up, read_code, resume
from app.usecases.enrolment.inviting import (
    invitations,
    invite,
    known_invitations,
    read_request_code,
    withdraw,
)
from app.usecases.enrolment.joining import Joining
from app.usecases.enrolment.own_role import follow_roster
from app.usecases.enrolment.people import people
from app.usecases.enrolment.qr import qr_matrix, read_qr
from app.usecases.enrolment.roster_changes import change_role, new_epoch, remove_device
from app.usecases.enrolment_views import Approved, DeviceView, InvitationView, JoiningView, PersonView

__all__ = [
    "Approved",
    "DeviceView",
    "InvitationView",
    "Joining",
    "JoiningView",
    "PersonView",
    "accept_request",
    "approve",
    "begin",
    "begin_first",
    "change_role",
    "follow_roster",
    "give_up",
    "invitations",
    "invite",
    "known_invitations",
    "new_epoch",
    "people",
    "qr_matrix",
    "read_code",
    "read_qr",
    "read_request_code",
    "remove_device",
    "resume",
    "withdraw",
]
