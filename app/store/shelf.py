"""The shelf: unsent work once more, outside the database, readable without anybody's passphrase and by nobody.

 profiles/<id>/unsent/of.json            which device and organisation this is; both stand in every manifest
                      <seq>.json         the signed manifest of a numbered entry
                      <sha256>.json      of a file without a number yet: its hash, size, readers, epoch
                      <sha256>.age       the sealed record; photos lie in `media/` and are found by their hash
                      drafts.age         drafts, sealed to the supervisors and the recovery key
                      drafts.json        hashes and sizes of the drafts' photos

Nothing here says more than the server will learn when the work is sent. Whoever takes it over can hand it on and
open none of it. An entry lies here before its transaction ends and until its receipt was verified.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.store.faults import translated
from app.store.files import write_atomically
from app.store.store import OutboxEntry, Store, tidying

FOLDER = "unsent"
OWNER = "of.json"
DRAFTS = "drafts.age"
DRAFT_FILES = "drafts.json"
# Copies for further readers: the log has the originals, and whoever can seal again makes them again.
_ELSEWHERE = frozenset({"resealed", "announced"})
_NUMBERED = re.compile(r"\d{12}\.json")
_NOTED = re.compile(r"[0-9a-f]{64}\.json")
_OBJECT = re.compile(r"[0-9a-f]{64}\.age")


@dataclass(frozen=True)
class File:
    """A sealed file that is still without a number; `audience` and `epoch` are what its manifest will say."""

    sha256: str
    size: int
    audience: tuple[str, ...] = ()
    epoch: int = 0


@dataclass(frozen=True)
class Owner:
    """Whose shelf this is, in the words of the roster."""

    device: str
    org: str


@dataclass(frozen=True)
class Shelved:
    """What lies on a shelf: manifests by number (`records` of them with their object here, the others announce
    files), files without a number, whether there are drafts, and the drafts' photos."""

    owner: Owner | None
    manifests: tuple[Manifest, ...]
    records: int
    files: tuple[File, ...]
    drafts: bool
    draft_files: tuple[File, ...]

    @property
    def empty(self) -> bool:
        return not (self.manifests or self.files or self.drafts)


