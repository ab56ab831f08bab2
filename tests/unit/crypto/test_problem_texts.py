"""Every problem raised here exists in the catalogue and brings along what its texts mention."""

import ast
import re
from pathlib import Path

import pytest

from app.protocol.errors import catalogue

ROOT = Path(__file__).resolve().parents[3]
FILES = [
    *(ROOT / "app" / "crypto").glob("*.py"),
    *(ROOT / "app" / "admin").glob("*.py"),
    *(ROOT / "app" / "protocol" / name for name in ("keys.py", "roster.py", "statement.py")),
]
RAISERS = {"Problem", "RosterError"}


def _raised(path: Path) -> list[tuple[str, set[str | None]]]:
    """(code, names of the detail) of every problem that is made with a literal code."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        first, named = node.args[0], isinstance(node.func, ast.Name) and node.func.id in RAISERS
        parent = isinstance(node.func, ast.Attribute) and node.func.attr == "__init__"
        if (named or parent) and isinstance(first, ast.Constant) and isinstance(first.value, str):
            if parent and not re.fullmatch(r"[a-z]+\.[a-z_]+", first.value):
                continue  # a reason handed to a parent that adds the code
            found.append((first.value, {keyword.arg for keyword in node.keywords}))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_details_fill_the_texts(path: Path) -> None:
    for code, detail in _raised(path):
        entry = catalogue()[code]
        texts = " ".join((entry.title, entry.happened, entry.lost, entry.todo))
        assert set(re.findall(r"\{(\w+)\}", texts)) <= detail, code


def test_no_code_is_only_in_the_catalogue() -> None:
    sources = " ".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "app").rglob("*.py")
        if "catalogue" not in path.parts
    )
    codes = [code for code in catalogue() if code.startswith(("crypto.", "roster."))]
    assert len(codes) > 30
    assert [code for code in codes if f'"{code}"' not in sources] == []


def test_every_text_says_all_four_things() -> None:
    for code, entry in catalogue().items():
        if code.startswith(("crypto.", "roster.")):
            assert all(text.strip() for text in (entry.title, entry.happened, entry.lost, entry.todo)), code
            assert (
                not entry.title.endswith(".") and entry.happened.endswith(".") and entry.todo.endswith(".")
            ), code
