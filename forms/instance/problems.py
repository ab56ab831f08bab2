"""What can go wrong while an expression runs. These become data at the question; anything else is a defect."""

from __future__ import annotations

from forms.errors import FormError
from forms.functions.values import EvaluationError

PROBLEMS = (EvaluationError, FormError, ArithmeticError, ValueError, LookupError, RecursionError)
