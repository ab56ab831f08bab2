"""Search: accents, case and hyphens do not matter; code and name weigh most."""

from datetime import date

import pytest

from app.programme.entities import EntityStore
from app.programme.households import household_rows
from app.programme.search import SearchIndex, folded, words
from tests.unit.programme.made import CONFIG, operation, published

REGISTER = [
    operation(
        "create", "households", "h1", "SYN-001 Familia Exemplu-Țărmure 1", code="SYN-001", area="area_a"
    ),
    operation("create", "households", "h2", "SYN-012 Familia Șipoș 12", code="SYN-012", area="area_b"),
    operation("create", "households", "h3", "SYN-021 Familia Exemplu 21", code="SYN-021", area="area_b"),
    operation("create", "persons", "p1", "Ștefan", household="h3", full_name="Ștefan Șipoș"),
    operation("create", "tenancies", "t1", "EX1-07", household="h1", flat_code="EX1-07", status="active"),
]


def index() -> SearchIndex:
    store = EntityStore.from_records([published(entities=REGISTER)])
    rows = household_rows(store, {}, CONFIG, date(2026, 11, 21))
    return SearchIndex.build(rows, store, {"area_a": "Zona A", "area_b": "Zona Bălți"})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tarmure", ["h1"]),
        ("ŢĂRMURE", ["h1"]),  # the cedilla of old keyboards
        ("exemplu", ["h1", "h3"]),
        ("exem", ["h1", "h3"]),
        ("familia 12", ["h2"]),
        ("12", ["h2"]),
        ("syn012", ["h2"]),
        ("SYN-012", ["h2"]),
        ("sipos", ["h2", "h3"]),
        ("stef", ["h3"]),
        ("ex1-07", ["h1"]),
        ("balti", ["h2", "h3"]),
        ("exemplu tarmure syn", ["h1"]),
        ("nobody", []),
        ("", ["h1", "h2", "h3"]),
        ("  - ", ["h1", "h2", "h3"]),
    ],
)
def test_find(query: str, found: list[str]) -> None:
    assert index().find(query) == found


def test_limit() -> None:
    assert index().find("", limit=2) == ["h1", "h2"]
    assert index().find("familia", limit=1) == ["h1"]


def test_folding() -> None:
    assert folded("Țărmure ÎNSOȚIRE Straße") == "tarmure insotire strasse"
    assert words("Exemplu-Țărmure, nr. 4") == ("exemplu", "tarmure", "nr", "4")
