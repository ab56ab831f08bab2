"""The table of what the form language offers here: `python -m forms features` prints it.

State: "done" works and is tested; "declared" is read, kept and shown to the app, though devices cannot do
it yet; "unmet" is not there, with the reason.
"""

from dataclasses import dataclass

DONE, DECLARED, UNMET = "done", "declared", "unmet"

# Functions that need the model itself; the expression compiler carries them out.
_MODEL_FUNCTIONS = """count current id if indexed-repeat instance jr:choice-name jr:itext lang last local-name
name namespace-uri once position pulldata search"""
MODEL_FUNCTIONS = tuple(_MODEL_FUNCTIONS.split())


@dataclass(frozen=True)
class Feature:
    """One row of the table: where it is tested, and a note where the state wants one."""

    area: str
    name: str
    state: str
    tested: str
    note: str = ""
