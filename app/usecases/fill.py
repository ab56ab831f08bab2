"""Fill in a form: start, resume or correct one; every answer is kept before the screen moves on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import Any

import forms
from app.programme.households import SYNTHETIC_CODE, name_without_code
from app.protocol.errors import Problem
from app.usecases import finish, outline, programme
from app.usecases.households import tenancy_of
from app.usecases.previous import previous, text_at
from app.usecases.reading import choose_language, language_code
from app.usecases.review_states import comments_on, review_state
from app.usecases.views import Comment, FillProblem, LastAnswer, SectionState
from app.usecases.worker import Worker

# A resumed draft replays its journal; a snapshot now and then keeps that short.
SNAPSHOT_EVERY = 40


@dataclass(frozen=True)
class Finished:
    """The record that a draft became."""

    record: str
    revision: str


@dataclass(frozen=True)
class FinishedWithProblems:
    """Nothing was finished: the draft stays, with what is missing or wrong."""

    problems: tuple[FillProblem, ...]


class Filling:
    """One draft on a screen. Answers go to the live instance and to the encrypted journal, in that order."""

    def __init__(
        self, worker: Worker, draft: str, form: forms.Form, instance: forms.Instance, meta: dict[str, Any]
    ):
        self.worker = worker
        self.draft = draft
        self.form = form
        self.instance = instance
        self.meta = meta
        self.saved_at: datetime = worker.now()
        self.comments: dict[str, tuple[Comment, ...]] = (
            comments_on(worker, meta["record"]) if meta.get("record") else {}
        )
        self.ended = False  # finished or thrown away: nothing more is written
        self.trouble: Problem | None = None  # what the person should know about the draft as it was opened
        self._unsaved = 0
        self._guard = RLock()

    @property
    def title(self) -> str:
        """The form's title as the programme says it in the language being filled in."""
        return programme.form_title(self.worker, self.form.form_id, language_code(self.language))

    @property
    def locked(self) -> frozenset[str]:
        """Refs that the app filled in and that the person must not change (programme.toml)."""
        rule = programme.form_rule(self.worker, self.form.form_id)
        if rule is None or not self.meta.get("household"):
            return frozenset()
        return frozenset(one["ref"] for one in rule.prefill if one.get("locked"))

    @property
    def household_label(self) -> str:
        return str(self.meta.get("household_label", ""))

    @property
    def correction(self) -> bool:
        return bool(self.meta.get("record"))

    @property
    def languages(self) -> Sequence[str]:
        return self.form.languages

    @property
    def language(self) -> str:
        return self.instance.language

    def set_language(self, name: str) -> None:
        self.instance.language = name
        self.meta["language"] = name
        self.worker.store.drafts.set_meta(self.draft, self.meta)

    def sections(self) -> list[SectionState]:
        """The pages of the form, in order, with their counts."""
        return outline.section_states(self.instance)

    def section_nodes(self, ref: str) -> list[forms.Node]:
        """The nodes of one page, groups kept whole."""
        return outline.section_nodes(self.instance, ref)

    def last_answer(self, ref: str) -> LastAnswer | None:
        """What the previous visit to this household answered to the question at `ref`."""
        before = self.worker.derived(
            f"last:{self.draft}:{self.language}",
            lambda: previous(
                self.worker,
                self.form.form_id,
                str(self.meta.get("household") or ""),
                self.language,
                excluding={str(self.meta.get("record") or "")},
            ),
        )
        return before.answer(ref, text_at(self.instance))

    def subscribe(self, callback: Callable[[Sequence[forms.Node]], None]) -> Callable[[], None]:
        return self.instance.subscribe(callback)

    def answer(self, ref: str, value: object) -> None:
        """Sets one answer, settles what depends on it, and keeps it durably.

        Raises Problem("store.…") where it could not be kept; the answer then stands on the screen only.
        """
        with self._guard:
            node = self.instance.at(ref)
            node.answer(value)
            self._journal({"op": "answer", "ref": ref, "value": node.text})

    def add_repeat(self, ref: str) -> forms.Node:
        with self._guard:
            node = self.instance.add_repeat(ref)
            self._snapshot()  # a new instance may have drawn ids that a replay would draw anew
            return node

    def remove_repeat(self, ref: str) -> None:
        with self._guard:
            self.instance.remove_repeat(ref)
            self._snapshot()

    def attach(self, ref: str, name: str, data: bytes) -> None:
        """Keeps a photo, signature or file, encrypted, and answers the question with its name."""
        with self._guard:
            stored = finish.attach(self.worker, self.meta, name, data)
            self.worker.store.drafts.set_meta(self.draft, self.meta)
            self.answer(ref, stored)

    def attachment(self, name: str) -> bytes | None:
        """The bytes of an attached file, for showing it; None where it is not on this device."""
        return finish.attached(self.worker, self.meta, name)

    def problems(self) -> list[FillProblem]:
        """Everything that stands between this draft and finishing, in form order."""
        return outline.problems(self.instance)

    def finish(self, with_problems: bool = False) -> Finished | FinishedWithProblems:
        """Signs, seals and queues the record and ends the draft, in one transaction.

        With problems left, nothing is finished: the draft keeps their number for the list of drafts.
        """
        with self._guard:
            left = self.problems()
            self.meta["problems"] = len(left)
            self._snapshot()
            if left:
                return FinishedWithProblems(tuple(left))
            stored = finish.finish_draft(self.worker, self.draft, self.form, self.instance, self.meta)
            self.ended = True
            return Finished(stored.record["record"], stored.record["revision"])

    def close(self) -> None:
        """Leaves the draft as it is, kept; after the end there is nothing to keep."""
        with self._guard:
            if not self.ended:
                self._snapshot()

    def discard(self) -> None:
        """Throws the draft away. Only after the person said so."""
        with self._guard:
            self.ended = True
            self.worker.store.drafts.discard(self.draft)
            finish.drop_attachments(self.worker, self.meta)

    def answers_missing(self, count: int) -> None:
        """Some of the journal is damaged: what could be read is kept as it is now, so that new answers do not
        end up behind the gap, where nobody would find them again."""
        self.trouble = Problem("store.answers_missing", count=count)
        with self._guard:
            self._snapshot()

    def _journal(self, entry: dict[str, Any]) -> None:
        self.worker.store.drafts.append(self.draft, entry)
        self.saved_at = self.worker.now()
        self._unsaved += 1
        if self._unsaved >= SNAPSHOT_EVERY:
            self._snapshot()

    def _snapshot(self) -> None:
        answered, total = outline.progress(self.instance)
        self.saved_at = self.worker.now()
        self.meta |= {"answered": answered, "total": total, "saved_at": self.saved_at.isoformat()}
        with self.worker.store.transaction():
            self.worker.store.drafts.snapshot(self.draft, self.instance.to_xml())
            self.worker.store.drafts.set_meta(self.draft, self.meta)
        self._unsaved = 0


