"""Who may read what: decided anew, from the roster and the assignments alone, each time something is sealed again.

- A supervisor reads everything.
- The programme (forms, rules, lists) and people's names are for every active device.
- A household's submissions, with what was said about them, are for the devices assigned to it, and so is its
  latest assignment. A submission belongs to the households that its newest revisions name, with all its revisions.
- What a person's device wrote is for all of that person's fieldwork devices, whatever household it names.
- An assignment is a person's work: naming one device of a member, it counts for the member's other fieldwork
  devices too. A tablet that replaces a lost one so needs no new assignments.
- A register that was brought in (addresses, arrears) is for whoever is assigned to every household in it, and for
  the other devices of those it was brought in for.
- Unfinished drafts on their way home are for nobody else.
- What names no household and fits none of these lines is for supervisors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.protocol.roster import Device, Roster
from app.store.store import RecordHead, StoredRecord
from app.usecases.seal import assignments, of_members
from app.usecases.worker import Worker

EVERYBODYS = frozenset({"profile"})
NOBODYS = frozenset({"drafts"})  # on their way from one device to another, and nothing for anybody else


@dataclass(frozen=True)
class Rights:
    """`assigned`: household → its active devices. `latest`: revisions of the assignments in force. `about` and
    `authors`: submission → its households, the members who wrote it. `registers`: programme record without
    rules (by revision) → households in it, and the members whom it was brought in for."""

    roster: Roster
    assigned: Mapping[str, frozenset[str]]
    latest: frozenset[str]
    about: Mapping[str, frozenset[str]]
    authors: Mapping[str, frozenset[str]]
    registers: Mapping[str, tuple[frozenset[str], frozenset[str]]]

    @classmethod
    def of(cls, worker: Worker) -> "Rights":
        roster = worker.roster()
        in_force = assignments(worker)
        heads = worker.store.records.heads("submission")
        return cls(
            roster=roster,
            assigned={one: frozenset(of_members(roster, known.devices)) for one, known in in_force.items()},
            latest=frozenset(known.revision for known in in_force.values()),
            about=_households(heads),
            authors=_authors(roster, heads),
            registers=worker.derived(
                "registers",
                lambda: _registers(roster, worker.store.records.all("programme")),
                kinds=("programme",),
            ),
        )

    def readers(self, devices: Iterable[str], head: RecordHead) -> list[str]:
        """Those of these devices that may read a record now, in order of their ids."""
        return sorted(name for name in set(devices) if self.may_read(name, head))

    def may_read(self, name: str, head: RecordHead) -> bool:
        """Nothing is for a device that the roster does not know, or that was removed."""
        device = self.roster.devices.get(name)
        if device is None or not device.active or head.kind in NOBODYS:
            return False
        if device.role == "supervisor" or head.kind in EVERYBODYS:
            return True
        if head.kind == "programme":
            return head.revision not in self.registers or self.reads_register(name, head.revision)
        if head.kind == "assignment":
            return head.revision in self.latest and self._visits(device, str(_field(head, "household")))
        return self._may_read_about(device, str(_field(head, "submission") or head.record_id), head)

    def households(self, head: RecordHead) -> frozenset[str]:
        """The households that a record is about; none for what concerns all, or nobody."""
        if head.kind == "programme":
            return self.registers.get(head.revision, (frozenset(), frozenset()))[0]
        submission = str(_field(head, "submission") or head.record_id)
        return self.about.get(submission) or frozenset({str(_field(head, "household"))}) - {""}

    def reads_register(self, name: str, revision: str) -> bool:
        """Whether a fieldworker's device may read the whole of a register."""
        device = self.roster.devices[name]
        households, members = self.registers[revision]
        visits_all = bool(households) and all(self._visits(device, one) for one in households)
        return visits_all or device.member in members

    def _may_read_about(self, device: Device, submission: str, head: RecordHead) -> bool:
        if self._wrote(device, submission, head):
            return True
        return any(self._visits(device, one) for one in self.households(head))

    def _wrote(self, device: Device, submission: str, head: RecordHead) -> bool:
        return device.member in self.authors.get(submission, ()) or device.member in _fieldworker(
            self.roster, head
        )

    def _visits(self, device: Device, household: str) -> bool:
        return device.id in self.assigned.get(household, ())


def _households(heads: Iterable[RecordHead]) -> dict[str, frozenset[str]]:
    """Submission → the households that its newest revisions name."""
    found: dict[str, list[RecordHead]] = {}
    replaced: set[str] = set()
    for head in heads:
        found.setdefault(head.record_id, []).append(head)
        replaced.update(head.parents)
    newest = {
        record: [one for one in revisions if one.revision not in replaced] or revisions[-1:]
        for record, revisions in found.items()
    }
    return {
        record: frozenset(str(_field(one, "household")) for one in revisions) - {""}
        for record, revisions in newest.items()
    }


def _authors(roster: Roster, heads: Iterable[RecordHead]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for head in heads:
        found[head.record_id] = found.get(head.record_id, frozenset()) | _fieldworker(roster, head)
    return found


def _fieldworker(roster: Roster, head: RecordHead) -> frozenset[str]:
    """The member who wrote a record as a fieldworker; what is written as a supervisor goes by household alone."""
    author = roster.devices.get(head.author_device)
    wrote = author is not None and author.role_at(head.epoch) == "fieldworker"
    return frozenset({author.member}) if author is not None and wrote else frozenset()


def _registers(
    roster: Roster, programmes: Iterable[StoredRecord]
) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    return {
        stored.revision: (
            frozenset(household_of(one) for one in stored.record["body"].get("entities", ())),
            frozenset(
                roster.devices[name].member
                for name in stored.readers or ()
                if name in roster.devices and roster.devices[name].role == "fieldworker"
            ),
        )
        for stored in programmes
        if not stored.record["body"].get("toml")
    }


def household_of(operation: Mapping[str, object]) -> str:
    """The household that an entity operation speaks of, "" where it names none."""
    if operation["list_name"] == "households":
        return str(operation["entity_id"])
    properties = operation.get("properties")
    return str(properties.get("household", "")) if isinstance(properties, Mapping) else ""


def _field(head: RecordHead, name: str) -> object:
    return head.values[head.names.index(name)] if name in head.names else ""
