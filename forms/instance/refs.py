"""References: a node's path with positions, the way back, and document order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.errors import AnswerRefused, shorten

if TYPE_CHECKING:
    from forms.instance.instance import Instance
    from forms.instance.node import Node


def ref_of(node: Node) -> str:
    """/data/people[2]/age, /data/meta/entity/@id; a repeat range has no position."""
    from forms.instance.node import RepeatInstance

    parts: list[str] = []
    at: Node | None = node
    while at is not None:
        if isinstance(at, RepeatInstance):
            parts.append(f"{at.d.name}[{at.place}]")
            at = at.parent.parent if at.parent is not None else None
            continue
        parts.append(("@" if at.xpath_kind == "attribute" else "") + at.d.name)
        at = at.parent
    return "/" + "/".join(reversed(parts))


def node_at(instance: Instance, ref: str) -> Node:
    """The node of a reference; AnswerRefused where there is none."""
    from forms.instance.node import Range

    parts = ref.strip().strip("/").split("/")
    node: Node = instance.root
    if not parts or _local(parts[0])[0] != node.d.name:
        raise AnswerRefused(f"there is no node {shorten(ref)}")
    for number, part in enumerate(parts[1:], 2):
        name, place = _local(part)
        d = node.d.by_name.get(name)
        if d is None:
            raise AnswerRefused(f"there is no node {shorten(ref)}")
        slot = d.slot
        found: Node = node.scope[slot]
        if isinstance(found, Range) and (place or number < len(parts)):
            index = (place or 1) - 1
            if not 0 <= index < len(found.items):
                raise AnswerRefused(f"there is no {found.ref}[{index + 1}]")
            found = found.items[index]
        node = found
    return node


def _local(part: str) -> tuple[str, int]:
    """ "orx:meta[2]" → ("meta", 2); 0 where no position is written."""
    name, bracket, rest = part.partition("[")
    attribute = "@" if name.startswith("@") else ""
    local = attribute + name.lstrip("@").rpartition(":")[2]
    place = rest.rstrip("] ")
    return local, int(place) if bracket and place.isdigit() and len(place) < 9 else 0


def order_of(node: Node) -> tuple[int, ...]:
    """Compares in document order."""
    key: list[int] = [node.d.order]
    scope = node.scope
    while scope[0].outer is not None:
        owner = scope[0]
        key.extend((owner.place, owner.d.order))
        scope = owner.outer
    key.reverse()
    return tuple(key)


def leaves_below(node: Node) -> list[Node]:
    """The nodes with a text of their own below a node, in document order."""
    found: list[Node] = []
    stack: list[Node] = [node]
    while stack:
        top = stack.pop()
        below = top.items if top.items else top.kids
        if below:
            stack.extend(reversed(below))
        elif not top.d.children:
            found.append(top)
    return found
