"""A finished submission: XML without what is not relevant, its attachments, and what it does to entities.

Spec: https://getodk.github.io/xforms-spec/entities (2022.1 to 2025.1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.definition.model import LEAF
from forms.instance.node import Node, Range
from forms.serialise.writing import write

if TYPE_CHECKING:
    from forms.instance.instance import Instance

CREATE, UPDATE = "create", "update"
YES = frozenset(["1", "true", "true()"])


class EntityOperation:
    """One entity created or updated. `base_version` is None where the form states none."""

    __slots__ = ("base_version", "entity_id", "label", "list_name", "operation", "properties")

    def __init__(
        self,
        list_name: str,
        entity_id: str,
        operation: str,
        label: str | None,
        properties: dict[str, str],
        base_version: str | None,
    ) -> None:
        self.list_name = list_name
        self.entity_id = entity_id
        self.operation = operation
        self.label = label
        self.properties = properties
        self.base_version = base_version

    def __repr__(self) -> str:
        return f"EntityOperation({self.operation} {self.list_name} {self.entity_id})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EntityOperation) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]


class Finalised:
    """What `Instance.finalise` gives."""

    __slots__ = ("attachments", "entities", "instance_name", "xml")

    def __init__(
        self, xml: bytes, attachments: list[str], entities: list[EntityOperation], name: str
    ) -> None:
        self.xml = xml
        self.attachments = attachments
        self.entities = entities
        self.instance_name = name


def finalise(instance: Instance) -> Finalised:
    """Stamps the end time, then writes."""
    stamp_end(instance)
    return Finalised(
        write(instance, prune=True), attachments(instance), entities(instance), instance_name(instance)
    )


def stamp_end(instance: Instance) -> None:
    for d in instance.form.by_path.values():
        bind = d.bind
        if bind is not None and bind.preload == "timestamp" and bind.preload_params == "end":
            from forms.functions.moments import moment_text

            for node in instance.nodes_of(d):
                instance.set_text(node, moment_text(instance.surroundings.now()))
            instance.settled()


def attachments(instance: Instance) -> list[str]:
    """The file names of all relevant uploads, in form order; a picture of the form itself is none."""
    return [
        node.raw
        for node in instance.every_node()
        if node.raw
        and node.visible
        and node.d.kind == LEAF
        and node.d.type == "binary"
        and not node.raw.startswith("jr://")
    ]


def instance_name(instance: Instance) -> str:
    meta = instance.form.root.by_name.get("meta")
    d = meta.by_name.get("instanceName") if meta is not None else None
    name: str = instance.scope[d.slot].seen if d is not None else ""
    return name or instance.form.title


def entities(instance: Instance) -> list[EntityOperation]:
    """Every entity declaration that applies, in document order."""
    found = []
    for node in instance.every_node():
        if node.name == "entity" and node.visible and node.parent is not None and node.parent.name == "meta":
            operation = operation_of(instance, node)
            if operation is not None:
                found.append(operation)
    return found


def operation_of(instance: Instance, entity: Node) -> EntityOperation | None:
    """What one `<entity>` asks for; nothing where neither condition holds or an update has no id. Where both
    hold (an upsert) it is an update of an entity that is known here, else a create."""
    given = attributes_of(entity)
    wants_create, wants_update = yes(given, CREATE), yes(given, UPDATE)
    entity_id = given.get("id", "").removeprefix("uuid:")
    list_name = given.get("dataset", "")
    if not list_name or not (wants_create or wants_update):
        return None
    if not entity_id:
        if not wants_create:
            return None
        entity_id = instance.surroundings.new_id()
    properties = saved_below(entity, list_name)
    operation = CREATE if wants_create else UPDATE
    if wants_create and wants_update and known(instance, list_name, entity_id):
        operation = UPDATE
    label = next((kid.seen for kid in entity.kids if kid.name == "label"), None)
    return EntityOperation(
        list_name, entity_id, operation, label or None, properties, given.get("baseVersion") or None
    )


def known(instance: Instance, list_name: str, entity_id: str) -> bool:
    """Whether the list as this device has it already holds the entity."""
    source = instance.data_source(list_name)
    return source is not None and bool(source.equal_text(("root", "item"), "name", entity_id))


def attributes_of(entity: Node) -> dict[str, str]:
    given = dict(entity.d.extra)
    for attribute in entity.xpath_attributes():
        given[attribute.name] = attribute.raw
    return given


def yes(given: dict[str, str], name: str) -> bool:
    """1 and true are yes; an attribute without a condition is written as 1 or empty by form tools."""
    return given.get(name, "").strip() in YES


def saved_below(entity: Node, list_name: str) -> dict[str, str]:
    """The properties that nodes in the declaration's container are saved to."""
    meta = entity.parent
    container = meta.parent if meta is not None else None
    found: dict[str, str] = {}
    stack: list[Node] = [container] if container is not None else []
    while stack:
        node = stack.pop()
        bind = node.d.bind
        if bind is not None and bind.save_to and node.visible and node.d.kind == LEAF:
            found[bind.save_to.rpartition("#")[2]] = node.seen
        if node is not container and isinstance(node, Range):
            continue
        stack.extend(kid for kid in reversed(node.kids) if not declares(kid))
    return found


def declares(node: Node) -> bool:
    """Whether a group has an entity declaration of its own."""
    meta = node.d.by_name.get("meta")
    return meta is not None and "entity" in meta.by_name
