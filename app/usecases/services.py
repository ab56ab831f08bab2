"""What use cases need from the outside world, passed in so that tests decide it."""

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from app.crypto.memory import no_core_dumps
from app.sync.transport import HttpTransport, Transport
from app.usecases.keystore import Keystore


@dataclass(frozen=True)
class Services:
    """One installation's surroundings. `transport` makes a connection to a server address.

    `keystore` is the platform's, None in a browser. `scrypt_target` is how long unlocking may take, in seconds;
    whatever it says, the lock's cost never goes below the floor.
    """

    data_dir: Path
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    timezone: Callable[[], tzinfo] = field(default=lambda: _local_zone())
    random: Callable[[int], bytes] = os.urandom
    new_id: Callable[[], str] = field(default=lambda: str(uuid.uuid4()))
    transport: Callable[[str], Transport] = HttpTransport
    keystore: Keystore | None = None
    scrypt_target: float = 0.5


def default_services() -> Services:
    """The services of this process: data below DOORSTEP_DATA, else where Flet lets an app write.

    A process that will hold what people said must not leave its memory on the disk when it crashes.
    """
    no_core_dumps()
    place = os.environ.get("DOORSTEP_DATA") or os.environ.get("FLET_APP_STORAGE_DATA") or "storage"
    return Services(data_dir=Path(place))


def _local_zone() -> tzinfo:
    # The device's own offset: Android carries no time zone database that zoneinfo could read.
    return datetime.now().astimezone().tzinfo or UTC
