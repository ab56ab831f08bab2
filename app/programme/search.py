"""Instant search over names, codes and addresses; accents, case and hyphens do not matter."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.programme.entities import EntityStore
from app.programme.households import HouseholdRow

WORDS = re.compile(r"[^0-9a-z\u0100-\uffff]+")
# Letters that do not decompose into a plain letter and an accent.
PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


def folded(text: str) -> str:
    """Lower case without accents: `Țărmure` → `tarmure`."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(word for word in WORDS.split(folded(text)) if word)


@dataclass(frozen=True)
class Entry:
    """One household's words: those of its name and code weigh more than those of its people and address."""

    id: str
    first: tuple[str, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True)
class SearchIndex:
    """Built once after each change of the lists; `find` walks it."""

    entries: tuple[Entry, ...]

    @classmethod
    def build(cls, rows: Iterable[HouseholdRow], store: EntityStore, places: dict[str, str]) -> "SearchIndex":
        """`places`: code of an area → its name, so that one finds by it."""
        names: dict[str, list[str]] = {}
        for one in store.all("persons"):
            names.setdefault(one.get("household"), []).append(one.get("full_name", one.label))
        return cls(tuple(_entry(row, names.get(row.id, []), places) for row in rows))

    def find(self, query: str, limit: int | None = None) -> list[str]:
        """Household ids, best first: every word of the query begins a word of the household."""
        wanted = words(query)
        if not wanted:
            return [entry.id for entry in self.entries][:limit]
        ranked = [
            (rank, n) for n, entry in enumerate(self.entries) if (rank := _rank(entry, wanted)) is not None
        ]
        return [self.entries[n].id for _, n in sorted(ranked)][:limit]


def _entry(row: HouseholdRow, people: Sequence[str], places: dict[str, str]) -> Entry:
    rest = [*people, row.address, row.tenancy.label if row.tenancy else "", places.get(row.area, "")]
    # A code is found whole ("syn-012"), by its parts and by its bare number ("12").
    bare = [word.lstrip("0") for word in words(row.code) if word.isdecimal()]
    joined = folded(row.code).replace("-", "").replace(" ", "")
    return Entry(
        id=row.id,
        first=(*words(row.code), joined, *bare, *words(row.label)),
        rest=tuple(word for text in rest for word in words(text)),
    )


def _rank(entry: Entry, wanted: Sequence[str]) -> int | None:
    """0 for whole words of name or code, more for beginnings and for people or address; None: not found."""
    total = 0
    for word in wanted:
        if word in entry.first:
            continue
        if any(one.startswith(word) for one in entry.first):
            total += 1
        elif word in entry.rest:
            total += 2
        elif any(one.startswith(word) for one in entry.rest):
            total += 3
        else:
            return None
    return total
