"""End a draft as a signed, sealed submission in the outbox."""

from io import BytesIO
from typing import Any

import forms
from app.crypto.attachment import Attachment, open_attachment, seal_attachment
from app.programme.households import name_without_code
from app.store.store import StoredRecord
from app.usecases.previous import text_at
from app.usecases.programme import form_rule
from app.usecases.seal import keep_record, readers
from app.usecases.worker import Worker


def finish_draft(
    worker: Worker, draft: str, form: forms.Form, instance: forms.Instance, meta: dict[str, Any]
) -> StoredRecord:
    """One submission from one draft; the draft and its media end in the same transaction.

    Raises Problem("store.…") with the draft untouched.
    """
    done = instance.finalise()
    operations = [_operation(one) for one in done.entities]
    household = (
        meta.get("household") or _at(instance, worker, form.form_id, "household") or _household_of(operations)
    )
    body = {
        "xml": done.xml.decode(),
        "instance_name": done.instance_name,
        "household": household,
        "household_label": meta.get("household_label") or _label_of(operations) or done.instance_name,
        "tenancy": _at(instance, worker, form.form_id, "tenancy"),
        "entities": operations,
        "started": meta["started"],
        "finished": worker.now().isoformat(timespec="milliseconds"),
        "synthetic": bool(meta.get("synthetic")),
        "note": meta.get("note", ""),
    }
    if meta.get("merge"):
        body["merge"] = meta["merge"]
    return keep_record(
        worker,
        "submission",
        body,
        devices=readers(worker, worker.roster(), [household] if household else []),
        form=form.form_id,
        form_version=form.version,
        record=meta.get("record"),
        parents=tuple(meta.get("parents", ())),
        attachments=tuple(_used(meta, done.attachments)),
        also=lambda: worker.store.drafts.discard(draft),
    )


def attach(worker: Worker, meta: dict[str, Any], name: str, data: bytes) -> str:
    """Seals a photo, signature or file at once, to a fresh identity that stays inside the draft; gives its name.

    Nothing lies on the disk in the clear, not even for a moment.
    """
    stored = f"{worker.services.new_id()}-{name}"
    sealed = BytesIO()
    kept = seal_attachment(BytesIO(data), sealed, stored)
    worker.store.media.put(kept.sha256, sealed.getvalue())
    meta.setdefault("attachments", {})[stored] = kept.to_dict()
    return stored


def attached(worker: Worker, meta: dict[str, Any], name: str) -> bytes | None:
    """An attached file, opened; None where its sealed bytes are not on this device."""
    kept = meta.get("attachments", {}).get(name)
    if kept is None or not worker.store.media.has(kept["sha256"]):
        return None
    opened = BytesIO()
    open_attachment(BytesIO(worker.store.media.read(kept["sha256"])), opened, Attachment.from_dict(kept))
    return opened.getvalue()


def drop_attachments(worker: Worker, meta: dict[str, Any]) -> None:
    """Deletes the files of a draft that was thrown away; those of a correction belong to its first revision."""
    if not meta.get("record"):
        for kept in meta.get("attachments", {}).values():
            worker.store.media.delete(kept["sha256"])


def _operation(one: forms.EntityOperation) -> dict[str, Any]:
    return {
        "list_name": one.list_name,
        "entity_id": one.entity_id,
        "operation": one.operation,
        "label": one.label,
        "properties": dict(one.properties),
        "base_version": one.base_version,
    }


def _used(meta: dict[str, Any], names: list[str]) -> list[dict[str, Any]]:
    """The attachments that an answer still names: a photo taken again leaves the first one out."""
    known = meta.get("attachments", {})
    return [known[name] for name in names if name in known]


def _at(instance: forms.Instance, worker: Worker, form_id: str, what: str) -> str:
    """The answer to the question that the programme names for `what` (household, tenancy …)."""
    rule = form_rule(worker, form_id)
    return text_at(instance)(rule.refs[what]) if rule is not None and what in rule.refs else ""


def _household_of(operations: list[dict[str, Any]]) -> str:
    return next((one["entity_id"] for one in operations if one["list_name"] == "households"), "")


def _label_of(operations: list[dict[str, Any]]) -> str:
    """The name of a household that this very form registers, without its code."""
    made = next((one for one in operations if one["list_name"] == "households"), None)
    return name_without_code(made["label"] or "", made["properties"].get("code", "")) if made else ""
