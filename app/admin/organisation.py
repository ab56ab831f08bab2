"""An organisation's offline half: the root key, the recovery key, and the roster they start.

The folder belongs on a memory stick in a safe, never on the server and never on a tablet:

    root.key       signs the first supervisor and, much later, a new recovery key
    recovery.txt   opens every record when everybody's devices are lost; `age -d -i recovery.txt` reads it
    genesis.json   the first statement of the roster (public)
    roster.json    genesis and every statement the root key has signed since (public)
    sheet.pdf      both keys on paper, with instructions; sheet.html is the same for a browser

With a passphrase, root.key and recovery.txt are themselves age files locked with it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.admin.files import replace_secret, write_secret
from app.admin.sheet import Sheet
from app.admin.sheet_html import render_html
from app.admin.sheet_pdf import render_pdf
from app.crypto.age import ScryptIdentity, ScryptRecipient, X25519Identity, open_sealed, seal
from app.crypto.age_keys import DEFAULT_LOG_N
from app.crypto.primitives import Random
from app.protocol import bech32
from app.protocol.canonical import parse_json
from app.protocol.errors import Problem
from app.protocol.keys import SigningKey
from app.protocol.roster import ROOT, Roster, Statement

Clock = Callable[[], datetime]
ROOT_PREFIX = "doorstep-root-key-"


@dataclass(frozen=True)
class Organisation:
    """Both keys and the first statement; `org` is derived from the root key."""

    name: str
    root: SigningKey = field(repr=False)
    recovery: X25519Identity = field(repr=False)
    genesis: Statement

    @property
    def org(self) -> str:
        return self.genesis.org

    def sign(self, roster: Roster, kind: str, body: dict[str, str], clock: Clock) -> Statement:
        """The roster's next statement, signed by the root key."""
        return sign_as_root(self.root, roster, kind, body, clock)


def create_organisation(
    folder: Path,
    name: str,
    passphrase: str | None,
    clock: Clock,
    random: Random,
    *,
    log_n: int = DEFAULT_LOG_N,
) -> Organisation:
    """Makes the keys and writes the folder. Raises FileExistsError where an organisation is already.

    `passphrase` None leaves both key files readable: for demonstrations alone.
    """
    root, recovery = SigningKey.generate(random), X25519Identity.generate(random)
    printed = (name, stamp(clock), None)
    return restore_organisation(folder, printed, root, recovery, passphrase, random, log_n=log_n)


def restore_organisation(
    folder: Path,
    printed: tuple[str, str, str | None],
    root: SigningKey,
    recovery: X25519Identity,
    passphrase: str | None,
    random: Random,
    *,
    log_n: int = DEFAULT_LOG_N,
) -> Organisation:
    """The folder for existing keys and what the sheet prints: name, time, first public recovery key.

    The last is None where the recovery key was never changed. The same facts give the same genesis, to
    the byte, because Ed25519 signatures hold no randomness.
    """
    name, made, first = printed
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "root.key").exists():
        raise FileExistsError(folder / "root.key")
    org = f"org-{hashlib.sha256(root.public.raw).hexdigest()[:16]}"
    genesis = Statement.genesis(org=org, root=root, recovery=first or str(recovery.recipient), at=made)
    organisation = Organisation(name, root, recovery, genesis)
    _write(folder, organisation, passphrase, random, log_n)
    return organisation


def load_organisation(folder: Path, passphrase: str | None) -> Organisation:
    """Raises Problem: crypto.wrong_passphrase, crypto.bad_key; FileNotFoundError."""
    root_data = (folder / "root.key").read_bytes()
    (root_key,) = key_lines(root_data, passphrase)
    recovery_key, *_ = key_lines((folder / "recovery.txt").read_bytes(), passphrase)
    genesis = Statement.from_wire(parse_json((folder / "genesis.json").read_bytes()))
    organisation = Organisation(
        _comment(_unlock(root_data, passphrase), "organisation"),
        parse_root_key(root_key),
        X25519Identity.parse(recovery_key),
        genesis,
    )
    Roster.genesis(genesis, organisation.root.public)
    return organisation


def load_root(folder: Path, passphrase: str | None) -> tuple[str, SigningKey, list[Statement]]:
    """(organisation's name, root key, statements): all that signing needs; the recovery key may be elsewhere.

    Raises as `load_organisation`, and RosterError where the statements are not this root's.
    """
    data = (folder / "root.key").read_bytes()
    (text,) = key_lines(data, passphrase)
    root, statements = parse_root_key(text), read_statements(folder / "roster.json")
    Roster.replay(statements, root.public)
    return _comment(_unlock(data, passphrase), "organisation"), root, statements


