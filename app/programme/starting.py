"""Which form may start from a household's page, and why another one may not."""

from collections.abc import Collection

from app.programme.households import HouseholdRow
from app.programme.rules import FormRule

NOT_HERE = "not_here"  # the form has not reached this device
REGISTERS_NEW = "registers_new"  # it registers a household; it starts from the household list
ELSEWHERE = "starts_elsewhere"  # it starts from a referral, or is about no household
NO_TENANCY = "no_tenancy"  # it wants a home in which the family lives now
WRONG_PHASE = "wrong_phase"  # the household is past it, or not there yet


def why_not(rule: FormRule, row: HouseholdRow, here: Collection[str]) -> str:
    """ "" where the form may start for this household, else one of the codes above. `here`: form ids present."""
    if rule.id not in here:
        return NOT_HERE
    if rule.starts_from == "listing":
        return REGISTERS_NEW
    if rule.starts_from not in ("household", "tenancy"):
        return ELSEWHERE
    home = row.tenancy
    wanted = rule.tenancy_status or (("active",) if rule.starts_from == "tenancy" else ())
    if wanted and (home is None or home.status not in wanted):
        return NO_TENANCY
    return WRONG_PHASE if rule.phases and row.phase not in rule.phases else ""


def startable(rules: Collection[FormRule], row: HouseholdRow, here: Collection[str]) -> list[FormRule]:
    """The forms that a household's page offers, in the order of the programme."""
    return [rule for rule in rules if not why_not(rule, row, here)]
