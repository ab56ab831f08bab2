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
    open_workspace,
    read_first_request,
    with_supervisor,
)
from app.admin.organisation import Clock, write_statements
from app.crypto.primitives import Random
from app.crypto.wordlist import device_words, root_words
from app.protocol.enrolment_codes import code_kind, grouped
from app.protocol.errors import Problem
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
    console.say(f"Device {offer.device}. Its six words:")
    console.say(f"    {' '.join(device_words(offer.public()))}")
    if (
        not wish.sure
        and console.ask("Does that device show the same words? (yes/no)").strip().lower() != "yes"
    ):
        raise Stop("Nothing was signed.")
    after = with_supervisor(root, statements, offer, clock, random)
    write_statements(folder / "roster.json", after)
    console.say(f"Signed, and kept in {folder / 'roster.json'}.")
    if not wish.server:
        console.say(
            "The device needs the server as well. Where it can be reached, run the same command again with"
        )
        console.say(
            "    --server https://… --setup-token TOKEN    (the token of: python -m sync_server init)"
        )
        return
    if not wish.setup_token:
        raise Stop("--setup-token is missing: python -m sync_server init prints one.")
    address = checked_address(wish.server)
    if not address.isascii():  # it travels in codes that anybody can type
        raise Problem("sync.bad_address", address=address)
    transport = HttpTransport(address)
    log_key = log_key_of(transport)
    try:
        open_workspace(transport, wish.setup_token, after)
    except Problem as problem:
        if problem.code.startswith("roster."):  # this folder's roster is not the organisation's newest
            write_statements(folder / "roster.json", statements)
        raise
    console.say(f"The organisation is open at {address}; the server's log key is {log_key}")
    answer = first_answer(root, after, signed, (address, log_key), random, wish.name)
    _give(answer, console)
    console.say("The device then shows these six words of the organisation, as the printed sheet does:")
    console.say(f"    {' '.join(root_words(root.public))}")


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
