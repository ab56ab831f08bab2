"""Names of areas, from the list that the programme shipped."""

import csv
import io

from app.protocol.errors import Problem
from app.usecases.programme import programme
from app.usecases.worker import Worker

AREAS = "areas.csv"


def area_names(worker: Worker) -> dict[str, str]:
    """Code of an area → its name; empty before a programme arrived."""
    return worker.derived("areas", lambda: _read(worker), kinds=("programme",))


def area_name(worker: Worker, code: str) -> str:
    return area_names(worker).get(code, code)


def _read(worker: Worker) -> dict[str, str]:
    try:
        data = programme(worker).lists.get(AREAS, b"")
    except Problem:
        return {}
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    return {row["name"]: row["label"] for row in rows if row.get("name") and row.get("label")}
