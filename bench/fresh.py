"""Loads generated forms in fresh processes, so that nothing is warm."""

import importlib.util
import os
import statistics
import subprocess
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("DOORSTEP_SHARED", ROOT.parent / "shared"))
# On a busy machine a load waits for its turn. Loading reads two files and computes, so time beyond the processor
# time, with a little on top, is somebody else's.
PATIENCE = 1.05


def generator() -> ModuleType:
    """The deterministic form generator; SystemExit with a clear message where it is not there."""
    path = SHARED / "perf" / "genforms.py"
    if not path.is_file():
        raise SystemExit(
            f"The form generator is not there: {path}. Set DOORSTEP_SHARED to the reference material."
        )
    spec = importlib.util.spec_from_file_location("genforms", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def form(name: str) -> bytes:
    xml: str = generator().STD[name]()
    return xml.encode()


class Fresh:
    """Loads forms in fresh processes, with the forms in files so that making them costs the child nothing."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder = folder
        self.runs = runs
        # An installed app has compiled modules; they go into the temporary folder, and one load makes them.
        self.environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "pycache")}
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        path = folder / "warm.xml"
        path.write_bytes(form("flat100"))
        self._run("load", str(path))
        self.bare = self._run("bare")[2]

    def load(self, name: str) -> tuple[float, float]:
        """Milliseconds from importing the engine to a new instance; MB above the bare interpreter."""
        path = self.folder / f"{name}.xml"
        path.write_bytes(form(name))
        return self._figures("load", path)

    def cached(self, name: str) -> tuple[float, float]:
        """The same from the compiled cache."""
        import forms

        path = self.folder / f"{name}.bin"
        path.write_bytes(forms.load_xform(form(name)).to_cache())
        return self._figures("cached", path)

    def _figures(self, what: str, path: Path) -> tuple[float, float]:
        runs = [self._run(what, str(path)) for _ in range(self.runs)]
        took = statistics.median(min(run[0], run[1] * PATIENCE) for run in runs)
        return took, statistics.median(run[2] for run in runs) - self.bare

    def _run(self, *arguments: str) -> tuple[float, float, float]:
        command = [sys.executable, "-m", "bench.child", *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=self.environment, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        took, work, resident = done.stdout.split()
        return float(took), float(work), float(resident)
