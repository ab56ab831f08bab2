"""The guided commands of `python -m app.admin`, one function each."""

import os
import sys
from pathlib import Path

from app.admin.console import Console, Stop
from app.admin.organisation import (
    Clock,
    Organisation,
    create_organisation,
    load_root,
    parse_root_key,
    replace_recovery,
    restore_organisation,
    sign_as_root,
    write_statements,
)
from app.crypto.age import X25519Identity
from app.crypto.primitives import Random
from app.crypto.selftest import self_test
from app.crypto.wordlist import check_passphrase, device_words, root_words, suggest_passphrase
from app.protocol.canonical import JsonError, parse_json
from app.protocol.keys import SigningKey
from app.protocol.roster import Roster, Statement


def init(
    folder: Path, name: str, passphrase: str | None, clock: Clock, random: Random, console: Console
) -> None:
    """Makes an organisation; `passphrase` None leaves its files readable (demonstrations)."""
    self_test(clock()).require()
    try:
        made = create_organisation(folder, name, passphrase, clock, random)
    except FileExistsError as error:
        raise Stop(f"{folder} already holds an organisation; nothing was changed.") from error
    _report(folder, made, console)
    console.say(f"Print {folder / 'sheet.pdf'} twice, seal each copy, then delete sheet.pdf and sheet.html.")
    console.say(
        "Keep this folder on a memory stick in a safe. It never belongs on the server or on a tablet."
    )


def restore(
    folder: Path,
    printed: tuple[str, str, str | None],
    passphrase: str | None,
    random: Random,
    console: Console,
) -> None:
    """Makes the folder again from the printed sheet: its name, time and first public recovery key."""
    root = parse_root_key(console.ask_secret("Root key (DOORSTEP-ROOT-KEY-1…):"))
    recovery = X25519Identity.parse(console.ask_secret("Recovery key (AGE-SECRET-KEY-1…):").strip())
    try:
        restored = restore_organisation(folder, printed, root, recovery, passphrase, random)
    except FileExistsError as error:
        raise Stop(f"{folder} already holds an organisation; nothing was changed.") from error
    _report(folder, restored, console)
    console.say(
        "roster.json holds only the first statement: replace it with the newest roster before signing."
    )


def add_supervisor(
    folder: Path, device: Path, passphrase: str | None, sure: bool, clock: Clock, console: Console
) -> None:
    """Signs a device file (`DeviceKeys.statement_body()` as JSON) into the roster as a supervisor."""
    _, root, statements = load_keys(folder, passphrase)
    try:
        body = parse_json(device.read_bytes())
    except JsonError as error:
        raise Stop(f"{device} is not a device file.") from error
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise Stop(f"{device} is not a device file.")
    if body.get("role") != "supervisor":
        raise Stop("That device does not ask to be a supervisor's; a supervisor can add it in the app.")
    console.say(f"Device {body.get('device')} of member {body.get('member')}. Its six words:")
    console.say(f"    {' '.join(device_words(body))}")
    if not sure and console.ask("Does that device show the same words? (yes/no)").strip().lower() != "yes":
        raise Stop("Nothing was signed.")
    roster = Roster.replay(statements, root.public)
    statement = sign_as_root(root, roster, "add_device", body, clock)
    roster.apply(statement)
    write_statements(folder / "roster.json", [*statements, statement])
    console.say(f"Signed. Take {folder / 'roster.json'} to the supervisor's device.")


def rotate_recovery(
    folder: Path, passphrase: str | None, clock: Clock, random: Random, console: Console
) -> None:
    """A new recovery key, for when somebody may have seen the old one. Old records stay readable with the old."""
    name, root, statements = load_keys(folder, passphrase)
    fresh, roster = X25519Identity.generate(random), Roster.replay(statements, root.public)
    statement = sign_as_root(root, roster, "rotate_recovery", {"recovery": str(fresh.recipient)}, clock)
    roster.apply(statement)
    replace_recovery(folder, Organisation(name, root, fresh, statements[0]), passphrase, random)
    write_statements(folder / "roster.json", [*statements, statement])
    console.say(
        "A new recovery key is in recovery.txt; with it the older keys that were there, for older records."
    )
    console.say(
        f"Print {folder / 'sheet.pdf'} again and take {folder / 'roster.json'} to a supervisor's device."
    )


def choose_passphrase(console: Console, random: Random) -> str:
    """Suggests one, and takes what is typed twice. Raises Problem("crypto.weak_passphrase")."""
    suggestion = suggest_passphrase(6, random=random)
    console.say("Choose a passphrase that locks the organisation's keys. A suggestion:")
    console.say(f"    {suggestion.text}    ({suggestion.bits} bits)")
    typed = console.ask_secret("Passphrase (empty takes the suggestion):") or suggestion.text
    check_passphrase(typed)
    if typed != suggestion.text and console.ask_secret("Once more:") != typed:
        raise Stop("The two differ; nothing was changed.")
    return typed


def load_keys(folder: Path, passphrase: str | None) -> tuple[str, SigningKey, list[Statement]]:
    """(name, root key, statements) of an organisation's folder. Raises Stop, Problem."""
    try:
        return load_root(folder, passphrase)
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name
        raise Stop(f"{folder} holds no organisation ({missing} is missing).") from error


def _report(folder: Path, made: Organisation, console: Console) -> None:
    console.say(f"Organisation {made.name}: {made.org}")
    console.say(f"Public root key {made.root.public}")
    console.say(f"Its six words: {' '.join(root_words(made.root.public))}")
    if os.name == "posix" and sys.platform != "win32" and folder.stat().st_mode & 0o077:
        console.say(f"Warning: other users of this computer may look into {folder}.")
