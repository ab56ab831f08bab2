"""From XML to an immutable Form. Everything that can be wrong with a form is found here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from forms.definition import actions as acts
from forms.definition.binding import (
    CALCULATE,
    CHOICES,
    CONSTRAINT,
    COUNT,
    DISPLAY,
    READONLY,
    RELEVANT,
    REQUIRED,
    Bind,
    Binding,
)
from forms.definition.body import Body, BodyReader, Control, resolve
from forms.definition.form import Form
from forms.definition.model import ATTRIBUTE, GROUP, LEAF, REPEAT, NodeDef
from forms.definition.primary import Primary, local_path
from forms.definition.sources import file_name, read_source
from forms.definition.text import Itext, Text, message_text, read_itext
from forms.errors import FormError, shorten
from forms.graph import Graph
from forms.xml import Element, Reader, as_bytes
from forms.xpath.ast import Call, Expr, Path
from forms.xpath.calls import check_call
from forms.xpath.lookup import DataSource
from forms.xpath.parser import parse
from forms.xpath.static import Reads, every_part
from forms.xpath.tree import DataReader

TYPES = frozenset([
    "string", "int", "decimal", "boolean", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "binary",
    "barcode", "select", "select1", "rank", "intent", "odk:rank",
])


class Loader:
    """Reads one form. `load` is the only entry."""

    def __init__(self, media: Mapping[str, bytes | str]) -> None:
        self.media = media
        self.warnings: list[str] = []
        self.parsed: dict[str, Expr] = {}
        self.data: list[tuple[Element, DataReader]] = []
        self.bindings: list[Binding] = []
        self.itext = Itext()

    def load(self, source: bytes | str) -> Form:
        html = self.read(source)
        head, body_element = html.first("head"), html.first("body")
        model = head.first("model") if head is not None else None
        if head is None or model is None:
            raise FormError("form.no_model", f"line {html.line}", "there is no <model> in the <head>",
                            "Check that this is an ODK XForm")
        instance = model.first("instance")
        tree = next(iter(instance.elements), None) if instance is not None else None
        if instance is None or tree is None:
            raise FormError("form.no_instance", f"line {model.line}", "the model has no primary <instance>",
                            "Add an <instance> with the form's nodes")
        itext = model.first("itext")
        if itext is not None:
            self.itext = read_itext(itext, self.parse)
        binds = model.all("bind")
        ids = {b.get("id").strip(): b.get("nodeset") for b in binds if b.get("id").strip()}
        self.bind_ids = ids
        reader = BodyReader(self.parse, ids)
        body = reader.read(body_element) if body_element is not None else Body()
        repeats = {local_path(c.ref) for c in body.controls if c.kind == "repeat"}
        primary = Primary(tree, repeats)
        self.primary = primary
        self.root = primary.root
        self.read_binds(binds)
        primary.ensure_instance_id()
        self.place_controls(body)
        actions = self.read_actions(model, body)
        self.named_attributes()
        primary.number()
        self.display_order(body)
        self.texts(body)
        graph = Graph(self.root)
        graph.build(self.bindings)
        title = head.first("title")
        return self.form(title, tree, instance, model, body, graph, actions)

    def form(self, title: Element | None, tree: Element, instance: Element, model: Element, body: Body,
             graph: Graph, actions: list[acts.Action]) -> Form:
        form = Form()
        form.title = (title.text if title is not None else "").strip()
        form.form_id = tree.get("id") or instance.get("id")
        form.version = tree.get("version") or tree.get("orx:version")
        form.root = self.root
        form.by_path = self.primary.by_path
        form.element = tree
        form.templates = self.primary.templates
        form.itext = self.itext
        form.languages = list(self.itext.languages)
        form.default_language = self.itext.default
        form.order = graph.order
        form.actions = actions
        form.sources, form.external = self.sources()
        form.warnings = self.warnings
        form.submission = self.submission(model)
        form.appearance = body.appearance
        form.entities_version = model.get("entities:entities-version")
        form.namespaces = self.namespaces
        form.media = dict(self.media)
        form.controls = body.controls
        return form

    # -- XML

    def read(self, source: bytes | str) -> Element:
        primary_seen = False

        def divert(element: Element, depth: int) -> DataReader | None:
            nonlocal primary_seen
            if element.name != "instance" or depth != 4:
                return None
            if not primary_seen:
                primary_seen = True
                return None
            reader = DataReader()
            self.data.append((element, reader))
            return reader

        reader = Reader("the form", divert)
        html = reader.read(as_bytes(source, "the form"))
        self.namespaces = reader.namespaces
        if html.name != "html":
            raise FormError("form.not_xform", f"line {html.line}", f"the document is a <{shorten(html.name)}>",
                            "Hand in an ODK XForm (an <h:html> document)")
        return html

    def parse(self, text: str, element: Element) -> Expr:
        """The AST of an expression, shared by all equal texts; names checked."""
        expr = self.parsed.get(text)
        if expr is None:
            try:
                expr = parse(text)
                check_names(expr)
            except FormError as problem:
                place = f"line {element.line}, <{element.name}>"
                about = element.get("nodeset") or element.get("ref")
                place += f" {shorten(about)}" if about else ""
                found = f"{problem.found} ({problem.place})" if problem.place else f"{problem.found}, in “{shorten(text)}”"
                raise FormError(problem.code, place, found, problem.mend) from None
            self.parsed[text] = expr
        return expr

    def node(self, path: str, element: Element, code: str) -> NodeDef:
        found = self.primary.find(path)
        if found is None:
            raise FormError(code, f"line {element.line}, <{element.name}>",
                            f"the form has no node {shorten(path)}", "Correct the path, or add the node")
        return found

    # -- binds

    def read_binds(self, binds: list[Element]) -> None:
        for element in binds:
            nodeset = element.get("nodeset").strip() or element.get("ref").strip()
            d = self.primary.find(nodeset)
            if d is None and not nodeset.startswith("/"):
                d = self.primary.find(f"/{self.root.name}/{nodeset}")
            if d is None:
                self.warnings.append(f"line {element.line}: <bind> for {shorten(nodeset)}, which the form does not have")
                continue
            self.read_bind(element, d)

    def read_bind(self, element: Element, d: NodeDef) -> None:
        bind = d.bind = d.bind or Bind()
        kind = element.get("type").strip().rpartition(":")[2]
        if kind:
            d.type = {"integer": "int", "datetime": "dateTime", "bool": "boolean", "float": "decimal",
                      "double": "decimal"}.get(kind, kind) if kind not in TYPES else kind
            if d.type not in TYPES:
                d.type = "string"
        bind.attributes = element.attrs
        bind.preload = element.get("jr:preload").strip()
        bind.preload_params = element.get("jr:preloadParams").strip()
        bind.save_to = element.get("entities:saveto").strip()
        bind.required_message = message_text(element.get("jr:requiredMsg"), element, self.parse)
        bind.constraint_message = message_text(element.get("jr:constraintMsg"), element, self.parse)
        attrs = element.attrs
        if "calculate" in attrs and attrs["calculate"].strip():
            bind.calculate = self.bound(CALCULATE, d, element, "calculate")
        if "constraint" in attrs and attrs["constraint"].strip() not in ("", "true()"):
            bind.constraint = self.bound(CONSTRAINT, d, element, "constraint")
        if "relevant" in attrs:
            constant = constant_of(attrs["relevant"])
            bind.relevant_never = constant is False
            bind.relevant = self.bound(RELEVANT, d, element, "relevant") if constant is None else None
        if "required" in attrs:
            constant = constant_of(attrs["required"])
            bind.required_always = constant is True
            bind.required = self.bound(REQUIRED, d, element, "required") if constant is None else None
        if "readonly" in attrs:
            constant = constant_of(attrs["readonly"])
            bind.readonly_always = constant is True
            bind.readonly = self.bound(READONLY, d, element, "readonly") if constant is None else None

    def bound(self, kind: str, d: NodeDef, element: Element, key: str) -> Binding:
        text = element.attrs[key]
        binding = Binding(kind, d, self.parse(text, element), text, self.root)
        self.bindings.append(binding)
        return binding

    # -- body

    def place_controls(self, body: Body) -> None:
        """Ties every control to its node; its counts and choices become bindings."""
        for control in body.controls:
            element = Element(control.kind, "", "", {"ref": control.ref}, control.line)
            d = self.primary.find(control.ref)
            if d is None and not control.ref.startswith("/"):
                d = self.primary.find(f"/{self.root.name}/{control.ref}")
            if d is None:
                d = self.node(control.ref, element, "body.unknown_node")
            if d.control is None or (d.control.kind == "group" and control.kind == "repeat"):
                if d.control is not None and control.label is None:
                    control.label = d.control.label
                d.control = control
            self.typed(d, control)
            if control.kind == "repeat":
                self.counted(d, control, element)
            if control.itemset is not None:
                self.itemset(d, control, element)
            if control.appearance.find("search(") >= 0:
                self.search(d, control, element)

    def typed(self, d: NodeDef, control: Control) -> None:
        if control.kind in ("select1", "select", "rank") and d.type in ("string", "select", "select1", "rank"):
            d.type = control.kind
        elif control.kind == "upload" and d.type == "string":
            d.type = "binary"

    def counted(self, d: NodeDef, control: Control, element: Element) -> None:
        if control.count:
            count = Binding(COUNT, d, self.parse(control.count, element), control.count, self.root)
            self.bindings.append(count)
            bind = d.bind = d.bind or Bind()
            bind.calculate = count

    def itemset(self, d: NodeDef, control: Control, element: Element) -> None:
        itemset = control.itemset
        if itemset is not None:
            expr = self.parse(itemset.nodeset, element)
            for ref in (itemset.value, itemset.label):
                if ref:
                    self.parse(ref, element)
            itemset.binding = Binding(CHOICES, d, expr, itemset.nodeset, self.root)
            self.bindings.append(itemset.binding)

    def search(self, d: NodeDef, control: Control, element: Element) -> None:
        """The search() appearance: choices out of a CSV file."""
        start = control.appearance.find("search(")
        end = control.appearance.rfind(")")
        expr = self.parse(control.appearance[start : end + 1], element)
        if isinstance(expr, Call) and expr.name == "search" and expr.args:
            control.search = Binding(CHOICES, d, Call("current", []), control.appearance, self.root)
            control.search.expr = expr
            self.bindings.append(control.search)

    def display_order(self, body: Body) -> None:
        """Children in body order where the body has one; nodes without a control keep their place after."""
        first: dict[NodeDef, int] = {}
        for control in body.controls:
            d = self.primary.find(control.ref) or self.primary.find(f"/{self.root.name}/{control.ref}")
            while d is not None and d not in first:
                first[d] = control.order
                d = d.parent
        late = len(body.controls) + 1
        for d in self.primary.by_path.values():
            if len(d.children) > 1:
                places = [first.get(child, late) for child in d.children]
                if places != sorted(places):
                    d.templates = sorted(d.children, key=lambda child: first.get(child, late))

    def texts(self, body: Body) -> None:
        """Labels and hints whose outputs read nodes are woken when those change."""
        for control in body.controls:
            d = self.primary.find(control.ref) or self.primary.find(f"/{self.root.name}/{control.ref}")
            if d is None:
                continue
            shown: list[Text | None] = [control.label, control.hint, *(item.label for item in control.items)]
            if d.bind is not None:
                shown += [d.bind.required_message, d.bind.constraint_message]
            for text in shown:
                outputs = text.outputs(self.itext) if text is not None else []
                for output in outputs:
                    binding = Binding(DISPLAY, d, output.expr, output.text, self.root)
                    self.bindings.append(binding)

    def named_attributes(self) -> None:
        """Attributes that expressions read become nodes; all others stay as they are written."""
        names: set[str] = set()
        for text, expr in self.parsed.items():
            if "@" in text or "attribute::" in text:
                names |= attribute_names(expr)
        if not names:
            return
        for d in list(self.primary.by_path.values()):
            for name in list(d.extra):
                if name in names or "*" in names:
                    self.primary.attribute(d, name)

    # -- actions

    def read_actions(self, model: Element, body: Body) -> list[acts.Action]:
        found = [(e, None, None) for e in model.elements if e.name in ("setvalue", "setgeopoint", "recordaudio")]
        made = []
        for element, control, repeat in [*found, *body.actions]:
            ref = element.get("ref").strip() or self.bind_ids.get(element.get("bind").strip(), "")
            source = self.primary.find(control.ref) if control is not None else None
            around = self.primary.find(repeat.ref) if repeat is not None else None
            if not ref.startswith("/"):
                base = source or around or self.root
                ref = resolve(base.path, ref)
            target = self.node(without_predicates(ref), element, "action.unknown_node")
            events = acts.event_names(element.get("event") or element.get("ev:event"))
            if not events:
                raise FormError("action.no_event", f"line {element.line}", f"a <{element.name}> without event",
                                "Say when it happens, e.g. event=\"odk-instance-first-load\"")
            action = acts.Action(element.name, events, target, self.root)
            if element.name == "setvalue" and element.get("value").strip():
                action.expr = self.parse(element.get("value"), element)
            else:
                action.text = element.text.strip() if element.name == "setvalue" else ""
            action.source, action.repeat = source, around
            if "[" in ref:
                action.selection = self.parse(ref, element)
            made.append(action)
            if control is not None:
                control.actions.append(action)
        return made

    # -- secondary instances

    def sources(self) -> tuple[dict[str, DataSource], dict[str, str]]:
        """Every secondary instance by id, and the file names of the external ones."""
        found: dict[str, DataSource] = {}
        external: dict[str, str] = {}
        for element, reader in self.data:
            name, src = element.get("id"), element.get("src").strip()
            if src:
                external[name] = src
                file = file_name(src)
                data = self.media.get(file, self.media.get(src))
                if data is not None:
                    found[name] = DataSource(name, read_source(file, data))
                    continue
                if src != "jr://instance/last-saved":
                    self.warnings.append(f"line {element.line}: instance “{shorten(name)}” needs the file {shorten(file)}")
            found.setdefault(name, DataSource(name, reader.finish()))
        return found, external

    def submission(self, model: Element) -> dict[str, str]:
        element = model.first("submission")
        return dict(element.attrs) if element is not None else {}


def without_predicates(path: str) -> str:
    """/data/rep[position() = 2]/x → /data/rep/x."""
    kept, depth = [], 0
    for character in path:
        depth += character == "["
        if depth == 0:
            kept.append(character)
        depth -= character == "]"
    return "".join(kept)


def constant_of(text: str) -> bool | None:
    """What a condition always is, where it is written as a constant."""
    return {"true()": True, "false()": False, "": False, "true": None, "1": True, "0": False}.get(text.strip())


def check_names(expr: Expr) -> None:
    """FormError for the first call of an unknown function or with a wrong number of arguments."""
    for part in every_part(expr):
        if isinstance(part, Call) and part.name != "search":
            problem = check_call(part)
            if problem is not None:
                raise problem


def attribute_names(expr: Expr) -> set[str]:
    """The names on attribute axes; "*" where any attribute may be meant."""
    return {step.test.rpartition(":")[2] if step.test != "node()" else "*"
            for part in every_part(expr) if isinstance(part, Path)
            for step in part.steps if step.axis == "attribute"}


def load_xform(source: bytes | str, media: Mapping[str, bytes | str] | None = None) -> Form:
    """The form of an ODK XForm document and the files beside it (by name). Raises FormError, nothing else."""
    return Loader(media or {}).load(source)


__all__ = ["ATTRIBUTE", "GROUP", "LEAF", "REPEAT", "Callable", "Reads", "load_xform"]
