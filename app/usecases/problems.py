"""Turns a problem of the catalogue into what a screen shows."""

from app.protocol.errors import Problem
from app.usecases.views import ProblemText


def problem_text(problem: Problem) -> ProblemText:
    """The four sentences of a problem, still English message ids, with the values for their fields."""
    entry = problem.entry
    return ProblemText(
        code=problem.code,
        title=entry.title,
        happened=entry.happened,
        lost=entry.lost,
        todo=entry.todo,
        detail=dict(problem.detail),
    )
