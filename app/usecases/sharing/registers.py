"""What an existing register says of a household, for whoever is newly assigned to it.

A register is brought in with many households at once, and each of its readers visits all of them. Nobody is given
the whole of it for one household's sake: what it says of that household is published anew, for its readers alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.protocol.errors import Problem
from app.store.store import StoredRecord
from app.usecases.programme import programme
from app.usecases.seal import in_log_order, keep_record, readers
from app.usecases.sharing.rights import Rights, household_of
from app.usecases.worker import Worker


def pass_on_registers(worker: Worker, households: Mapping[str, Iterable[str]]) -> list[StoredRecord]:
    """Device → households it is newly assigned to. Gives the records made, one for each group of devices.

    Inside the transaction of the assignments. Raises Problem("store.…").
    """
    registers = [one for one in worker.store.records.all("programme") if not one.record["body"].get("toml")]
    registers.sort(key=in_log_order)
    if not registers or not households:
        return []
    rights = Rights.of(worker)
    groups: dict[frozenset[str], set[str]] = {}
    for household in set().union(*households.values()):
        devices = frozenset(name for name, ours in households.items() if household in set(ours))
        groups.setdefault(devices, set()).add(household)
    made = (_publish(worker, rights, registers, devices, about) for devices, about in groups.items())
    return [one for one in made if one is not None]


def _publish(
    worker: Worker, rights: Rights, registers: list[StoredRecord], devices: frozenset[str], about: set[str]
) -> StoredRecord | None:
    operations = _said_of(rights, registers, devices, about)
    if not operations:
        return None
    try:
        config = programme(worker).config
    except Problem:
        return None  # without rules nobody can use it yet
    body = {"name": config.name, "version": config.version, "entities": operations}
    ours = sorted({*readers(worker, rights.roster), *devices})
    return keep_record(worker, "programme", body, devices=ours)


def _said_of(
    rights: Rights, registers: list[StoredRecord], devices: frozenset[str], about: set[str]
) -> list[dict[str, Any]]:
    """One `create` for each entity about these households, as the registers leave it.

    Later registers amend earlier ones. What all these devices may read in a register is left out. An entity that
    a reader has already stays as it is: creating it again changes nothing (`EntityStore`).
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    owner: dict[tuple[str, str], str] = {}
    for stored in registers:
        known = all(rights.reads_register(name, stored.revision) for name in devices)
        for one in stored.record["body"].get("entities", ()):
            key = (one["list_name"], one["entity_id"])
            owner[key] = household_of(one) or owner.get(key, "")
            if known or owner[key] not in about:
                continue
            before = found.get(key, {"properties": {}, "label": None})
            found[key] = {
                "list_name": one["list_name"],
                "entity_id": one["entity_id"],
                "operation": "create",
                "label": one.get("label") or before["label"],
                "properties": {**before["properties"], **one.get("properties", {})},
                "base_version": None,
            }
    return list(found.values())
