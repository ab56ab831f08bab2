"""The table of what the form language offers here: `python -m forms features` prints it.

State: "done" works and is tested; "declared" is read, kept and shown to the app, though devices cannot do
it yet; "unmet" is not there, with the reason.
"""

# ruff: noqa: E501 - the table is wide

from collections.abc import Iterator
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


_SCENARIO = "tests/scenario/test_{}.py"
# Area | name | scenario topic or test file | state, where it is not done | note. One line a feature, so that it reads as a table.
_TABLE = """
Types | string, text | types
Types | int, decimal, boolean | types
Types | date, time, dateTime | types | | offsets are kept as written
Types | geopoint, geotrace, geoshape | types
Types | select1, select, rank | types
Types | range | types
Types | binary: image, audio, video, file | types | | the file itself is the app's business; the answer is its name
Types | barcode | types | | typed in where there is no scanner
Types | trigger (acknowledge), note, calculate, hidden | types
Types | intent, external apps | types | declared | the value is kept; Android intents are not started
Types | background-audio | metadata | declared | no recording; the node stays empty
Types | odk:setgeopoint, background-geopoint, start-geopoint | events | declared | no location service; the node stays empty
Metadata | start, end, today, deviceid, username, phonenumber, email, uid | metadata
Metadata | audit | metadata | declared | no audit log is written; the node stays empty
Metadata | instanceID, deprecatedID, instanceName | metadata
Logic | relevant, inherited | relevance
Logic | required, readonly (also as conditions) | constraint_and_required
Logic | constraint with messages and translations | constraint_and_required
Logic | calculate, cycles refused by name | calculate
Logic | default and dynamic default | defaults
Logic | trigger and setvalue | events
Logic | events: first-load, load, new-repeat, value-changed | events
Logic | repeats, nested repeats, template instances | repeats
Logic | repeat count, fixed, computed, and following the last answer | repeats
Logic | position(..), indexed-repeat, once, current | positions
Logic | choice filters, cascades, choices from repeats | choice_filters
Logic | randomize with and without seed | randomize
Logic | or_other | types
Logic | last-saved | secondary_instances
Lists | inline instances, CSV, XML, GeoJSON | secondary_instances
Lists | entity lists from the context | secondary_instances
Lists | pulldata, search() appearance | secondary_instances
Lists | external_choices (itemsets.csv) | secondary_instances | declared | the file is compiled and carried; the old select_one_external query is not run
Texts | translations of labels, hints, guidance, media, messages | languages
Texts | outputs in labels, hints, choices, messages | languages
Texts | markdown | languages | | passed on as text; the app renders it
Looks | appearances, field-list, table-list, body:: attributes | types | | passed on; what a screen makes of them is the app's business
Entities | create, update, upsert, conditions | entities | | spec versions 2022.1 to 2025.1
Entities | several in a form, in repeats, save_to | entities
Records | XML as Collect writes it; hidden nodes left out on finishing | serialisation
Records | drafts and submissions reopened, also of other form versions | serialisation
Records | submission settings; public_key refused by the check | form_errors | | records are sealed to the organisation instead
Records | answers recalculate only what depends on them, with the result of a full calculation | tests/property/test_forms_engine.py
Records | compiled cache for a quick second load | tests/property/test_forms_engine.py
Errors | code, place, what was found, how to mend | form_errors
Errors | hostile and enormous input refused in bounded time | form_errors
"""
_GROUPS = {
    "text": "tests/unit/functions/test_text.py",
    "patterns": "tests/unit/functions/test_text.py",
    "numbers": "tests/unit/functions/test_numbers.py",
    "booleans": "tests/unit/functions/test_lists_and_chance.py",
    "selects": "tests/unit/functions/test_lists_and_chance.py",
    "shuffles": "tests/unit/functions/test_lists_and_chance.py",
    "device": "tests/unit/functions/test_lists_and_chance.py",
    "dates": "tests/unit/functions/test_dates.py",
    "digests": "tests/unit/functions/test_geo_and_digests.py",
    "geo": "tests/unit/functions/test_geo_and_digests.py",
}
_MODEL_TESTS = {
    "indexed-repeat": "positions", "position": "positions", "last": "positions", "current": "positions",
    "once": "positions", "instance": "secondary_instances", "pulldata": "secondary_instances",
    "search": "secondary_instances", "jr:itext": "languages", "jr:choice-name": "choice_filters", "if": "calculate",
    "count": "repeats",
}  # fmt: skip
_UNMET = (
    Feature("Functions", "regex() on patterns that take for ever", UNMET, "–",
            "Python's matcher cannot be interrupted; forms come signed from a publisher, and the check compiles patterns"),
    Feature("Golden", "output with an absolute path inside a repeat (2 traces)", UNMET, "tests/golden/expected.py",
            "the recording shows the first instance's answer everywhere; here it is the own instance's, as specified"),
    Feature("Golden", "absolute path in a choice filter inside a repeat (1 trace)", UNMET, "tests/golden/expected.py",
            "the recording mixes the choices of all instances; here the filter reads its own instance, as specified"),
    Feature("Golden", "label of an intent group (1 trace)", UNMET, "tests/golden/expected.py",
            "the recording glues the app's button text to the label"),
)  # fmt: skip


def features() -> list[Feature]:
    """The whole table."""
    return [*_listed(), *_functions(), *_UNMET]


def _listed() -> Iterator[Feature]:
    for line in _TABLE.strip().splitlines():
        area, name, topic, state, note, *_ = [*[part.strip() for part in line.split("|")], "", ""]
        yield Feature(area, name, state or DONE, topic if "/" in topic else _SCENARIO.format(topic), note)


def _functions() -> Iterator[Feature]:
    from forms.functions import FUNCTIONS

    for name in sorted([*FUNCTIONS, *MODEL_FUNCTIONS]):
        entry = FUNCTIONS.get(name)
        if entry is not None:
            tested = _GROUPS[entry.call.__module__.rpartition(".")[2]]
        elif name in _MODEL_TESTS:
            tested = _SCENARIO.format(_MODEL_TESTS[name])
        else:
            tested = "tests/golden/test_xpath_cases.py"
        yield Feature("Functions", f"{name}()", DONE, tested)


def markdown() -> str:
    """The table as docs/form-features.md holds it."""
    lines = [
        "# What the form language offers",
        "",
        "Made by `python -m forms features`; a test holds this page to it. “Declared” means: read, kept and shown",
        "to the app, though no device does it yet.",
    ]
    area = ""
    for feature in features():
        if feature.area != area:
            area = feature.area
            lines += ["", f"## {area}", "", "| feature | state | tested in | note |", "|---|---|---|---|"]
        tested = f"`{feature.tested}`" if "/" in feature.tested else feature.tested
        lines.append(f"| {feature.name} | {feature.state} | {tested} | {feature.note} |")
    return "\n".join(lines) + "\n"
