"""Open a profile with its passphrase, and close it again."""

from contextlib import suppress
from threading import Lock

from app.crypto.device import DeviceKeys
from app.protocol.errors import Problem
from app.store.profiles import list_profiles
from app.store.store import Store
from app.usecases.problems import problem_text
from app.usecases.recovery import remembered
from app.usecases.services import Services
from app.usecases.shelving import save_drafts, tidy_shelf
from app.usecases.start import seen_now
from app.usecases.unlocking import open_profile
from app.usecases.views import ProblemText, ProfileCard
from app.usecases.worker import Organisation, Worker

PENDING = "pending"  # the role of a profile that no supervisor has signed yet
_opened: dict[tuple[str, str], Worker] = {}
_guard = Lock()


def profiles(services: Services) -> list[ProfileCard]:
    """Everybody who may unlock this device, by name; `pending` are those who are still joining."""
    found = [
        ProfileCard(one.id, one.label, one.role, pending=one.role == PENDING)
        for one in list_profiles(services.data_dir)
    ]
    return sorted(found, key=lambda card: card.label.casefold())


def unlock(services: Services, profile: str, passphrase: str) -> Worker:
    """The profile's worker.

    Several windows of one process share one opened store, but each of them has to prove the passphrase.
    Raises Problem("crypto.wrong_passphrase") with the tries and the seconds to wait, "crypto.keystore_gone",
    "usecase.no_such_profile", or "enrol.not_finished" for somebody who is still joining.
    """
    card = next((one for one in profiles(services) if one.id == profile), None)
    if card is None:
        raise Problem("usecase.no_such_profile")
    store = open_profile(services, profile, passphrase)
    if card.pending:
        store.close()
        raise Problem("enrol.not_finished")
    return opened_worker(services, profile, card.label, store)


def opened_worker(services: Services, profile: str, label: str, store: Store) -> Worker:
    """The worker of a store that has just been opened; the one that is open already, where there is one."""
    with _guard:
        place = (str(services.data_dir.resolve()), profile)
        if place in _opened:
            store.close()
            return _opened[place]
        worker = _opened[place] = Worker(
            services=services,
            profile=profile,
            name=label,
            device_keys=DeviceKeys.from_json(store.values.get("device")),
            organisation=Organisation(**store.values.get("organisation")),
            store=store,
        )
    tidy_shelf(worker)
    remembered(services, profile)
    return worker


def found_at_unlock(worker: Worker) -> list[ProblemText]:
    """What the check of the opened store found that its person should know: damage, an earlier copy put back."""
    return [problem_text(problem) for problem in worker.store.report.problems()]


def lock(worker: Worker) -> None:
    """Closes the store and forgets the keys, drafts sealed beside it. Windows that still show this worker must
    unlock again.
    """
    with _guard:
        for place, opened in list(_opened.items()):
            if opened is worker:
                del _opened[place]
    with suppress(Problem):  # whatever state the store is in, locking must work
        save_drafts(worker)
    seen_now(worker.services)
    worker.memo.clear()
    worker.store.close()
