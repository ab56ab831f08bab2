"""`python -m app.demo run|app|console|server`: a whole synthetic organisation on one machine."""

import argparse
import contextlib
import signal
import sys
import webbrowser
from pathlib import Path
from types import FrameType

from app.demo.places import PASSPHRASES, Places
from app.demo.processes import DemoError, Processes, check_ports
from app.demo.setup import prepare
from app.demo.story import tell
from app.protocol.errors import Problem


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0, or 1 with one plain sentence on standard error."""
    options = _parser().parse_args(arguments)
    places = Places(Path(options.home), options.port)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)  # also where a parent had it ignored: no child may be left behind
    try:
        with contextlib.suppress(KeyboardInterrupt):
            return _run(options, places)
    except DemoError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except Problem as problem:
        entry = problem.entry
        print(f"\n{entry.title}. {entry.happened} {entry.todo} [{problem}]", file=sys.stderr)
        return 1
    print("\nStopped. Run it again to go on where you were; make reset-demo forgets everything.")
    return 0


def _run(options: argparse.Namespace, places: Places) -> int:
    check_ports([places.port] if options.once else [places.port, places.port + 1, places.port + 2])
    with Processes(places) as processes:
        prepare(places, processes)
        if options.what == "run" and not tell(places, print):
            return 1
        if options.once:
            return 0
        return _serve(options, places, processes)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _serve(options: argparse.Namespace, places: Places, processes: Processes) -> int:
    if options.what in ("run", "app"):
        processes.start_tablet()
    if options.what in ("run", "console"):
        processes.start_console()
    _print_addresses(options.what, places)
    if options.what != "server" and not options.no_browser:
        if options.what == "run":
            webbrowser.open(places.console_url)
        webbrowser.open(places.console_url if options.what == "console" else places.tablet_url)
    processes.wait()
    return 0


def _print_addresses(what: str, places: Places) -> None:
    print("\nEverything below is synthetic. Press Ctrl-C to stop.\n")
    print(f"  sync server   {places.server_url}   (sees nothing readable; {places.server_url}/healthz)")
    if what in ("run", "app"):
        print(f"  tablet        {places.tablet_url}")
    if what in ("run", "console"):
        print(f"  supervisor    {places.console_url}")
    print("\n  passphrases")
    for name, passphrase in PASSPHRASES.items():
        print(f"    {name:<12}  {passphrase}")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.demo", description=__doc__)
    parser.add_argument("what", choices=["run", "app", "console", "server"])
    parser.add_argument("--home", default=".demo", help="where the demo keeps everything (default: .demo)")
    parser.add_argument(
        "--port", type=int, default=8700, help="the server's port; the apps take the next two"
    )
    parser.add_argument("--once", action="store_true", help="end after the scripted visit, status 0 or 1")
    parser.add_argument("--no-browser", action="store_true", help="only print the addresses")
    return parser


if __name__ == "__main__":
    sys.exit(main())
