"""A child process that writes to a store, says what is durable, and waits to be killed.

Run as `python -m tests.unit.store.killed <file> <what>`; prints one line for each thing that is on disk.
"""

import sys
from pathlib import Path

from app.store.store import OutboxEntry, Store
from tests.unit.store.conftest import KEY, stored


def say(text: object) -> None:
    print(text, flush=True)


def drafting(store: Store) -> None:
    """Answers without end, with a snapshot every 25."""
    draft = store.drafts.start({"form": "f"}, b"0")
    say(draft)
    n = 0
    while True:
        store.drafts.append(draft, {"n": n})
        say(n)
        n += 1
        if n % 25 == 0:
            store.drafts.snapshot(draft, str(n).encode())


def finishing(store: Store) -> None:
    """Finalises drafts without end."""
    n = 0
    while True:
        draft = store.drafts.start({"n": n}, b"x" * 2000)
        with store.transaction():
            store.records.add(stored(f"r{n}", xml="x" * 4000))
            store.outbox.put(OutboxEntry(f"r{n}", "r", n, {"n": n}, b"s" * 1024, "waiting", None, None))
            store.drafts.discard(draft)
        say(n)
        n += 1


if __name__ == "__main__":
    {"drafting": drafting, "finishing": finishing}[sys.argv[2]](Store.open(Path(sys.argv[1]), KEY))
