"""A forgotten passphrase, without losing unsent work: the person is enrolled anew and takes over their old shelf.

 forgotten(services, profile)     on the unlock screen: what lies there, and that it will be handed over
 begin_anew(services, profile)    the old profile is marked; enrolment makes a new one on the same tablet
 successions(worker)              the new profile finds the marked one of the same name or the same member
 take_over(worker, profile)       needs no passphrase, by design: everything on the shelf is sealed
 settle(worker)                   after a synchronisation: destroys what was wholly received
 let_go(services, profile)        the person gives up what cannot be handed over

Taking over signs nothing in the old device's name: its records keep its manifests, its files without a number and
its drafts are announced by the new device.
"""

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from app.crypto.attachment import seal_attachment
from app.protocol.errors import Problem
from app.protocol.manifest import Manifest
from app.store.files import write_atomically
from app.store.profiles import list_profiles, profile_folder, remove_profile
from app.store.safety import carry_entry, carry_file
from app.store.shelf import File, Shelf, Shelved
from app.store.store import OutboxEntry, Store
from app.usecases.drafts_box import packed_box
from app.usecases.seal import keep_record, readers
from app.usecases.services import Services
from app.usecases.worker import Worker

MARK = "forgotten.json"
_STATE = "successions"  # values: old profile → what was taken over and is not settled yet


@dataclass(frozen=True)
class Left:
    """What a profile that nobody can open still holds. `records`, `files` and `drafts` are unsent; `drafts` says
    only whether there are any, because nobody here can count them."""

    profile: str
    label: str
    records: int
    files: int
    drafts: bool

    @property
    def empty(self) -> bool:
        return not (self.records or self.files or self.drafts)


@dataclass(frozen=True)
class Succession:
    """An old profile and how far its handing over is. `taken`: this profile carries it. `missing` could not be
    read any more. `ours`: the roster says that it was the same person's, or that its device was removed."""

    left: Left
    taken: bool
    waiting: int
    missing: int
    ours: bool


def forgotten(services: Services, profile: str) -> Left:
    """What lies on a profile's shelf. Raises store.unknown_profile."""
    label = next((one.label for one in list_profiles(services.data_dir) if one.id == profile), None)
    if label is None:
        raise Problem("store.unknown_profile")
    return _left(profile, label, _shelf(services, profile).read())


def begin_anew(services: Services, profile: str) -> Left:
    """Marks a profile as one that its person cannot open any more. Unlocking it all the same takes the mark off."""
    left = forgotten(services, profile)
    at = services.clock().isoformat(timespec="seconds")
    write_atomically(_mark(services, profile), json.dumps({"at": at}).encode())
    return left


def is_forgotten(services: Services, profile: str) -> bool:
    return _mark(services, profile).exists()


def remembered(services: Services, profile: str) -> None:
    """The passphrase came back: the profile is an ordinary one again."""
    _mark(services, profile).unlink(missing_ok=True)


def successions(worker: Worker) -> list[Succession]:
    """Marked profiles of this organisation that this person may take over, or is handing over already."""
    found = []
    for info in list_profiles(worker.services.data_dir):
        if info.id == worker.profile or not is_forgotten(worker.services, info.id):
            continue
        shelved = _shelf(worker.services, info.id).read()
        if shelved.owner is not None and shelved.owner.org != worker.organisation.org:
            continue
        ours = _same_person(worker, shelved)
        state = _state(worker).get(info.id)
        if state is None and not ours and info.label.casefold() != worker.name.casefold():
            continue
        waiting = _still_waiting(worker.store, state) if state else 0
        missing = int(state["missing"]) if state else 0
        left = _left(info.id, info.label, shelved)
        found.append(Succession(left, state is not None, waiting, missing, ours))
    return found


def take_over(worker: Worker, profile: str) -> Succession:
    """Carries everything on an old profile's shelf from now on; the next synchronisation hands it over.

    Repeating it takes nothing twice. Raises store.unknown_profile, safety.other_organisation, store.disk_full.
    """
    shelf = _shelf(worker.services, profile)
    shelved = shelf.read()
    if shelved.owner is not None and shelved.owner.org != worker.organisation.org:
        raise Problem("safety.other_organisation")
    if not is_forgotten(worker.services, profile):
        raise Problem("store.unknown_profile")
    media = shelf.media()
    state = _state(worker).get(profile) or {"manifests": [], "files": [], "drafts": "", "missing": 0}
    state["missing"] = 0
    for manifest in shelved.manifests:
        _carry(worker.store, manifest, _bytes_of(shelf, media, manifest.sha256), state)
    for file in shelved.files:
        _announce(worker, file, _bytes_of(shelf, media, file.sha256), state)
    if shelved.drafts and not state["drafts"]:
        state["drafts"] = _hand_over_drafts(worker, shelf, shelved, media)
    _remember(worker, profile, state)
    return next(one for one in successions(worker) if one.left.profile == profile)


