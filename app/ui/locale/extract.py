"""Finds the message ids of each domain: in the screens' sources, and in the catalogue of problems."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file

from app.protocol.errors import catalogue
from app.ui.i18n import DOMAINS

UI = Path(__file__).resolve().parents[1]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "n_": (1, 2)}
Ids = dict[str, tuple[str, ...]]


def domain_of(source: Path) -> str:
    """The domain that a source file's words belong to."""
    first = source.relative_to(UI).parts[0]
    return first if first in DOMAINS else "shell"


def sources() -> Iterator[Path]:
    return (path for path in sorted(UI.rglob("*.py")) if path.relative_to(UI).parts[0] != "locale")


def wanted() -> dict[str, Ids]:
    """Per domain: message id to its forms, `(id,)` or `(one, many)`, in the order of the sources."""
    found: dict[str, Ids] = {domain: {} for domain in DOMAINS}
    for source in sources():
        for _, message, _, _ in extract_from_file("python", source, keywords=KEYWORDS):
            forms = message if isinstance(message, tuple) else (message,)
            found[domain_of(source)].setdefault(forms[0], forms)
    for entry in catalogue().values():
        for words in (entry.title, entry.happened, entry.lost, entry.todo):
            if words:
                found["problems"].setdefault(words, (words,))
    return _each_once(found)


def _each_once(found: dict[str, Ids]) -> dict[str, Ids]:
    """An id that several areas use is translated once, in the first of them."""
    seen: set[str] = set()
    once: dict[str, Ids] = {}
    for domain, ids in found.items():
        once[domain] = {key: forms for key, forms in ids.items() if key not in seen}
        seen |= ids.keys()
    return once
