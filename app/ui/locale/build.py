"""Brings the catalogues up to date: new ids are added, ids that nobody uses are dropped, `.mo` files are
written.

`python -m app.ui.locale.build` does it and lists what still has no translation. With `--check` it writes
nothing and fails where a file would change or a translation is missing. With one or more domains (`form`,
`review`) it touches only those: each area keeps its own words.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.ui.i18n import DOMAINS, LANGUAGES, LOCALE_DIR, SOURCE
from app.ui.locale.extract import Ids, wanted

SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # a fixed date: the same words give the same bytes


def po_path(language: str, domain: str) -> Path:
    return LOCALE_DIR / language / "LC_MESSAGES" / f"{domain}.po"


def refreshed(language: str, domain: str, ids: Ids) -> Catalog:
    """The catalogue with exactly the wanted ids, keeping the translations it has."""
    known = _known(language, domain)
    fresh = Catalog(
        locale=language, domain=domain, project="Doorstep", version="1", fuzzy=False, charset="utf-8",
        creation_date=SOME_DAY, revision_date=SOME_DAY, last_translator="Doorstep", language_team="Doorstep",
        msgid_bugs_address="Doorstep",
    )  # fmt: skip
    for key, forms in ids.items():
        old, plural = known.get(key), len(forms) > 1
        fits = old is not None and isinstance(old.string, tuple | list) == plural
        fresh.add(forms if plural else key, old.string if old and fits else _source(language, forms))
    return fresh


def _source(language: str, forms: tuple[str, ...]) -> str | tuple[str, ...]:
    """English says its ids; every other language starts empty."""
    if language != SOURCE:
        return "" if len(forms) == 1 else ("",)
    return forms if len(forms) > 1 else forms[0]


def _known(language: str, domain: str) -> dict[str, Message]:
    """What has been translated, in this domain first: an id may have moved here from another one."""
    found: dict[str, Message] = {}
    for one in (domain, *DOMAINS):
        path = po_path(language, one)
        if path.exists():
            with path.open("rb") as stream:
                for message in read_po(stream, locale=language, domain=one):
                    if message.id and message.string:
                        found.setdefault(_key(message), message)
    return found


def missing(catalog: Catalog) -> list[str]:
    """Ids without a complete translation."""
    return [_key(one) for one in catalog if one.id and not _complete(one, catalog.num_plurals)]


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _complete(message: Message, plurals: int) -> bool:
    if isinstance(message.id, tuple | list):
        return len(message.string) == plurals and all(message.string)
    return bool(message.string)


def render(catalog: Catalog) -> tuple[bytes, bytes]:
    """The `.po` and the `.mo` file, byte for byte the same for the same words."""
    po, mo = BytesIO(), BytesIO()
    write_po(po, catalog, omit_header=False, width=100, no_location=True)
    write_mo(mo, catalog)
    return _stable(po.getvalue()), mo.getvalue()


def _stable(po: bytes) -> bytes:
    lines = po.decode().splitlines()
    return ("\n".join(line for line in lines if not line.startswith("#")) + "\n").encode()


def main(arguments: list[str]) -> int:
    check, only = "--check" in arguments, [one for one in arguments if not one.startswith("--")]
    ids, wrong = wanted(), 0
    for language in LANGUAGES:
        for domain in only or DOMAINS:
            catalog = refreshed(language, domain, ids[domain])
            files = dict(zip((".po", ".mo"), render(catalog), strict=True))
            for suffix, data in files.items():
                path = po_path(language, domain).with_suffix(suffix)
                if check:
                    wrong += not path.exists() or path.read_bytes() != data
                else:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
            for key in missing(catalog):
                wrong += check
                print(f"{language}/{domain}: no translation for {key!r}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
