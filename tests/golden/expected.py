"""Golden cases that we do not meet, each with the reason; also listed in docs/form-features.md.

A case that starts to pass fails its test until it is taken off this list.
"""

TRACES: dict[str, str] = {}
XPATH: dict[str, str] = {}
