"""The shipped programmes: one folder each, with XLSForms, fixed lists and `programme.toml`.

A programme folder holds, for every form, a diffable source `<form>.md` (markdown tables that pyxform
reads) and the `<form>.xlsx` built from it by `python -m forms.library.build`; `lists/*.csv` are the fixed
lists its questions choose from; `programme.toml` says everything that is not a question.
"""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class ProgrammeFolder:
    """The files of one shipped programme, as they lie on disk."""

    name: str
    path: Path

    @property
    def toml(self) -> str:
        return (self.path / "programme.toml").read_text(encoding="utf-8")

    def sources(self) -> dict[str, Path]:
        """Form id → its markdown source, in the order of the alphabet."""
        return {path.stem: path for path in sorted(self.path.glob("*.md"))}

    def xlsforms(self) -> dict[str, Path]:
        """Form id → the workbook that pyxform compiles and that any ODK server accepts."""
        return {path.stem: path for path in sorted(self.path.glob("*.xlsx"))}

    def lists(self) -> dict[str, str]:
        """File name → text of every fixed list."""
        files = sorted((self.path / "lists").glob("*.csv"))
        return {path.name: path.read_text(encoding="utf-8") for path in files}


def programmes() -> list[str]:
    """Names of the programmes in this folder."""
    return sorted(path.parent.name for path in HERE.glob("*/programme.toml"))


def programme(name: str) -> ProgrammeFolder:
    """The folder of the programme `name`; raises FileNotFoundError where there is none."""
    path = HERE / name
    if not (path / "programme.toml").is_file():
        raise FileNotFoundError(f"no programme called {name!r} in the library")
    return ProgrammeFolder(name, path)
