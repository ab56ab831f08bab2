"""What may leave the tablet, and what must stay for the work: old visits are cleared, never forgotten.

Cleared is an own submission that a supervisor approved, whose receipt was verified, and whose period has passed
(`[retention] tablet_days` in programme.toml, else 90). Of it remain what lists, plans and the register of households
need: when it was, its kind and outcome, whom it is about, and the entity operations that made or changed people and
homes. Its answers, its notes, its photos, its sealed copy and its line in "Sent" go, and leave no trace in any file.

Never cleared: the two newest submissions of a form about a household and the newest at which somebody was met (the
last visit's answers stand beside this one's, and tell the risk), anything while an alarm stands, and anything on a
supervisor's device, which is where an organisation reports from. The server and the supervisors keep the whole record.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from app.programme.answers import AnswersError, first_answers
from app.protocol.errors import Problem
from app.store.purge import ALARM, Purged, purge
from app.store.store import StoredRecord
from app.usecases.programme import programme
from app.usecases.review_states import states
from app.usecases.worker import Worker

DAYS = 90
LEAST_DAYS = 7
NEWEST = 2
_LAST = "retention.last"  # values: the day of the last purge
_KEPT_NAMES = frozenset({"next_on"})  # the day a visit was put off to, wherever a form asks for it


def purge_daily(worker: Worker) -> Purged:
    """Once a day after a good synchronisation. Raises nothing: what could not be cleared waits for tomorrow."""
    today = worker.today().isoformat()
    nothing = Purged(0, 0)
    if worker.role == "supervisor" or worker.store.values.get(_LAST) == today:
        return nothing
    if worker.store.values.get(ALARM) is not None:
        return nothing
    try:
        found = purge(
            worker.store,
            may_go(worker),
            worker.now(),
            retention(worker),
            instead=lambda one: cleared(worker, one),
        )
        worker.store.values.set(_LAST, today)
    except Problem as problem:
        if problem.code not in ("store.disk_full", "store.read_only", "store.busy", "store.alarm"):
            raise
        return nothing
    worker.changed()
    return found


def retention(worker: Worker) -> timedelta:
    """How long a received and approved visit stays whole on a tablet."""
    try:
        days = programme(worker).config.retention.get("tablet_days")
    except Problem:
        days = None
    return timedelta(days=max(days, LEAST_DAYS) if type(days) is int else DAYS)


def may_go(worker: Worker) -> set[str]:
    """Own revisions that a supervisor has approved (a correction's approval covers what it replaced), without the
    newest two of each form and household."""
    approved = {record for record, state in states(worker).items() if state.state == "approved"}
    all_of_them = worker.store.records.all("submission")
    newest = _newest(worker, all_of_them)
    return {
        one.revision
        for one in all_of_them
        if one.origin == "own" and one.record_id in approved and one.record_id not in newest
    }


def cleared(worker: Worker, stored: StoredRecord) -> dict[str, Any] | None:
    """The inner record without its answers; None (remove it whole) for one whose XML cannot be read."""
    record = stored.record
    rule = programme(worker).config.forms.get(record["form"])
    kept = set(rule.refs.values()) if rule else set()
    try:
        xml = bare_xml(record["body"]["xml"], kept)
    except ElementTree.ParseError:
        return None
    body = {**record["body"], "xml": xml, "note": "", "cleared": True}
    return {**record, "body": body, "attachments": []}


def bare_xml(xml: str, refs: Iterable[str]) -> str:
    """A submission with nothing in it but its meta group and the answers at these plain refs."""
    root = ElementTree.fromstring(xml)
    _strip(root, f"/{_plain(root.tag)}", frozenset(refs))
    return ElementTree.tostring(root, encoding="unicode")


def _strip(element: ElementTree.Element, ref: str, kept: frozenset[str]) -> bool:
    """Whether anything kept is in here."""
    name = _plain(element.tag)
    if name == "meta" or ref in kept or name in _KEPT_NAMES:
        return True
    element.text = element.tail = None
    for child in list(element):
        if not _strip(child, f"{ref}/{_plain(child.tag)}", kept):
            element.remove(child)
    return len(element) > 0


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _newest(worker: Worker, stored: Iterable[StoredRecord]) -> set[str]:
    """Records that stay whole whatever their age."""
    by_topic: dict[tuple[str, str], list[StoredRecord]] = defaultdict(list)
    for one in sorted(stored, key=lambda one: str(one.record["created"]), reverse=True):
        by_topic[one.record["form"], str(one.record["body"].get("household", ""))].append(one)
    kept: set[str] = set()
    for topic in by_topic.values():
        records = list(dict.fromkeys(one.record_id for one in topic))
        kept.update(records[:NEWEST])
        kept.update([one.record_id for one in topic if _met(worker, one)][:1])
    return kept


def _met(worker: Worker, one: StoredRecord) -> bool:
    rule = programme(worker).config.forms.get(one.record["form"])
    ref = rule.refs.get("outcome", "") if rule else ""
    try:
        return bool(ref) and first_answers(one.record["body"]["xml"], [ref]).get(ref) == "met"
    except AnswersError:
        return False
