"""`python -m app.admin add-supervisor FOLDER REQUEST-CODE`: the guided command around `first_supervisor`."""

import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import segno

from app.admin.commands import load_keys
from app.admin.console import Console, Stop
from app.admin.first_supervisor import (
    first_answer,
    log_key_of,
    newest_roster,
    open_workspace,
    read_first_request,
    with_supervisor,
)
from app.admin.organisation import Clock, write_statements
from app.crypto.primitives import Random
from app.crypto.wordlist import device_words, root_words
from app.protocol.enrolment_codes import code_kind, grouped
from app.protocol.enrolment_offer import Offer
from app.protocol.errors import Problem
from app.protocol.keys import VerifyKey
from app.protocol.roster import Statement
from app.sync.transport import HttpTransport, checked_address


@dataclass(frozen=True)
class Wish:
    """What was typed. `server` "" signs without reaching a server; `sure` skips the question about the words."""

    code: str
    server: str = ""
    setup_token: str = ""
    name: str = ""
    sure: bool = False


def is_request_code(text: str) -> bool:
    """Whether a command's argument is a code and not the name of a file."""
    return code_kind(text) == "request"


def add_by_code(
    folder: Path, wish: Wish, passphrase: str | None, clock: Clock, random: Random, console: Console
) -> None:
    """Compares the words, signs, opens the organisation at the server, and prints the answer code."""
    _, root, statements = load_keys(folder, passphrase)
    offer, signed = read_first_request(wish.code)
    _compare(offer, wish.sure, console)
    place = _place(wish)
    if place is not None:
        statements = newest_roster(place.transport, wish.setup_token, root.public, statements)
    after = with_supervisor(root, statements, offer, clock, random)
    write_statements(folder / "roster.json", after)
    console.say(f"Signed, and kept in {folder / 'roster.json'}.")
    if place is None:
        console.say(
            "The device needs the server as well. Where it can be reached, run the same command again with"
        )
        console.say(
            "    --server https://… --setup-token TOKEN    (the token of: python -m sync_server init)"
        )
        return
    _open(place, wish.setup_token, folder, statements, after)
    console.say(f"The organisation is open at {place.address}; the server's log key is {place.log_key}")
    _give(first_answer(root, after, signed, (place.address, place.log_key), random, wish.name), console)
    console.say("The device then shows these six words of the organisation, as the printed sheet does:")
    console.say(f"    {' '.join(root_words(root.public))}")


def _compare(offer: Offer, sure: bool, console: Console) -> None:
    console.say(f"Device {offer.device}. Its six words:")
    console.say(f"    {' '.join(device_words(offer.public()))}")
    question = "Does that device show the same words? (yes/no)"
    if not sure and console.ask(question).strip().lower() != "yes":
        raise Stop("Nothing was signed.")


@dataclass(frozen=True)
class _Place:
    """The server, reached."""

    address: str
    transport: HttpTransport
    log_key: VerifyKey


def _place(wish: Wish) -> _Place | None:
    if not wish.server:
        return None
    if not wish.setup_token:
        raise Stop("--setup-token is missing: python -m sync_server init prints one.")
    address = checked_address(wish.server)
    if not address.isascii():  # it travels in codes that anybody can type
        raise Problem("sync.bad_address", address=address)
    transport = HttpTransport(address)
    return _Place(address, transport, log_key_of(transport))


def _open(
    place: _Place, setup_token: str, folder: Path, before: list[Statement], after: list[Statement]
) -> None:
    try:
        open_workspace(place.transport, setup_token, after)
    except Problem as problem:
        if problem.code.startswith(
            "roster."
        ):  # somebody's statement came in between: the next try fetches it
            write_statements(folder / "roster.json", before)
        raise


def _give(answer: str, console: Console) -> None:
    console.say("Type or paste this answer on the device, or let it read the picture:")
    console.result(grouped(answer))
    picture = io.StringIO()
    code = segno.make_qr(answer, error="l")
    if code.symbol_size()[0] + 2 <= shutil.get_terminal_size().columns:
        code.terminal(picture, compact=True)
        console.say(picture.getvalue())
    else:
        console.say("(The picture needs a wider window.)")
