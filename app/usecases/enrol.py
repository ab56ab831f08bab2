"""Set up a profile on this device: its keys, its passphrase, and whom it trusts."""

from dataclasses import asdict

from app.crypto.device import DeviceKeys
from app.protocol.roster import Statement
from app.store.profiles import ProfileInfo, create_profile, unlock_profile
from app.usecases.services import Services
from app.usecases.worker import Organisation


def create_worker_profile(
    services: Services,
    name: str,
    passphrase: str,
    keys: DeviceKeys,
    organisation: Organisation,
    statements: list[Statement],
) -> str:
    """Creates the profile and keeps in it the keys, the pinned root and the roster known so far; gives its id.

    The keys never leave this device; `keys.statement_body()` is what a supervisor signs into the roster.
    """
    info = ProfileInfo(id=services.new_id(), label=name, role=keys.role)
    create_profile(services.data_dir, info, passphrase, store_key=services.random(32))
    store = unlock_profile(services.data_dir, info.id, passphrase, services.clock)
    try:
        with store.transaction():
            store.values.set("device", keys.to_json())
            store.values.set("organisation", asdict(organisation))
            store.values.set("roster", [statement.to_wire() for statement in statements])
    finally:
        store.close()
    return info.id
