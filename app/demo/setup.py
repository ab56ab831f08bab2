"""Makes the demo organisation: keys, server, people, programme, and a dozen synthetic households.

Everything goes the way it would in an organisation: keys are made on their devices, the roster is signed, forms are
published and sealed, every household is registered by filling in the real baseline form.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from app.admin.organisation import Organisation as OfflineKeys
from app.admin.organisation import create_organisation, stamp
from app.crypto.device import DeviceKeys, new_device
from app.demo.devices import now, open_as, services
from app.demo.places import PASSPHRASES, SUPERVISOR, WORKERS, Places
from app.demo.processes import DemoError, Processes
from app.demo.register import register
from app.protocol.messages import RosterMessage
from app.protocol.roster import Roster, Statement
from app.protocol.versions import HEADER_PROTOCOL, HEADER_SETUP, JSON, PROTOCOL
from app.sync.transport import HttpTransport
from app.usecases.enrol import create_worker_profile
from app.usecases.unlock import lock
from app.usecases.worker import Organisation
from sync_server.settings import Settings
from sync_server.setup import initialise

MARKER = "EVERYTHING-HERE-IS-SYNTHETIC.txt"
STATE = "demo.json"


@dataclass(frozen=True)
class Member:
    """One person of the demo with the keys of their only device."""

    name: str
    keys: DeviceKeys


def prepare(places: Places, processes: Processes, say: Callable[[str], None] = print) -> None:
    """Leaves a running server and a complete demo organisation; an unfinished earlier attempt is made anew."""
    state = read_state(places)
    if state.get("ready"):
        if state.get("port") != places.port:
            _move(places)
        processes.start_server()
        return
    _clear(places)
    say(f"Making a synthetic organisation in {places.home}/ (the first time takes about a minute) ...")
    _found(places, processes, say)
    register(places, say)
    write_state(places, ready=True, port=places.port)


def read_state(places: Places) -> dict[str, Any]:
    """What earlier runs of the demo remembered."""
    try:
        found = json.loads((places.home / STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_state(places: Places, **changes: object) -> None:
    path = places.home / STATE
    path.write_text(json.dumps({**read_state(places), **changes}, indent=2), "utf-8")


def _found(places: Places, processes: Processes, say: Callable[[str], None]) -> None:
    """Keys, roster, server, and everybody's profile on their device."""
    random = services(places.home).random
    # Without a passphrase: anybody may try `age -d -i recovery.txt` on the demo's objects.
    offline = create_organisation(places.keys, "Demo organisation (synthetic)", None, now, random)
    people = _people()
    statements = _statements(offline, people)
    server = initialise(Settings(data_dir=places.server, port=places.port), new_token=True)
    processes.start_server()
    _open_workspace(places, server.setup_token, statements)
    organisation = Organisation(
        org=offline.org, root=str(offline.root.public), server=places.server_url, log_key=str(server.log_key)
    )
    for member in people:
        home = places.console if member.name == SUPERVISOR else places.tablet
        create_worker_profile(
            services(home), member.name, PASSPHRASES[member.name], member.keys, organisation, statements
        )
    say("  keys made, roster signed, server opened")


def _people() -> list[Member]:
    supervisor = Member(SUPERVISOR, new_device("member-1", "supervisor"))
    workers = [
        Member(name, new_device(f"member-{n}", "fieldworker")) for n, name in enumerate(WORKERS, start=2)
    ]
    return [supervisor, *workers]


def _statements(offline: OfflineKeys, people: list[Member]) -> list[Statement]:
    """Genesis; the supervisor, signed by the root key; the fieldworkers, signed by the supervisor."""
    statements = [offline.genesis]
    roster = Roster.genesis(offline.genesis)
    supervisor = people[0].keys
    for member in people:
        signer, key = (
            ("root", offline.root) if member is people[0] else (supervisor.device_id, supervisor.signing)
        )
        body = member.keys.statement_body()
        statements.append(roster.statement("add_device", body, at=stamp(now), signer=signer, key=key))
        roster = roster.apply(statements[-1])
    return statements


def _open_workspace(places: Places, token: str, statements: list[Statement]) -> None:
    answer = HttpTransport(places.server_url).request(
        "POST",
        "/v1/roster",
        {"content-type": JSON, HEADER_SETUP: token, HEADER_PROTOCOL: str(PROTOCOL)},
        RosterMessage(tuple(statements)).encode(),
        30.0,
    )
    if answer.status != requests.codes.ok:
        raise DemoError(f"The server refused the new organisation ({answer.status}: {answer.body[:300]!r}).")


def _clear(places: Places) -> None:
    """Removes an unfinished demo; never anything in a folder that the demo did not make."""
    strangers = places.home.exists() and any(one.name != places.logs.name for one in places.home.iterdir())
    if strangers and not (places.home / MARKER).exists():
        raise DemoError(
            f"{places.home} holds something that is not the demo's. Name another folder with --home."
        )
    for part in (places.keys, places.server, places.tablet, places.console):
        shutil.rmtree(part, ignore_errors=True)
    (places.home / STATE).unlink(missing_ok=True)
    places.home.mkdir(parents=True, exist_ok=True)
    (places.home / MARKER).write_text("Made by `make demo`. `make reset-demo` removes it.\n", "utf-8")


def _move(places: Places) -> None:
    """The demo was made for another port: the devices learn the server's new address."""
    for folder, name in [(places.console, SUPERVISOR), *((places.tablet, name) for name in WORKERS)]:
        worker = open_as(folder, name)
        known = dict(worker.store.values.get("organisation"))
        worker.store.values.set("organisation", {**known, "server": places.server_url})
        lock(worker)
    write_state(places, port=places.port)
