"""Giving the recovery key to three people, two of whom must come together to use it."""

from datetime import datetime
from pathlib import Path

from app.admin.console import Console, Stop, explain
from app.admin.files import write_secret
from app.admin.organisation import key_lines
from app.admin.share_sheet import ShareSheet, render_share
from app.admin.slip39 import combine, read_share, shares_needed, split
from app.crypto.age import X25519Identity
from app.protocol.errors import Problem

TRIES = 3


def split_recovery(
    folder: Path, target: Path, name: str, passphrase: str | None, now: datetime, console: Console
) -> None:
    """Writes share-1.pdf to share-3.pdf into a new folder; the organisation's folder stays as it is."""
    newest = X25519Identity.parse(key_lines((folder / "recovery.txt").read_bytes(), passphrase)[0])
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise Stop(f"{target} is not empty; nothing was written.")
    for number, mnemonic in enumerate(split(newest.raw), 1):
        sheet = ShareSheet(name, f"{now:%Y-%m-%d}", number, str(newest.recipient), mnemonic)
        write_secret(target / f"share-{number}.pdf", render_share(sheet))
    console.say(f"Print the three sheets in {target}, give each to another person, and delete the files.")
    console.say("Any two of them give the recovery key back; one alone tells nothing.")
    console.say("Try it before you rely on it: python -m app.admin combine, with two of the printed sheets.")
    console.say(
        "Then delete recovery.txt, sheet.pdf and sheet.html in the organisation's folder and their copies."
    )


def combine_recovery(target: Path, console: Console) -> None:
    """Asks for as many shares as the first one says are needed, and writes the recovery key as a new age
    identity file. The words show while they are typed: nobody types 33 words blindly."""
    if target.exists():
        raise Stop(f"{target} exists already; nothing was written.")
    shares = [_ask(console, 1)]
    shares += [_ask(console, number) for number in range(2, shares_needed(shares[0]) + 1)]
    identity = _identity(combine(shares))
    lines = f"# public key: {identity.recipient}\n{identity}\n"
    try:
        write_secret(target, lines.encode("ascii"))
    except FileExistsError as error:
        raise Stop(f"{target} exists already; nothing was written.") from error
    console.say(f"The recovery key of {identity.recipient} is in {target}. Delete it when you are done,")
    console.say("and close this window: the words that were typed are still in it.")


def _ask(console: Console, number: int) -> str:
    """One share; a word that was misread is named and the share asked for again."""
    for _ in range(TRIES - 1):
        try:
            return read_share(console.ask(f"The words of sheet {number}, in their order:"))
        except Problem as problem:
            console.say(explain(problem))
    return read_share(console.ask(f"The words of sheet {number}, in their order:"))


def _identity(secret: bytes) -> X25519Identity:
    if len(secret) != 32:
        raise Problem("crypto.bad_shares")  # shares of something else
    return X25519Identity(secret)
