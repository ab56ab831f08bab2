"""One catalogue of everything that can go wrong, and the exception that carries an entry.

Problem(code, **detail)
 ├─ raised by any layer, caught at an edge: a screen, a command line, an HTTP route
 └─ `.entry` says what happened, whether anything is lost, and what to do

A caller that wants to retry looks at `.entry.retry`; nothing is decided by message text.
Wire form: RFC 9457 problem documents.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

_PLAIN = str | int | float | bool
_FIELD = re.compile(r"\{(\w+)\}")
_ASIDE = re.compile(r" \([^()]*\{\w+\}[^()]*\)")
AREAS = (
    "conflict",
    "crypto",
    "enrol",
    "form",
    "roster",
    "safety",
    "server",
    "sharing",
    "store",
    "sync",
    "usecase",
)


@dataclass(frozen=True)
class Entry:
    """One catalogue entry. The four sentences are English message ids, translated where they are shown.

    Texts may hold `{name}` fields, filled from the problem's detail.
    """

    status: int
    title: str
    happened: str
    lost: str
    todo: str
    retry: bool = False


class Problem(Exception):
    """Something a person may have to be told. Always carries a code of the catalogue."""

    def __init__(self, code: str, /, **detail: Any) -> None:
        super().__init__(code)
        if code not in catalogue():
            raise KeyError(f"{code} is not in the error catalogue")
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        extra = ", ".join(f"{name}={value!r}" for name, value in self.detail.items())
        return f"{self.code} ({extra})" if extra else self.code

    @property
    def entry(self) -> Entry:
        return catalogue()[self.code]

    def to_wire(self) -> dict[str, Any]:
        """The RFC 9457 problem document of this problem, in English, its fields filled in."""
        plain = {name: value for name, value in self.detail.items() if isinstance(value, _PLAIN)}
        return {
            **plain,
            "type": f"urn:doorstep:problem:{self.code}",
            "title": filled(self.entry.title, plain),
            "status": self.entry.status,
            "detail": filled(self.entry.happened, plain),
            "code": self.code,
        }


def filled(text: str, values: Mapping[str, Any]) -> str:
    """The text with its `{name}` fields filled in. Of a field without a value nobody reads: an aside in brackets
    that hangs on it is left out, elsewhere a dash stands for it."""

    def aside(match: re.Match[str]) -> str:
        return match[0] if set(_FIELD.findall(match[0])) <= set(values) else ""

    return _FIELD.sub(lambda match: str(values.get(match[1], "–")), _ASIDE.sub(aside, text))


def _collect() -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for area in AREAS:
        found: dict[str, Entry] = import_module(f"app.protocol.catalogue.{area}").ENTRIES
        stray = [code for code in found if not code.startswith(f"{area}.")]
        if stray:
            raise ValueError(f"codes of another area in catalogue/{area}.py: {stray}")
        entries.update(found)
    return entries


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every entry by its code; collected at first use, because the area files import `Entry` from here."""
    return MappingProxyType(_collect())
