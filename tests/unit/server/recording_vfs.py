"""A SQLite VFS shim: the system's own files, with every write, cut and flush of them written down in order.

It takes the default VFS, lets that open the file, and puts a table of methods in place of the file's own that first
does the real thing and then remembers it. Works wherever Python's sqlite3 is linked with a shared library.
"""

import _sqlite3
import ctypes
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from typing import Any

NAME = b"recording"
# The name goes on as the pointer it came as: SQLite keeps it for as long as the file is open.
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
Told = Callable[..., None]  # (what, path, …)
_KEPT: list["Shim"] = []  # a file that is closed late still calls its methods


class Methods(Structure):
    """sqlite3_io_methods, version 3; what is not named here stays the real file's."""

    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("others", c_void_p * 13),
    ]


class File(Structure):
    _fields_ = [("methods", POINTER(Methods))]


class Vfs(Structure):
    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_name", c_int),
        ("following", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _OPEN),
        ("delete", _DELETE),
        ("others", c_void_p * 14),
    ]


def _library() -> Any:
    """SQLite as Python's module has it; AttributeError where its functions cannot be reached."""
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = POINTER(Vfs)
    library.sqlite3_vfs_find.argtypes = [c_char_p]
    library.sqlite3_vfs_register.argtypes = [c_void_p, c_int]
    library.sqlite3_vfs_unregister.argtypes = [c_void_p]
    library.sqlite3_libversion.restype = c_char_p
    return library


def available() -> bool:
    try:
        return bool(_library().sqlite3_libversion().decode() == sqlite3.sqlite_version)
    except (AttributeError, OSError):
        return False


class Shim:
    def __init__(self, told: Told) -> None:
        self.told = told
        self.library = _library()
        self.real = self.library.sqlite3_vfs_find(None).contents
        self.paths: dict[int, str] = {}
        self.tables: dict[int, tuple[Methods, Methods]] = {}  # the real table's address → real, ours
        self.vfs = Vfs.from_buffer_copy(self.real)
        self.vfs.name, self.vfs.following = NAME, None
        self.vfs.open = _OPEN(self._open)
        self.vfs.delete = _DELETE(self._delete)

    def _open(self, vfs: Any, name: int | None, file: int, flags: int, out: Any) -> int:
        status = int(self.real.open(ctypes.addressof(self.real), name, file, flags, out))
        opened = ctypes.cast(file, POINTER(File)).contents
        if status == 0 and name and opened.methods:
            self.paths[file] = ctypes.string_at(name).decode()
            opened.methods = ctypes.pointer(self._ours(opened.methods))
        return status

    def _delete(self, vfs: Any, name: bytes, flush: int) -> int:
        status = int(self.real.delete(ctypes.addressof(self.real), name, flush))
        if status == 0:
            self.told("delete", name.decode())
        return status

    def _ours(self, real: Any) -> Methods:
        address = ctypes.addressof(real.contents)
        if address not in self.tables:
            ours = Methods.from_buffer_copy(real.contents)
            kept = real.contents

            def write(file: int, data: int, size: int, offset: int) -> int:
                status = int(kept.write(file, data, size, offset))
                if status == 0:
                    self.told("write", self.paths[file], offset, ctypes.string_at(data, size))
                return status

            def truncate(file: int, size: int) -> int:
                status = int(kept.truncate(file, size))
                if status == 0:
                    self.told("truncate", self.paths[file], size)
                return status

            def sync(file: int, flags: int) -> int:
                status = int(kept.sync(file, flags))
                if status == 0:
                    self.told("sync", self.paths[file])
                return status

            ours.write, ours.truncate, ours.sync = _WRITE(write), _TRUNCATE(truncate), _SYNC(sync)
            self.tables[address] = (kept, ours)
        return self.tables[address][1]


@contextmanager
def recorded(told: Told) -> Iterator[None]:
    """Every database opened inside tells what it does; all of them must be closed inside too."""
    shim = Shim(told)
    _KEPT.append(shim)
    address = ctypes.addressof(shim.vfs)
    shim.library.sqlite3_vfs_register(address, 1)
    try:
        yield
    finally:
        shim.library.sqlite3_vfs_unregister(address)
