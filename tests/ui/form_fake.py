"""A small stand-in for a live form and its filling, with the interface that the form screen uses.

Conditions are plain Python functions over the fake instance, so that a test says in one line what a question needs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from app.protocol.errors import Problem
from app.usecases.views import Comment, FillProblem, LastAnswer, SectionState

Condition = Callable[["FakeInstance", str], bool]
CONTAINERS = ("root", "group", "repeat", "repeat-instance")


@dataclass
class Spec:
    """A question or group of the fake form. `relevant` and `constraint` get the instance and the node's ref."""

    name: str
    kind: str = "question"
    type: str = "string"
    control: str | None = "input"
    label: str = ""
    hint: str = ""
    guidance: str = ""
    appearance: str = ""
    mediatype: str | None = None
    required: bool = False
    readonly: bool = False
    relevant: Condition | None = None
    constraint: Condition | None = None
    message: str = ""
    calculate: Callable[["FakeInstance", str], str] | None = None
    choices: Sequence[tuple[str, str]] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    children: Sequence["Spec"] = ()
    fixed: bool = False
    default: str = ""


def group(name: str, *children: Spec, label: str = "", **more: Any) -> Spec:
    return Spec(name, "group", control=None, label=label, children=children, **more)


def repeat(name: str, *children: Spec, label: str = "", **more: Any) -> Spec:
    return Spec(name, "repeat", control=None, label=label, children=children, **more)


def ask(name: str, type_: str = "string", label: str = "", **more: Any) -> Spec:
    return Spec(name, type=type_, label=label or name, **more)


def one(name: str, label: str, *choices: tuple[str, str], **more: Any) -> Spec:
    return Spec(name, type="string", control="select1", label=label, choices=choices, **more)


def many(name: str, label: str, *choices: tuple[str, str], **more: Any) -> Spec:
    return Spec(name, type="string", control="select", label=label, choices=choices, **more)


def note(name: str, label: str, **more: Any) -> Spec:
    return Spec(name, kind="note", label=label, readonly=True, **more)


class FakeNode:
    """A live node: reads its spec and the instance at each access."""

    def __init__(self, instance: "FakeInstance", spec: Spec, ref: str, kind: str = "") -> None:
        self.instance, self.spec, self.ref = instance, spec, ref
        self.kind = kind or spec.kind
        self.type, self.control, self.appearance = spec.type, spec.control, spec.appearance
        self.mediatype, self.readonly, self.attributes = spec.mediatype, spec.readonly, spec.attributes
        self.fixed, self.hint, self.guidance = spec.fixed, spec.hint, spec.guidance
        self.required = spec.required

    @property
    def label(self) -> str:
        words = self.spec.label
        for name, text in self.instance.answers.items():
            words = words.replace("${" + name.rsplit("/", 1)[-1] + "}", text)
        return (
            f"{words} [{self.instance.language}]"
            if words and self.instance.language == "English (en)"
            else words
        )

    @property
    def text(self) -> str:
        if self.spec.calculate:
            return self.spec.calculate(self.instance, self.ref)
        return self.instance.answers.get(self.ref, "")

    @property
    def relevant(self) -> bool:
        return all(
            spec.relevant is None or spec.relevant(self.instance, ref)
            for spec, ref in self.instance.chain(self.ref)
        )

    @property
    def choices(self) -> list[Any]:
        return [SimpleNamespace(value=value, label=label) for value, label in self.spec.choices]

    @property
    def validity(self) -> Any:
        text = self.text
        if not text and self.spec.required:
            return SimpleNamespace(ok=False, condition="required", message="")
        if text and self.type == "int" and not text.lstrip("-").isdigit():
            return SimpleNamespace(ok=False, condition="type", message="Whole numbers only")
        if text and self.spec.constraint and not self.spec.constraint(self.instance, text):
            return SimpleNamespace(ok=False, condition="constraint", message=self.spec.message)
        return SimpleNamespace(ok=True, condition=None, message=None)

    @property
    def children(self) -> list["FakeNode"]:
        if self.kind == "repeat":
            count = self.instance.counts.get(self.ref, 0)
            return [
                FakeNode(self.instance, self.spec, f"{self.ref}[{at + 1}]", "repeat-instance")
                for at in range(count)
            ]
        return [FakeNode(self.instance, child, f"{self.ref}/{child.name}") for child in self.spec.children]


