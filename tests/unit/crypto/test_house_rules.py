"""Rules of the folder itself: where randomness comes from, and which modules are allowed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted([*(ROOT / "app" / "crypto").glob("*.py"), *(ROOT / "app" / "protocol").rglob("*.py")])
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
    assert not _imports(path) & {"random", "numpy.random", "uuid"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_newer_than_the_tablets_have(path: Path) -> None:
    assert not [name for name in _imports(path) for new in TOO_NEW if new.lower() in name.lower()]


def test_bandit_is_clean() -> None:
    pytest.importorskip("bandit", reason="bandit is not installed here")
    checked = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-r", "app/crypto", "app/protocol"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
