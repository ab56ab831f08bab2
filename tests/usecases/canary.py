"""A tablet's whole day in a process of its own, which then ends well, badly or very badly.

`python -m tests.usecases.canary HOME PORT WORDS END`: fills in, attaches, finishes, throws away,
synchronises; everything that can log logs everything. END is how it ends.
"""

import faulthandler
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from app.demo.devices import open_as
from app.demo.places import WORKERS, Places
from app.protocol.errors import Problem
from app.usecases import fill
from app.usecases.services import default_services
from app.usecases.sync_now import sync_now
from app.usecases.unlock import lock
from app.usecases.worker import Worker
from tests.usecases.conftest import household

VISIT = "post_relocation_visit"


def a_day(worker: Worker, words: str) -> fill.Filling:
    """A draft that stays, one thrown away, one finished, all with the words in text, file name and file."""
    for n in range(3):
        filling = fill.start(worker, VISIT, household(worker, "SYN-004"), "m3", "ro")
        filling.answer("/data/a_start/visit_mode", "phone")
        filling.answer("/data/a_start/outcome", "absent")
        filling.answer("/data/a_start/absent_why", f"{words} {n}")
        photo = next(node for node in _all(filling.instance.root) if node.control == "upload")
        filling.attach(photo.ref, f"{words}.jpg", words.encode() * 500)
        assert (
            fill.resume(worker, filling.draft).instance.at("/data/a_start/absent_why").text.startswith(words)
        )
        if n == 0:
            filling.discard()
        elif n == 1:
            filling.finish()
    sync_now(worker)
    return filling


def _all(node: Any) -> list[Any]:
    return [node, *(one for child in node.children for one in _all(child))]


def end(how: str, worker: Worker, filling: fill.Filling, words: str) -> None:
    """Dies with the words in local variables, in the instance, and in the arguments of frames."""
    held = {"local": words, "instance": filling.instance}
    if how == "closed":
        filling.close()
        lock(worker)
    elif how == "exception":
        filling.answer("/data/no/such/question", words)
    elif how == "problem":
        worker.store.close()
        filling.answer("/data/a_start/absent_why", words + str(len(held)))
    elif how == "abort":
        os.abort()


def main() -> None:
    home, port, words, how = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    words = bytes.fromhex(words).decode()  # not readable in the list of processes either
    faulthandler.enable()
    logging.basicConfig(level=1, filename=Path(tempfile.gettempdir()) / "everything.log")
    default_services()  # as the app does at its start
    worker = open_as(Places(home, port).tablet, WORKERS[0])
    logging.info("a day begins")
    try:
        end(how, worker, a_day(worker, words), words)
    except Problem:
        logging.exception("a problem")
        raise


if __name__ == "__main__":
    main()
