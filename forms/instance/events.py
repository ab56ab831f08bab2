"""Events: loading, new repeats, changed values; preloaded metadata.

Spec: https://getodk.github.io/xforms-spec/#events, #preloaders---metadata
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.definition.actions import CHANGED, FIRST_LOAD, LOAD, NEW_REPEAT, Action
from forms.definition.model import hops, ranges_between, scope_chain
from forms.instance.problems import PROBLEMS

if TYPE_CHECKING:
    from forms.definition.model import NodeDef
    from forms.instance.instance import Instance
    from forms.instance.node import Node, RepeatInstance


def loaded(instance: Instance, first: bool) -> None:
    """odk-instance-first-load (only for a new instance) and odk-instance-load."""
    for action in instance.form.actions:
        if (first and FIRST_LOAD in action.events) or LOAD in action.events:
            found = instance.nodes_of(action.target)
            if action.selection is not None:
                found = action.selected(instance.root, instance.focus)
            for node in found:
                run(instance, action, node)
            instance.settle()


def new_repeat(instance: Instance, made: RepeatInstance) -> None:
    """odk-new-repeat, for actions inside that repeat."""
    for action in instance.form.actions:
        if NEW_REPEAT in action.events and action.repeat is made.d:
            for node in targets(instance, action.target, made.d, made.scope):
                run(instance, action, node)


def value_changed(instance: Instance, node: Node) -> None:
    """xforms-value-changed, for actions nested in the control of `node`."""
    control = node.d.control
    if control is None or not control.actions:
        return
    for action in control.actions:
        if CHANGED in action.events:
            instance.settle()
            found = targets(instance, action.target, node.d.inside, node.scope)
            if action.selection is not None:
                found = action.selected(node, instance.focus)
            for target in found:
                run(instance, action, target)


def targets(instance: Instance, d: NodeDef, inside: NodeDef, scope: list[Any]) -> list[Node]:
    """The nodes of `d` that share as many repeat instances as possible with `scope`, of the scope `inside`."""
    chain = scope_chain(d.scope)
    shared = next(s for s in scope_chain(inside) if s in chain)
    for _ in range(hops(inside, shared)):
        scope = scope[0].outer
    scopes = [scope]
    for slot in ranges_between(shared, d.scope):
        scopes = [item.scope for each in scopes for item in each[slot].items]
    return [each[d.slot] for each in scopes]


def run(instance: Instance, action: Action, node: Node) -> None:
    """Carries out one action at one target."""
    if action.kind != "setvalue":
        text = ""
        if action.kind == "setgeopoint":
            text = instance.context.properties.get("geopoint", "")
    elif action.expr is None:
        text = action.text
    else:
        try:
            text = instance.as_type(node.d.type, action.compiled(node, instance.focus))
        except PROBLEMS as problem:
            node.problem = str(problem)
            return
    if text != node.raw:
        node.bad = ""
        instance.set_text(node, text)
        instance.repeats.drop_gone_choices(node)
        instance.recheck[node] = None
        value_changed(instance, node)


# -- metadata


def preload(instance: Instance) -> None:
    """Fills what `jr:preload` asks for, in a new instance."""
    for d in instance.form.by_path.values():
        bind = d.bind
        if bind is None or not bind.preload:
            continue
        for node in instance.nodes_of(d):
            value = preloaded(instance, bind.preload, bind.preload_params)
            if value is not None:
                put(node, value)
    identify(instance)


def identify(instance: Instance) -> None:
    """Gives the instance its id."""
    node = meta_node(instance, "instanceID")
    if node is not None and not node.raw:
        put(node, "uuid:" + instance.surroundings.new_id())


def becomes_edit(instance: Instance) -> None:
    """A correction: the present instanceID becomes deprecatedID, and a new one is made."""
    node = meta_node(instance, "instanceID")
    if node is None:
        return
    before = node.raw
    put(node, "uuid:" + instance.surroundings.new_id())
    deprecated = meta_node(instance, "deprecatedID")
    if deprecated is not None:
        put(deprecated, before)
    else:
        instance.deprecated_id = before


def meta_node(instance: Instance, name: str) -> Node | None:
    meta = instance.form.root.by_name.get("meta")
    d = meta.by_name.get(name) if meta is not None else None
    return instance.scope[d.slot] if d is not None else None


def put(node: Node, text: str) -> None:
    """Stores without waking anybody: only before the first settling."""
    node.raw = text
    node.num = None
    node.seen = text if node.visible else ""


def preloaded(instance: Instance, kind: str, params: str) -> str | None:
    """The value of one preloader; None where it has none."""
    around = instance.surroundings
    if kind == "uid":
        return None if params else "uuid:" + around.new_id()
    if kind == "timestamp":
        if params == "end":
            return None
        from forms.functions.moments import moment_text

        return moment_text(around.now())
    if kind == "date":
        return around.now().date().isoformat()
    if kind == "property":
        return around.property(params)
    if kind == "context":
        return around.property(params)
    return None
