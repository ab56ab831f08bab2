"""The sentences of the risk signals, with their values, in a language of the interface."""

from datetime import date

from app.programme.risk import Risk, RiskSignal
from app.programme.rules import RiskRules, SignalRule
from app.programme.texts import say, short_date


def sentence(signal: RiskSignal, rules: RiskRules, language: str) -> str:
    """`2 months of rent are unpaid (310 lei).`"""
    rule = rules.signals[signal.code]
    text = rule.sentences.get(signal.variant) or rule.sentences["sentence"]
    values = {name: _word(rule, value, language) for name, value in signal.values.items()}
    return say(text, language).format_map(values)


def reasons(
    risk: Risk, rules: RiskRules, language: str, limit: int | None = None
) -> tuple[tuple[str, ...], int]:
    """The sentences of the largest signals, and how many more there are. `limit`: None, the rules' own."""
    shown = rules.sentences_shown if limit is None else limit
    sentences = tuple(sentence(one, rules, language) for one in risk.signals[:shown])
    return sentences, max(0, len(risk.signals) - shown)


def unasked(risk: Risk, rules: RiskRules, language: str) -> tuple[str, ...]:
    """What a short visit did not ask about, in words: silence is not safety."""
    found = [rules.signals[code].unasked for code in risk.unasked]
    return tuple(say(text, language) for text in found if text is not None)


def _word(rule: SignalRule, value: object, language: str) -> object:
    if isinstance(value, date):
        return short_date(value, language)
    if isinstance(value, str) and value in rule.words:
        return say(rule.words[value], language)
    return value
