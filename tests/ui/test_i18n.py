"""Every sentence of the product in Romanian and English, and catalogues that are up to date."""

import re

import pytest

from app.ui.ctx import Ctx
from app.ui.dates import MONTHS, clock, day, long_day, moment, month
from app.ui.i18n import DOMAINS, LANGUAGES, Words
from app.ui.locale.build import missing, po_path, refreshed, render
from app.ui.locale.extract import wanted
from tests.ui.sample import NOW, TODAY

FIELD = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_message_has_a_translation_and_the_files_are_up_to_date(language: str, domain: str) -> None:
    catalog = refreshed(language, domain, wanted()[domain])
    assert missing(catalog) == []
    po, mo = render(catalog)
    assert po_path(language, domain).read_bytes() == po, "run python -m app.ui.locale.build"
    assert po_path(language, domain).with_suffix(".mo").read_bytes() == mo, (
        "run python -m app.ui.locale.build"
    )


@pytest.mark.parametrize("domain", DOMAINS)
def test_translations_keep_the_fields(domain: str) -> None:
    for message in refreshed("ro", domain, wanted()[domain]):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        said = message.string if isinstance(message.string, tuple | list) else (message.string,)
        fields = set(FIELD.findall(ids[-1]))
        for one in said:
            assert set(FIELD.findall(one)) <= fields, ids[0]
            assert fields - {"n"} <= set(FIELD.findall(one)), f"{ids[0]!r} loses a field in {one!r}"


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "1 zi întârziere"),
        (2, "2 zile întârziere"),
        (20, "20 de zile întârziere"),
        (101, "101 zile întârziere"),
    ],
)
def test_romanian_plurals(n: int, said: str) -> None:
    assert Words("ro").plural("{n} day late", "{n} days late", n) == said


def test_unknown_languages_and_messages_speak_english() -> None:
    assert Words("xx").text("Sync now") == "Sync now"
    assert Words("ro").text("not in the catalogue {x}", x=1) == "not in the catalogue 1"
    assert Words("ro").text("") == ""
    assert Words("en").text("left out: {absent}") == "left out: …"


def test_dates_as_people_say_them() -> None:
    ro, en = Ctx(800, 600, language="ro"), Ctx(800, 600, language="en")
    assert long_day(ro, TODAY) == "sâmbătă, 21 noiembrie"
    assert long_day(en, TODAY) == "Saturday, 21 November"
    assert day(en, TODAY, TODAY) == "21 Nov"
    assert day(en, TODAY.replace(year=2025), TODAY) == "21 Nov 2025"
    assert clock(en, NOW) == "08:42"
    assert month(en, 5) == "May" and month(ro, 5) == "mai" and len(MONTHS) == 12
    assert "08:42" in moment(en, NOW)
