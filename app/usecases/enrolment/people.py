"""Who belongs: people with their names (from sealed records) and devices (from the signed roster)."""

from collections.abc import Mapping

from app.crypto.wordlist import device_words
from app.protocol.roster import ROOT, Device, Statement
from app.usecases.enrolment_views import DeviceView, PersonView
from app.usecases.publish import introduce
from app.usecases.seal import in_log_order
from app.usecases.worker import Worker


def people(worker: Worker) -> list[PersonView]:
    """Everybody who has or had a device, by name; those without an active device last."""
    names, dates = member_names(worker), _dates(worker)
    by_member: dict[str, list[DeviceView]] = {}
    for device in worker.roster().devices.values():
        by_member.setdefault(device.member, []).append(_device(worker, device, dates))
    found = [_person(member, names.get(member, ""), devices) for member, devices in by_member.items()]
    return sorted(found, key=lambda one: (not one.role, one.name.casefold(), one.member))


def member_names(worker: Worker) -> dict[str, str]:
    """Member id → the newest name that a supervisor gave; one's own name is always known."""
    records = sorted(worker.store.records.all("profile"), key=in_log_order)
    found = {stored.record["body"]["member"]: str(stored.record["body"]["name"]) for stored in records}
    return {worker.member: worker.name, **found}


def introduce_once(worker: Worker, member: str, name: str, role: str) -> None:
    """Tells everybody the name behind a member's id, unless the newest profile record says the same already."""
    records = sorted(worker.store.records.all("profile"), key=in_log_order)
    wanted = {"member": member, "name": name, "role": role}
    newest = [stored.record["body"] for stored in records if stored.record["body"]["member"] == member][-1:]
    if newest != [wanted]:
        introduce(worker, member, name, role)


def introduce_first(worker: Worker) -> None:
    """A supervisor whom the root key let in has nobody else to give them a name: they say it themselves."""
    added = next((one for one in _statements(worker) if one.body.get("device") == worker.device), None)
    if worker.role == "supervisor" and added is not None and added.signer == ROOT:
        introduce_once(worker, worker.member, worker.name, worker.role)


def words_of(device: Device) -> tuple[str, ...]:
    """The six words of a device's public keys: the same that it showed when it joined."""
    public = {"device": device.id, "sign_key": str(device.sign_key), "recipient": device.recipient}
    return device_words(public)


def _person(member: str, name: str, devices: list[DeviceView]) -> PersonView:
    ordered = sorted(devices, key=lambda one: (not one.active, one.since, one.id))
    roles = {one.role for one in ordered if one.active}
    role = "supervisor" if "supervisor" in roles else "fieldworker" if roles else ""
    return PersonView(member, name, role, tuple(ordered))


def _device(worker: Worker, device: Device, dates: Mapping[tuple[str, str], str]) -> DeviceView:
    return DeviceView(
        id=device.id,
        role=device.role,
        words=words_of(device),
        active=device.active,
        since=dates.get(("add_device", device.id), ""),
        removed=dates.get(("revoke_device", device.id), ""),
        this=device.id == worker.device,
    )


def _dates(worker: Worker) -> dict[tuple[str, str], str]:
    """(kind, device) → when the statement was signed, by its signer's clock."""
    return {(one.kind, one.body.get("device", "")): one.at for one in _statements(worker)}


def _statements(worker: Worker) -> list[Statement]:
    return [Statement.from_wire(one) for one in worker.store.values.get("roster", [])]
