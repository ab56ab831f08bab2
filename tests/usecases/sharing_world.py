"""A small organisation whose people use the app's use cases, on a real server and with real store files."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

from app.crypto.attachment import seal_attachment
from app.protocol.manifest import Manifest
from app.protocol.messages import ManifestsAnswer
from app.protocol.roster import Role
from app.protocol.versions import MSGPACK, PREFIX
from app.store.profiles import profile_folder
from app.store.store import Store, StoredRecord
from app.sync.state import SyncState
from app.sync.syncer import Syncer
from app.sync.transport import HttpTransport, Transport
from app.usecases import publish, review
from app.usecases.seal import keep_record, readers
from app.usecases.services import Services
from app.usecases.sync_now import sync_now
from app.usecases.views import SyncOutcome
from app.usecases.worker import Organisation as Pinned
from app.usecases.worker import Worker
from sync_server.testing import RunningServer
from tests.sync.real import KEY, LogKey, found, store_path
from tests.sync.world import Organisation, Person

FORM, VERSION = "household_visit", "1"
PROGRAMME = 'name = "exemplu"\nversion = "1"\n[title]\nen = "Example"\n'


@dataclass
class Town:
    """rodica is a supervisor; ana and ion are fieldworkers. Others join later."""

    server: RunningServer
    folder: Path
    organisation: Organisation
    workers: dict[str, Worker] = field(default_factory=dict)
    numbers: Any = field(default_factory=itertools.count)

    def __getattr__(self, name: str) -> Worker:
        try:
            return self.workers[name]
        except KeyError:
            raise AttributeError(name) from None

    def join(self, name: str, role: Role, member: str = "") -> Worker:
        """A device that the roster knows; its owner is `member`, or somebody new."""
        place = store_path(self.folder, name)
        place.parent.mkdir()
        transport = HttpTransport(self.server.url)
        person = self.organisation.enrol(member or name, role, transport, Store.open(place, KEY))
        person.clock = lambda: datetime.now(UTC)
        return self._open(name, person)

    def _open(self, name: str, person: Person) -> Worker:
        pinned = {**person.store.values.get("organisation"), "server": self.server.url}
        person.store.values.set("organisation", pinned)
        worker = Worker(
            services=Services(self.folder / name),
            profile=name,
            name=name,
            device_keys=person.keys,
            organisation=Pinned(**pinned),
            store=person.store,
        )
        profile_folder(worker.services.data_dir, name).mkdir(parents=True)
        self.workers[name] = worker
        return worker

    def enrolled(self, name: str, role: Role, member: str = "", by: str = "rodica") -> Worker:
        """As `join`, once the server and the supervisor have been told."""
        worker = self.join(name, role, member)
        person = Person(self.organisation, self.workers[by].device_keys, self.workers[by].store, None)
        person.syncer(HttpTransport(self.server.url)).publish(self.organisation.statements[-1])
        return worker

    def revoke(self, name: str, by: str = "rodica") -> None:
        statement = self.organisation.state("revoke_device", {"device": self.workers[name].device})
        person = Person(self.organisation, self.workers[by].device_keys, self.workers[by].store, None)
        person.syncer(HttpTransport(self.server.url)).publish(statement)

    def reopened(self, name: str) -> Worker:
        """The same device after its app was started again."""
        worker = self.workers[name]
        worker.store.close()
        worker.store = Store.open(store_path(self.folder, name), KEY)
        worker.memo.clear()
        return worker

    def visit(self, worker: Worker, household: str, photo: bytes = b"", **more: Any) -> StoredRecord:
        """A finished visit as the form's use case makes it, without a form."""
        n = next(self.numbers)
        attachments = ()
        if photo:
            sealed = BytesIO()
            kept = seal_attachment(BytesIO(photo), sealed, f"foto-{n}.jpg")
            worker.store.media.put(kept.sha256, sealed.getvalue())
            attachments = (kept.to_dict(),)
        body = {
            "xml": f"<data><n>{n}</n></data>",
            "household": household,
            "household_label": f"Familia Exemplu {n}",
            "synthetic": True,
        }
        return keep_record(
            worker,
            "submission",
            body,
            devices=readers(worker, worker.roster(), [household] if household else []),
            form=FORM,
            form_version=VERSION,
            attachments=attachments,
            **more,
        )

    def publish(self) -> StoredRecord:
        body = {
            "name": "exemplu",
            "version": "1",
            "toml": PROGRAMME,
            "forms": [{"id": FORM, "version": VERSION, "xml": "<h:html/>"}],
            "lists": {},
        }
        return keep_record(self.rodica, "programme", body, devices=publish.everybody(self.rodica))


def sync_well(*workers: Worker) -> SyncOutcome:
    """Synchronisations that must not meet any problem; the last one's outcome."""
    for worker in workers:
        outcome = sync_now(worker)
        assert outcome.problem is None, outcome.problem
        assert outcome.quarantined == 0, [one.reason for one in worker.store.quarantine.all()]
    return outcome


def syncer_of(worker: Worker) -> Syncer:
    transport = worker.services.transport(worker.organisation.server)
    return Syncer(worker.store, worker.device_keys, transport, worker.services.clock)


def given(by: Worker, reader: Worker) -> list[Manifest]:
    """What the log has of a device for this reader and not for that device itself: what it sealed again."""
    courier = syncer_of(reader)._courier(SyncState.load(reader.store), Event())
    query = f"{PREFIX}/manifests?device={by.device}&after=0&limit=1000"
    answer = courier.ask("GET", query, MSGPACK, ManifestsAnswer.decode)
    manifests = [entry.manifest for entry in answer.entries]
    return [one for one in manifests if reader.device in one.audience and by.device not in one.audience]


def revisions(worker: Worker, kind: str | None = None) -> set[str]:
    return {stored.revision for stored in worker.store.records.all(kind)}


def decide(worker: Worker, stored: StoredRecord, state: str, ref: str = "", text: str = "") -> StoredRecord:
    """A supervisor's review of one revision."""
    body = {
        "submission": stored.record_id,
        "revision": stored.revision,
        "state": state,
        "comments": [{"ref": ref, "text": text}] if ref else [],
        "note": "",
    }
    return keep_record(worker, "review", body, devices=review._readers_of(worker, stored))


@contextmanager
def town_on(server: RunningServer, folder: Path) -> Iterator[Town]:
    log_key = LogKey(server.log_key)
    organisation = Organisation(org=f"org-{folder.name}"[-60:], log_key=log_key)  # type: ignore[arg-type]
    town = Town(server, folder, organisation)
    people: list[tuple[str, Role]] = [
        ("rodica", "supervisor"),
        ("ana", "fieldworker"),
        ("ion", "fieldworker"),
    ]
    for name, role in people:
        town.join(name, role)
    for worker in town.workers.values():
        worker.store.values.set("roster", [one.to_wire() for one in organisation.statements])
    found(server, organisation)
    try:
        yield town
    finally:
        for worker in town.workers.values():
            worker.store.close()


def through(worker: Worker, transport: Transport) -> None:
    """From now on this worker's connection is this one."""
    services = worker.services
    worker.services = Services(services.data_dir, transport=lambda _: transport)
