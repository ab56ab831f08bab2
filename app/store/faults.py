"""What SQLite and the file system report, as problems of the catalogue.

One place knows SQLite's codes, so that no repository has to.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from app.protocol.errors import Problem

_BY_PRIMARY_CODE = {
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_PERM: "store.read_only",
    sqlite3.SQLITE_BUSY: "store.busy",
    sqlite3.SQLITE_LOCKED: "store.busy",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
    sqlite3.SQLITE_CANTOPEN: "store.cannot_open",
}

_BY_ERRNO = {
    errno.ENOSPC: "store.disk_full",
    errno.EDQUOT: "store.disk_full",
    errno.EFBIG: "store.disk_full",
    errno.EROFS: "store.read_only",
    errno.EACCES: "store.read_only",
    errno.EPERM: "store.read_only",
}


def problem_of(error: sqlite3.Error) -> Problem:
    """The problem that an SQLite error is."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return Problem("store.io", reason=str(error))
    primary = code & 0xFF
    return Problem(_BY_PRIMARY_CODE.get(primary, "store.io"), reason=getattr(error, "sqlite_errorname", ""))


def problem_of_os(error: OSError) -> Problem:
    """The problem of a failed file operation."""
    known = _BY_ERRNO.get(error.errno or 0, "store.io")
    return Problem(known, reason=errno.errorcode.get(error.errno or 0, "unknown"))


@contextmanager
def translated() -> Iterator[None]:
    """Raises the errors of SQLite and of the file system as problems."""
    try:
        yield
    except sqlite3.Error as error:
        raise problem_of(error) from error
    except OSError as error:
        raise problem_of_os(error) from error
