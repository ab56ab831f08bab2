"""Merge two versions of a record: what differs, what was chosen so far, and the new revision.

The first two heads in log order are merged, the earlier one being "ours" on every device; where there are more,
the result and the next one follow. The merged answers are opened in the form's engine, which works out again
what it calculates, what is asked and what happens to entities; an invalid merge stays a draft.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import forms
from app.crypto.record import SignedRecord, check_record
from app.programme.answers import AnswersError
from app.programme.merge import OURS, THEIRS, MergeProposal, proposal
from app.programme.records import opened, submissions
from app.programme.review_state import ReviewState
from app.protocol.errors import Problem
from app.usecases import fill, outline, programme
from app.usecases.conflict_views import Merged, MergePage, MergePreview, PreviewLine
from app.usecases.conflicts import head_records, head_row, may_merge
from app.usecases.merge_lines import Side, merge_line, seen
from app.usecases.opened import plain as plain_of
from app.usecases.reading import choose_language
from app.usecases.review_states import review_state
from app.usecases.worker import Worker

DRAFTS = "merge_drafts"


@dataclass(frozen=True)
class _Pair:
    """The two versions being merged, with the form in which the result will be opened."""

    state: ReviewState
    ours: dict[str, Any]
    theirs: dict[str, Any]
    bases: tuple[dict[str, Any], ...]
    form: forms.Form

    @property
    def heads(self) -> list[str]:
        return [self.ours["revision"], self.theirs["revision"]]


def merge_page(worker: Worker, record: str, language: str = "") -> MergePage:
    """The differences between the first two versions, with labels.

    Raises Problem("conflict.none"), ("conflict.other_forms"), ("usecase.no_such_form") and what `check_record`
    finds in one of them.
    """
    pair = _pair(worker, record)
    kept = _kept(worker, pair)
    found = _proposal(worker, pair, kept["choices"])
    left, right = (Side(pair.form, _opened(worker, pair, one, language)) for one in (pair.ours, pair.theirs))
    body = pair.theirs["body"]
    return MergePage(
        record=record,
        form_title=programme.form_title(worker, pair.theirs["form"], language),
        household_label=body.get("household_label", ""),
        synthetic=bool(body.get("synthetic")),
        ours=head_row(worker, pair.state, pair.ours),
        theirs=head_row(worker, pair.state, pair.theirs),
        more=len(pair.state.heads) - 2,
        conflicts=tuple(merge_line(one, left, right) for one in found.conflicts),
        taken=tuple(merge_line(one, left, right) for one in found.taken if seen(one, left, right)),
        note=kept["note"],
        may_merge=may_merge(worker, [pair.ours, pair.theirs]),
        draft=_begun(worker, pair),
        languages=tuple(pair.form.languages),
        language=left.instance.language,
    )


def keep_choice(worker: Worker, record: str, ref: str, choice: str) -> None:
    """Keeps a choice until the merge is made: "ours", "theirs" or `written(text)`; "" takes it back."""
    pair = _pair(worker, record)
    kept = _kept(worker, pair)
    choices = {name: one for name, one in {**kept["choices"], ref: choice}.items() if one}
    _keep(worker, pair, {**kept, "choices": choices})


def merge_note(worker: Worker, record: str, note: str) -> None:
    """Keeps the words that will go along with the merge."""
    pair = _pair(worker, record)
    _keep(worker, pair, {**_kept(worker, pair), "note": note})


def merge_preview(worker: Worker, record: str, language: str = "") -> MergePreview:
    """The merged record as the choices so far would make it."""
    pair = _pair(worker, record)
    found = _proposal(worker, pair, _kept(worker, pair)["choices"])
    instance = _open(worker, pair, found.xml, language)
    # Cards may have moved in the merge: an answer inside one is marked only where it keeps its number.
    differing = {one.ours_ref for one in (*found.taken, *found.conflicts) if one.ours_ref == one.theirs_ref}
    lines: list[PreviewLine] = []
    for section in outline.sections(instance):
        lines.append(PreviewLine("section", section.title, "", False))
        for top in section.nodes:
            for node in [top] if top.kind == "question" else list(outline.questions(top)):
                if not outline.is_twin(node):
                    merged = node.ref in differing
                    lines.append(PreviewLine("question", node.label, outline.answer_text(node), merged))
    problems = tuple((one.question, one.message) for one in outline.problems(instance))
    return MergePreview(tuple(lines), problems)


def decide_merge(
    worker: Worker,
    record: str,
    choices: Mapping[str, str] | None = None,
    note: str | None = None,
    heads: tuple[str, str] | None = None,
    language: str = "",
) -> Merged:
    """Makes the merge: a revision whose parents are both versions, or a draft where something is missing.

    `choices` and `note` default to what was kept. `heads`: the versions that were read. Raises
    Problem("conflict.undecided"), ("conflict.not_yours"), ("conflict.moved") or ("conflict.none").
    """
    pair = _pair(worker, record)
    if heads is not None and list(heads) != pair.heads:
        raise Problem("conflict.moved")
    if not may_merge(worker, [pair.ours, pair.theirs]):
        raise Problem("conflict.not_yours")
    kept = _kept(worker, pair)
    chosen = dict(kept["choices"] if choices is None else choices)
    found = _proposal(worker, pair, chosen)
    if found.undecided:
        raise Problem("conflict.undecided")
    filling = fill.revise(
        worker,
        pair.form,
        _open(worker, pair, found.xml, language),
        [pair.ours, pair.theirs],
        note=(kept["note"] if note is None else note).strip(),
        merge=_said(pair, found, chosen),
    )
    done = filling.finish()
    _drop(worker, record)
    if isinstance(done, fill.Finished):
        return Merged(done.record, done.revision, "", 0)
    return Merged(record, "", filling.draft, len(done.problems))


def _said(pair: _Pair, found: MergeProposal, chosen: Mapping[str, str]) -> dict[str, Any]:
    """What the merge record keeps about how it was made: which version each decided answer came from."""
    words = {OURS: pair.heads[0], THEIRS: pair.heads[1]}
    return {
        "heads": pair.heads,
        "decided": {one.ref: words.get(chosen[one.ref], "written") for one in found.conflicts},
    }


def _pair(worker: Worker, record: str) -> _Pair:
    state = review_state(worker, record)
    heads = head_records(worker, state) if state.in_conflict else []
    if len(heads) < 2:
        raise Problem("conflict.none")
    ours, theirs = heads[:2]
    if ours["form"] != theirs["form"]:
        raise Problem("conflict.other_forms")
    plain = [plain_of(one) for one in worker.store.records.of(record)]
    inner = {one["revision"]: one for one in plain}
    common = submissions(opened(plain))[record].common(ours["revision"], theirs["revision"])
    return _Pair(
        state, ours, theirs, tuple(inner[one.revision] for one in common), _form(worker, ours, theirs)
    )


def _form(worker: Worker, ours: dict[str, Any], theirs: dict[str, Any]) -> forms.Form:
    """The form version of the two that was published last; the engine brings the other one's answers over."""
    order = list(programme.programme(worker).versions)
    places = [(one["form"], one["form_version"]) for one in (ours, theirs)]
    newest = max(places, key=lambda place: order.index(place) if place in order else -1)
    return programme.form(worker, *newest)