def start(
    worker: Worker,
    form_id: str,
    household: str | None = None,
    visit_kind: str | None = None,
    language: str = "",
) -> Filling:
    """A new draft of a form, filled in as far as the household and the planned visit say.

    Raises Problem("usecase.no_such_form"), ("usecase.no_household") or ("usecase.no_tenancy").
    """
    form = programme.form(worker, form_id)
    meta = _meta(worker, form, household)
    instance = form.new(programme.context(worker))
    choose_language(instance, form, language)
    for ref, value in _prefill(worker, form_id, household, visit_kind):
        instance.at(ref).answer(value)
    return _begin(worker, form, instance, meta)


def resume(worker: Worker, draft: str) -> Filling:
    """A draft as it was left: its snapshot, then every answer journalled since."""
    if draft not in {head.id for head in worker.store.drafts.list()}:
        raise Problem("usecase.no_such_draft")
    kept = worker.store.drafts.load(draft)
    form = programme.form(worker, kept.meta["form"], kept.meta["version"])
    try:
        instance = form.open(kept.snapshot, programme.context(worker), edit=False)
    except forms.FormError as error:
        raise Problem("usecase.form_changed", reason=error.code) from error
    choose_language(instance, form, kept.meta.get("language", ""))
    filling = Filling(worker, draft, form, instance, kept.meta)
    for entry in kept.journal:
        _replay(instance, entry)
    if kept.unreadable:
        filling.answers_missing(kept.unreadable)
    return filling


