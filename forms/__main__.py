"""Command line for whoever writes forms.

python -m forms check FILE.xlsx                  errors and warnings; ends with 1 where there is an error
python -m forms fill FILE --answers a.json       runs a form without a screen; prints problems and XML
python -m forms features                         what the form language offers here, as Markdown
python -m forms api                              the public names with their docstrings, as Markdown
"""

import argparse
import sys
from pathlib import Path

from forms.errors import FormError


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0 for well, 1 for findings, 2 for a form or call that cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except FormError as error:
        print(f"error: {error} [{error.code}]", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        print(f"error: {error.name} is not installed; the author tools need it.", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m forms", description="Tools for whoever writes forms.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="find mistakes in an XLSForm before it is published")
    check.add_argument("file", type=Path, metavar="FILE.xlsx")
    check.add_argument("--strict", action="store_true", help="warnings count as errors")
    check.set_defaults(run=_check)
    fill = commands.add_parser("fill", help="fill in a form without a screen")
    fill.add_argument("file", type=Path, metavar="FILE", help="an XLSForm, or an XForm (.xml)")
    fill.add_argument(
        "--answers", type=Path, required=True, metavar="a.json", help="answers by reference or nested by name"
    )
    fill.add_argument(
        "--media", type=Path, metavar="FOLDER", help="folder with the lists and pictures of the form"
    )
    fill.add_argument("--language", help="language of the messages")
    fill.add_argument("--now", help="the moment to fill it in, as ISO 8601 with offset; default: now")
    fill.add_argument("--seed", type=int, default=1, help="seed of everything random, ids as well")
    fill.set_defaults(run=_fill)
    features = commands.add_parser("features", help="print what the form language offers here")
    features.set_defaults(run=_features)
    api = commands.add_parser("api", help="print the public names with their docstrings")
    api.set_defaults(run=_api)
    return parser


def _check(options: argparse.Namespace) -> int:
    from forms.authoring import check_xlsform

    findings = check_xlsform(options.file)
    for finding in findings:
        print(finding)
    errors = sum(finding.severity == "error" for finding in findings)
    print(f"{errors} errors, {len(findings) - errors} warnings")
    return int(errors > 0 or (options.strict and bool(findings)))


def _fill(options: argparse.Namespace) -> int:
    from forms.authoring.filling import fill_file

    filled = fill_file(
        options.file,
        options.answers,
        media_folder=options.media,
        language=options.language,
        now=options.now,
        seed=options.seed,
    )
    for line in filled.problems:
        print(line, file=sys.stderr)
    print(filled.xml)
    return int(bool(filled.problems))


def _features(options: argparse.Namespace) -> int:
    from forms.features import markdown

    print(markdown(), end="")
    return 0


def _api(options: argparse.Namespace) -> int:
    from forms.apidoc import markdown

    print(markdown(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