def _proposal(worker: Worker, pair: _Pair, choices: Mapping[str, str]) -> MergeProposal:
    for one in (pair.ours, pair.theirs):
        _check(worker, one["revision"])
    rule = programme.form_rule(worker, pair.form.form_id)
    nodes = pair.form.by_path.values()
    try:
        return proposal(
            [_xml(one) for one in pair.bases],
            _xml(pair.ours),
            _xml(pair.theirs),
            repeats=[one.path for one in nodes if one.kind == "repeat"],
            keys=rule.keys if rule else {},
            derived=[one.path for one in nodes if _calculated(one)],
            choices=choices,
        )
    except AnswersError as error:
        raise Problem("usecase.form_changed", reason=str(error)) from error


def _calculated(d: Any) -> bool:
    """Whether nobody answers this: it has no control, or is shown read-only with what the form works out."""
    if d.kind != "leaf":
        return False
    return d.control is None or (
        d.bind is not None and d.bind.calculate is not None and d.bind.readonly_always
    )


def _check(worker: Worker, revision: str) -> None:
    stored = worker.store.records.get(revision)
    if stored is None:
        raise Problem("usecase.no_such_record")
    check_record(SignedRecord.from_parts(stored.record, stored.signature), worker.roster())


def _opened(worker: Worker, pair: _Pair, inner: dict[str, Any], language: str) -> forms.Instance:
    return _open(worker, pair, _xml(inner), language, edit=False)


def _open(worker: Worker, pair: _Pair, xml: bytes, language: str, edit: bool = True) -> forms.Instance:
    try:
        instance = pair.form.open(xml, programme.context(worker), edit=edit)
    except forms.FormError as error:
        raise Problem("usecase.form_changed", reason=error.code) from error
    choose_language(instance, pair.form, language)
    return instance


def _xml(inner: dict[str, Any]) -> bytes:
    return str(inner["body"].get("xml", "")).encode()


def _kept(worker: Worker, pair: _Pair) -> dict[str, Any]:
    """What was chosen about exactly these two versions; choices about others mean nothing here."""
    kept = worker.store.values.get(DRAFTS, {}).get(pair.state.record, {})
    if kept.get("heads") != pair.heads:
        return {"heads": pair.heads, "choices": {}, "note": kept.get("note", "")}
    return dict(kept)


def _keep(worker: Worker, pair: _Pair, kept: dict[str, Any]) -> None:
    drafts = dict(worker.store.values.get(DRAFTS, {}))
    worker.store.values.set(DRAFTS, {**drafts, pair.state.record: {**kept, "heads": pair.heads}})


def _drop(worker: Worker, record: str) -> None:
    drafts = dict(worker.store.values.get(DRAFTS, {}))
    drafts.pop(record, None)
    worker.store.values.set(DRAFTS, drafts)


def _begun(worker: Worker, pair: _Pair) -> str | None:
    """A merge of these versions that lacks something, to go on with."""
    return next(
        (
            head.id
            for head in worker.store.drafts.list()
            if head.meta.get("record") == pair.state.record
            and head.meta.get("merge")
            and list(head.meta.get("parents", ())) == pair.heads
        ),
        None,
    )
