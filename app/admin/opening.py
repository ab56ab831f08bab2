"""Opening one sealed object by hand, the last resort when no app and no server is left."""

import json
from pathlib import Path

from app.admin.console import Console
from app.admin.organisation import key_lines, read_statements
from app.crypto.age import X25519Identity
from app.crypto.record import SignedRecord, check_record, open_record
from app.protocol.roster import Roster


def read_identities(path: Path, console: Console) -> list[X25519Identity]:
    """Every key of an age identity file; asks for its passphrase where it is locked."""
    data = path.read_bytes()
    locked = data.startswith(b"-----BEGIN AGE")
    passphrase = console.ask_secret(f"Passphrase of {path.name}:") if locked else None
    return [X25519Identity.parse(line) for line in key_lines(data, passphrase)]


def open_object(path: Path, identity: Path, roster: Path | None, root: str | None, console: Console) -> None:
    """Prints the inner record as JSON, and says whether its signature was checked.

    Raises Problem for an object that does not open or must not be believed.
    """
    signed = open_record(path.read_bytes(), read_identities(identity, console))
    if roster is None:
        console.say("The signature was NOT checked: no --roster was given.")
    else:
        _check(signed, roster, root, console)
    console.result(json.dumps(signed.record.to_dict(), ensure_ascii=False, indent=2))


def _check(signed: SignedRecord, path: Path, root: str | None, console: Console) -> None:
    statements = read_statements(path)
    pinned = root or statements[0].body.get("root", "")
    author = check_record(signed, Roster.replay(statements, pinned))
    console.say(f"The signature is right: device {author.id} of member {author.member}.")
    if root is None:
        console.say(
            "The roster file itself was believed; give --root to check it against the sheet's public key."
        )
