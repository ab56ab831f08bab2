"""Finds the golden material beside the project and loads its own runner."""

import importlib.util
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.shared_material import SHARED

GOLDEN = SHARED / "golden"


def there() -> bool:
    return (GOLDEN / "check_traces.py").is_file()


@cache
def runner() -> ModuleType:
    """The stdlib runner that came with the material."""
    spec = importlib.util.spec_from_file_location("golden_check_traces", GOLDEN / "check_traces.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def traces() -> list[Path]:
    """Every recorded trace."""
    return sorted([*GOLDEN.glob("traces/*.json"), *GOLDEN.glob("traces_forms/*.json")]) if there() else []


@cache
def xpath_material() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / "xpath_cases.json").read_text(encoding="utf-8"))
    return loaded
