"""A fixed clock, zone and chance, and a way to call a registered function with XPath values."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from random import Random
from typing import Any

from forms.functions import COERCIONS, FUNCTIONS, NodeSet, Value

PHOENIX = timezone(timedelta(hours=-7))


@dataclass
class FixedContext:
    timezone: tzinfo = PHOENIX
    rng: Random = field(default_factory=lambda: Random(5))
    language: str = ""
    form_version: str = "7"
    moment: datetime = datetime(2025, 3, 4, 9, 5, 6, 7000, PHOENIX)

    def now(self) -> datetime:
        return self.moment

    def new_id(self) -> str:
        return "00000000-0000-4000-8000-000000000001"

    def property(self, name: str) -> str:
        return {"username": "ana"}.get(name, "")


@dataclass(frozen=True)
class Text:
    """The least that may stand in a node-set."""

    text: str


def nodes(*texts: str) -> NodeSet:
    return NodeSet([Text(text) for text in texts])


def call(name: str, *arguments: Value, context: FixedContext | None = None) -> Any:
    """Converts the arguments by the function's table entry and calls it, as the compiler does."""
    context = context or FixedContext()
    entry = FUNCTIONS[name]
    assert entry.accepts(len(arguments)), f"{name}() takes {entry.arity} arguments"
    converted = [COERCIONS[entry.kind(i)](value, context.timezone) for i, value in enumerate(arguments)]
    return entry.call(context, *converted) if entry.needs_context else entry.call(*converted)
