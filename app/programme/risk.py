"""Eviction-risk signals: points added in the open, each with its sentence. A prompt for a human, no decision.

The rules (points, limits, sentences) come from the programme. Ethnicity, nationality, health, disability,
violence, wellbeing, the number of children and housekeeping are never inputs.
"""

from dataclasses import dataclass
from datetime import date

from app.programme.risk_inputs import RiskInputs
from app.programme.risk_signals import SIGNALS, RiskSignal, asked
from app.programme.rules import RiskRules


@dataclass(frozen=True)
class Risk:
    """`level`: steady, watch, high, urgent. `signals`: largest first. `unasked`: codes without any input."""

    on: date
    points: int
    level: str
    signals: tuple[RiskSignal, ...]
    unasked: tuple[str, ...] = ()

    def stale(self, rules: RiskRules, today: date) -> bool:
        """Whether it is so old that it is shown grey, with its date."""
        return (today - self.on).days > rules.stale_after_days


def assess(inputs: RiskInputs, rules: RiskRules) -> Risk:
    """The points, the level and every signal of one visit."""
    fired, unasked = [], []
    for code, rule in rules.signals.items():
        found = SIGNALS[code](inputs, rule) if code in SIGNALS else None
        if found is not None and found.points > 0:
            fired.append(found)
        elif rule.unasked is not None and not asked(code, inputs):
            unasked.append(code)
    points = sum(one.points for one in fired)
    fired.sort(key=lambda one: -one.points)
    return Risk(inputs.on, points, level_of(points, fired, rules), tuple(fired), tuple(unasked))


def level_of(points: int, signals: list[RiskSignal], rules: RiskRules) -> str:
    """The level of so many points; one signal alone can be urgent."""
    if any(one.points >= rules.urgent_signal_points for one in signals):
        return rules.levels[-1].level
    return [one.level for one in rules.levels if points >= one.start][-1]


def from_tenancy(level: str, score: str, codes: str, on: date, rules: RiskRules) -> Risk:
    """What a tenancy kept of its last visit: the codes, without the values that the sentences want."""
    known = [code for code in codes.split() if code in rules.signals]
    signals = tuple(RiskSignal(code, 0, "plain") for code in known)
    return Risk(on, int(score) if score.isdecimal() else 0, level or "steady", signals)


__all__ = ["Risk", "RiskInputs", "RiskSignal", "assess", "from_tenancy", "level_of"]
