"""One submission as a supervisor reads it: beside the previous visit, and beside its own earlier revision."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import forms
from app.crypto.record import SignedRecord, check_record
from app.programme.records import opened, submissions
from app.protocol.errors import Problem
from app.usecases import outline
from app.usecases.conflicts import entity_conflicts
from app.usecases.opened import plain, plain_records
from app.usecases.previous import Previous, previous, text_at
from app.usecases.reading import answers, language_code, open_submission
from app.usecases.review import queue
from app.usecases.review_states import comments_on, names
from app.usecases.views import AnswerLine, Comment, LastAnswer, RevisionRow, Signal, SubmissionPage
from app.usecases.worker import Worker

# Fewer minutes than this for a whole interview ask for a second look; far from proof of anything.
TOO_FAST_MINUTES = 8


def submission(worker: Worker, record: str, language: str = "") -> SubmissionPage:
    """The newest revision with its labels in a language, the last visit's answers, and what was changed.

    Raises Problem("usecase.no_such_record"), ("usecase.no_such_form"), ("usecase.supervisors_only"), and what
    `check_record` finds: the page says "signature checked" because it was, just now.
    """
    rows = queue(worker, language=language_code(language))
    place = next((n for n, row in enumerate(rows) if row.record == record), None)
    if place is None:
        raise Problem("usecase.no_such_record")
    row = rows[place]
    revisions = {one.record["revision"]: one.record for one in worker.store.records.of(record)}
    inner = revisions[row.revision]
    _check_signature(worker, row.revision)
    instance = open_submission(worker, inner, language)
    before = _before(worker, inner, language)
    replaced = _replaced(worker, inner)
    lines = _lines(worker, inner, instance, replaced, before, language)
    # A correction takes a minute; how long the visit itself took is said by its first revision.
    minutes = _minutes(min(revisions.values(), key=lambda one: str(one["created"])))
    return SubmissionPage(
        row=row,
        languages=tuple(instance.form.languages),
        language=instance.language,
        lines=tuple(lines),
        revisions=tuple(_revisions(worker, inner, revisions)),
        signals=tuple(_signals(worker, record, lines, minutes, row.received_index)),
        previous_on=before.on,
        minutes=minutes,
        position=place + 1,
        queue_length=len(rows),
        beside=_number(revisions, replaced),
    )


def _replaced(worker: Worker, inner: dict[str, Any]) -> dict[str, Any] | None:
    """The revision with which this one is compared: its parent; of a merge, what both versions started from."""
    history = [plain(one) for one in worker.store.records.of(inner["record"])]
    parents = inner["parents"]
    if len(parents) > 1:
        common = submissions(opened(history))[inner["record"]].common(parents[0], parents[1])
        parents = [one.revision for one in common[:1]]
    return next((one for one in history if one["revision"] in parents), None)


def _number(revisions: dict[str, dict[str, Any]], one: dict[str, Any] | None) -> int:
    """Which revision it is, counted from the first; 0 for none."""
    order = sorted(revisions.values(), key=lambda each: str(each["created"]))
    return 1 + [each["revision"] for each in order].index(one["revision"]) if one else 0


def _check_signature(worker: Worker, revision: str) -> None:
    stored = worker.store.records.get(revision)
    if stored is None:
        raise Problem("usecase.no_such_record")
    check_record(SignedRecord.from_parts(stored.record, stored.signature), worker.roster())


def _lines(
    worker: Worker,
    inner: dict[str, Any],
    instance: forms.Instance,
    replaced: dict[str, Any] | None,
    before: Previous,
    language: str,
) -> list[AnswerLine]:
    earlier = answers(open_submission(worker, replaced, language)) if replaced else None
    said = comments_on(worker, inner["record"])
    at = text_at(instance)

    def last(ref: str) -> LastAnswer | None:
        return before.answer(ref, at)

    lines: list[AnswerLine] = []
    for section in outline.sections(instance):
        lines.append(_heading(section.ref, "section", section.title, 0))
        for node in section.nodes:
            _collect(node, lines, last, earlier, said, 0)
    return lines


def _collect(
    node: forms.Node,
    lines: list[AnswerLine],
    last: Callable[[str], LastAnswer | None],
    earlier: dict[str, str] | None,
    said: dict[str, tuple[Comment, ...]],
    level: int,
) -> None:
    if not node.relevant or not outline.is_shown(node) or outline.is_twin(node):
        return
    if node.kind == "question":
        lines.append(_line(node, last(node.ref), earlier, said.get(node.ref, ()), level))
    elif node.kind in ("group", "repeat", "repeat-instance"):
        if level and node.kind != "repeat":
            lines.append(
                _heading(node.ref, "repeat" if node.kind == "repeat-instance" else "group", node.label, level)
            )
        for child in node.children:
            _collect(child, lines, last, earlier, said, level + (node.kind != "repeat"))


def _line(
    node: forms.Node,
    last: LastAnswer | None,
    earlier: dict[str, str] | None,
    comments: tuple[Comment, ...],
    level: int,
) -> AnswerLine:
    answer = outline.answer_text(node)
    revised = None
    if earlier is not None and earlier.get(node.ref, "") != answer:
        revised = earlier.get(node.ref, "")
    medium = _medium(node)
    return AnswerLine(
        ref=node.ref,
        kind="question",
        label=node.label,
        answer=answer,
        previous=last.text if last else None,
        changed=last is not None and last.text != answer,
        revised_from=revised,
        comments=comments,
        level=level,
        file=node.text if medium else "",
        medium=medium,
    )


def _medium(node: forms.Node) -> str:
    """What an attached file is; "" where the answer is none, or a picture that belongs to the form itself."""
    if node.control != "upload" or not node.text or node.text.startswith("jr://"):
        return ""
    kind = node.mediatype.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "file"


def _heading(ref: str, kind: str, label: str, level: int) -> AnswerLine:
    return AnswerLine(ref, kind, label, "", None, False, None, (), level)


def _revisions(
    worker: Worker, newest: dict[str, Any], revisions: dict[str, dict[str, Any]]
) -> list[RevisionRow]:
    rows = []
    replaced = {parent for one in revisions.values() for parent in one["parents"]}
    for inner in sorted(revisions.values(), key=lambda one: str(one["created"]), reverse=True):
        before = next((revisions[one] for one in inner["parents"] if one in revisions), None)
        rows.append(
            RevisionRow(
                revision=inner["revision"],
                by=names(worker).get(inner["author_device"], ""),
                at=datetime.fromisoformat(inner["created"]),
                changes=_changes(worker, inner, before) if before else 0,
                first=before is None,
                merged=len(inner["parents"]) > 1,
                standing=inner["revision"] not in replaced,
            )
        )
    return rows


def _changes(worker: Worker, inner: dict[str, Any], before: dict[str, Any]) -> int:
    new, old = answers(open_submission(worker, inner)), answers(open_submission(worker, before))
    return sum(1 for ref in {*new, *old} if new.get(ref) != old.get(ref))


def _signals(
    worker: Worker, record: str, lines: list[AnswerLine], minutes: int | None, index: int | None
) -> list[Signal]:
    found = [Signal("signed", "good", {})]
    apart = [
        one for one in entity_conflicts(worker, record) if one.reason != "heads"
    ]  # the page says those itself
    if apart:
        names = ", ".join(dict.fromkeys(one.label or one.list_name for one in apart))
        found.append(Signal("entities", "warn", {"count": str(len(apart)), "names": names}))
    if index is not None:
        found.append(Signal("in_log", "good", {"index": str(index)}))
    if minutes is not None:
        tone = "warn" if minutes < TOO_FAST_MINUTES else "good"
        found.append(Signal("duration", tone, {"minutes": str(minutes)}))
    changed = sum(1 for line in lines if line.changed)
    if any(line.previous is not None for line in lines):
        found.append(Signal("changed", "good", {"count": str(changed)}))
    return found


def _minutes(inner: dict[str, Any]) -> int | None:
    body = inner["body"]
    if not body.get("started") or not body.get("finished"):
        return None
    span = datetime.fromisoformat(body["finished"]) - datetime.fromisoformat(body["started"])
    return max(0, round(span.total_seconds() / 60))


def _before(worker: Worker, inner: dict[str, Any], language: str) -> Previous:
    """The visit before this one; a later one is not the past, also when an old record is opened again."""
    household = inner["body"].get("household", "")
    later = {
        one["record"]
        for one in plain_records(worker)
        if one["kind"] == "submission" and one["form"] == inner["form"] and _finished(one) > _finished(inner)
    }
    return previous(worker, inner["form"], household, language, excluding=later | {inner["record"]})


def _finished(inner: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(inner["body"].get("finished") or inner["created"])
