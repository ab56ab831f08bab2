"""What an expression may ask its surroundings for: the clock, the time zone, chance, the language, new ids.

The engine implements this protocol; nothing in `forms` reads a clock or draws a random number by itself.
"""

from datetime import datetime, tzinfo
from typing import Protocol


class Chance(Protocol):
    """A source of random numbers; `random.Random` is one."""

    def random(self) -> float: ...

    def getrandbits(self, k: int, /) -> int: ...


class EvaluationContext(Protocol):
    """Handed first to every function registered with `needs_context`."""

    @property
    def timezone(self) -> tzinfo:
        """The zone in which dates without one are read, and today begins."""
        ...

    @property
    def rng(self) -> Chance: ...

    @property
    def language(self) -> str:
        """The form language in use, as the form names it: "Română (ro)", "fr", "" for none."""
        ...

    @property
    def form_version(self) -> str:
        """The version of the form that is being filled in; "" where it has none."""
        ...

    def now(self) -> datetime:
        """The present moment, with a time zone."""
        ...

    def new_id(self) -> str:
        """A fresh identifier, as an RFC 4122 text."""
        ...

    def property(self, name: str) -> str:
        """A property of the device or its user ("deviceid", "username" …); "" where there is none."""
        ...
