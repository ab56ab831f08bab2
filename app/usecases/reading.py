"""Open a submission with its form to read it: labels in a language, answers as text."""

from typing import Any

import forms
from app.protocol.errors import Problem
from app.usecases import outline, programme
from app.usecases.worker import Worker


def open_revision(worker: Worker, revision: str, language: str = "") -> forms.Instance:
    """The submission of this revision in its own form version.

    Raises Problem("usecase.no_such_record"), ("usecase.no_such_form") or ("usecase.form_changed").
    """
    stored = worker.store.records.get(revision)
    if stored is None:
        raise Problem("usecase.no_such_record")
    return open_submission(worker, stored.record, language)


def open_submission(worker: Worker, inner: dict[str, Any], language: str = "") -> forms.Instance:
    form = programme.form(worker, inner["form"], inner["form_version"])
    try:
        instance = form.open(inner["body"]["xml"].encode(), programme.context(worker), edit=False)
    except forms.FormError as error:
        raise Problem("usecase.form_changed", reason=error.code) from error
    choose_language(instance, form, language)
    return instance


def choose_language(instance: forms.Instance, form: forms.Form, language: str) -> None:
    """Picks the form's language whose name or code fits `language` (`ro` fits `Română (ro)`)."""
    for name in form.languages:
        if language and (name == language or name.endswith(f"({language})")):
            instance.language = name
            return


def language_code(name: str) -> str:
    """`Română (ro)` → `ro`; a name without a code as it is."""
    return name.rpartition("(")[2].rstrip(")") if name.endswith(")") else name


def labels(instance: forms.Instance) -> dict[str, str]:
    """Question ref → label, for every question that was asked."""
    return {node.ref: node.label for node in outline.questions(instance.root)}


def answers(instance: forms.Instance) -> dict[str, str]:
    """Question ref → answer as a person reads it, for every answered question."""
    return {node.ref: outline.answer_text(node) for node in outline.questions(instance.root) if node.text}
