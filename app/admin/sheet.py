"""What stands on the recovery sheet, page by page, for whatever prints it.

Instructions are in Romanian and in English side by side, because whoever needs the sheet may not be
whoever printed it.
"""

from dataclasses import dataclass, field
from typing import Protocol

from app.admin import sheet_text as text
from app.crypto.wordlist import six_words


@dataclass(frozen=True)
class Code:
    """A key to print: a caption, its text, and whether it is secret."""

    caption: str
    value: str
    secret: bool

    @property
    def words(self) -> str:
        """Six words that tell whether a typed copy is right."""
        return " ".join(six_words(self.value.encode("ascii")))


@dataclass(frozen=True)
class Page:
    title: str
    warning: str
    code: Code
    paragraphs: tuple[tuple[str, str], ...]
    """Pairs of the same paragraph in Romanian and English."""


class Printable(Protocol):
    """What the printers need of any sheet."""

    @property
    def name(self) -> str: ...
    @property
    def heading(self) -> str: ...
    def pages(self) -> tuple[Page, ...]: ...


@dataclass(frozen=True)
class Sheet:
    """The keys of one organisation as text; the two secrets never show in `repr`."""

    name: str
    org: str
    made: str
    recovery_secret: str = field(repr=False)
    recovery_public: str
    first_recovery: str
    root_secret: str = field(repr=False)
    root_public: str

    @property
    def heading(self) -> str:
        return f"{self.name} · {self.org} · {self.made}"

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(
                text.RECOVERY_TITLE,
                text.PRIVATE_NOTE,
                Code(text.RECOVERY_CAPTION, self.recovery_secret, True),
                text.RECOVERY_STEPS,
            ),
            Page(
                text.ROOT_TITLE,
                text.PRIVATE_NOTE,
                Code(text.ROOT_CAPTION, self.root_secret, True),
                text.ROOT_STEPS,
            ),
            Page(
                text.PUBLIC_TITLE,
                text.PUBLIC_NOTE,
                Code(text.PUBLIC_CAPTION, self.root_public, False),
                (*text.PUBLIC_STEPS, *self._public_keys()),
            ),
        )

    def _public_keys(self) -> tuple[tuple[str, str], ...]:
        keys = [(text.RECOVERY_PUBLIC, self.recovery_public)]
        if self.first_recovery != self.recovery_public:
            keys.append((text.FIRST_RECOVERY, self.first_recovery))
        return tuple(pair for caption, key in keys for pair in (caption, (key, key)))
