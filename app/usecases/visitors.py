"""Who visits a household: people, not devices. A supervisor chooses, and whoever is new there gets its history."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.protocol.errors import Problem
from app.usecases.enrolment.people import member_names
from app.usecases.publish import assign
from app.usecases.seal import assigned_devices
from app.usecases.worker import Worker


@dataclass(frozen=True)
class Visitor:
    """One fieldworker with a device in use; `assigned` as the household's latest assignment says."""

    member: str
    name: str
    assigned: bool


def visitors(worker: Worker, household: str) -> list[Visitor]:
    """Every fieldworker who could visit, by name. Raises Problem("usecase.supervisors_only")."""
    if worker.role != "supervisor":
        raise Problem("usecase.supervisors_only")
    names, devices = member_names(worker), _fieldworkers(worker)
    assigned = set(assigned_devices(worker, household))
    found = [Visitor(one, names.get(one, ""), bool(assigned & owned)) for one, owned in devices.items()]
    return sorted(found, key=lambda one: (one.name.casefold(), one.member))


def choose_visitors(worker: Worker, household: str, members: Iterable[str]) -> None:
    """From now on these people's devices read what is recorded there; their new ones get what was before.

    Raises Problem: usecase.supervisors_only, store.…; naming the same people again changes nothing.
    """
    wanted = set(members)
    if {one.member for one in visitors(worker, household) if one.assigned} == wanted:
        return
    devices = _fieldworkers(worker)
    assign(worker, household, sorted(name for member in wanted for name in devices.get(member, ())))


def _fieldworkers(worker: Worker) -> dict[str, set[str]]:
    """Member → their active fieldwork devices."""
    found: dict[str, set[str]] = {}
    for device in worker.roster().devices.values():
        if device.active and device.role == "fieldworker":
            found.setdefault(device.member, set()).add(device.id)
    return found
