"""The same person enrolled once more, by invitation: for tests of what comes after."""

from pathlib import Path

from app.demo.devices import services
from app.demo.places import Places
from app.usecases.enrolment import approve, begin, invitations, invite, remove_device
from app.usecases.worker import Worker

NEW_PASSPHRASE = "mere pere prune struguri gutui"


def enrolled_again(
    demo: Places, supervisor: Worker, member: str, name: str, folder: Path | None = None
) -> Worker:
    """A further device of a member with a profile of its own, unlocked; it has not synchronised yet."""
    invitation = invite(supervisor, name, "fieldworker", member=member)
    joining = begin(services(folder or demo.tablet), invitation.code, name, NEW_PASSPHRASE)
    (offered,) = [one for one in invitations(supervisor) if one.id == invitation.id]
    assert offered.words == joining.view().words, "the two compare six words"
    approve(supervisor, invitation.id)
    assert joining.poll().state == "accepted"
    return joining.finish()


def remove(supervisor: Worker, device: str) -> None:
    """Takes a device out of use, as the page “People” does."""
    remove_device(supervisor, device)
