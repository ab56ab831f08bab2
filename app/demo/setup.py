"""Makes the demo organisation: keys, server, people, programme, and a dozen synthetic households.

Everything goes the way it would in an organisation: keys are made on their devices and let in after comparing six
words, forms are published and sealed, every household is registered by filling in the real baseline form.
"""

import json
import shutil
from collections.abc import Callable
from typing import Any

from app.admin.first_supervisor import (
    first_answer,
    log_key_of,
    open_workspace,
    read_first_request,
    with_supervisor,
)
from app.admin.organisation import Organisation as OfflineKeys
from app.admin.organisation import create_organisation, write_statements
from app.crypto.wordlist import device_words
from app.demo.devices import now, open_as, services
from app.demo.places import PASSPHRASES, SUPERVISOR, WORKERS, Places
from app.demo.processes import DemoError, Processes
from app.demo.register import register
from app.sync.transport import HttpTransport
from app.usecases import enrolment
from app.usecases.unlock import lock
from app.usecases.worker import Worker
from sync_server.settings import Settings
from sync_server.setup import initialise

MARKER = "EVERYTHING-HERE-IS-SYNTHETIC.txt"
STATE = "demo.json"


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
    """Keys, server, and everybody's device: the supervisor let in by the root key, the others by the supervisor."""
    random = services(places.home).random
    # Without a passphrase: anybody may try `age -d -i recovery.txt` on the demo's objects.
    offline = create_organisation(places.keys, "Demo organisation (synthetic)", None, now, random)
    server = initialise(Settings(data_dir=places.server, port=places.port), new_token=True)
    processes.start_server()
    supervisor = _first_supervisor(places, offline, server.setup_token)
    try:
        for name in WORKERS:
            _fieldworker(places, supervisor, name)
    finally:
        lock(supervisor)
    say("  keys made, server opened, supervisor and tablets enrolled")


def _first_supervisor(places: Places, offline: OfflineKeys, setup_token: str) -> Worker:
    """As `python -m app.admin add-supervisor` does it with the code that the supervisor's device shows."""
    ours = services(places.console)
    joining = enrolment.begin_first(ours, SUPERVISOR, PASSPHRASES[SUPERVISOR])
    offer, signed = read_first_request(joining.view().request_code)
    _compare(joining.view().words, device_words(offer.public()))
    statements = with_supervisor(offline.root, [offline.genesis], offer, now, ours.random)
    write_statements(places.keys / "roster.json", statements)
    transport = HttpTransport(places.server_url)
    open_workspace(transport, setup_token, statements)
    address = (places.server_url, log_key_of(transport))
    joining.accept(first_answer(offline.root, statements, signed, address, ours.random))
    return joining.finish()


def _fieldworker(places: Places, supervisor: Worker, name: str) -> None:
    """Invite, make keys on the tablet, compare the six words, sign, join."""
    invitation = enrolment.invite(supervisor, name, "fieldworker")
    joining = enrolment.begin(services(places.tablet), invitation.code, name, PASSPHRASES[name])
    seen = next(one for one in enrolment.invitations(supervisor) if one.id == invitation.id)
    _compare(joining.view().words, seen.words)
    enrolment.approve(supervisor, invitation.id)
    joining.poll()
    lock(joining.finish())


def _compare(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    if not one or one != other:
        raise DemoError("The six words differ: something on this machine interferes with the demo.")


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