class FakeInstance:
    """Answers by ref, and how many instances each repeat has."""

    def __init__(self, *top: Spec, counts: dict[str, int] | None = None) -> None:
        self.spec = Spec("data", "root", control=None, label="Form", children=top)
        self.answers: dict[str, str] = {}
        self.counts = counts or {}
        self.language = "Română (ro)"
        self.root = FakeNode(self, self.spec, "/data", "root")

    def chain(self, ref: str) -> Iterator[tuple[Spec, str]]:
        spec, at = self.spec, ""
        for part in ref.strip("/").split("/"):
            at = f"{at}/{part}"
            name = part.split("[")[0]
            if name != "data":
                spec = {child.name: child for child in spec.children}[name]
            yield spec, at

    def at(self, ref: str) -> FakeNode:
        spec = list(self.chain(ref))[-1][0]
        return FakeNode(self, spec, ref, "repeat-instance" if ref.endswith("]") else "")


class FakeFilling:
    """A filling that keeps its journal in a list, and can be told to fail."""

    languages = ("Română (ro)", "English (en)", "العربية (ar)")
    title = "Vizită la domiciliu"
    household_label = "Familia Exemplu 12"
    locked: frozenset[str] = frozenset()

    def __init__(
        self, instance: FakeInstance, comments: dict[str, tuple[Comment, ...]] | None = None
    ) -> None:
        self.instance = instance
        self.comments = comments or {}
        self.correction = bool(comments)
        self.saved_at = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
        self.journal: list[tuple[str, str]] = []
        self.last: dict[str, LastAnswer] = {}
        self.files: dict[str, bytes] = {}
        self.fails = False
        self.closed = self.finished = False
        self._listeners: list[Callable[[Sequence[Any]], None]] = []

    @property
    def language(self) -> str:
        return self.instance.language

    def set_language(self, name: str) -> None:
        self.instance.language = name

    def sections(self) -> list[SectionState]:
        return [self._state(node) for node in self.instance.root.children if node.relevant]

    def section_nodes(self, ref: str) -> list[FakeNode]:
        return [node for node in self.instance.root.children if node.ref == ref and node.relevant]

    def last_answer(self, ref: str) -> LastAnswer | None:
        return self.last.get(ref)

    def answer(self, ref: str, value: Any) -> None:
        self.instance.answers[ref] = str(value)
        if self.fails:
            raise Problem("store.disk_full")
        self.journal.append((ref, str(value)))
        self.saved_at = self.saved_at.replace(minute=(self.saved_at.minute + 1) % 60)
        self._tell()

    def attach(self, ref: str, name: str, data: bytes) -> None:
        self.files[name] = data
        self.answer(ref, name)

    def attachment(self, name: str) -> bytes | None:
        return self.files.get(name)

    def add_repeat(self, ref: str) -> FakeNode:
        self.instance.counts[ref] = self.instance.counts.get(ref, 0) + 1
        self._tell()
        return self.instance.at(f"{ref}[{self.instance.counts[ref]}]")

    def remove_repeat(self, ref: str) -> None:
        stem, number = ref.rsplit("[", 1)[0], int(ref.rsplit("[", 1)[1].rstrip("]"))
        kept: dict[str, str] = {}
        for known, text in self.instance.answers.items():
            if not known.startswith(f"{stem}["):
                kept[known] = text
                continue
            at, _, rest = known[len(stem) + 1 :].partition("]")
            if int(at) != number:
                kept[f"{stem}[{int(at) - (int(at) > number)}]{rest}"] = text
        self.instance.answers = kept
        self.instance.counts[stem] -= 1
        self._tell()

    def subscribe(self, callback: Callable[[Sequence[Any]], None]) -> Callable[[], None]:
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def problems(self) -> list[FillProblem]:
        found = []
        for section in self.instance.root.children:
            for node in self._asked(section):
                verdict = node.validity
                if not verdict.ok:
                    found.append(
                        FillProblem(
                            node.ref,
                            section.ref,
                            section.label,
                            node.label,
                            verdict.condition,
                            verdict.message,
                        )
                    )
        return found

    def finish(self, with_problems: bool = False) -> Any:
        problems = self.problems()
        if problems:
            return SimpleNamespace(problems=tuple(problems))
        self.finished = True
        return SimpleNamespace(record="r1", revision="v1")

    def close(self) -> None:
        self.closed = True

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener([])

    def _asked(self, node: FakeNode) -> Iterator[FakeNode]:
        if not node.relevant:
            return
        if node.kind in CONTAINERS:
            for child in node.children:
                yield from self._asked(child)
        elif node.kind == "question" and node.control and not node.readonly:
            yield node

    def _state(self, section: FakeNode) -> SectionState:
        asked = list(self._asked(section))
        invalid = [node for node in asked if not node.validity.ok]
        missing = sum(1 for node in invalid if node.validity.condition == "required")
        return SectionState(
            section.ref,
            section.label,
            sum(1 for node in asked if node.text),
            len(asked),
            missing,
            len(invalid) - missing,
        )


