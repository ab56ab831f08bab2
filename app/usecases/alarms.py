"""The standing alarm: the server or the roster was caught lying, or was put back to an earlier state.

While it stands nothing is deleted here and a removed tablet keeps its lock. It stays, whatever later
synchronisations say, until a person has looked and says so.
"""

from app.protocol.errors import Problem
from app.sync.state import alarm, dismiss_alarm
from app.usecases.problems import problem_text
from app.usecases.views import ProblemText
from app.usecases.worker import Worker


def standing_alarm(worker: Worker) -> ProblemText | None:
    """What was found, in plain words; None while nothing stands."""
    found = alarm(worker.store)
    return None if found is None else problem_text(Problem(found["code"], **found.get("detail", {})))


def alarm_looked_into(worker: Worker) -> None:
    """A person has looked into it. The next synchronisation raises it anew if the reason is still there."""
    dismiss_alarm(worker.store)
