"""Where the demo keeps things, on which ports it listens, and the passphrases it prints.

Everything here is synthetic and meant to be seen: a real organisation's root and recovery keys never lie beside
its server.
"""

from dataclasses import dataclass
from pathlib import Path

# Printed on the screen at every start; real passphrases are chosen by people.
PASSPHRASES = {
    "Rodica Test": "punte lampa ulcior trifoi vant",
    "Ana Exemplu": "copac fereastra drum paine soare",
    "Ion Exemplu": "munte scaun ploaie carte floare",
}
SUPERVISOR = "Rodica Test"
WORKERS = ("Ana Exemplu", "Ion Exemplu")
ROOT_PASSPHRASE = "demo root key on paper"


@dataclass(frozen=True)
class Places:
    """The demo's folder and ports. `port` serves the sync server, the next two the tablet and the supervisor."""

    home: Path
    port: int

    @property
    def keys(self) -> Path:
        return self.home / "offline-keys"

    @property
    def server(self) -> Path:
        return self.home / "server"

    @property
    def tablet(self) -> Path:
        return self.home / "tablet"

    @property
    def console(self) -> Path:
        return self.home / "supervisor"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def server_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tablet_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def console_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 2}"
