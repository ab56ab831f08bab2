"""`python -m sync_server …`: everything the server's owner does."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from sync_server.commands.options import add_listening, add_places, settings_of


def main(arguments: list[str] | None = None) -> int:
    os.umask(0o077)  # whatever is written here is for this account alone
    given = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = given.run
    try:
        return run(given)
    except FileNotFoundError as error:
        print(
            f"{error.filename} is missing: run `python -m sync_server init --data …` first.", file=sys.stderr
        )
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sync_server", description="Doorstep's blind sync server."
    )
    commands = parser.add_subparsers(required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=help)
        add_places(found)
        found.set_defaults(run=run)
        return found

    add_listening(command("serve", _serve, "listen; prepares an empty folder by itself"))
    init = command("init", _init, "prepare the folder and print a one-time setup token")
    init.add_argument("--setup-token", default="", help="use this token instead of a fresh one")
    command("migrate", _migrate, "bring the database to this version's tables")
    command("backup", _backup, "copy everything into a folder").add_argument("folder", type=Path)
    command("restore", _restore, "fill an empty server from such a folder, and verify it").add_argument(
        "folder", type=Path
    )
    command("check", _check, "verify the whole log again")
    command("stats", _stats, "sizes and counts")
    prune = command("prune", _prune, "forget unfinished uploads, nameless objects, expired invitations")
    prune.add_argument("--days", type=int, default=30, help="how long they must have lain untouched")
    return parser


# Each imports what it needs when it runs, so that `--help` and small commands start at once.


def _serve(given: argparse.Namespace) -> int:
    from sync_server.commands.serve import serve

    return serve(settings_of(given), given.log_level)


def _init(given: argparse.Namespace) -> int:
    from sync_server.commands.prepare import init

    return init(settings_of(given), given.setup_token)


def _migrate(given: argparse.Namespace) -> int:
    from sync_server.commands.prepare import upgrade

    return upgrade(settings_of(given))


def _backup(given: argparse.Namespace) -> int:
    from sync_server.commands.backup import backup

    return backup(settings_of(given), given.folder)


def _restore(given: argparse.Namespace) -> int:
    from sync_server.commands.backup import restore

    return restore(settings_of(given), given.folder)


def _check(given: argparse.Namespace) -> int:
    from sync_server.commands.check import check

    return check(settings_of(given))


def _stats(given: argparse.Namespace) -> int:
    from sync_server.commands.check import stats

    return stats(settings_of(given))


def _prune(given: argparse.Namespace) -> int:
    from sync_server.commands.prune import prune

    return prune(settings_of(given), given.days)


if __name__ == "__main__":
    sys.exit(main())
