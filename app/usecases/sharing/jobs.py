"""What must still be sealed again, remembered so that a kill at any instant loses and doubles nothing.

Each job walks all records once, in the order in which they arrived here, the programme and the assignments
first. What has been sealed to whom is noted with each record, in the transaction that queues it: the job's
place is only there to save looking again. A finished job goes over into the *watch*, which looks at every record
that arrives later: a tablet that has been away seals to those it knew of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.store.store import RecordHead, Store

JOBS = "sharing.jobs"
PLACE = "sharing.place:"  # how far a job has come, by its id
WATCH = "watch"
FIRST = frozenset({"programme", "profile", "assignment"})


@dataclass(frozen=True)
class Job:
    """`readers`: device → the households that it is about, None for whatever the device may read.

    `started` is a moment (ISO). Of the place: records up to `first` (programme, names, assignments) and `rest`
    (all others) in order of arrival have been looked at, `waits` hold revisions to be looked at again, `done`
    counts records that were sealed. `anew`: whether somebody has had a record before does not count.
    """

    id: str
    why: str
    started: str
    readers: Mapping[str, frozenset[str] | None]
    anew: bool = False
    first: int = 0
    rest: int = 0
    waits: tuple[str, ...] = ()
    done: int = 0

    def behind(self, head: RecordHead) -> bool:
        """Whether a record has not been looked at."""
        return head.order >= (self.first if head.kind in FIRST else self.rest)

    def moved(self, head: RecordHead) -> "Job":
        """Behind this record."""
        after = head.order + 1
        return replace(self, first=after) if head.kind in FIRST else replace(self, rest=after)

    def place(self) -> dict[str, Any]:
        return {"first": self.first, "rest": self.rest, "waits": list(self.waits), "done": self.done}


class Jobs:
    """The jobs of one store, the oldest first and the watch at the end. Write inside a transaction."""

    def __init__(self, store: Store) -> None:
        self._values = store.values

    def all(self) -> list[Job]:
        return [self._job(one) for one in self._values.get(JOBS, [])]

    def add(self, job: Job) -> None:
        """Before the watch, if there is one."""
        known = self._values.get(JOBS, [])
        at = len(known) - 1 if known and known[-1]["id"] == WATCH else len(known)
        self._values.set(JOBS, [*known[:at], _plain(job), *known[at:]])
        self.keep_place(job)

    def keep_place(self, job: Job) -> None:
        self._values.set(PLACE + job.id, job.place())

    def finish(self, job: Job) -> None:
        """Gives a job that has come to the end of the records over to the watch."""
        known = [self._job(one) for one in self._values.get(JOBS, [])]
        watch = next((one for one in known if one.id == WATCH), None) or replace(
            job, id=WATCH, why=WATCH, readers={}, anew=False, waits=(), done=0
        )
        joined = replace(
            watch,
            readers=_joined(watch.readers, job.readers),
            done=watch.done + job.done,
            waits=(*watch.waits, *(one for one in job.waits if one not in watch.waits)),
        )
        others = [one for one in known if one.id not in (job.id, WATCH)]
        self._values.set(JOBS, [_plain(one) for one in (*others, joined)])
        self._values.delete(PLACE + job.id)
        self.keep_place(joined)

    def forget(self, job: Job, devices: Iterable[str]) -> Job:
        """Leaves out readers that are none any more."""
        gone = set(devices)
        kept = replace(job, readers={name: what for name, what in job.readers.items() if name not in gone})
        known = [kept if one.id == job.id else one for one in self.all()]
        self._values.set(JOBS, [_plain(one) for one in known])
        return kept

    def _job(self, plain: Mapping[str, Any]) -> Job:
        place = self._values.get(PLACE + plain["id"]) or {}
        readers = {
            name: None if households is None else frozenset(households)
            for name, households in plain["readers"].items()
        }
        return Job(
            id=plain["id"],
            why=plain["why"],
            anew=plain.get("anew", False),
            started=plain["started"],
            readers=readers,
            first=place.get("first", 0),
            rest=place.get("rest", 0),
            waits=tuple(place.get("waits", ())),
            done=place.get("done", 0),
        )


def _plain(job: Job) -> dict[str, Any]:
    readers = {name: None if what is None else sorted(what) for name, what in sorted(job.readers.items())}
    plain = {"id": job.id, "why": job.why, "started": job.started, "readers": readers}
    return {**plain, "anew": True} if job.anew else plain


def _joined(
    one: Mapping[str, frozenset[str] | None], other: Mapping[str, frozenset[str] | None]
) -> dict[str, frozenset[str] | None]:
    found = dict(one)
    for name, what in other.items():
        there = found.get(name, frozenset())
        found[name] = None if what is None or there is None else there | what
    return found
