"""XLSForm → XForm, with pyxform, on the machine of whoever publishes a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forms.authoring.mend import form_error
from forms.authoring.source import Workbook, check_container, workbook_of
from forms.errors import FormError

# What broken cells and files make pyxform, openpyxl and xlrd raise besides their own error classes.
_UNREADABLE = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError,
    RecursionError, SyntaxError, TypeError, ValueError,
)  # fmt: skip
_MEDIA_FOLDERS = ("{stem}-media", "media", "lists", ".")


@dataclass(frozen=True)
class Compiled:
    """A compiled form: the XForm, the files it needs that were found, and warnings for its author.

    `workbook` holds the sheets it came from, for checks; `missing` names files that were not found.
    """

    xform_xml: bytes
    media: dict[str, bytes]
    warnings: list[str]
    missing: list[str] = field(default_factory=list)
    workbook: Workbook = field(default_factory=lambda: Workbook({}), repr=False)


def compile_xlsform(path: str | Path, *, media: Mapping[str, bytes] | None = None) -> Compiled:
    """Compiles an XLSForm file.

    Files the form names (lists, pictures) come from `media`, else from beside the form: `<form>-media/`,
    `media/`, `lists/` or its own folder. FormError says sheet, row and how to mend it.
    """
    file = Path(path)
    check_container(file)
    return _compiled(str(file), file.name, file.suffix.lower(), dict(media or {}), file)


def compile_markdown(text: str, *, media: Mapping[str, bytes] | None = None) -> Compiled:
    """Compiles an XLSForm written as Markdown tables, `| survey |` first; for tests and examples."""
    return _compiled(text, "form.md", ".md", dict(media or {}), None)


def _compiled(source: str, name: str, suffix: str, media: dict[str, bytes], file: Path | None) -> Compiled:
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_xlsform
    from pyxform.xls2xform import convert

    warnings: list[str] = []
    workbook: Workbook | None = None
    try:
        definition: Any = get_xlsform(xlsform=source, file_type=suffix)
        workbook = workbook_of(definition)
        result = convert(xlsform=source, warnings=warnings, file_type=suffix)
    except (PyXFormError, *_UNREADABLE) as error:
        raise form_error(error, name, workbook) from error
    if not workbook.rows("survey"):
        raise FormError(
            "xlsform.empty", "sheet survey", "no questions", "Add a question to the survey sheet."
        )
    if result.itemsets:
        media.setdefault("itemsets.csv", result.itemsets.encode())
    xml = result.xform.encode()
    missing = _collect(needed_files(result.xform), media, file)
    kept = [" ".join(warning.split()) for warning in warnings]
    return Compiled(xml, media, kept, missing, workbook)


def needed_files(xform: str) -> list[str]:
    """The names of the files that a form refers to with jr:// addresses, without duplicates."""
    import re

    found = re.findall(r"jr://(?:file|file-csv|images|audio|video|csv)/([^\"<>&]+)", xform)
    return list(dict.fromkeys(name for name in found if name != "last-saved"))


def _collect(names: list[str], media: dict[str, bytes], file: Path | None) -> list[str]:
    """Reads into `media` the named files that lie beside the form; returns those that do not."""
    folders = [file.parent / part.format(stem=file.stem) for part in _MEDIA_FOLDERS] if file else []
    missing = []
    for name in names:
        if name in media:
            continue
        safe = Path(name).name == name
        found = next((folder / name for folder in folders if safe and (folder / name).is_file()), None)
        if found is None:
            missing.append(name)
        else:
            media[name] = found.read_bytes()
    return missing
