"""The markdown source: what is read is what was written, and a slip is named by its line."""

import pytest

from forms.library.source import SourceError, read_source, write_source
from tests.unit.library.sheets import FORMS, source

TWO = """
# a remark
| settings |
| | form_id |
|---|---|
| | a |

| survey |
| | type | name | constraint |
|---|---|---|---|
| | text | a | .='x' \\| .='y' |
"""


def test_reads_sheets_cells_and_escaped_pipes() -> None:
    assert read_source(TWO) == {
        "settings": [["form_id"], ["a"]],
        "survey": [["type", "name", "constraint"], ["text", "a", ".='x' | .='y'"]],
    }


def test_write_then_read_gives_the_same_and_drops_empty_columns() -> None:
    sheets = {"survey": [["type", "name", "hint"], ["text", "a|b", ""], ["note", "b", ""]]}
    assert read_source(write_source(sheets, "remark")) == {
        "survey": [["type", "name"], ["text", "a|b"], ["note", "b"]]
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("| survey |\n| | type | name |\n| | text |\n", "line 3: 1 cells where the header has 2"),
        ("| survey |\nno row\n", "line 2: a row begins and ends with |"),
    ],
)
def test_a_slip_is_named_by_its_line(text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said.replace("|", r"\|")):
        read_source(text)


@pytest.mark.parametrize("form", FORMS)
def test_every_shipped_source_is_in_its_normal_form(form: str) -> None:
    remark, _, _ = source(form).partition("\n")
    assert write_source(read_source(source(form)), remark.removeprefix("# ")) == source(form)
