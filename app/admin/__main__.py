"""`python -m app.admin COMMAND`: the organisation's offline keys, publishing its forms, opening a record by hand."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.admin import commands
from app.admin.add_supervisor import Wish, add_by_code, is_request_code
from app.admin.console import Console, Stop, Terminal, explain
from app.admin.opening import open_object
from app.admin.publishing import publish
from app.admin.sharing import combine_recovery, split_recovery
from app.protocol.errors import Problem
from app.usecases.services import Services, default_services
from forms import FormError


def main(arguments: list[str] | None = None, console: Console | None = None) -> int:
    """Runs one command; the exit status is 0, or 1 after saying in plain words what went wrong."""
    options = _parser().parse_args(arguments)
    terminal = console or Terminal()
    try:
        _run(options, terminal)
    except Stop as stop:
        terminal.say(str(stop))
        return 1
    except Problem as problem:
        terminal.say(explain(problem))
        return 1
    except FormError as error:
        terminal.say(f"{error} Nothing was published.")
        return 1
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        terminal.say(f"{error.filename}: {error.strerror}")
        return 1
    return 0


def _run(options: argparse.Namespace, console: Console) -> None:
    if options.command == "open":
        open_object(options.file, options.identity, options.roster, options.root, console)
    elif options.command == "combine":
        combine_recovery(options.file, console)
    elif options.command == "publish":
        services = Services(data_dir=options.data) if options.data else default_services()
        publish(options.folder, services, options.name, _from_file(options), console)
    elif options.command in ("init", "restore"):
        name = options.name or console.ask("Name of the organisation:").strip()
        if not name:
            raise Stop("An organisation needs a name; nothing was made.")
        passphrase = _new_passphrase(options, console)
        if options.command == "init":
            commands.init(options.folder, name, passphrase, _now, os.urandom, console)
        else:
            printed = (name, options.made, options.first_recovery)
            commands.restore(options.folder, printed, passphrase, os.urandom, console)
    elif options.command == "add-supervisor":
        words = _passphrase(options, console)
        _add_supervisor(options, words, console)
    elif options.command == "split":
        words = _passphrase(options, console)
        split_recovery(options.folder, options.into, options.name, words, _now(), console)
    else:
        words = _passphrase(options, console)
        commands.rotate_recovery(options.folder, words, _now, os.urandom, console)


def _add_supervisor(options: argparse.Namespace, passphrase: str | None, console: Console) -> None:
    """By the code that the device shows; a device file (from another client) is signed as before."""
    text = " ".join(options.request)
    if is_request_code(text):
        wish = Wish(text, options.server, options.setup_token, options.name, options.yes)
        add_by_code(options.folder, wish, passphrase, _now, os.urandom, console)
    else:
        commands.add_supervisor(options.folder, Path(text), passphrase, options.yes, _now, console)


def _new_passphrase(options: argparse.Namespace, console: Console) -> str | None:
    if options.no_passphrase:
        console.say(
            "Without a passphrase anybody who finds the folder owns the organisation: for trying out only."
        )
        return None
    return _from_file(options) or commands.choose_passphrase(console, os.urandom)


def _passphrase(options: argparse.Namespace, console: Console) -> str | None:
    root = options.folder / "root.key"
    if not root.exists():
        raise Stop(f"{options.folder} holds no organisation: root.key is missing.")
    if not root.read_bytes().startswith(b"-----BEGIN AGE"):
        return None
    return _from_file(options) or console.ask_secret("Passphrase of the organisation's folder:")


def _from_file(options: argparse.Namespace) -> str | None:
    return options.passphrase_file.read_text(encoding="utf-8").strip() if options.passphrase_file else None


def _now() -> datetime:
    return datetime.now(UTC)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.admin", description=__doc__)
    choices = parser.add_subparsers(dest="command", required=True)
    for name, says in (
        ("init", "make a new organisation"),
        ("restore", "make its folder again from the sheet"),
    ):
        command = _command(choices, name, says)
        command.add_argument("--name", default="")
        command.add_argument("--no-passphrase", action="store_true")
        if name == "restore":
            command.add_argument("--made", required=True, help="the time on the sheet, 2026-03-01T08:00:00Z")
            command.add_argument(
                "--first-recovery", help="the first public recovery key, where the sheet shows one"
            )
    command = _command(choices, "add-supervisor", "sign a device as a supervisor's")
    command.add_argument(
        "request", nargs="+", help="the device's request code, DOORSTEP-REQUEST-1…, or a device file"
    )
    command.add_argument("--server", default="", help="the server's address, https://…")
    command.add_argument("--setup-token", default="", help="what python -m sync_server init printed")
    command.add_argument("--name", default="", help="the supervisor's name; otherwise the device's own")
    command.add_argument("--yes", action="store_true", help="the six words have been compared already")
    command = _command(choices, "publish", "compile a programme's folder and publish it as a supervisor")
    command.add_argument("--data", type=Path, help="where the supervisor's app keeps its data")
    command.add_argument("--name", default="", help="the supervisor's name, where several use this computer")
    _command(choices, "rotate-recovery", "make a new recovery key")
    command = _command(choices, "split", "share the recovery key among three people, two of whom are needed")
    command.add_argument("into", type=Path)
    command.add_argument("--name", default="Doorstep", help="printed on the sheets")
    command = choices.add_parser("combine", help="get the recovery key back from two sheets of words")
    command.add_argument("file", type=Path)
    command = choices.add_parser("open", help="print the record in a sealed object")
    command.add_argument("file", type=Path)
    command.add_argument("--identity", type=Path, required=True)
    command.add_argument("--roster", type=Path)
    command.add_argument("--root", help="the public root key, as on the sheet")
    return parser


def _command(
    choices: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, says: str
) -> argparse.ArgumentParser:
    command = choices.add_parser(name, help=says)
    command.add_argument("folder", type=Path)
    command.add_argument("--passphrase-file", type=Path)
    return command


if __name__ == "__main__":
    sys.exit(main())
