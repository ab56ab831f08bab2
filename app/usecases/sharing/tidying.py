"""What sealing again leaves behind: sent copies that nobody needs, and a log that has lost some of them."""

from dataclasses import replace

from app.sync.state import CHECKPOINT, RESTORED
from app.usecases.sharing.jobs import WATCH, Job, Jobs
from app.usecases.worker import Worker

_ROLES = frozenset({"resealed", "announced"})


def tidy(worker: Worker) -> None:
    """Before more is sealed: forgets what the log has, and begins anew where the log was lost.

    The record itself and who reads it stay known; a copy for somebody else would only lie here.
    """
    store = worker.store
    sent = [one.revision for one in store.outbox.all() if one.role in _ROLES and one.state == "received"]
    if sent:
        store.outbox.remove(sent)
    if store.values.get(RESTORED) is None or store.values.get(CHECKPOINT) is None:
        return  # records find their new places first
    with store.transaction():
        _begin_anew(worker, Jobs(store))
        store.values.delete(RESTORED)


def _begin_anew(worker: Worker, jobs: Jobs) -> None:
    """After a server was restored from a backup: which copies it still has, nobody here can tell. All are made
    again; a reader who has a record already keeps it as it is."""
    watch = next((one for one in jobs.all() if one.id == WATCH), None)
    if watch is None:
        return
    moment = worker.now().isoformat(timespec="seconds")
    again = Job(worker.services.new_id(), "restored", moment, watch.readers, anew=True)
    jobs.keep_place(replace(watch, waits=()))
    jobs.add(again)
