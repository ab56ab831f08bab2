"""Fills in a form without a screen, answer by answer, the way a person would."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.demo.population_steps import Step
from app.demo.processes import DemoError
from app.usecases.fill import Filling, FinishedWithProblems


@dataclass(frozen=True)
class Filled:
    """The finished record, and how many answers it took."""

    record: str
    revision: str
    answers: int


def take(filling: Filling, steps: Iterable[Step]) -> int:
    """Carries out the steps that the app has not done by itself; gives how many answers were given."""
    count = 0
    for step in steps:
        if step.op == "add_repeat":
            filling.add_repeat(step.ref)
        elif not (step.prefilled and filling.instance.at(step.ref).text):
            filling.answer(step.ref, step.value)
            count += 1
    return count


def end(filling: Filling, answers: int) -> Filled:
    """Finishes the form; raises DemoError naming what is missing or wrong."""
    done = filling.finish()
    if isinstance(done, FinishedWithProblems):
        lines = [f"{one.ref}: {one.condition} {one.message}" for one in done.problems]
        raise DemoError("The scripted form has problems:\n  " + "\n  ".join(lines))
    return Filled(done.record, done.revision, answers)
