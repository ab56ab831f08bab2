"""What enrolment, people and devices hand to a screen."""

from dataclasses import dataclass
from datetime import datetime

from app.usecases.views import ProblemText


@dataclass(frozen=True)
class JoiningView:
    """A tablet that waits to be let in. `server` is "" for the first supervisor of a new organisation.

    `state`: unsent (the server could not be reached yet), offered, accepted, expired, withdrawn. `name` is what the
    supervisor wrote, or the label until then. `organisation_words` are the six words of the root key that
    answered, as the organisation's printed sheet shows them; empty before an answer. `first`: no invitation named
    the root key, so these words are to be compared before `finish`.
    """

    name: str
    server: str
    words: tuple[str, ...]
    state: str
    request_code: str
    problem: ProblemText | None
    organisation_words: tuple[str, ...] = ()
    first: bool = False


@dataclass(frozen=True)
class InvitationView:
    """An invitation of this supervisor. `state`: open, offered, approved, expired, unknown (the server was not asked).

    `id` names it to the other calls; `member` is "" until a new person is let in; `words` and `device` are empty
    until a tablet has offered its keys.
    """

    id: str
    code: str
    name: str
    role: str
    member: str
    expires: datetime
    state: str
    words: tuple[str, ...]
    device: str
    problem: ProblemText | None = None


@dataclass(frozen=True)
class Approved:
    """A device that was let in; `unsealed` earlier records are still to be sealed to it.

    `answer_code` is what the tablet waits for, as text; needed where the server could not hand it over any more
    (`handed_over` False: the invitation expired there in this very moment).
    """

    device: str
    unsealed: int
    answer_code: str = ""
    handed_over: bool = True


@dataclass(frozen=True)
class DeviceView:
    """One device; `this` is the one in use. `since` and `removed` are RFC 3339 in UTC, `removed` "" while active."""

    id: str
    role: str
    words: tuple[str, ...]
    active: bool
    since: str
    removed: str
    this: bool


@dataclass(frozen=True)
class PersonView:
    """A member with all devices they ever had, active ones first. `role` is the active devices', "" without any."""

    member: str
    name: str
    role: str
    devices: tuple[DeviceView, ...]
