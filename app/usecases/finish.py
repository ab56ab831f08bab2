"""End a draft as a signed, sealed submission in the outbox."""

import hashlib
from dataclasses import asdict
from typing import Any

import forms
from app.crypto.attachment import seal_attachment
from app.store.store import StoredRecord
from app.usecases.seal import keep_record, readers
from app.usecases.worker import Worker


def finish_draft(
    worker: Worker, draft: str, form: forms.Form, instance: forms.Instance, meta: dict[str, Any]
) -> StoredRecord:
    """One submission from one draft; the draft and its media end in the same transaction.

    Raises Problem("store.…") with the draft untouched.
    """
    done = instance.finalise()
    operations = [asdict(one) for one in done.entities]
    household = meta.get("household") or _household_of(operations)
    body = {
        "xml": done.xml.decode(),
        "instance_name": done.instance_name,
        "household": household,
        "household_label": meta.get("household_label") or _label_of(operations) or done.instance_name,
        "entities": operations,
        "started": meta["started"],
        "finished": worker.now().isoformat(timespec="milliseconds"),
        "synthetic": bool(meta.get("synthetic")),
        "note": meta.get("note", ""),
    }
    return keep_record(
        worker,
        "submission",
        body,
        devices=readers(worker, worker.roster(), [household] if household else []),
        form=form.form_id,
        form_version=form.version,
        record=meta.get("record"),
        parents=tuple(meta.get("parents", ())),
        attachments=tuple(_attachments(worker, draft, done.attachments)),
        also=lambda: _end(worker, draft),
    )


def _attachments(worker: Worker, draft: str, names: list[str]) -> list[dict[str, Any]]:
    """Each attached file as its own age file beside the database, its fresh identity inside the record."""
    found = []
    for name in names:
        data = worker.store.media.get(draft, name)
        if data is None:
            continue  # the answer names a file that an edited submission's first author holds
        sealed, identity = seal_attachment(data)
        digest = hashlib.sha256(sealed).hexdigest()
        worker.store.media.keep_sealed(digest, sealed)
        found.append({"name": name, "sha256": digest, "size": len(sealed), "identity": str(identity)})
    return found


def _end(worker: Worker, draft: str) -> None:
    worker.store.media.drop(draft)
    worker.store.drafts.discard(draft)


def _household_of(operations: list[dict[str, Any]]) -> str:
    return next((one["entity_id"] for one in operations if one["list_name"] == "households"), "")


def _label_of(operations: list[dict[str, Any]]) -> str:
    return next((one["label"] or "" for one in operations if one["list_name"] == "households"), "")
