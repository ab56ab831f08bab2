"""The invitations that a supervisor's device has made, in its encrypted store: the server knows only their hashes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.crypto.wordlist import device_words
from app.protocol.canonical import b64, unb64
from app.protocol.enrolment_answer import answer_bound
from app.protocol.enrolment_codes import InvitationCode
from app.protocol.enrolment_offer import Offer, read_offer
from app.protocol.enrolment_seal import InvitationKeys
from app.protocol.errors import Problem
from app.usecases.enrolment_views import InvitationView
from app.usecases.problems import problem_text
from app.usecases.worker import Worker

VALUE = "enrolment.invitations"
KEPT_FOR = timedelta(days=7)  # after their end, so that an answer can still be given as text


@dataclass(frozen=True)
class Kept:
    """`id` is the token's hash. `offer` is the tablet's signed offer as first seen, `answer` the signed answer.

    `state`: open, offered, approving (signed into the roster, not everything done yet), approved, withdrawn.
    `problem` is the code of what spoils the invitation, "" for none. `expires` is Unix seconds.
    """

    id: str
    code: str = field(repr=False)
    name: str
    role: str
    member: str
    expires: int
    state: str = "open"
    offer: bytes = b""
    answer: bytes = b""
    shared: bool = False
    problem: str = ""

    @property
    def keys(self) -> InvitationKeys:
        return InvitationKeys.of(InvitationCode.parse(self.code))

    @property
    def bound(self) -> bytes:
        return answer_bound(self.id)

    @property
    def offered(self) -> Offer | None:
        """The offer that was seen first; its words are the ones that are compared."""
        return read_offer(self.offer, self.bound) if self.offer else None

    def ended(self, now: datetime) -> bool:
        """Whether its time is over. What has been signed into the roster cannot expire."""
        return self.state in ("open", "offered") and now.timestamp() >= self.expires

    def view(self, now: datetime, asked: bool = True) -> InvitationView:
        """`asked`: whether the server was, so that an open state means something."""
        offered = self.offered
        state = {"approving": "offered", "withdrawn": "expired"}.get(self.state, self.state)
        if self.ended(now):
            state = "expired"
        elif not asked and state in ("open", "offered"):
            state = "unknown"
        return InvitationView(
            id=self.id,
            code=self.code,
            name=self.name,
            role=self.role,
            member=self.member,
            expires=datetime.fromtimestamp(self.expires, UTC),
            state=state,
            words=device_words(offered.public()) if offered else (),
            device=offered.device if offered else "",
            problem=problem_text(Problem(self.problem)) if self.problem else None,
        )


def kept(worker: Worker, invitation: str) -> Kept:
    """Raises enrol.unknown_invitation."""
    found = _all(worker).get(invitation)
    if found is None:
        raise Problem("enrol.unknown_invitation")
    return found


def every_kept(worker: Worker) -> list[Kept]:
    """All that are not long over, the newest expiry first."""
    oldest = (worker.now() - KEPT_FOR).timestamp()
    found = [one for one in _all(worker).values() if one.expires >= oldest]
    return sorted(found, key=lambda one: (-one.expires, one.id))


def keep(worker: Worker, one: Kept, **changes: Any) -> Kept:
    """Keeps an invitation durably; those long over are dropped on the way."""
    after = replace(one, **changes)
    with _changing(worker) as known:
        known[after.id] = after
    return after


def forget(worker: Worker, invitation: str) -> None:
    with _changing(worker) as known:
        known.pop(invitation, None)


@contextmanager
def _changing(worker: Worker) -> Iterator[dict[str, Kept]]:
    with worker.store.transaction():
        known = _all(worker)
        yield known
        oldest = (worker.now() - KEPT_FOR).timestamp()
        plain = [_plain(one) for one in known.values() if one.expires >= oldest]
        worker.store.values.set(VALUE, plain)


def _all(worker: Worker) -> dict[str, Kept]:
    found = [_read(one) for one in worker.store.values.get(VALUE, [])]
    return {one.id: one for one in found}


def _plain(one: Kept) -> dict[str, Any]:
    return {**asdict(one), "offer": b64(one.offer), "answer": b64(one.answer)}


def _read(plain: dict[str, Any]) -> Kept:
    return Kept(**{**plain, "offer": unb64(plain["offer"]), "answer": unb64(plain["answer"])})