def sign_as_root(
    root: SigningKey, roster: Roster, kind: str, body: dict[str, str], clock: Clock
) -> Statement:
    return roster.statement(kind, body, at=stamp(clock), signer=ROOT, key=root)


def root_key_text(key: SigningKey) -> str:
    """`DOORSTEP-ROOT-KEY-1…`, the form that is printed and typed."""
    return bech32.encode(ROOT_PREFIX, key.seed).upper()


def parse_root_key(text: str) -> SigningKey:
    """Raises Problem("crypto.bad_key")."""
    try:
        prefix, seed = bech32.decode(text.strip())
    except bech32.Bech32Error as error:
        raise Problem("crypto.bad_key") from error
    if prefix != ROOT_PREFIX:
        raise Problem("crypto.bad_key")
    return SigningKey.from_seed(seed)


def read_statements(path: Path) -> list[Statement]:
    """The statements of a roster file: a JSON list, or one statement alone."""
    value = parse_json(path.read_bytes())
    return [Statement.from_wire(wire) for wire in (value if isinstance(value, list) else [value])]


def write_statements(path: Path, statements: Iterable[Statement]) -> None:
    replace_secret(path, _json([statement.to_wire() for statement in statements]))


def stamp(clock: Clock) -> str:
    """RFC 3339 in UTC, to the second."""
    return clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def replace_recovery(
    folder: Path,
    organisation: Organisation,
    passphrase: str | None,
    random: Random,
    *,
    log_n: int = DEFAULT_LOG_N,
) -> None:
    """Puts the organisation's new recovery key before the old ones, which still open older records.

    Where the old key has been taken out of the folder, only the new one is kept. Prints the sheet again.
    """
    kept = folder / "recovery.txt"
    older = key_lines(kept.read_bytes(), passphrase) if kept.exists() else []
    text = _recovery_text(organisation, older)
    replace_secret(kept, _lock(text, passphrase, random, log_n))
    _write_sheets(folder, organisation)


def key_lines(data: bytes, passphrase: str | None) -> list[str]:
    """The keys of a key file, without its comments. Raises Problem."""
    keys = [line.strip() for line in _unlock(data, passphrase) if line.strip() and not line.startswith("#")]
    if not keys:
        raise Problem("crypto.bad_key")
    return keys


def _write(folder: Path, made: Organisation, passphrase: str | None, random: Random, log_n: int) -> None:
    root = "\n".join([*_about(made), "# root key: keep offline", root_key_text(made.root), ""])
    write_secret(folder / "root.key", _lock(root, passphrase, random, log_n))
    recovery = _recovery_text(made, [])
    write_secret(folder / "recovery.txt", _lock(recovery, passphrase, random, log_n))
    write_secret(folder / "genesis.json", _json(made.genesis.to_wire()))
    write_statements(folder / "roster.json", [made.genesis])
    _write_sheets(folder, made)


def _about(made: Organisation) -> list[str]:
    return [f"# organisation: {made.name}", f"# id: {made.org}", f"# made: {made.genesis.at}"]


def _recovery_text(made: Organisation, older: list[str]) -> str:
    public = f"# public key: {made.recovery.recipient}"
    return "\n".join([*_about(made), public, "# recovery keys: keep offline", str(made.recovery), *older, ""])


def _write_sheets(folder: Path, made: Organisation) -> None:
    sheet = Sheet(
        name=made.name,
        org=made.org,
        made=made.genesis.at,
        recovery_secret=str(made.recovery),
        recovery_public=str(made.recovery.recipient),
        first_recovery=made.genesis.body["recovery"],
        root_secret=root_key_text(made.root),
        root_public=str(made.root.public),
    )
    replace_secret(folder / "sheet.html", render_html(sheet).encode("utf-8"))
    replace_secret(folder / "sheet.pdf", render_pdf(sheet))


def _lock(text: str, passphrase: str | None, random: Random, log_n: int) -> bytes:
    data = text.encode("utf-8")
    if passphrase is None:
        return data
    return seal(data, [ScryptRecipient(passphrase, log_n)], armored=True, random=random)


def _unlock(data: bytes, passphrase: str | None) -> list[str]:
    if data.startswith(b"-----BEGIN AGE"):
        try:
            data = open_sealed(data, [ScryptIdentity(passphrase or "")])
        except Problem as error:
            code = "crypto.wrong_passphrase" if error.code == "crypto.not_for_me" else error.code
            raise Problem(code, **error.detail) from error
    return data.decode("utf-8").splitlines()


def _comment(lines: list[str], name: str) -> str:
    start = f"# {name}: "
    return next((line.removeprefix(start) for line in lines if line.startswith(start)), "")


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
