"""Expressions on which two independent evaluators agree."""

import math
from typing import Any

import pytest

from forms.errors import FormError
from forms.functions import EvaluationError
from tests.golden.adapter import evaluate
from tests.golden.expected import XPATH
from tests.golden.material import there, xpath_material

needs_material = pytest.mark.skipif(not there(), reason="the golden material is not beside the project")


def cases() -> list[dict[str, Any]]:
    """Everything agreed that does not hang on the day it was recorded."""
    found: list[dict[str, Any]] = xpath_material()["cases"] if there() else []
    return [case for case in found if case["peers"] == "agree" and not case.get("time_dependent")]


def parameters() -> list[object]:
    marks = {name: pytest.mark.xfail(strict=True, reason=reason) for name, reason in XPATH.items()}
    return [
        pytest.param(case, id=case["id"], marks=[marks[case["id"]]] if case["id"] in marks else [])
        for case in cases()
    ]


@needs_material
@pytest.mark.parametrize("case", parameters())
def test_case(case: dict[str, Any]) -> None:
    document = xpath_material()["docs"].get(case["doc"])
    if case["type"] == "error":
        with pytest.raises((FormError, EvaluationError)):
            evaluate(case["expr"], document, case["context"], "error")
        return
    got = evaluate(case["expr"], document, case["context"], case["type"])
    if case["type"] == "nodes":
        assert summary([(node.xpath_kind, node.text) for node in got]) == summary(recorded(case)), case[
            "expr"
        ]
    elif case["type"] == "number":
        assert same_number(got, number(case["expected"])), (
            f"{case['expr']}: got {got}, not {case['expected']}"
        )
    else:
        assert got == case["expected"], case["expr"]


def recorded(case: dict[str, Any]) -> list[tuple[str, str]]:
    kinds = {"/": "document", "/?": "doctype"}
    return [
        (kinds.get(path, "text" if path.rpartition("/")[2].startswith("text()") else "node"), text)
        for path, text in zip(case["expected"], case["strings"], strict=True)
    ]


def summary(nodes: list[tuple[str, str]]) -> tuple[list[str], str]:
    """The texts of the nodes, and all text nodes in one: browsers count CDATA apart and a document type as a
    node, which XPath's data model does not, and they give the root no text."""
    others = [text for kind, text in nodes if kind not in ("text", "document", "doctype")]
    return others, "".join(text for kind, text in nodes if kind == "text")


def number(expected: object) -> float:
    return float(str(expected).replace("Infinity", "inf"))


def same_number(got: float, expected: float) -> bool:
    if math.isnan(expected):
        return math.isnan(got)
    return got == expected or abs(got - expected) <= 1e-9 * max(1.0, abs(expected))


@needs_material
def test_every_listed_exception_exists() -> None:
    assert set(XPATH) <= {case["id"] for case in cases()}
