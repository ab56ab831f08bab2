"""Fills in a form the way a person would, so that a test reads like a visit.

    s = Scenario.from_md('''
        | survey |
        |        | type    | name | label |
        |        | integer | age  | Age   |
    ''')
    s.answer("age", 34)
    assert s.answer_of("age") == "34"

A reference may leave out the root: "people[2]/age" is "/data/people[2]/age".
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID

import forms
from forms import AnswerRefused
from forms.authoring import compile_markdown

PHOENIX = timezone(timedelta(hours=-7))
NOON = datetime(2025, 3, 4, 12, 30, 15, 250000, PHOENIX)


class Scenario:
    """One form being filled in: the form, its live instance, and a clock a test can move."""

    def __init__(
        self,
        xml: str | bytes,
        media: Mapping[str, bytes | str] | None = None,
        *,
        now: datetime = NOON,
        zone: tzinfo = PHOENIX,
        seed: int = 7,
        entities: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
        instance_xml: str | None = None,
        **context: str,
    ) -> None:
        self.now, self.zone, self.seed, self.details = now, zone, seed, context
        self.entities = dict(entities or {})
        self.ids = Random(seed)
        files = {
            name: text.encode() if isinstance(text, str) else text for name, text in (media or {}).items()
        }
        self.form = forms.load_xform(xml.encode() if isinstance(xml, str) else xml, media=files)
        if instance_xml is None:
            self.instance = self.form.new(self.context())
        else:
            self.instance = self.form.open(instance_xml.encode(), self.context(), edit=False)

    @classmethod
    def from_md(
        cls, markdown: str, media: Mapping[str, bytes | str] | None = None, **options: Any
    ) -> "Scenario":
        """Compiles an XLSForm written as Markdown tables."""
        return cls(compiled(markdown), media, **options)

    @classmethod
    def from_xml(cls, xml: str, media: Mapping[str, bytes | str] | None = None, **options: Any) -> "Scenario":
        """A form that is already an XForm."""
        return cls(xml, media, **options)

    def context(self) -> Any:
        return forms.Context(
            now=lambda: self.now,
            timezone=self.zone,
            rng=Random(self.seed),
            entities=self.entities,
            new_id=lambda: str(UUID(int=self.ids.getrandbits(128), version=4)),
            **self.details,
        )

    def ref(self, reference: str) -> str:
        return reference if reference.startswith("/") else f"{self.instance.root.ref}/{reference}"

    def at(self, reference: str) -> Any:
        return self.instance.at(self.ref(reference))

    def exists(self, reference: str) -> bool:
        try:
            self.at(reference)
        except AnswerRefused:
            return False
        return True

    def answer(self, reference: str, value: Any) -> "Scenario":
        self.at(reference).answer(value)
        return self

    def answers(self, **values: Any) -> "Scenario":
        """Several answers in order, by question name."""
        for name, value in values.items():
            self.answer(name, value)
        return self

    def answer_of(self, reference: str) -> str:
        return str(self.at(reference).text)

    def value_of(self, reference: str) -> Any:
        return self.at(reference).value

    def relevant(self, reference: str) -> bool:
        return bool(self.at(reference).relevant)

    def validity(self, reference: str) -> tuple[str, str]:
        """The failed condition and its message; ("", "") where the answer is accepted."""
        validity = self.at(reference).validity
        return ("", "") if validity.ok else (validity.condition, validity.message)

    def label_of(self, reference: str) -> str:
        return str(self.at(reference).label)

    def choices_of(self, reference: str) -> list[str]:
        return [choice.value for choice in self.at(reference).choices]

    def choice_labels(self, reference: str) -> list[str]:
        return [choice.label for choice in self.at(reference).choices]

    def add_repeat(self, reference: str, times: int = 1) -> "Scenario":
        for _ in range(times):
            self.instance.add_repeat(self.ref(reference))
        return self

    def remove_repeat(self, reference: str) -> "Scenario":
        self.instance.remove_repeat(self.ref(reference))
        return self

    def count(self, reference: str) -> int:
        """How many instances a repeat has."""
        return len([child for child in self.at(reference).children if child.kind == "repeat-instance"])

    def texts(self, repeat: str, question: str) -> list[str]:
        """The answers to one question in every instance of a repeat."""
        return [self.answer_of(f"{repeat}[{n}]/{question}") for n in range(1, self.count(repeat) + 1)]

    def speak(self, language: str) -> "Scenario":
        self.instance.language = language
        return self

    def wait(self, **time: float) -> "Scenario":
        """Moves the clock on."""
        self.now += timedelta(**time)
        return self

    def problems(self) -> list[tuple[str, str]]:
        """Every answer that is not accepted: reference without the root, and the failed condition."""
        prefix = self.instance.root.ref + "/"
        return [(node.ref.removeprefix(prefix), node.validity.condition) for node in self.instance.problems()]

    def xml(self) -> str:
        return str(self.instance.to_xml().decode())

    def save_and_reload(self, edit: bool = False) -> "Scenario":
        """Writes the draft, forgets everything, and opens it again."""
        self.instance = self.form.open(self.instance.to_xml(), self.context(), edit=edit)
        return self

    def finalise(self) -> Any:
        return self.instance.finalise()

    def sent(self) -> str:
        """The XML as it would be sent."""
        return str(self.finalise().xml.decode())


@lru_cache(maxsize=256)
def compiled(markdown: str) -> bytes:
    """The XForm of a Markdown XLSForm; compiling takes a while, so each text is compiled once."""
    return compile_markdown(
        "\n".join(line.strip() for line in markdown.splitlines() if line.strip())
    ).xform_xml


def xform(instance: str, binds: str = "", body: str = "", model: str = "") -> str:
    """An XForm around its parts; the primary instance's children go inside <data id="t" version="1">."""
    return f"""<?xml version="1.0"?>
    <h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
      xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"
      xmlns:odk="http://www.opendatakit.org/xforms" xmlns:ev="http://www.w3.org/2001/xml-events"
      xmlns:entities="http://www.opendatakit.org/xforms/entities">
      <h:head><h:title>Test</h:title><model odk:xforms-version="1.0.0">
        <instance><data id="t" version="1">{instance}</data></instance>{model}{binds}
      </model></h:head><h:body>{body}</h:body></h:html>"""


def utc(text: str) -> datetime:
    """A moment in UTC from an ISO text without offset."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
