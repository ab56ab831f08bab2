"""Where each submission stands in review, and who said what about it."""

from app.programme.review_state import ReviewComment, ReviewState
from app.usecases import opened
from app.usecases.opened import plain_records
from app.usecases.reading import labels, open_revision
from app.usecases.views import Comment
from app.usecases.worker import Worker

_UNKNOWN = ReviewState("", "", "", (), (), 0, None, "")


def review_state(worker: Worker, record: str) -> ReviewState:
    """The state of one submission; an empty one where this device has no such record."""
    return states(worker).get(record, _UNKNOWN)


def states(worker: Worker) -> dict[str, ReviewState]:
    """Record id → its state, for every submission on this device."""
    return opened.states(worker)


def names(worker: Worker) -> dict[str, str]:
    """Device id → the name of its member, from the sealed profile records; devices without one are left out."""
    return worker.derived("names", lambda: _names(worker))


def is_asked(worker: Worker, state: ReviewState) -> bool:
    """Whether questions about this record come to this person, on whichever of their tablets."""
    return state.responsible in worker.derived("own_devices", lambda: _own_devices(worker))


def _own_devices(worker: Worker) -> set[str]:
    known = worker.roster().devices.values()
    return {worker.device, *(one.id for one in known if one.member == worker.member)}


def comments_on(worker: Worker, record: str, *, only_open: bool = False) -> dict[str, tuple[Comment, ...]]:
    """Question ref → comments, oldest first; the ref "" holds the words on the whole record."""
    found = review_state(worker, record).by_ref(only_open=only_open)
    return {ref: tuple(_comment(worker, one, "") for one in ours) for ref, ours in found.items()}


def open_comments(worker: Worker, record: str, language: str = "") -> tuple[Comment, ...]:
    """The comments that the newest revision has not answered yet, with their questions' labels."""
    state = review_state(worker, record)
    ours = [one for one in state.comments if one.open]
    known = labels(open_revision(worker, state.revision, language)) if ours else {}
    return tuple(_comment(worker, one, known.get(one.ref, "")) for one in ours)


def _comment(worker: Worker, one: ReviewComment, question: str) -> Comment:
    return Comment(ref=one.ref, question=question, text=one.text, by=names(worker).get(one.by, ""), at=one.at)


def _names(worker: Worker) -> dict[str, str]:
    members = {
        one["body"]["member"]: one["body"]["name"]
        for one in plain_records(worker)
        if one["kind"] == "profile"
    }
    found = {
        name: members[device.member]
        for name, device in worker.roster().devices.items()
        if device.member in members
    }
    return {worker.device: worker.name, **found}