def settle(worker: Worker) -> list[str]:
    """After a synchronisation: removes every old profile of which nothing waits any more; gives their names.

    Only one of the same member, or of a removed device, by the verified roster; and only while its shelf holds
    nothing that was not taken over.
    """
    gone = []
    for one in successions(worker):
        if not one.taken or one.waiting or one.missing or not one.ours:
            continue
        if not _covers(_state(worker)[one.left.profile], _shelf(worker.services, one.left.profile).read()):
            continue
        _remove(worker, one)
        gone.append(one.left.label)
    return gone


def let_go(worker: Worker, profile: str) -> None:
    """Removes an old profile with whatever was not handed over. Only after the person said so.

    What this profile carries already is still handed over.
    """
    one = next((one for one in successions(worker) if one.left.profile == profile), None)
    if one is None:
        raise Problem("store.unknown_profile")
    _remove(worker, one)


def _remove(worker: Worker, one: Succession) -> None:
    remove_profile(worker.services.data_dir, one.left.profile)
    if worker.services.keystore is not None:
        worker.services.keystore.forget(one.left.profile)
    known = _state(worker)
    known.pop(one.left.profile, None)
    worker.store.values.set(_STATE, known)


def _carry(store: Store, manifest: Manifest, sealed: bytes | None, state: dict[str, Any]) -> None:
    if sealed is None:
        state["missing"] += 1
        return
    digest = manifest.digest()
    if digest not in state["manifests"]:
        carry_entry(store, manifest, sealed)
        state["manifests"].append(digest)


def _announce(worker: Worker, file: File, sealed: bytes | None, state: dict[str, Any]) -> None:
    """A file that the old device never numbered goes out under this device's number, to the same readers as far
    as the roster still knows them."""
    if sealed is None:
        state["missing"] += 1
        return
    if file.sha256 in state["files"]:
        return
    roster = worker.roster()
    wanted = [name for name in file.audience if name in roster.devices and roster.devices[name].active]
    audience = tuple(sorted({*wanted, *readers(worker, roster)}))
    carry_file(worker.store, File(file.sha256, len(sealed), audience, roster.epoch), sealed)
    state["files"].append(file.sha256)


def _hand_over_drafts(worker: Worker, shelf: Shelf, shelved: Shelved, media: dict[str, Path]) -> str:
    """One record for the supervisors, holding the sealed drafts and their photos as a file; gives its revision."""
    sealed = shelf.drafts() or b""
    photos = {one.sha256: media[one.sha256] for one in shelved.draft_files if one.sha256 in media}
    name = f"{worker.services.new_id()}-drafts.zip"
    target = BytesIO()
    kept = seal_attachment(BytesIO(packed_box(sealed, photos)), target, name)
    worker.store.media.put(kept.sha256, target.getvalue())
    body = {"of": shelved.owner.device if shelved.owner else "", "to": worker.device}
    devices = readers(worker, worker.roster())
    return keep_record(worker, "drafts", body, devices=devices, attachments=(kept.to_dict(),)).revision


def _still_waiting(store: Store, state: dict[str, Any]) -> int:
    carried = {Manifest.from_wire(one).digest() for one in store.carried.all()}
    waiting = sum(1 for digest in state["manifests"] if digest in carried)
    waiting += sum(1 for sha256 in state["files"] if _unsent(store.outbox.get(sha256)))
    if state["drafts"]:
        stored = store.records.get(state["drafts"])
        names = [one["sha256"] for one in stored.record["attachments"]] if stored else []
        waiting += sum(1 for name in (state["drafts"], *names) if _unsent(store.outbox.get(name)))
    return waiting


def _unsent(entry: OutboxEntry | None) -> bool:
    return entry is not None and entry.state != "received"


def _covers(state: dict[str, Any], shelved: Shelved) -> bool:
    """Whether everything on the shelf was taken over: somebody may have unlocked and used it in between."""
    return (
        {one.digest() for one in shelved.manifests} <= set(state["manifests"])
        and {one.sha256 for one in shelved.files} <= set(state["files"])
        and (bool(state["drafts"]) or not shelved.drafts)
    )


def _same_person(worker: Worker, shelved: Shelved) -> bool:
    if shelved.owner is None:
        return False
    device = worker.roster().devices.get(shelved.owner.device)
    return device is not None and (device.member == worker.member or not device.active)


def _bytes_of(shelf: Shelf, media: dict[str, Path], sha256: str) -> bytes | None:
    found = shelf.object(sha256)
    if found is None and sha256 in media:
        found = media[sha256].read_bytes()
    return found


def _left(profile: str, label: str, shelved: Shelved) -> Left:
    files = len(shelved.manifests) - shelved.records + len(shelved.files)
    return Left(profile, label, shelved.records, files, shelved.drafts)


def _shelf(services: Services, profile: str) -> Shelf:
    return Shelf(profile_folder(services.data_dir, profile))


def _mark(services: Services, profile: str) -> Path:
    return profile_folder(services.data_dir, profile) / MARK


def _state(worker: Worker) -> dict[str, Any]:
    found: dict[str, Any] = worker.store.values.get(_STATE, {})
    return found


def _remember(worker: Worker, profile: str, state: dict[str, Any]) -> None:
    worker.store.values.set(_STATE, {**_state(worker), profile: state})
