"""The public API of `forms` as Markdown, from its docstrings: `python -m forms api` prints it."""

import inspect
from collections.abc import Iterator
from typing import Any

import forms


def markdown() -> str:
    """Every public name with its signature and docstring; classes with their public members."""
    lines = ["# The `forms` API", "", "Made from the docstrings by `python -m forms api`; do not edit.", ""]
    lines += [inspect.cleandoc(forms.__doc__ or ""), ""]
    for name in sorted(forms.__all__, key=lambda one: (one[0].isupper(), one.casefold())):
        lines += _entry(name, getattr(forms, name))
    lines += _functions()
    return "\n".join(lines).rstrip() + "\n"


def _entry(name: str, thing: Any) -> Iterator[str]:
    if not inspect.isclass(thing):
        yield from (f"## `{name}{_signature(thing)}`", "", _doc(thing), "")
        return
    yield from (f"## `{name}`", "", _doc(thing), "")
    members = [
        (member, value) for base in reversed(thing.__mro__[:-1]) for member, value in vars(base).items()
    ]
    rows = {member: row for member, value in members if (row := _member(member, value))}
    if rows:
        yield from ("| | |", "|---|---|", *rows.values(), "")


def _member(name: str, value: Any) -> str:
    """One row: a method, a property or a slot with words of its own; "" for what is not public or not said."""
    if name.startswith("_"):
        return ""
    if isinstance(value, property) and value.fget is not None and value.fget.__doc__:
        return f"| `.{name}` | {_first(value.fget)} |"
    if isinstance(value, staticmethod | classmethod):
        value = value.__func__
    if inspect.isfunction(value) and value.__doc__:
        return f"| `.{name}{_signature(value)}` | {_first(value)} |"
    return ""


def _functions() -> Iterator[str]:
    from forms.functions import FUNCTIONS

    yield from (
        "## Functions of expressions",
        "",
        "Those that need no model; the spec anchor is in their module.",
        "",
    )
    yield from ("| function | |", "|---|---|")
    for name in sorted(FUNCTIONS):
        yield f"| `{name}` | {_first(FUNCTIONS[name].call)} |"


def _signature(thing: Any) -> str:
    try:
        signature = inspect.signature(thing)
    except (TypeError, ValueError):
        return "()"
    # Names and defaults alone: how types print differs between versions of Python.
    kept = [
        one.replace(annotation=inspect.Parameter.empty)
        for one in signature.parameters.values()
        if one.name not in ("self", "cls")
    ]
    return str(signature.replace(parameters=kept, return_annotation=inspect.Signature.empty))


def _doc(thing: Any) -> str:
    return inspect.getdoc(thing) or ""


def _first(thing: Any) -> str:
    """The first paragraph on one line, safe inside a table."""
    paragraph = _doc(thing).split("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")
