"""The feature table is whole, points at tests that exist, and is what the page says."""

from pathlib import Path

from forms.features import DECLARED, DONE, MODEL_FUNCTIONS, UNMET, features, markdown
from forms.functions import FUNCTIONS
from forms.xpath.calls import SPECIAL
from tests.golden.expected import TRACES, XPATH

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_is_the_table() -> None:
    page = (ROOT / "docs" / "form-features.md").read_text(encoding="utf-8")
    assert page == markdown(), "run: python -m forms features > docs/form-features.md"


def test_every_function_is_listed() -> None:
    listed = {feature.name.removesuffix("()") for feature in features() if feature.area == "Functions"}
    assert set(FUNCTIONS) | set(SPECIAL) <= listed
    assert set(MODEL_FUNCTIONS).isdisjoint(FUNCTIONS)


def test_every_feature_says_where_it_is_tested_and_why_not() -> None:
    for feature in features():
        assert feature.state in (DONE, DECLARED, UNMET)
        assert feature.state == UNMET or (ROOT / feature.tested).is_file(), feature
        assert feature.state == DONE or feature.note, feature


def test_golden_exceptions_stand_in_the_table() -> None:
    stated = " ".join(feature.name for feature in features() if feature.area == "Golden")
    assert sum(int(part.split(" ")[0]) for part in stated.split("(")[1:]) == len(TRACES) + len(XPATH)


def test_the_api_page_is_what_the_docstrings_say() -> None:
    from forms import apidoc

    page = (ROOT / "docs" / "forms-api.md").read_text(encoding="utf-8")
    assert page == apidoc.markdown(), "run: python -m forms api > docs/forms-api.md"


def test_every_public_name_says_what_it_is() -> None:
    import forms

    for name in forms.__all__:
        assert getattr(forms, name).__doc__, name
