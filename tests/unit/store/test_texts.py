"""Every problem raised in the store and the sync client brings the values that its sentences name."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.protocol.errors import Entry, catalogue

ROOT = Path(__file__).resolve().parents[3]


def fields(entry: Entry) -> set[str]:
    texts = (entry.title, entry.happened, entry.lost, entry.todo)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """(where, code, names of its values) of each Problem("…", …) written out in the two packages."""
    for path in sorted([*ROOT.glob("app/store/*.py"), *ROOT.glob("app/sync/*.py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem"
            ):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                yield f"{path.name}:{node.lineno}", str(node.args[0].value), names


@pytest.mark.parametrize(("where", "code", "names"), list(raised()))
def test_a_problem_brings_what_its_sentences_name(where: str, code: str, names: set[str]) -> None:
    assert code in catalogue(), where
    assert fields(catalogue()[code]) <= names, where


@pytest.mark.parametrize("code", [code for code in catalogue() if code.startswith(("store.", "sync."))])
def test_the_four_sentences_say_something_in_plain_words(code: str) -> None:
    entry = catalogue()[code]
    for text in (entry.title, entry.happened, entry.lost, entry.todo):
        assert text and (text[0].isupper() or text[0] == "{") and not text.endswith(" ")
        for jargon in (
            "SQLite",
            "HTTP 4",
            "exception",
            "None",
            "null",
            "database is",
            "checksum",
            "manifest",
        ):
            assert jargon not in text
    assert all(text.endswith(".") for text in (entry.happened, entry.lost, entry.todo))
