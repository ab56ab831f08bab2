"""Reads `programme.toml` into frozen data, naming the place of whatever does not fit."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from app.programme.rules import (
    ExtraRule,
    FormRule,
    LevelRule,
    ProgrammeError,
    RiskRules,
    ScheduleRules,
    SignalRule,
    VisitRule,
)
from app.programme.texts import Text

T = TypeVar("T")
STARTS = ("listing", "household", "tenancy", "referral", "anywhere")
FORM_TUPLES = ("phases", "tenancy_status", "prefill", "proposes", "offers", "unverified_languages")
SIGNAL_TEXTS = ("code", "title", "fields", "points", "words", "unasked")


@dataclass(frozen=True)
class ProgrammeConfig:
    """Everything about a programme that is not a question. `entities`: list name → properties in order."""

    name: str
    version: str
    title: Text
    forms: Mapping[str, FormRule]
    entities: Mapping[str, tuple[str, ...]]
    schedule: ScheduleRules
    risk: RiskRules
    institutions: Mapping[str, Text]
    settings: Mapping[str, Any]
    retention: Mapping[str, Any]

    @classmethod
    def parse(cls, toml: str) -> "ProgrammeConfig":
        """Reads the file's text; raises ProgrammeError."""
        try:
            found = tomllib.loads(toml)
        except tomllib.TOMLDecodeError as error:
            raise ProgrammeError("programme.toml", str(error), "Mend the file at this place.") from error
        return cls.from_dict(found)

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "ProgrammeConfig":
        """The same from the parsed file; raises ProgrammeError."""
        return _config(found)


def _config(found: Mapping[str, Any]) -> ProgrammeConfig:
    schedule, risk = found.get("schedule", {}), found.get("risk", {})
    forms = _each("forms", found.get("forms", []), _form)
    return _read(
        "programme.toml",
        lambda: ProgrammeConfig(
            name=found["name"],
            version=str(found["version"]),
            title=found["title"],
            forms={one.id: one for one in forms},
            entities={name: tuple(one["properties"]) for name, one in found.get("entities", {}).items()},
            schedule=_schedule(schedule),
            risk=_risk(risk),
            institutions=found.get("institutions", {}),
            settings=found.get("settings", {}),
            retention=found.get("retention", {}),
        ),
    )


def _form(found: Mapping[str, Any]) -> FormRule:
    if found["starts_from"] not in STARTS:
        raise ValueError(f"starts_from is {found['starts_from']!r}; use one of {', '.join(STARTS)}")
    return FormRule(
        id=found["id"],
        title=found["title"],
        starts_from=found["starts_from"],
        icon=found.get("icon", "description"),
        minutes=found.get("minutes", 0),
        visit=found.get("visit", False),
        keys=found.get("keys", {}),
        refs={key.removesuffix("_ref"): value for key, value in found.items() if key.endswith("_ref")},
        sensitive=frozenset(found.get("sensitive", ())),
        private=frozenset(found.get("private", ())),
        **{key: tuple(found.get(key, ())) for key in FORM_TUPLES},
    )


def _schedule(found: Mapping[str, Any]) -> ScheduleRules:
    visits = _each("schedule.visits", found.get("visits", []), lambda one: VisitRule(**one))
    extra = _each("schedule.extra", found.get("extra", []), lambda one: ExtraRule(**one))
    rest = {key: value for key, value in found.items() if key not in ("visits", "extra", "rhythms")}
    if "tenancy_kinds" in rest:
        rest["tenancy_kinds"] = tuple(rest["tenancy_kinds"])
    return _read(
        "schedule",
        lambda: ScheduleRules(visits=tuple(visits), extra={one.trigger: one for one in extra}, **rest),
    )


def _risk(found: Mapping[str, Any]) -> RiskRules:
    signals = _each("risk.signals", found.get("signals", []), _signal)
    levels = _each("risk.levels", found.get("levels", []), _level)
    rest = {key: value for key, value in found.items() if key not in ("signals", "levels", "version")}
    return _read(
        "risk",
        lambda: RiskRules(
            version=str(found.get("version", "")),
            signals={one.code: one for one in signals},
            levels=tuple(sorted(levels, key=lambda one: one.start)),
            **rest,
        ),
    )


def _level(found: Mapping[str, Any]) -> LevelRule:
    return LevelRule(level=found["level"], start=found["from"], title=found["title"], act=found["act"])


def _signal(found: Mapping[str, Any]) -> SignalRule:
    rest = {key: value for key, value in found.items() if key not in SIGNAL_TEXTS}
    return SignalRule(
        code=found["code"],
        title=found["title"],
        fields=tuple(found["fields"]),
        points=dict(found["points"]),
        limits={key: value for key, value in rest.items() if isinstance(value, int)},
        sentences={key: value for key, value in rest.items() if isinstance(value, Mapping)},
        words=found.get("words", {}),
        unasked=found.get("unasked"),
    )


def _each(place: str, items: list[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], T]) -> list[T]:
    return [_read(f"{place}[{n}]", partial(read, item)) for n, item in enumerate(items, start=1)]


def _read(place: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except KeyError as error:
        raise ProgrammeError(place, f"{error.args[0]} is missing", "Add it.") from error
    except (TypeError, ValueError) as error:
        raise ProgrammeError(place, str(error), "Compare with the shipped programme.") from error
