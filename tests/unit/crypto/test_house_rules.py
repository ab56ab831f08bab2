"""Rules of the folder itself: where randomness comes from, and which modules are allowed."""

import ast
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLACES = ("crypto", "protocol", "store", "sync")
FILES = sorted(path for place in PLACES for path in (ROOT / "app" / place).rglob("*.py"))
TOO_NEW = ("argon2", "hpke", "mlkem", "mldsa", "XAES")  # what cryptography 43.0.1 does not have


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_random_module(path: Path) -> None:
    """A draft's id is a uuid4, which is the operating system's randomness; keys never are."""
    allowed = {"uuid"} if path.parent.name == "store" else set()
    assert not _imports(path) & {"random", "numpy.random", "uuid"} - allowed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_newer_than_the_tablets_have(path: Path) -> None:
    assert not [name for name in _imports(path) for new in TOO_NEW if new.lower() in name.lower()]


def test_bandit_is_clean() -> None:
    """Nothing is excused where keys and what is signed are made."""
    strict = tuple(f"app/{place}/" for place in PLACES)
    assert [one for one in _findings("app", "sync_server") if one[0].startswith(strict)] == []


# What bandit finds elsewhere and why it may stay. Asserts are looked at one by one below; words that look like
# passwords are a guess (routes, empty defaults, the demo's known passphrases) that only counts in the folders above.
GUESSES = {"B105", "B106", "B107"}
EXCUSED = {
    ("app/demo/population.py", "B311"): "the same synthetic people in every demo",
    ("app/demo/processes.py", "B404"): "starts the demo's own server",
    ("app/demo/processes.py", "B603"): "starts the demo's own server",
    ("app/programme/answers.py", "B314"): "expat itself refuses to expand entities without end (test below)",
    ("app/programme/answers.py", "B405"): "see B314",
    ("app/usecases/retention.py", "B314"): "see above",
    ("app/usecases/retention.py", "B405"): "see above",
    ("sync_server/bulk.py", "B608"): "names of our own tables and columns",
    ("sync_server/checking.py", "B404"): "its own process for checking signatures",
    ("sync_server/checking.py", "B603"): "its own process for checking signatures",
    ("sync_server/testing.py", "B310"): "asks the server that it started on loopback",
    ("sync_server/testing.py", "B404"): "starts a server for tests",
    ("sync_server/testing.py", "B603"): "starts a server for tests",
}


def test_bandit_finds_nothing_unexplained_in_the_app_and_the_server() -> None:
    found = _findings("app", "sync_server")
    assert {one for one in found if one[1] not in GUESSES} - set(EXCUSED) == set()


def test_bandit_would_find_a_planted_fault(tmp_path: Path) -> None:
    """The two tests above can fail."""
    planted = tmp_path / "planted.py"
    planted.write_text("import random\nimport pickle\nkey = random.randbytes(32)\npickle.loads(key)\n")
    found = {code for _, code in _findings(str(planted))}
    assert {"B301", "B311"} <= found


def test_asserts_only_narrow_types() -> None:
    """`python -O` drops them, so no check of anything that comes from outside may be one."""
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "sync_server").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assert):
                tests = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
                for test in tests:
                    narrowing = isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot)
                    assert narrowing, f"{path}:{node.lineno}"


def test_entities_without_end_are_not_expanded() -> None:
    """A submission written by a dishonest device may be any XML: the parser's own limit holds."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "x">{entities}]><d>&e9;</d>'
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(bomb)


@cache
def _findings(*places: str) -> "Counter[tuple[str, str]]":
    """(file, test) of everything bandit finds, asserts aside."""
    pytest.importorskip("bandit", reason="bandit is not installed here")
    checked = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-f", "json", "-s", "B101", "-r", *places],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(checked.stdout)
    assert report["errors"] == [] and report["metrics"]["_totals"]["loc"] > 0
    return Counter((one["filename"], one["test_id"]) for one in report["results"])
