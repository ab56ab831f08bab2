"""Measures keys and records: `python -m bench.crypto [--json FILE]`; about twenty seconds.

Rates count processor time, so that a busy machine changes them little. Each figure stands beside what it
is made of at the least: sealing beside the bare AEAD over the same bytes, checking beside the bare Ed25519,
so that the ratio tells what our layers cost.
"""

import argparse
import io
import json
import os
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import cryptography
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.crypto.age import X25519Identity, open_file, seal_file
from app.crypto.device import new_device
from app.crypto.keyslot import make_keyslot, open_keyslot, tune_log_n
from app.crypto.record import Record, check_record, open_record, recipients_hash, seal_record
from app.crypto.selftest import self_test
from app.crypto.wordlist import words
from app.protocol.canonical import canonical_json, parse_canonical
from app.protocol.keys import SigningKey
from app.protocol.roster import ROOT, Roster, Statement

AT = "2026-03-01T08:00:00Z"
SECONDS = 0.7
ROUNDS = 7


@dataclass
class Row:
    """One measured thing: operations a second, and against the bare primitive where that makes sense."""

    what: str
    per_second: float
    bare_per_second: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.bare_per_second / self.per_second if self.bare_per_second else None


def rate(work: Callable[[], object]) -> float:
    """Operations a second of processor time: the best of several short rounds."""
    return max(_round(work) for _ in range(ROUNDS))


