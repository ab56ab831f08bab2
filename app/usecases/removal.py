"""A removed device locks itself for good, once nothing on it is the only copy.

Three things must hold, and the server's word is none of them: the roster, signed from the organisation's root key
and verified here, says that this device was removed; every entry it had finished has a verified receipt; no alarm
about the server stands. Then the keyslot and the keystore's half are destroyed. Drafts stay behind, sealed to the
supervisors, in the folder that holds nothing else.
"""

from app.store.purge import ALARM
from app.sync.syncer import Syncer
from app.usecases.shelving import save_drafts
from app.usecases.unlocking import destroy_lock
from app.usecases.worker import Worker

_ROSTER_AT = "sync.roster_at"  # values: when the roster was last asked for; without it the next run asks


def is_removed(worker: Worker) -> bool:
    """What the verified roster says. A device that it does not know at all was never removed."""
    device = worker.roster().devices.get(worker.device)
    return device is not None and not device.active


def holds_the_only_copy(worker: Worker) -> bool:
    """Whether anything finished here, or carried for somebody, has no verified receipt yet."""
    store = worker.store
    return bool(store.outbox.waiting_count() or store.carried.all())


def end_if_removed(worker: Worker, again: Syncer) -> bool:
    """Destroys the lock where it may be. Call after a run whose report says that the device was removed.

    `again` fetches the signed statement where only the server's word has arrived so far.
    """
    if not is_removed(worker):
        worker.store.values.delete(_ROSTER_AT)
        again.run()
    if not is_removed(worker) or holds_the_only_copy(worker):
        return False
    if worker.store.values.get(ALARM) is not None:
        return False
    save_drafts(worker)
    destroy_lock(worker.services, worker.profile)
    return True