def correct(worker: Worker, record: str, language: str = "") -> Filling:
    """A draft of a new revision of a record that was sent back; the draft already begun where there is one.

    Raises Problem("usecase.no_such_record") or ("usecase.not_yours_to_correct").
    """
    for head in worker.store.drafts.list():
        if head.meta.get("record") == record:
            return resume(worker, head.id)
    state = review_state(worker, record)
    stored = worker.store.records.get(state.revision) if state.revision else None
    if stored is None:
        raise Problem("usecase.no_such_record")
    if state.state != "hasIssues":
        raise Problem("usecase.not_yours_to_correct")
    inner = stored.record
    form = programme.form(worker, inner["form"], inner["form_version"])
    instance = form.open(inner["body"]["xml"].encode(), programme.context(worker), edit=True)
    choose_language(instance, form, language)
    return revise(worker, form, instance, [inner])


def revise(
    worker: Worker, form: forms.Form, instance: forms.Instance, parents: Sequence[dict[str, Any]], **more: Any
) -> Filling:
    """A draft of a new revision that replaces these inner records of one record: a correction, or a merge.

    `instance` was opened with `edit`; `more` goes into the draft's meta. The photos of all of them are known.
    """
    first = parents[0]
    meta = _meta(worker, form, first["body"].get("household") or None) | {
        "record": first["record"],
        "parents": [one["revision"] for one in parents],
        "household_label": first["body"].get("household_label", ""),
        "synthetic": first["body"].get("synthetic", False),
        "attachments": {file["name"]: file for one in parents for file in one["attachments"]},
        **more,
    }
    return _begin(worker, form, instance, meta)


def _meta(worker: Worker, form: forms.Form, household: str | None) -> dict[str, Any]:
    label, synthetic = "", False
    if household:
        row = programme.entities(worker).get("households", household)
        if row is None:
            raise Problem("usecase.no_household")
        label = name_without_code(row.label, row.get("code"))
        synthetic = row.get("code").startswith(SYNTHETIC_CODE)
    return {
        "form": form.form_id,
        "version": form.version,
        "household": household or "",
        "household_label": label,
        "synthetic": synthetic,
        "started": worker.now().isoformat(timespec="milliseconds"),
        "problems": None,
    }


def _begin(worker: Worker, form: forms.Form, instance: forms.Instance, meta: dict[str, Any]) -> Filling:
    answered, total = outline.progress(instance)
    meta |= {
        "answered": answered,
        "total": total,
        "saved_at": worker.now().isoformat(),
        "language": instance.language,
    }
    draft = worker.store.drafts.start(meta, instance.to_xml())
    return Filling(worker, draft, form, instance, meta)


def _prefill(
    worker: Worker, form_id: str, household: str | None, visit_kind: str | None
) -> list[tuple[str, str]]:
    """(ref, value) pairs from the form's `prefill` in programme.toml: question ← household, tenancy, visit_kind."""
    rule = programme.form_rule(worker, form_id)
    if not household or rule is None:
        return []
    known = {"household": household, "visit_kind": visit_kind or ""}
    if rule.starts_from == "tenancy" or any(one["from"] == "tenancy" for one in rule.prefill):
        tenancy = tenancy_of(worker, household)
        if tenancy is None:
            raise Problem("usecase.no_tenancy")
        known["tenancy"] = tenancy
    return [(one["ref"], known[one["from"]]) for one in rule.prefill if known.get(one["from"])]


def _replay(instance: forms.Instance, entry: dict[str, Any]) -> None:
    if entry["op"] == "answer":
        instance.at(entry["ref"]).answer(entry["value"])
