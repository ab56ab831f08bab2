"""Handing over entries of other devices that a safety copy brought here: signed, sealed and numbered by them."""

from app.protocol.manifest import Manifest
from app.protocol.versions import BATCH_ENTRIES, INLINE_LIMIT
from app.sync.objects import upload
from app.sync.push import Pushing


def carry(pushing: Pushing) -> int:
    """Gives how many of them the server now has. Raises Problem, Cancelled.

    What the server refuses stays carried and is tried again; it may still miss an earlier one of its author.
    """
    rest = [Manifest.from_wire(wire) for wire in pushing.store.carried.all()]
    handed_over = 0
    while rest:
        handed_over += _post(pushing, _next_batch(pushing, rest))
    return handed_over


def _next_batch(pushing: Pushing, rest: list[Manifest]) -> list[Manifest]:
    """In the authors' order; one that is too large to travel along ends its batch, after an upload of its own."""
    size, limit = 0, pushing.courier.pace.batch()
    batch: list[Manifest] = []
    while rest and size < limit and len(batch) < BATCH_ENTRIES:
        batch.append(rest.pop(0))
        if batch[-1].size > INLINE_LIMIT:
            break
        size += batch[-1].size
    return batch


def _post(pushing: Pushing, batch: list[Manifest]) -> int:
    store, handed_over = pushing.store, 0
    objects = {}
    for manifest in batch:
        if not store.media.has(manifest.sha256):
            continue  # announced again by its author; the server has it
        if manifest.size <= INLINE_LIMIT:
            objects[manifest.sha256] = store.media.read(manifest.sha256)
        else:
            _upload(pushing, manifest)
    answer, checkpoint = pushing.posted(tuple(batch), objects)
    with store.transaction():
        pushing.state.grow(answer.checkpoint, checkpoint)
    for manifest, outcome in zip(batch, answer.outcomes, strict=True):
        if outcome.index is not None:
            store.carried.remove(manifest.to_wire())
            handed_over += 1
    return handed_over


def _upload(pushing: Pushing, manifest: Manifest) -> None:
    with pushing.store.media.open(manifest.sha256) as file:

        def read(at: int, length: int) -> bytes:
            file.seek(at)
            return file.read(length)

        upload(pushing.courier, manifest.sha256, manifest.size, read)
