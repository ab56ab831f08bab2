"""Checks of the words in a form: missing translations, limits without a message, settings that matter."""

from collections.abc import Iterator

from forms.authoring.finding import ERROR, WARNING, Finding, at
from forms.authoring.source import Row, Workbook

_TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
_MOST_LISTED = 5


def check_wording(workbook: Workbook) -> Iterator[Finding]:
    """Findings about texts and settings."""
    for sheet in ("survey", "choices"):
        yield from _translations(workbook, sheet)
    for row in workbook.rows("survey"):
        messages = [name for name in row.cells if name.startswith("constraint_message")]
        if row.cell("constraint") and not messages:
            mend = "Say in constraint_message what is accepted."
            yield Finding(
                WARNING, "text.no_message", at(row, "constraint"), "a limit without a message", mend
            )
    yield from _settings(workbook)


def languages(workbook: Workbook) -> list[str]:
    """The languages of the form in the order of its columns."""
    found = [name.partition("::")[2] for name in workbook.columns("survey") if name.startswith("label::")]
    return list(dict.fromkeys(found))


def _translations(workbook: Workbook, sheet: str) -> Iterator[Finding]:
    wanted = languages(workbook)
    for column in _TRANSLATED:
        for language in wanted:
            rows = [row for row in workbook.rows(sheet) if _lacks(row, column, language, wanted)]
            if rows:
                yield _missing(rows, column, language)


def _lacks(row: Row, column: str, language: str, wanted: list[str]) -> bool:
    """Whether other languages, or the plain column, have this text and this language has not."""
    there = row.cell(column) or any(row.cell(f"{column}::{other}") for other in wanted)
    return bool(there) and not row.cell(f"{column}::{language}")


def _missing(rows: list[Row], column: str, language: str) -> Finding:
    numbers = ", ".join([str(row.number) for row in rows[:_MOST_LISTED]])
    more = f" and {len(rows) - _MOST_LISTED} more" if len(rows) > _MOST_LISTED else ""
    place = f"sheet {rows[0].sheet}, row {numbers}{more}, column {column}::{language}"
    found = f"{len(rows)} text{'s have' if len(rows) > 1 else ' has'} no translation"
    return Finding(WARNING, "text.untranslated", place, found, f"Fill in the column {column}::{language}.")


def _settings(workbook: Workbook) -> Iterator[Finding]:
    rows = workbook.rows("settings")
    settings = rows[0] if rows else Row("settings", 2, {})
    if not settings.cell("form_id"):
        mend = "Give the form a form_id, so that it stays itself when the file is renamed."
        yield Finding(WARNING, "settings.no_id", at(settings, "form_id"), "no form_id", mend)
    if not settings.cell("version"):
        mend = "Give each change of the form a new version."
        yield Finding(WARNING, "settings.no_version", at(settings, "version"), "no version", mend)
    spoken = languages(workbook)
    default = settings.cell("default_language")
    if len(spoken) > 1 and default not in spoken:
        found = f"default_language is “{default}”" if default else "no default_language"
        mend = f"Write one of {', '.join(spoken)}."
        yield Finding(WARNING, "settings.no_language", at(settings, "default_language"), found, mend)
    if settings.cell("public_key"):
        mend = "Remove it: records are sealed to the organisation's own readers instead."
        yield Finding(
            ERROR, "settings.public_key", at(settings, "public_key"), "the form asks for ODK encryption", mend
        )
