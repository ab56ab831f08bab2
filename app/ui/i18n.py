"""The product's words in the person's language: gettext catalogues, one per area, merged at load.

English message ids are the source; `app/ui/locale/<language>/LC_MESSAGES/<domain>.po` holds the translations.
Domains: one for each folder of screens (`form`, `review`, `enrol`, `people`, `safety`), `shell` for the rest of
`app/ui`, `problems` for `app.protocol`'s catalogue.
`python -m app.ui.locale.build` adds new ids and compiles; tests fail where a Romanian translation is missing.

In a screen, words come from the context, so that every page has its own language at the same moment:

    c._("Sync now")
    c.n_("{n} record", "{n} records", n)          # {n} is filled in
    c._("Saved at {time}", time="10:42")           # named fields are filled in after translation
    LABELS = {"draft": N_("Draft")}                # marks an id for later: c._(LABELS["draft"])
"""

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

DOMAINS: Final = ("shell", "form", "review", "enrol", "people", "safety", "problems")
SOURCE: Final = "en"
LANGUAGES: Final[Mapping[str, str]] = {"ro": "Română", "en": "English"}
LOCALE_DIR: Final = Path(__file__).parent / "locale"


def N_(message: str) -> str:
    """Mark a message id that is translated later, where it is shown."""
    return message


class _Fields(dict[str, object]):
    """A field that the problem's detail does not have stays out of the sentence instead of breaking it."""

    def __missing__(self, key: str) -> str:
        return "…"


@cache
def catalogues(language: str) -> gettext.NullTranslations:
    """All domains of one language behind a single object; unknown languages speak English."""
    chain = gettext.NullTranslations()
    for domain in reversed(DOMAINS):
        file = LOCALE_DIR / language / "LC_MESSAGES" / f"{domain}.mo"
        if not file.exists():
            continue
        with file.open("rb") as stream:
            translations = gettext.GNUTranslations(stream)
        translations.add_fallback(chain)
        chain = translations
    return chain


@dataclass(frozen=True)
class Words:
    """Translations for one language. `text` and `plural` fill `{named}` fields after translating."""

    language: str

    def text(self, message: str, /, **fields: object) -> str:
        if not message:
            return ""  # gettext answers the empty id with the catalogue's header
        said = catalogues(self.language).gettext(message)
        return said.format_map(_Fields(fields)) if "{" in said else said

    def plural(self, one: str, many: str, n: int, /, **fields: object) -> str:
        said = catalogues(self.language).ngettext(one, many, n)
        return said.format_map(_Fields({"n": n, **fields})) if "{" in said else said


Translate = Callable[..., str]
