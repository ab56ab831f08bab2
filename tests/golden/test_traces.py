"""Recorded sessions of other engines, replayed here: after every step the complete state must be the same."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.golden.adapter import make
from tests.golden.expected import TRACES
from tests.golden.material import runner, there, traces

needs_material = pytest.mark.skipif(not there(), reason="the golden material is not beside the project")


def agreed() -> list[Path]:
    """The traces with any nodes on which both recording engines gave the same."""
    loaded = [(path, json.loads(path.read_bytes())) for path in traces()]
    return [path for path, trace in loaded if trace["javarosa"]["status"] == "agree" and trace["initial"]]


def parameters() -> list[object]:
    marks = {name: pytest.mark.xfail(strict=True, reason=reason) for name, reason in TRACES.items()}
    return [
        pytest.param(path, id=path.stem, marks=[marks[path.stem]] if path.stem in marks else [])
        for path in agreed()
    ]


def comparable(trace: dict[str, Any]) -> list[str]:
    """The nodes that the runner compares: not repeat ranges, not the meta block."""
    meta = re.compile(r"^/[^/]+/([^/]*:)?meta(/|$)")
    rows = trace["initial"].items()
    return [ref for ref, row in rows if not row["kind"].startswith("repeat-range") and not meta.match(ref)]


@needs_material
@pytest.mark.parametrize("path", parameters())
def test_trace(path: Path) -> None:
    trace = json.loads(path.read_bytes())
    checks, failures = runner().run_trace(trace, make, runner().FIELDS)
    report = "\n".join(
        f"step {s} {ref} {field}: got {got!r}, not {want!r}" for s, ref, field, got, want in failures[:12]
    )
    assert checks > 0 or not comparable(trace)
    assert not failures, f"{trace['source'].get('test', path.stem)}\n{report}"


@needs_material
def test_every_listed_exception_exists() -> None:
    assert set(TRACES) <= {path.stem for path in agreed()}