SCHOOLS = tuple((f"s{n}", f"Școala nr. {n}") for n in range(40))
YES_NO = (("yes", "Da"), ("no", "Nu"))


def span(end: int) -> dict[str, str]:
    return {"start": "0", "end": str(end), "step": "1"}


def visit(**more: Any) -> FakeFilling:
    """A short home visit with one of everything that the tests need."""
    instance = FakeInstance(
        group(
            "start",
            note("intro", "Rugați să vedeți **ultima** chitanță."),
            ask("rent", "int", "Câtă chirie este neplătită astăzi, în lei?", required=True, hint="În lei întregi.",
                constraint=lambda _, text: int(text) <= 5000, message="Cel mult 5000"),
            one("paid", "S-a plătit chiria?", *YES_NO, ("part", "O parte"), required=True),
            ask("next_on", "date", "Când se face următoarea plată?", required=True,
                relevant=lambda i, _: i.answers.get("/data/start/paid") == "part"),
            many("why", "Ce a făcut plata dificilă?", ("work", "Munca"), ("ill", "Boală"), ("bills", "Facturi")),
            ask("story", label="Cu cuvintele lor", appearance="multiline"),
            label="Chiria și facturile",
        ),
        group(
            "people",
            repeat(
                "person",
                ask("name", label="Numele", required=True),
                ask("age", "int", "Câți ani are ${name}?", required=True),
                label="Persoana",
            ),
            label="Cine locuiește aici",
        ),
        group(
            "rest",
            ask("month_on", "date", "Luna", appearance="month-year"),
            ask("at", "dateTime", "Când?"),
            one("school", "Care școală?", *SCHOOLS, appearance="autocomplete"),
            Spec("order", control="rank", label="Ordinea", choices=(("a", "Apă"), ("b", "Căldură"), ("c", "Lumină"))),
            Spec("life", type="int", control="range", label="Cum este viața?", attributes=span(10)),
            Spec("wide", type="int", control="range", label="Cât?", attributes=span(100)),
            Spec("ok", control="trigger", label="Am citit informarea"),
            Spec("gps", type="geopoint", label="Poziția"),
            Spec("photo", type="binary", control="upload", mediatype="image/*", label="Fotografie"),
            Spec("sign", type="binary", control="upload", mediatype="image/*", label="Semnătura",
                 appearance="signature"),
            Spec("voice", type="binary", control="upload", mediatype="audio/*", label="Înregistrare"),
            Spec("code", label="Cod gospodărie", readonly=True, calculate=lambda *_: "H-0112"),
            label="Altele",
        ),
        counts={"/data/people/person": 1},
    )  # fmt: skip
    filling = FakeFilling(instance, **more)
    filling.last["/data/start/rent"] = LastAnswer("240", "240", date(2026, 9, 12))
    return filling
