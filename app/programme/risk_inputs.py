"""What the risk signals look at, taken from one visit's answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.programme.answers import Answers, day


@dataclass(frozen=True)
class RiskInputs:
    """What the signals look at. None or empty: not asked, or not answered."""

    on: date
    rent_months: int | None = None
    rent_ron: int | None = None
    rent_ron_last: int | None = None
    rent: int | None = None
    bills: Mapping[str, int] = field(default_factory=dict)  # el, gas, wat, ass → months behind
    cut: tuple[str, ...] = ()
    notice: str = ""
    notice_by: date | None = None
    plan: str = ""
    income: int | None = None
    income_last: int | None = None
    income_change: str = ""
    adult_left: str = ""
    nb_rel: str = ""
    nb_complaint: str = ""
    missed: int = 0
    contract_end: date | None = None
    dangers: tuple[date | None, ...] = ()  # since when each dangerous defect waits
    repairs_asked: bool = False
    stay_feel: str = ""

    @classmethod
    def from_answers(cls, answers: Answers, on: date) -> "RiskInputs":
        """The inputs of one visit that took place on this day."""
        bills = {bill: answers.integer(f"u_{bill}_m") for bill in ("el", "gas", "wat", "ass")}
        since = {ref.rpartition("/")[0]: text for ref, text in answers.each("rp_since")}
        dangers = [ref.rpartition("/")[0] for ref, text in answers.each("rp_danger") if text == "yes"]
        return cls(
            on=on,
            rent_months=answers.integer("rent_months"),
            rent_ron=answers.integer("rent_ron"),
            rent_ron_last=answers.integer("rent_ron_last"),
            rent=answers.integer("t_rent"),
            bills={bill: months for bill, months in bills.items() if months is not None},
            cut=tuple(answers.get("cut").split()),
            notice=answers.get("notice"),
            notice_by=answers.day("notice_by"),
            plan=answers.get("plan"),
            income=answers.integer("income"),
            income_last=answers.integer("income_last"),
            income_change=answers.get("income_change"),
            adult_left=answers.get("adult_left"),
            nb_rel=answers.get("nb_rel"),
            nb_complaint=answers.get("nb_complaint"),
            missed=answers.integer("missed") or 0,
            contract_end=answers.day("t_end"),
            dangers=tuple(day(since.get(card, "")) for card in dangers),
            repairs_asked=answers.get("n_rep") != "",
            stay_feel=answers.get("stay_feel"),
        )
