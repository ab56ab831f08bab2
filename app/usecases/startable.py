"""The forms that start without a household: those that register one, and those that start anywhere."""

from app.programme.texts import say
from app.protocol.errors import Problem
from app.usecases.programme import programme
from app.usecases.views import StartableForm
from app.usecases.worker import Worker

_WITHOUT_HOUSEHOLD = ("listing", "anywhere")


def startable(worker: Worker, language: str = "") -> tuple[StartableForm, ...]:
    """In the order of the programme; none before a programme has arrived."""
    try:
        known = programme(worker)
    except Problem:
        return ()
    rules = [rule for rule in known.config.forms.values() if rule.starts_from in _WITHOUT_HOUSEHOLD]
    return tuple(
        StartableForm(rule.id, say(rule.title, language), rule.id in known.forms, "") for rule in rules
    )
