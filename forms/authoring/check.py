"""The check before a form is published: it compiles, it loads, and nothing in it would trouble its users."""

import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path

from forms.authoring.compiling import Compiled, compile_xlsform
from forms.authoring.expressions import check_expressions
from forms.authoring.filters import check_filters
from forms.authoring.finding import ERROR, WARNING, Finding, of_error
from forms.authoring.lists import check_lists
from forms.authoring.wording import check_wording
from forms.errors import FormError

__all__ = ["Finding", "check_compiled", "check_xlsform"]


def check_xlsform(path: str | Path, entity_lists: Collection[str] | None = None) -> list[Finding]:
    """Everything found in an XLSForm, errors first; never raises for what stands in the file.

    `entity_lists` names the lists that devices have anyway; without it, those of a `programme.toml` beside
    the form count.
    """
    try:
        compiled = compile_xlsform(path)
        known = programme_lists(Path(path).parent) if entity_lists is None else entity_lists
    except FormError as error:
        return [of_error(error)]
    return check_compiled(compiled, known)


def programme_lists(folder: Path) -> list[str]:
    """The entity lists of the programme in a folder; none where there is no programme."""
    path = folder / "programme.toml"
    if not path.is_file():
        return []
    try:
        return list(tomllib.loads(path.read_text(encoding="utf-8")).get("entities", {}))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormError(
            "programme.unreadable", path.name, str(error), "Mend this line of programme.toml."
        ) from error


def check_compiled(compiled: Compiled, entity_lists: Collection[str] = ()) -> list[Finding]:
    """Everything found in a form that compiles, errors first."""
    missing = [name for name in compiled.missing if name.removesuffix(".csv") not in entity_lists]
    found = [
        *check_expressions(compiled.workbook),
        *check_lists(compiled.workbook, missing),
        *check_filters(compiled.workbook, compiled.media),
        *check_wording(compiled.workbook),
        *(Finding(WARNING, "xlsform.warning", "pyxform", text.rstrip("."), "") for text in compiled.warnings),
    ]
    if not any(finding.severity == ERROR for finding in found):
        found.extend(_load(compiled))
    return sorted(found, key=lambda finding: finding.severity != ERROR)


def _load(compiled: Compiled) -> Iterator[Finding]:
    """What only the engine notices: cycles, unknown paths, lists without the wanted column."""
    from forms import load_xform

    media = {name: b"name,label\n" for name in compiled.missing if name.endswith(".csv")}
    try:
        load_xform(compiled.xform_xml, media={**media, **compiled.media})
    except FormError as error:
        yield of_error(error)
