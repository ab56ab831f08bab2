"""What a household's page offers: by its phase, its home, and what has reached the device."""

from datetime import date

import pytest

from app.programme.entities import EntityStore
from app.programme.households import HouseholdRow, household_rows
from app.programme.starting import startable, why_not
from tests.unit.programme.made import CONFIG, operation, published

HERE = list(CONFIG.forms)


def row(phase: str, home: str = "") -> HouseholdRow:
    operations = [operation("create", "households", "h1", "SYN-001", code="SYN-001", phase=phase)]
    if home:
        operations.append(
            operation("create", "tenancies", "t1", "EX", household="h1", status=home, start_on="2026-10-01")
        )
    return household_rows(
        EntityStore.from_records([published(entities=operations)]), {}, CONFIG, date(2026, 11, 21)
    )[0]


@pytest.mark.parametrize(
    ("form", "phase", "home", "reason"),
    [
        ("post_relocation_visit", "community", "", "no_tenancy"),
        ("post_relocation_visit", "moved", "ended", "no_tenancy"),
        ("post_relocation_visit", "moved", "active", ""),
        ("eviction_prevention", "moved", "active", ""),
        ("move_in", "assessed", "", ""),
        ("move_in", "moved", "active", "wrong_phase"),
        ("relocation_assessment", "community", "", ""),
        ("household_baseline", "community", "", "registers_new"),
        ("referral", "closed", "", ""),
        ("referral_outcome", "moved", "active", "starts_elsewhere"),
        ("group_session", "moved", "active", "starts_elsewhere"),
    ],
)
def test_why_not(form: str, phase: str, home: str, reason: str) -> None:
    assert why_not(CONFIG.forms[form], row(phase, home), HERE) == reason


def test_a_form_that_never_arrived_is_not_offered() -> None:
    assert why_not(CONFIG.forms["referral"], row("community"), ["move_in"]) == "not_here"
    offered = startable(list(CONFIG.forms.values()), row("moved", "active"), HERE)
    assert [one.id for one in offered] == [
        "post_relocation_visit",
        "referral",
        "eviction_prevention",
        "service_log",
    ]
