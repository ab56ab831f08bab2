"""The use cases of enrolment, sharing and choosing a passphrase, as one bundle for `UseCases.enrolment`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

_REAL = {
    "read_code": "enrolment", "begin": "enrolment", "begin_first": "enrolment", "resume": "enrolment",
    "invite": "enrolment", "invitations": "enrolment", "known_invitations": "enrolment",
    "approve": "enrolment", "withdraw": "enrolment", "read_request_code": "enrolment",
    "people": "enrolment", "remove_device": "enrolment", "change_role": "enrolment",
    "qr_matrix": "enrolment", "read_qr": "enrolment",
    "continue_sharing": "sharing", "sharing_status": "sharing",
    "suggestion": "unlocking", "lock_kind": "unlocking", "check_new_passphrase": "unlocking",
}  # fmt: skip


@dataclass(frozen=True)
class EnrolmentCases:
    """Tablet: `begin` … `resume`; supervisor: `invite` … `change_role`; the rest serves both."""

    read_code: Callable[..., Any]
    begin: Callable[..., Any]
    begin_first: Callable[..., Any]
    resume: Callable[..., Any]
    invite: Callable[..., Any]
    invitations: Callable[..., Any]
    known_invitations: Callable[..., Any]
    approve: Callable[..., Any]
    withdraw: Callable[..., Any]
    read_request_code: Callable[..., Any]
    people: Callable[..., Any]
    remove_device: Callable[..., Any]
    change_role: Callable[..., Any]
    qr_matrix: Callable[[str], tuple[tuple[bool, ...], ...]]
    read_qr: Callable[[bytes], str | None]
    continue_sharing: Callable[..., Any]
    sharing_status: Callable[..., Any]
    suggestion: Callable[..., Any]
    lock_kind: Callable[..., Any]
    check_new_passphrase: Callable[..., None]


def real_enrolment() -> EnrolmentCases:
    """The bundle over `app.usecases`."""
    return EnrolmentCases(
        **{name: getattr(import_module(f"app.usecases.{module}"), name) for name, module in _REAL.items()}
    )
