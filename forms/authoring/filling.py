"""Fills in a form from a JSON file, without a screen.

Answers are an object. A key is a reference ("/data/people[2]/age": "34") or a name, nested as the form is:
{"village": "Pata", "people": [{"name": "Ana", "age": 34}, {"name": "Ion"}]}. Repeat instances are added
as needed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from forms.errors import AnswerRefused, FormError


@dataclass(frozen=True)
class Filled:
    """The XML as it would be sent, and one line for each answer that was not accepted."""

    xml: str
    problems: list[str]


def fill_file(
    file: Path,
    answers: Path,
    *,
    media_folder: Path | None = None,
    language: str | None = None,
    now: str | None = None,
    seed: int = 1,
) -> Filled:
    """Fills in the form of `file` with the answers; FormError where either cannot be used."""
    import forms

    xml, media = _form_source(file, media_folder)
    form = forms.load_xform(xml, media=media)
    instance = form.new(_context(now, seed))
    if language is not None:
        instance.language = language
    refused = list(_apply(instance, _read_answers(answers)))
    problems = [
        f"{node.ref}: {node.validity.message or node.validity.condition}" for node in instance.problems()
    ]
    return Filled(instance.finalise().xml.decode(), refused + problems)


def _form_source(file: Path, media_folder: Path | None) -> tuple[bytes, dict[str, bytes]]:
    media = {}
    if media_folder is not None:
        media = {part.name: part.read_bytes() for part in sorted(media_folder.iterdir()) if part.is_file()}
    if file.suffix.lower() == ".xml":
        try:
            return file.read_bytes(), media
        except OSError as error:
            raise FormError("form.unreadable", file.name, str(error.strerror), "Check the path.") from error
    from forms.authoring.compiling import compile_xlsform

    compiled = compile_xlsform(file, media=media)
    return compiled.xform_xml, compiled.media


def _context(now: str | None, seed: int) -> Any:
    from forms import Context

    moment = datetime.now(UTC).astimezone() if now is None else datetime.fromisoformat(now)
    if moment.tzinfo is None:
        moment = moment.astimezone()
    chance, ids = Random(seed), Random(seed)
    return Context(
        now=lambda: moment,
        timezone=moment.tzinfo or UTC,
        rng=chance,
        new_id=lambda: str(UUID(int=ids.getrandbits(128), version=4)),
    )


def _read_answers(path: Path) -> dict[str, Any]:
    try:
        answers = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        mend = 'Write one JSON object such as {"name": "Ana"}.'
        raise FormError("answers.unreadable", path.name, str(error), mend) from error
    if not isinstance(answers, dict):
        raise FormError(
            "answers.shape", path.name, "not an object", 'Write one JSON object such as {"name": "Ana"}.'
        )
    return answers


def _apply(instance: Any, answers: dict[str, Any]) -> Iterator[str]:
    for ref, value in _flat(answers, instance.root.ref):
        try:
            _ensure_repeats(instance, ref)
            instance.at(ref).answer("" if value is None else value)
        except (AnswerRefused, LookupError, ValueError) as error:
            yield f"{ref}: {error}"


def _flat(value: Any, ref: str) -> Iterator[tuple[str, Any]]:
    """Every answer with its reference, in the order of the file."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _flat(part, name if name.startswith("/") else f"{ref}/{name}")
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        for number, part in enumerate(value, start=1):
            yield from _flat(part, f"{ref}[{number}]")
    else:
        yield ref, _text(value)


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _ensure_repeats(instance: Any, ref: str) -> None:
    """Adds repeat instances until the ones that the reference names are there."""
    at = -1
    while (at := ref.find("[", at + 1)) > 0:
        wanted = int(ref[at + 1 : ref.index("]", at)])
        parent = ref[:at]
        while (
            len([child for child in instance.at(parent).children if child.kind == "repeat-instance"]) < wanted
        ):
            instance.add_repeat(parent)
