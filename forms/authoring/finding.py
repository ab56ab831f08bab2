"""What a check found in a form."""

from dataclasses import dataclass

from forms.authoring.source import Row
from forms.errors import FormError

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to mend. An "error" keeps the form from being published, a "warning" does not."""

    severity: str
    code: str
    place: str
    found: str
    mend: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.place}: {self.found}. {self.mend} [{self.code}]"


def at(row: Row, column: str = "") -> str:
    """The place of a cell in words."""
    return f"sheet {row.sheet}, row {row.number}" + (f", column {column}" if column else "")


def of_error(error: FormError) -> Finding:
    """The finding of an error that kept the form from compiling or loading."""
    return Finding(ERROR, error.code, error.place, error.found, error.mend)
