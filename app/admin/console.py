"""What the guided commands need from a terminal, so that tests can stand in for one."""

import getpass
import sys
from dataclasses import dataclass
from typing import Protocol

from app.protocol.errors import Problem


class Stop(Exception):
    """The command ends here, with a sentence for the person who typed it."""


class Console(Protocol):
    def say(self, text: str = "") -> None: ...
    def ask(self, question: str) -> str: ...
    def ask_secret(self, question: str) -> str: ...
    def result(self, text: str) -> None: ...


@dataclass(frozen=True)
class Terminal:
    """Talks on standard error, so that results on standard output can be piped."""

    def say(self, text: str = "") -> None:
        print(text, file=sys.stderr)

    def ask(self, question: str) -> str:
        print(f"{question} ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().rstrip("\n")

    def ask_secret(self, question: str) -> str:
        try:
            return getpass.getpass(f"{question} ", stream=sys.stderr)
        except EOFError as error:
            raise Stop("There is no terminal to ask at; see --passphrase-file.") from error

    def result(self, text: str) -> None:
        print(text)


def explain(problem: Problem) -> str:
    """A problem's texts as three sentences and its code."""
    entry = problem.entry
    texts = (entry.title, entry.happened, entry.lost, entry.todo)
    filled = [_fill(text, problem.detail) for text in texts if text]
    return f"{filled[0]}. {' '.join(filled[1:])} [{problem.code}]"


def _fill(text: str, detail: dict[str, object]) -> str:
    for name, value in detail.items():
        text = text.replace("{" + name + "}", str(value))
    return text
