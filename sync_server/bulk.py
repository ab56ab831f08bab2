"""Inserting many rows with one prepared statement of the driver itself.

SQLAlchemy would convert every value of every row; ours need no conversion, and this runs for every entry.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table

from sync_server.models import StoredObject, Uploaded, table_of

_REPEATED = (table_of(StoredObject), table_of(Uploaded))
_MARKS = {"sqlite": "?", "postgresql": "%s"}


def insert_rows(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Each row holds a value for every column, in the table's order. Objects and who sent them may be there already."""
    connection.exec_driver_sql(_statement(table, connection.dialect.name), rows)


@lru_cache(maxsize=64)
def _statement(table: Table, dialect: str) -> str:
    """Names come from the models, values never enter the text."""
    names = ", ".join(column.name for column in table.columns)
    marks = ", ".join(_MARKS[dialect] for _ in table.columns)
    again = " ON CONFLICT DO NOTHING" if table in _REPEATED else ""  # equal bytes under an equal name
    return f"INSERT INTO {table.name} ({names}) VALUES ({marks}){again}"
