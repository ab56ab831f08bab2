"""The twelve signals: each looks at the inputs and says its points, its sentence and the values in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.programme.risk_inputs import RiskInputs
from app.programme.rules import SignalRule


@dataclass(frozen=True)
class RiskSignal:
    """One signal that fired. `variant` names its sentence; `values` fill it."""

    code: str
    points: int
    variant: str = "sentence"
    values: Mapping[str, object] = field(default_factory=dict)


def _rent_owed(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    months = found.rent_months or 0
    points = max((rule.points[step] for step in rule.points if months >= int(step)), default=0)
    variant = "sentence_one" if months == 1 else "sentence"
    return RiskSignal(rule.code, points, variant, {"n": months, "ron": found.rent_ron or 0})


def _debt_grew(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    if found.rent_ron is None or found.rent_ron_last is None or not found.rent:
        return None
    grown = found.rent_ron - found.rent_ron_last
    return RiskSignal(rule.code, rule.points["grew"], values={"diff": grown}) if grown >= found.rent else None


def _bills(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    cut = [one for one in found.cut if one in ("el", "gas", "wat")]
    if cut:
        return RiskSignal(rule.code, rule.points["cut"], "sentence_cut", {"bill": cut[0]})
    if not found.bills:
        return None
    bill, months = max(found.bills.items(), key=lambda one: one[1])
    points = rule.points["behind"] if months >= rule.limits["months"] else 0
    return RiskSignal(rule.code, points, values={"bill": bill, "n": months})


def _letter(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    variant = "sentence" if found.notice_by else "sentence_undated"
    values = {"notice": found.notice, "date": found.notice_by}
    return RiskSignal(rule.code, rule.points.get(found.notice, 0), variant, values)


def _plan(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    if found.plan == "broken":
        return RiskSignal(rule.code, rule.points["broken"])
    if found.plan in ("no", "none") and (found.rent_months or 0) >= rule.limits["months"]:
        return RiskSignal(rule.code, rule.points["absent"], "sentence_absent")
    return None


def _income(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    now, last = found.income, found.income_last
    fell = now is not None and bool(last) and now * 100 <= (last or 0) * (100 - rule.limits["fall_percent"])
    if found.income_change == "less_lot" or fell:
        return RiskSignal(rule.code, rule.points["much"])
    return RiskSignal(rule.code, rule.points["somewhat"]) if found.income_change == "less" else None


def _adult_left(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    return RiskSignal(rule.code, rule.points.get(found.adult_left, 0))


def _conflict(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    tense = rule.points["tense"] if found.nb_rel == "bad" else 0
    return RiskSignal(rule.code, max(tense, rule.points.get(found.nb_complaint, 0)))


def _contact_lost(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    points = rule.points["missed"] if found.missed >= rule.limits["visits"] else 0
    return RiskSignal(rule.code, points, values={"n": found.missed})


def _contract_ends(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    end = found.contract_end
    if end is None or (end - found.on).days > rule.limits["days"]:
        return None
    return RiskSignal(rule.code, rule.points["ending"], values={"date": end})


def _danger(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    days = rule.limits["days"]
    if not any(since is not None and (found.on - since).days > days for since in found.dangers):
        return None
    return RiskSignal(rule.code, rule.points["waiting"], values={"days": days})


def _own_view(found: RiskInputs, rule: SignalRule) -> RiskSignal | None:
    variant = "sentence_unsure" if found.stay_feel == "unsure" else "sentence"
    return RiskSignal(rule.code, rule.points.get(found.stay_feel, 0), variant)


SIGNALS: Mapping[str, Callable[[RiskInputs, SignalRule], RiskSignal | None]] = {
    "R1": _rent_owed,
    "R2": _debt_grew,
    "R3": _bills,
    "R4": _letter,
    "R5": _plan,
    "R6": _income,
    "R7": _adult_left,
    "R8": _conflict,
    "R9": _contact_lost,
    "R10": _contract_ends,
    "R11": _danger,
    "R12": _own_view,
}


def asked(code: str, found: RiskInputs) -> bool:
    """Whether a visit gave this signal anything to look at; short visits leave most of them out."""
    return {
        "R1": found.rent_months is not None,
        "R3": bool(found.bills) or bool(found.cut),
        "R4": found.notice != "",
        "R6": found.income is not None or found.income_change not in ("", "pnts"),
        "R7": found.adult_left not in ("", "dk"),
        "R8": found.nb_rel not in ("", "pnts") or found.nb_complaint != "",
        "R11": found.repairs_asked,
        "R12": found.stay_feel not in ("", "pnts"),
    }.get(code, True)
