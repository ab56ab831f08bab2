"""What encryption and durability cost on the tablet's own disk.

    python -m bench.store                 autosave, 1k and 10k records, boxes, growth (about 30 s)
    python -m bench.store --records 50000

Each figure stands beside the same work done bare: the same bytes in a plain WAL+FULL table, a plain table
read raw, the bare cipher. Medians of interleaved rounds, because other work may share the machine.
"""

import argparse
import hashlib
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.crypto.keyslot import make_keyslot, open_keyslot
from app.store.boxes import Boxer, derive
from app.store.store import EncryptedStore, Store, StoredRecord

KEY = bytes(range(32))
ANSWER = {"ref": "/data/people[3]/date_of_birth", "text": "1987-04-12", "at": "2026-03-01T10:00:00+02:00"}
XML = (
    "<data><group>"
    + "".join(f"<question_{n}>raspuns {n * 7919}</question_{n}>" for n in range(110))
    + "</group></data>"
)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bare(place: Path) -> sqlite3.Connection:
    """A plain connection with the store's own durability."""
    connection = sqlite3.connect(place, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def autosave(folder: Path, rounds: int = 40, answers: int = 25) -> None:
    """One answer into the journal against one row of the same bytes into a bare table."""
    store = Store.open(folder / "autosave.db", KEY)
    draft = store.drafts.start({}, b"")
    store.drafts.append(draft, ANSWER)
    (size,) = store._database.rows("SELECT length(box) FROM journal")[0]
    plain = bare(folder / "bare.db")
    plain.execute("CREATE TABLE j (d INTEGER, n INTEGER, b BLOB, PRIMARY KEY (d, n)) WITHOUT ROWID")
    number, data = 0, os.urandom(size)

    def ours() -> None:
        for _ in range(answers):
            store.drafts.append(draft, ANSWER)

    def theirs() -> None:
        nonlocal number
        for _ in range(answers):
            number += 1
            plain.execute("BEGIN IMMEDIATE")
            plain.execute("INSERT INTO j VALUES (1, ?, ?)", (number, data))
            plain.execute("COMMIT")

    pairs = [(seconds(ours) / answers, seconds(theirs) / answers) for _ in range(rounds)]
    mine, other = (statistics.median(values) for values in zip(*pairs, strict=True))
    print(
        f"autosave of one answer   {mine * 1e6:8.0f} µs   bare commit {other * 1e6:8.0f} µs   ratio {mine / other:.2f}"
    )
    store.close()
    plain.close()


def record(n: int) -> StoredRecord:
    body: dict[str, Any] = {
        "xml": XML.replace("raspuns 0", f"raspuns {n}"),
        "instance_name": f"Familia Exemplu {n} 2026-03-01",
        "household": f"household-{n % 900}",
        "household_label": f"Familia Exemplu {n % 900}",
        "tenancy": f"tenancy-{n % 900}",
        "started": "2026-03-01T10:00:00+02:00",
        "finished": "2026-03-01T10:20:00+02:00",
        "synthetic": True,
        "note": "",
        "entities": [],
    }
    inner = {
        "v": 1,
        "org": "org-exemplu",
        "kind": "submission",
        "form": "household_baseline",
        "form_version": "2026-03-01",
        "record": f"record-{n}",
        "revision": f"revision-{n}",
        "parents": [],
        "author_device": f"dev-{n % 7}",
        "seq": n,
        "epoch": 3,
        "created": "2026-03-01T10:20:00.000+00:00",
        "body": body,
        "attachments": [],
        "recipients_hash": "0" * 64,
    }
    return StoredRecord(inner, "s" * 86, hashlib.sha256(str(n).encode()).hexdigest(), n, "pulled")


def unlock(folder: Path, count: int, rounds: int) -> None:
    """From a file on disk to the list of everything, against reading the same columns from a plain table."""
    place = folder / f"store-{count}.db"
    store = Store.open(place, KEY)
    for start in range(0, count, 2000):
        with store.transaction():
            for n in range(start, min(start + 2000, count)):
                store.records.add(record(n))
    heads = store.records.heads()
    store.close()
    raw_place = folder / f"raw-{count}.db"
    raw = bare(raw_place)
    columns = len(heads[0]) - 2 + len(heads[0].values)
    raw.execute(f"CREATE TABLE r ({', '.join(f'c{n}' for n in range(columns))})")
    values = [(*(str(v) for v in head[:-2]), *(str(v) for v in head.values)) for head in heads]
    raw.execute("BEGIN")
    raw.executemany(f"INSERT INTO r VALUES ({', '.join('?' * columns)})", values)
    raw.execute("COMMIT")
    raw.close()

    def ours() -> None:
        opened: EncryptedStore = Store.open(place, KEY)
        assert len(opened.records.heads("submission")) == count
        opened._database.close()

    def theirs() -> None:
        connection = bare(raw_place)
        assert len(connection.execute("SELECT * FROM r").fetchall()) == count
        connection.close()

    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    mine, other = (statistics.median(taken) for taken in zip(*pairs, strict=True))
    size = place.stat().st_size / count
    print(
        f"unlock, {count:6} records  {mine * 1e3:8.1f} ms   raw read {other * 1e3:8.1f} ms   "
        f"ratio {mine / other:.2f}   {size:.0f} bytes a record on disk"
    )


def boxes(rounds: int = 7, count: int = 2000) -> None:
    """Sealing and opening boxes against the bare cipher over the same padded bytes."""
    boxer, cipher = Boxer(KEY, "record", os.urandom, compress=False), AESGCM(derive(KEY, "bare"))
    content = os.urandom(1800)
    box = boxer.seal(1, 1, content)
    padded, nonce = bytes(len(box) - 28), bytes(12)
    sealed = cipher.encrypt(nonce, padded, b"associated")
    works: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "seal": (
            lambda: [boxer.seal(1, n, content) for n in range(count)],
            lambda: [cipher.encrypt(os.urandom(12), padded, b"associated") for _ in range(count)],
        ),
        "open": (
            lambda: [boxer.open(1, 1, box) for _ in range(count)],
            lambda: [cipher.decrypt(nonce, sealed, b"associated") for _ in range(count)],
        ),
    }
    for name, (ours, theirs) in works.items():
        pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
        mine, other = (count / statistics.median(taken) for taken in zip(*pairs, strict=True))
        print(
            f"{name} a box of {len(box)} bytes {mine:9.0f}/s   bare AES-GCM {other:9.0f}/s   ratio {other / mine:.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, nargs="*", default=[1_000, 10_000])
    options = parser.parse_args()
    slot = make_keyslot(KEY, "cinci cuvinte usor de tinut")
    taken = seconds(lambda: open_keyslot(slot, "cinci cuvinte usor de tinut"))
    print(f"passphrase to key (scrypt 2^16) {taken * 1e3:.0f} ms")
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name)
        autosave(folder)
        boxes()
        for count in options.records:
            unlock(folder, count, rounds=5 if count > 20_000 else 9)


if __name__ == "__main__":
    main()