class Shelf:
    """One profile's shelf."""

    def __init__(self, profile_folder: Path) -> None:
        self.folder = profile_folder / FOLDER
        self._media = profile_folder / "media"

    def claim(self, owner: Owner) -> None:
        """Says whose it is; once is enough. Raises store.disk_full, store.read_only."""
        with translated():
            self.folder.mkdir(exist_ok=True)
        if not (self.folder / OWNER).exists():
            self._write(OWNER, {"device": owner.device, "org": owner.org})

    def put(self, entry: OutboxEntry) -> None:
        """Lays an entry down, its object first. Raises store.disk_full, store.read_only."""
        if entry.sealed is not None and not (self.folder / f"{entry.sha256}.age").exists():
            write_atomically(self.folder / f"{entry.sha256}.age", entry.sealed)
        self._write(_name(entry), _note(entry))
        if entry.numbered:
            self._remove([f"{entry.sha256}.json"])

    def take_down(self, entries: Iterable[OutboxEntry]) -> None:
        """Removes entries whose transaction was undone. What stays behind is removed by the next `reconcile`."""
        with tidying():
            for entry in entries:
                self._remove([_name(entry), f"{entry.sha256}.age"])

    def keep_only(self, entries: Iterable[OutboxEntry]) -> None:
        """Removes what is not among `entries`: it was received."""
        kept = list(entries)
        wanted = {_name(entry) for entry in kept} | {f"{entry.sha256}.age" for entry in kept}
        there = self._names(_NUMBERED, _NOTED, _OBJECT)
        # Notes before objects: a kill in between must not leave a note whose object is gone.
        self._remove(sorted(there - wanted, key=lambda name: name.endswith(".age")))

    def reconcile(self, store: Store) -> None:
        """Makes the shelf what the outbox says: after unlocking and after every synchronisation."""
        waiting = [one for one in store.outbox.waiting() if one.numbered or one.role not in _ELSEWHERE]
        self.keep_only(waiting)
        for entry in waiting:
            if self._json(_name(entry)) != _note(entry):  # not here, or numbered anew since
                whole = store.outbox.get(entry.revision)
                if whole is not None:
                    self.put(whole)

    def put_drafts(self, sealed: bytes | None, files: Iterable[File] = ()) -> None:
        """Replaces the sealed drafts; None where there are none."""
        if sealed is None:
            self._remove([DRAFTS, DRAFT_FILES])
            return
        self._write(DRAFT_FILES, [{"sha256": one.sha256, "size": one.size} for one in files])
        write_atomically(self.folder / DRAFTS, sealed)

    def read(self) -> Shelved:
        """What lies here; a note that cannot be read is left out."""
        manifests = [one for one in map(self._manifest, self._names(_NUMBERED)) if one is not None]
        files = [one for one in map(self._file, self._names(_NOTED)) if one is not None]
        return Shelved(
            owner=self._owner(),
            manifests=tuple(sorted(manifests, key=lambda one: one.seq)),
            records=sum(1 for one in manifests if (self.folder / f"{one.sha256}.age").exists()),
            files=tuple(sorted(files, key=lambda one: one.sha256)),
            drafts=(self.folder / DRAFTS).exists(),
            draft_files=tuple(_draft_files(self._json(DRAFT_FILES))),
        )

    def object(self, sha256: str) -> bytes | None:
        """A sealed record from here; None where it is missing or not what its name says."""
        path = self.folder / f"{sha256}.age"
        if not path.exists():
            return None
        with translated():
            data = path.read_bytes()
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def drafts(self) -> bytes | None:
        path = self.folder / DRAFTS
        with translated():
            return path.read_bytes() if path.exists() else None

    def media(self) -> dict[str, Path]:
        """The profile's sealed files by the hash of their bytes: their names are keyed and tell nobody."""
        found: dict[str, Path] = {}
        for path in self._media.glob("*.age") if self._media.exists() else ():
            with translated(), open(path, "rb") as file:
                found[hashlib.file_digest(file, "sha256").hexdigest()] = path
        return found

    def _owner(self) -> Owner | None:
        found = self._json(OWNER)
        if isinstance(found, dict) and all(isinstance(found.get(name), str) for name in ("device", "org")):
            return Owner(found["device"], found["org"])
        return None

    def _manifest(self, name: str) -> Manifest | None:
        try:
            return Manifest.from_wire(self._json(name))
        except Problem:
            return None

    def _file(self, name: str) -> File | None:
        found = self._json(name)
        try:
            return File(
                str(found["sha256"]),
                int(found["size"]),
                tuple(map(str, found["audience"])),
                int(found["epoch"]),
            )
        except (KeyError, TypeError, ValueError):
            return None

    def _json(self, name: str) -> Any:
        try:
            return json.loads((self.folder / name).read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def _names(self, *patterns: re.Pattern[str]) -> set[str]:
        if not self.folder.exists():
            return set()
        return {
            path.name
            for path in self.folder.iterdir()
            if any(pattern.fullmatch(path.name) for pattern in patterns)
        }

    def _write(self, name: str, content: Any) -> None:
        write_atomically(self.folder / name, json.dumps(content).encode())

    def _remove(self, names: Iterable[str]) -> None:
        with translated():
            for name in names:
                (self.folder / name).unlink(missing_ok=True)


def _name(entry: OutboxEntry) -> str:
    return f"{entry.sha256}.json" if entry.seq is None else f"{entry.seq:012}.json"


def _note(entry: OutboxEntry) -> dict[str, Any]:
    if entry.manifest is not None:
        return entry.manifest
    return {
        "sha256": entry.sha256,
        "size": entry.size,
        "audience": sorted(entry.audience),
        "epoch": entry.epoch,
    }


def _draft_files(found: Any) -> Iterator[File]:
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and isinstance(one.get("sha256"), str) and type(one.get("size")) is int:
            yield File(one["sha256"], one["size"])
