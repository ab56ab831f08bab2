"""What sealing a history again costs: records a second, growth with their number, bytes on the wire.

    python -m bench.sharing                          500 and 2,000 records (about a minute)
    python -m bench.sharing --records 1000 10000

A supervisor with a real store file gives a new supervisor everything, through a real server; the new one then
fetches it. Beside each figure the same records sealed bare. Processor time says what the work costs, whatever
else the machine does.
"""

import argparse
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from app.crypto.record import Record, SignedRecord, recipients_hash, reseal, sign_record
from app.store.store import StoredRecord
from app.sync.syncer import Syncer, SyncReport
from app.usecases.sharing import continue_sharing, start_sharing
from app.usecases.worker import Worker
from bench.sync import visit
from sync_server.testing import RunningServer, running_server
from tests.sync.world import AT
from tests.usecases.sharing_world import FORM, VERSION, Town, town_on


@dataclass
class Clock:
    """Seconds of the wall and of this process's processor time, added up over several stretches of work."""

    wall: float = 0.0
    cpu: float = 0.0
    _began: tuple[float, float] = field(default=(0.0, 0.0))

    def __enter__(self) -> "Clock":
        self._began = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._began[0]
        self.cpu += time.process_time() - self._began[1]


def fill(town: Town, count: int) -> None:
    """So many visits of ana's, as the supervisor would have pulled them."""
    rng, ana, rodica = random.Random(1), town.ana, town.rodica
    recipients = recipients_hash([str(ana.device_keys.identity.recipient)])
    for start in range(0, count, 500):
        with rodica.store.transaction():
            for n in range(start, min(start + 500, count)):
                body = {**visit(rng, n), "household": f"household-{n % 300}"}
                record = Record(
                    v=1,
                    org=town.organisation.org,
                    kind="submission",
                    form=FORM,
                    form_version=VERSION,
                    record=f"record-{n}",
                    revision=f"revision-{n}",
                    parents=(),
                    author_device=ana.device,
                    seq=n,
                    epoch=1,
                    created=AT,
                    body=body,
                    attachments=(),
                    recipients_hash=recipients,
                )
                signed = sign_record(record, ana.device_keys.signing)
                readers = (ana.device, rodica.device)
                stored = StoredRecord(record.to_dict(), signed.signature, f"{n:064x}", n, "pulled", readers)
                rodica.store.records.add(stored)


def exchange(worker: Worker) -> SyncReport:
    services = worker.services
    transport = services.transport(worker.organisation.server)
    report = Syncer(worker.store, worker.device_keys, transport, services.clock).run()
    assert not report.problems, report.problems
    return report


def bare(town: Town, reader: Worker, count: int = 300) -> float:
    """Processor milliseconds for opening nothing and keeping nothing: sealing one record, and no more."""
    stored = town.rodica.store.records.all("submission")[:count]
    signed = [SignedRecord.from_parts(one.record, one.signature) for one in stored]
    recipients = [str(reader.device_keys.identity.recipient)]
    with Clock() as clock:
        for n, one in enumerate(signed):
            reseal(one, recipients, index=n)
    return clock.cpu / len(signed) * 1e3


def measure(server: RunningServer, folder: Path, count: int) -> None:
    with town_on(server, folder) as town:
        town.publish()
        fill(town, count)
        exchange(town.rodica)
        reader = town.enrolled("dorin", "supervisor")
        with Clock() as beginning:
            start_sharing(town.rodica, [reader.device], households=None, why="joined")
        sealing, sending, fetching = Clock(), Clock(), Clock()
        sent = done = size = 0
        while True:
            with sealing:
                state = continue_sharing(town.rodica)
            if state.done == done:
                break
            done = state.done
            size += sum(one.size for one in town.rodica.store.outbox.waiting() if one.role == "resealed")
            with sending:
                sent += exchange(town.rodica).bytes_sent
            town.rodica.changed()
        with fetching:
            fetched = exchange(reader)
        assert reader.store.records.count() == town.rodica.store.records.count()
        alone = bare(town, reader)
        print(
            f"{count:>7,}  {done / sealing.wall:>9.0f}  {sealing.cpu / done * 1e3:>8.2f}  {alone:>7.2f}"
            f"  {sealing.cpu / done * 1e3 / alone:>6.2f}  {sending.cpu / done * 1e3:>8.2f}"
            f"  {fetching.cpu / done * 1e3:>8.2f}  {size / done:>8.0f}  {sent / done:>8.0f}  {sent / size:>6.3f}"
            f"  {fetched.bytes_received / size:>6.3f}  {beginning.wall * 1e3:>7.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[500, 2_000])
    options = parser.parse_args()
    print(
        "records  sealed/s  ms sealed  ms bare  ratio  ms sent  ms fetched  bytes sealed  sent  up  down  ms to begin"
    )
    with tempfile.TemporaryDirectory() as name, running_server(Path(name) / "server") as server:
        for count in options.records:
            folder = Path(name) / f"town-{count}"
            folder.mkdir()
            measure(server, folder, count)


if __name__ == "__main__":
    main()