def rates(work: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """The same of two things, turn by turn, so that a busy machine hurts both alike."""
    pairs = [(_round(work), _round(bare)) for _ in range(ROUNDS)]
    return max(one for one, _ in pairs), max(other for _, other in pairs)


def _round(work: Callable[[], object]) -> float:
    count, began = 0, time.process_time()
    while (taken := time.process_time() - began) < SECONDS / ROUNDS or not count:
        work()
        count += 1
    return count / taken


def records() -> list[Row]:
    """A record as a household visit makes it (4 KB of XML) to four readers."""
    root, keys, recovery = (
        SigningKey.generate(),
        new_device("member-1", "supervisor"),
        X25519Identity.generate(),
    )
    roster = Roster.genesis(
        Statement.genesis(org="org-b", root=root, recovery=str(recovery.recipient), at=AT)
    )
    roster = roster.apply(roster.statement("add_device", keys.statement_body(), at=AT, signer=ROOT, key=root))
    others = [str(X25519Identity.generate().recipient) for _ in range(2)]
    readers = [str(recovery.recipient), str(keys.identity.recipient), *others]
    xml = "".join(f"<q{n}>{os.urandom(6).hex()} Familia Exemplu {n}</q{n}>" for n in range(90))
    record = Record(
        v=1, org="org-b", kind="submission", form="f", form_version="1", record="r", revision="v", parents=(),
        author_device=keys.device_id, seq=0, epoch=1, created=AT, body={"xml": xml}, attachments=(),
        recipients_hash=recipients_hash(readers),
    )  # fmt: skip
    signed, sealed = seal_record(record, keys.signing, readers)
    cipher, nonce, packed = ChaCha20Poly1305(bytes(32)), bytes(12), bytes(sealed.size)
    bare = rate(lambda: cipher.encrypt(nonce, packed, None))
    exchange = X25519PrivateKey.generate()
    share = X25519PrivateKey.generate().public_key()
    place = 1 + sorted(readers).index(str(keys.identity.recipient))

    def least_to_seal() -> None:
        """What any format with four X25519 readers must do: a key pair and an agreement for each."""
        for _ in readers:
            X25519PrivateKey.generate().exchange(share)
        cipher.encrypt(nonce, packed, None)

    def least_to_open() -> None:
        """Nothing says which stanza is whose: a reader tries each up to its own."""
        for _ in range(place):
            exchange.exchange(share)
        cipher.encrypt(nonce, packed, None)

    def sealing() -> object:
        return seal_record(record, keys.signing, readers)

    def opening() -> object:
        return open_record(sealed.data, [keys.identity])

    return [
        Row(f"seal and sign a record ({sealed.size} bytes, 4 readers), against the bare AEAD", rate(sealing), bare),
        Row("  the same, against 4 key agreements and the bare AEAD", *rates(sealing, least_to_seal)),
        Row("open a record, against the bare AEAD", rate(opening), bare),
        Row(f"  the same, against {place} key agreements and the bare AEAD", *rates(opening, least_to_open)),
        Row("check a record (signature and roster)",
            *rates(lambda: check_record(signed, roster), lambda: signed.verify(keys.signing.public))),
    ]  # fmt: skip


def files() -> list[Row]:
    """A photo of 4 MB, in MB a second."""
    data, identity = os.urandom(4 << 20), X25519Identity.generate()
    cipher, nonce = ChaCha20Poly1305(bytes(32)), bytes(12)
    sealed = io.BytesIO()
    seal_file(io.BytesIO(data), sealed, [identity.recipient])
    bare = 4 * rate(lambda: cipher.encrypt(nonce, data, None))
    sealing = rate(lambda: seal_file(io.BytesIO(data), io.BytesIO(), [identity.recipient]))
    opening = rate(lambda: open_file(io.BytesIO(sealed.getvalue()), io.BytesIO(), [identity]))
    return [Row("seal a file, MB/s", 4 * sealing, bare), Row("open a file, MB/s", 4 * opening, bare)]


def rosters() -> list[Row]:
    root = SigningKey.generate()
    recovery = str(X25519Identity.generate().recipient)
    statements = [Statement.genesis(org="org-b", root=root, recovery=recovery, at=AT)]
    roster = Roster.genesis(statements[0])
    for n in range(300):
        body = new_device(f"member-{n}", "fieldworker").statement_body()
        statements.append(roster.statement("add_device", body, at=AT, signer=ROOT, key=root))
        roster = roster.apply(statements[-1])
    bare = rate(lambda: statements[1].verify(root.public))
    return [
        Row(
            "replay a roster of 300 devices, statements/s",
            301 * rate(lambda: Roster.replay(statements, root.public)),
            bare,
        )
    ]


def texts() -> list[Row]:
    value = {"people": [{"name": f"Persoana Exemplu {n}", "age": n, "weight": n / 7} for n in range(2000)]}
    data = canonical_json(value)
    size = len(data) / 2**20
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    written = rates(
        lambda: canonical_json(value),
        lambda: json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )
    read = rates(lambda: parse_canonical(data), lambda: json.loads(plain))
    return [
        Row("write canonical JSON, MB/s, against json.dumps", *(size * one for one in written)),
        Row("read and check canonical JSON, MB/s, against json.loads", *(size * one for one in read)),
    ]


def memory() -> float:
    """MB at the peak while a file of 32 MB is sealed and opened."""
    identity, data = X25519Identity.generate(), Path(os.devnull)
    sealed = io.BytesIO()
    seal_file(io.BytesIO(bytes(32 << 20)), sealed, [identity.recipient])
    sealed.seek(0)
    tracemalloc.start()
    with data.open("wb") as sink:
        open_file(sealed, sink, [identity])
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return peak


def once(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    slot = make_keyslot(bytes(32), "lemed sotov kubis nasob vided")
    words.cache_clear()
    single = {
        "unlock at the floor (2^16), ms": once(lambda: open_keyslot(slot, "lemed sotov kubis nasob vided")),
        "cost for half a second here, log2 N": float(tune_log_n(0.5)),
        "self-test, ms": once(lambda: self_test(datetime.now(UTC))),
        "first use of the word list, ms": once(words),
        "peak while opening a file of 32 MB, MB": memory(),
        "bytes of a sealed record of one short answer to 4 readers": float(_smallest()),
    }
    rows = [*records(), *files(), *rosters(), *texts()]
    print(f"cryptography {cryptography.__version__}; best of seven\n")
    print(f"{'':66}{'ours/s':>12}{'bare/s':>12}{'ratio':>8}")
    for row in rows:
        bare = f"{row.bare_per_second:,.0f}" if row.bare_per_second else ""
        ratio = f"{row.ratio:.1f}×" if row.ratio else ""
        print(f"{row.what:66}{row.per_second:12,.0f}{bare:>12}{ratio:>8}")
    print()
    for what, value in single.items():
        print(f"{what:66}{value:12,.1f}")
    if options.json:
        options.json.write_text(
            json.dumps({"rows": [asdict(row) for row in rows], "single": single}, indent=2)
        )


def _smallest() -> int:
    readers = [str(X25519Identity.generate().recipient) for _ in range(4)]
    record = Record(
        v=1, org="org-b", kind="submission", form="f", form_version="1", record="r", revision="v", parents=(),
        author_device="dev", seq=0, epoch=1, created=AT, body={"xml": "<a>1</a>"}, attachments=(),
        recipients_hash=recipients_hash(readers),
    )  # fmt: skip
    return seal_record(record, SigningKey.generate(), readers)[1].size


if __name__ == "__main__":
    main()
