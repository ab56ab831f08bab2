"""Semantics identifiers: every control that a person can press, type into or read as a result has one.

They are what screen readers, tests and the browser driver hold on to. Identifiers are stable, lower case,
English, and carry no content: `today.sync`, `household.start.home_visit`, `unlock.passphrase`. A list row
adds the record's own id (`households.row.<id>`). `tag` keeps `expand` of the wrapped control in force.
"""

import re
from typing import Any

import flet as ft

_ALLOWED = re.compile(r"^[A-Za-z0-9_.:/\[\]-]+$")


def tag(identifier: str, control: ft.Control, label: str | None = None, **semantics: Any) -> ft.Semantics:
    """`control` with an identifier and, where the control has no words of its own, a spoken `label`.

    Further keywords go to `ft.Semantics` (`button=True`, `checked=…`, `live_region=True`, `heading_level=1`).
    Raises ValueError where the identifier holds anything but letters, digits and `_ . : / [ ] -`.
    """
    if not _ALLOWED.match(identifier):
        raise ValueError(f"not a semantics identifier: {identifier!r}")
    expand, loose = getattr(control, "expand", None), getattr(control, "expand_loose", None)
    return ft.Semantics(
        content=control, identifier=identifier, label=label, expand=expand, expand_loose=loose, **semantics
    )
