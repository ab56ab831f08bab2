"""The shipped programme is read whole, and a slip in another one is named by its place."""

import pytest

from app.programme.config import ProgrammeConfig
from app.programme.rules import ProgrammeError
from tests.shared_material import shared
from tests.unit.programme.made import CONFIG, TOML


def test_the_shipped_programme() -> None:
    assert CONFIG.name == "pata_cluj"
    assert CONFIG.forms["post_relocation_visit"].refs["tenancy"] == "/data/a_start/tenancy"
    assert [one.kind for one in CONFIG.schedule.visits][:3] == ["w1", "w2", "m1"]
    assert CONFIG.settings["child_support_limit"] == 879
    assert CONFIG.retention["confirmed"] is False
    assert set(CONFIG.schedule.extra) >= {"urgent", "high", "watch", "letter", "missed", "distress"}


@pytest.mark.parametrize("language", ["en", "ro"])
def test_every_text_is_there_in_both_languages(language: str) -> None:
    texts = [one.title for one in CONFIG.forms.values()]
    texts += [one.title for one in CONFIG.schedule.visits]
    texts += [one.reason for one in CONFIG.schedule.extra.values()]
    texts += [text for one in CONFIG.risk.levels for text in (one.title, one.act)]
    for rule in CONFIG.risk.signals.values():
        texts += [rule.title, *rule.sentences.values(), *rule.words.values()]
    texts += list(CONFIG.institutions.values())
    assert all(text.get(language) for text in texts)


def test_entities_are_those_of_the_written_list() -> None:
    text = shared("forms", "entities.md").read_text(encoding="utf-8")
    _, _, tail = text.partition("## Properties")
    names: dict[str, set[str]] = {}
    current = ""
    for line in tail.partition("## Patterns")[0].splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 4 or cells[2].startswith(("---", "property")):
            continue
        current = cells[1] or current
        names.setdefault(current, set()).update(one.strip(" `") for one in cells[2].split(","))
    assert {name: set(properties) for name, properties in CONFIG.entities.items()} == names


@pytest.mark.parametrize(
    ("old", "new", "place", "found"),
    [
        ('name = "pata_cluj"', "", "programme.toml", "name is missing"),
        ("early = 3", "earlier = 3", "schedule.visits[1]", "earlier"),
        ('starts_from = "tenancy"', 'starts_from = "sky"', "forms[2]", "starts_from is 'sky'"),
        ('code = "R1"', "", "risk.signals[1]", "code is missing"),
        ("[risk]", "[risk", "programme.toml", "Expected"),
    ],
)
def test_a_slip_is_named(old: str, new: str, place: str, found: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        ProgrammeConfig.parse(TOML.replace(old, new, 1))
    assert caught.value.place == place
    assert found in caught.value.found
    assert caught.value.mend
