"""XPath and ODK functions that need no model: text, numbers, dates, selections, geometry, digests."""

from forms.functions.registry import FUNCTIONS, Function
from forms.functions.values import (
    COERCIONS,
    DateText,
    EvaluationError,
    NodeSet,
    Value,
    to_boolean,
    to_number,
    to_string,
)

__all__ = [
    "COERCIONS",
    "FUNCTIONS",
    "DateText",
    "EvaluationError",
    "Function",
    "NodeSet",
    "Value",
    "to_boolean",
    "to_number",
    "to_string",
]
