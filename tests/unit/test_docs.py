"""Docs are tested: what README and docs/ point to is there, and what they tell a person to type exists."""

import importlib.util
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
PICTURES = ROOT / "docs" / "pictures"
ROOMS = ("app", "forms", "sync_server", "tests", "docs", "bench", "assets", "locks")

LINK = re.compile(r"\]\(([^)\s]+)\)")
CHORE = re.compile(r"(?<![\w-])make ([a-z][a-z-]*)(?![\w/])")
MODULE = re.compile(r"python -m ([a-z_][\w.]*)")
TEST_NAME = re.compile(r"`(test_\w+)`")
PLACE = re.compile(r"`([\w-]+(?:/[\w.-]+)+/?)`")
PICTURE_TAKEN = re.compile(r"picture\(\w+, \"([\w-]+)\"")

page = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


@page
def test_links_lead_somewhere(path: Path) -> None:
    assert [link for link in _links(path) if not _leads_somewhere(path, link)] == []


@page
def test_every_make_is_a_target(path: Path) -> None:
    assert set(CHORE.findall(_commands(path))) - _targets() == set()


@page
def test_every_module_can_be_run(path: Path) -> None:
    assert [name for name in set(MODULE.findall(_text(path))) if not _is_runnable(name)] == []


@page
def test_every_named_test_is_there(path: Path) -> None:
    assert set(TEST_NAME.findall(_text(path))) - _tests() == set()


@page
def test_every_named_file_is_there(path: Path) -> None:
    named = [place for place in PLACE.findall(_text(path)) if place.split("/")[0] in ROOMS]
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_security_names_its_tests() -> None:
    """A row that says what somebody cannot do names a test, except the row that promises nothing."""
    table = _text(ROOT / "docs" / "security.md").split("## Threats")[1].split("## Known gaps")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| **")]
    assert len(rows) >= 10
    assert [row[0] for row in rows if row[1].strip() != "–" and not TEST_NAME.search(row[1])] == []


def test_the_pictures_of_readme_are_of_the_story() -> None:
    """They are taken by the browser test, and those in git are what a reader of the repository sees."""
    story = (ROOT / "tests" / "browser" / "test_story.py").read_text("utf-8")
    shown = [link for link in _links(ROOT / "README.md") if link.endswith(".png")]
    assert 1 <= len(shown) <= 8
    assert {Path(link).stem for link in shown} <= set(PICTURE_TAKEN.findall(story))
    tracked = _tracked()
    if tracked is not None:
        assert set(shown) - tracked == set()


def test_nothing_lies_about_a_machine() -> None:
    """Docs hold for every machine: no absolute path of the one they were written on."""
    found = [
        (path.name, word) for path in PAGES for word in ("/root/", "/home/", "/Users/") if word in _text(path)
    ]
    assert found == []


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _commands(path: Path) -> str:
    """What stands in code: backticks and indented or fenced blocks, line by line."""
    text = _text(path)
    fenced = re.findall(r"^```.*?$(.*?)^```", text, re.M | re.S)
    inline = re.findall(r"`([^`\n]+)`", text)
    indented = re.findall(r"^ {4}(.+)$", text, re.M)
    return "\n".join([*fenced, *inline, *indented])


def _links(path: Path) -> list[str]:
    return [link for link in LINK.findall(_text(path)) if not re.match(r"[a-z]+:", link)]


def _leads_somewhere(path: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if not target.exists():
        return False
    return not anchor or target.suffix != ".md" or anchor in _anchors(target)


def _anchors(path: Path) -> set[str]:
    """The anchors that a code host makes of headings."""
    headings = re.findall(r"^#+ (.+)$", _text(path), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@cache
def _targets() -> frozenset[str]:
    """Rules of the Makefile; what is only declared .PHONY is none."""
    return frozenset(re.findall(r"^([a-z][a-z-]*):(?!=)", _text(ROOT / "Makefile"), re.M))


def _is_runnable(name: str) -> bool:
    """Looks for the file only: importing would start the command."""
    first = name.split(".")[0]
    if not (ROOT / first).is_dir():
        return importlib.util.find_spec(first) is not None
    place = ROOT.joinpath(*name.split("."))
    return (place / "__main__.py").is_file() or place.with_suffix(".py").is_file()


@cache
def _tests() -> frozenset[str]:
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r"^\s*(?:async )?def (test_\w+)\(", text, re.M)) | {path.stem}
    return frozenset(found)


@cache
def _tracked() -> frozenset[str] | None:
    """Files in git below docs/; None where this is no checkout (an unpacked archive)."""
    listed = subprocess.run(
        ["git", "ls-files", "docs"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return frozenset(listed.stdout.splitlines()) if listed.returncode == 0 and listed.stdout else None
