"""All files of a tablet were put back as they were earlier: with a keystore it is noticed and told after unlocking."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from app.store.profiles import ProfileInfo
from app.usecases.services import Services
from app.usecases.unlock import found_at_unlock
from app.usecases.unlocking import create_locked_profile, destroy_lock, open_profile
from tests.usecases.test_unlocking import FakeKeystore

WORDS = "lemed sotov kubis nasob vided"


class Unlocked:
    """What `found_at_unlock` needs of a worker."""

    def __init__(self, services: Services) -> None:
        self.store = open_profile(services, "ana", WORDS)


def told(services: Services) -> list[str]:
    """Unlocks and locks; the codes of what the person is told."""
    worker = Unlocked(services)
    codes = [text.code for text in found_at_unlock(worker)]  # type: ignore[arg-type]
    worker.store.close()
    return codes


def test_a_tablet_put_back_whole_is_noticed_by_its_keystore(tmp_path: Path) -> None:
    keystore = FakeKeystore()
    now = datetime(2026, 3, 1, tzinfo=UTC)
    services = Services(tmp_path / "data", clock=lambda: now, keystore=keystore, scrypt_target=0)
    create_locked_profile(services, ProfileInfo("ana", "Ana", "fieldworker"), WORDS)
    assert told(services) == []
    shutil.copytree(services.data_dir, tmp_path / "earlier")
    assert told(services) == []
    shutil.rmtree(services.data_dir)
    shutil.copytree(tmp_path / "earlier", services.data_dir)
    assert told(services) == ["store.put_back"]
    destroy = FakeKeystore()
    destroy.secrets = dict(keystore.secrets)
    destroy_lock(Services(services.data_dir, clock=lambda: now, keystore=destroy), "ana")
    assert destroy.secrets == {}
