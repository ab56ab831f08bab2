"""What a supervisor sets up for everybody: the programme, who visits whom, and people's names."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.programme.config import ProgrammeConfig
from app.protocol.errors import Problem
from app.protocol.roster import Roster
from app.store.store import StoredRecord
from app.usecases.programme import programme
from app.usecases.seal import assignments, keep_record, of_members, readers
from app.usecases.sharing import share_households
from app.usecases.sharing.registers import pass_on_registers
from app.usecases.worker import Worker


@dataclass(frozen=True)
class CompiledForm:
    """A form ready to be published: its ODK XForm and the media that only it uses."""

    form: str
    version: str
    xml: bytes
    media: Mapping[str, bytes] = field(default_factory=dict)


def publish_programme(
    worker: Worker,
    toml: str,
    forms: Iterable[CompiledForm],
    lists: Mapping[str, bytes],
) -> StoredRecord:
    """Signs the programme under the context of form publication and seals it to every active device.

    Raises Problem("usecase.supervisors_only"), or ProgrammeError where the programme file cannot be used.
    """
    _supervisors_only(worker)
    config = ProgrammeConfig.parse(toml)
    body = {
        "name": config.name,
        "version": config.version,
        "toml": toml,
        "forms": [_form(one) for one in forms],
        "lists": {name: data.decode() for name, data in lists.items()},
    }
    return keep_record(worker, "programme", body, devices=everybody(worker))


def bring_in(
    worker: Worker, entities: Iterable[Mapping[str, Any]], devices: Iterable[str] = ()
) -> StoredRecord:
    """Entities from an existing register (flats, tenancies): a programme record without forms of its own.

    Sealed to supervisors and to `devices` alone: arrears and addresses are for those who visit there.
    """
    _supervisors_only(worker)
    config = programme(worker).config
    body = {"name": config.name, "version": config.version, "entities": [dict(one) for one in entities]}
    ours = set(readers(worker, worker.roster())) | set(devices)
    return keep_record(worker, "programme", body, devices=sorted(ours))


def assign(worker: Worker, household: str, devices: Iterable[str]) -> StoredRecord:
    """Says which devices visit a household; from now on its records are sealed to them as well.

    Those that did not visit there before are given its history. Raises Problem("usecase.supervisors_only"),
    RosterError("roster.unknown_device" | "roster.device_revoked").
    """
    (stored,) = assign_many(worker, {household: devices})
    return stored


def assign_many(
    worker: Worker, devices_of: Mapping[str, Iterable[str]], why: str = "assigned"
) -> list[StoredRecord]:
    """Assigns many households at once (household → its devices) with one job for all their history.

    All or nothing. Raises as `assign`, and store.outbox_full where that many do not fit.
    """
    _supervisors_only(worker)
    roster = worker.roster()
    plan = {
        household: sorted({roster.active_device(name).id for name in devices})
        for household, devices in devices_of.items()
    }
    before = assignments(worker)
    new: dict[str, set[str]] = {}
    for household, chosen in plan.items():
        known = before[household].devices if household in before else ()
        for name in of_members(roster, chosen) - of_members(roster, known):
            new.setdefault(name, set()).add(household)
    try:
        with worker.store.transaction():
            kept = [_assigned(worker, roster, household, chosen) for household, chosen in plan.items()]
            pass_on_registers(worker, new)
            share_households(worker, new, why=why)
    finally:
        worker.changed()
    return kept


def hand_over(worker: Worker, old: str, new: str) -> list[StoredRecord]:
    """Another device takes the place of one (lost, or its worker left) wherever that one is assigned.

    Raises as `assign_many`.
    """
    worker.roster().active_device(new)
    found = {
        household: [new if name == old else name for name in known.devices]
        for household, known in assignments(worker).items()
        if old in known.devices
    }
    active = {name for name, device in worker.roster().devices.items() if device.active}
    return assign_many(worker, {one: set(names) & active for one, names in found.items()}, why="handed_over")


def _assigned(worker: Worker, roster: Roster, household: str, chosen: list[str]) -> StoredRecord:
    body = {"household": household, "devices": chosen}
    ours = set(readers(worker, roster)) | of_members(roster, chosen)
    return keep_record(worker, "assignment", body, devices=sorted(ours))


def introduce(worker: Worker, member: str, name: str, role: str) -> StoredRecord:
    """Tells every device the name behind a member's id. The server never learns it."""
    body = {"member": member, "name": name, "role": role}
    return keep_record(worker, "profile", body, devices=everybody(worker))


def everybody(worker: Worker) -> list[str]:
    """Every active device of the organisation."""
    return sorted(device.id for device in worker.roster().devices.values() if device.active)


def _form(one: CompiledForm) -> dict[str, Any]:
    return {
        "id": one.form,
        "version": one.version,
        "xml": one.xml.decode(),
        "media": {name: base64.b64encode(data).decode() for name, data in one.media.items()},
    }


def _supervisors_only(worker: Worker) -> None:
    if worker.role != "supervisor":
        raise Problem("usecase.supervisors_only")
