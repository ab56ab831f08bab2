"""The integrity check, and its plain report."""

from dataclasses import dataclass, field

from app.protocol.errors import Problem
from app.store.database import Database
from app.store.generation import Age
from app.store.rows import EncryptedBackend

TABLES = ("record", "draft", "draft_snapshot", "outbox", "sealed", "value", "quarantine", "index_snapshot")


@dataclass(frozen=True)
class Report:
    """`structure` holds SQLite's own findings, `damaged` the number of unreadable rows by table.

    `rows` counts rows by table; `full` says whether every box was opened; `clean` whether the app had
    closed the store properly the last time; `age` whether the file is the newest one (`generation.py`).
    """

    clean: bool
    full: bool
    structure: tuple[str, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    damaged: dict[str, int] = field(default_factory=dict)
    age: Age = "current"

    @property
    def ok(self) -> bool:
        """Whether everything in the file can be read; it may still be an earlier copy of it."""
        return not self.structure and not self.damaged

    def lines(self) -> list[str]:
        """The report for whoever looks after the device, one finding a line."""
        found = [f"The file is damaged: {finding}" for finding in self.structure]
        found += [
            f"{count} of {self.rows[name]} rows of {name} cannot be read"
            for name, count in self.damaged.items()
        ]
        if self.age == "older":
            found.append("An earlier copy of the file was put back: what came after it is missing here.")
        elif self.age == "unmarked":
            found.append("The mark of the file's age is missing: nobody can tell whether it is the newest.")
        if found:
            return found
        opened = f", all {sum(self.rows.values())} rows opened" if self.full else ""
        return [f"The store is in order{opened}."]

    def problems(self) -> list[Problem]:
        """The same for the person who unlocks, in the words of the catalogue; empty when all is well. A missing
        mark alone is no reason to worry anybody: it is in `lines()`."""
        found = []
        if self.structure:
            found.append(Problem("store.found_damaged"))
        if self.damaged:
            found.append(Problem("store.rows_unreadable", count=sum(self.damaged.values())))
        if self.age == "older":
            found.append(Problem("store.put_back"))
        return found


def structure(database: Database) -> tuple[str, ...]:
    """SQLite's quick_check: pages, order, missing rows; empty when all is well."""
    try:
        found = [str(row[0]) for row in database.rows("PRAGMA quick_check(20)")]
    except Problem as problem:
        return (str(problem),)
    return tuple(line for line in found if line != "ok")


def examine(
    database: Database, backend: EncryptedBackend, clean: bool, *, full: bool, age: Age = "current"
) -> Report:
    """Checks the file, and with `full` opens every box. Changes nothing."""
    findings = structure(database)
    rows: dict[str, int] = {}
    damaged: dict[str, int] = {}
    for name in TABLES if full else ():
        table = backend.table(name)
        rows[name] = sum(1 for _ in table.scan()) + table.damaged()
        if table.damaged():
            damaged[name] = table.damaged()
    return Report(clean=clean, full=full, structure=findings, rows=rows, damaged=damaged, age=age)
