"""Golden cases that we do not meet, each with the reason; also listed in docs/form-features.md.

A case that starts to pass fails its test until it is taken off this list.
"""

_OUTPUT = (
    "an absolute path in an output inside a repeat speaks of its own instance here, as the specification says; "
    "the recording always shows the first instance"
)
TRACES: dict[str, str] = {
    "collect__RepeatTitles_1648": _OUTPUT,
    "javarosa__relative-current-ref": _OUTPUT,
    "collect__intent-group": "texts of other forms than the plain one belong to the external app, not to the label",
    "enketo__new_cascading_selections_inside_repeats": (
        "an absolute path in a choice filter inside a repeat reads its own instance here, as the specification "
        "says; the recording offers the choices of every instance together"
    ),
}
XPATH: dict[str, str] = {}
