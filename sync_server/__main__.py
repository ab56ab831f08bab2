"""`python -m sync_server …`: everything the server's owner does."""

import argparse
import sys

from sync_server.commands.options import add_listening, add_places, settings_of


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    given = parser.parse_args(arguments)
    settings = settings_of(given)
    if given.command == "serve":
        from sync_server.commands.serve import serve

        return serve(settings, given.log_level)
    if given.command == "init":
        from sync_server.commands.prepare import init

        return init(settings, given.setup_token)
    from sync_server.commands.prepare import upgrade

    return upgrade(settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sync_server", description="Doorstep's blind sync server."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="listen; prepares an empty folder by itself")
    add_places(serve)
    add_listening(serve)
    init = commands.add_parser("init", help="prepare the folder and print a one-time setup token")
    add_places(init)
    init.add_argument("--setup-token", default="", help="use this token instead of a fresh one")
    add_places(commands.add_parser("migrate", help="bring the database to this version's tables"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
