"""Canary words in a tablet's whole day: in no file of the data, temporary, working or home folder, in no log, and in
nothing that the process says when it dies."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.demo.places import PASSPHRASES, WORKERS, Places
from tests.usecases.conftest import household  # noqa: F401 - the fixtures of this folder

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
WORDS = "Canarul-Zăpodeanu-4711"
CRASHES = {"closed": 0, "exception": 1, "problem": 1, "abort": -6}


def needles(words: str) -> list[bytes]:
    """The words as they could stand in a file: three encodings, their plain part, and inside base64 text."""
    plain = words.split("-")[0]
    found = [words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")] + [plain.encode()]
    for shift in range(3):
        inside = base64.b64encode(b"x" * shift + words.encode())
        found.append(inside[4:-4])
    return [*found, words.encode().hex().encode(), PASSPHRASES[WORKERS[0]].encode()]


def readable(folder: Path, words: str) -> list[str]:
    return [
        f"{path.relative_to(folder)}: {needle!r}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for needle in needles(words)
        if needle in path.read_bytes()
    ]


@pytest.mark.parametrize("how", CRASHES)
def test_canary_words_are_in_no_file_no_log_and_no_last_words(demo: Places, tmp_path: Path, how: str) -> None:
    aside = tmp_path / "aside"
    for name in ("temp", "work", "home"):
        (aside / name).mkdir(parents=True)
    environment = {
        **os.environ,
        **dict.fromkeys(("TMPDIR", "TMP", "TEMP", "SQLITE_TMPDIR"), str(aside / "temp")),
        **dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(aside / "home")),
        "PYTHONPATH": str(ROOT),
        "PYTHONFAULTHANDLER": "1",
    }
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "tests.usecases.canary", str(demo.home), str(demo.port),
         WORDS.encode().hex(), how],
        cwd=aside / "work", env=environment, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert ended.returncode == CRASHES[how], ended.stderr.decode()
    last_words = ended.stdout + ended.stderr
    (aside / "last-words").write_bytes(last_words)
    assert (b"Traceback" in last_words) == (how in ("exception", "problem"))
    assert (b"Fatal Python error" in last_words) == (how == "abort")
    assert (aside / "temp" / "everything.log").stat().st_size > 200
    assert readable(aside, WORDS) == [] and readable(demo.home, WORDS) == []
    assert not [path for path in aside.rglob("core*")]


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """The test above can fail."""
    for n, text in enumerate((WORDS, "xx" + WORDS, PASSPHRASES[WORKERS[0]])):
        (tmp_path / f"{n}.txt").write_text(text)
    (tmp_path / "base64").write_bytes(base64.b64encode(b"before " + WORDS.encode() + b" and after"))
    (tmp_path / "wide").write_bytes(WORDS.encode("utf-16-le"))
    assert {line.split(":")[0] for line in readable(tmp_path, WORDS)} == {
        "0.txt",
        "1.txt",
        "2.txt",
        "base64",
        "wide",
    }
