"""From XML to an immutable Form. Everything that can be wrong with a form is found here."""

from __future__ import annotations

from collections.abc import Mapping

from forms.collecting import Paused
from forms.definition import actions as acts
from forms.definition.binding import Binding
from forms.definition.binds import BindReader
from forms.definition.body import Body, BodyReader, Control, resolve
from forms.definition.expressions import Expressions, without_predicates
from forms.definition.form import Form
from forms.definition.placing import Placer
from forms.definition.primary import Primary, local_path
from forms.definition.reading import FormDocument, Parts, read_document
from forms.definition.sources import file_name, read_source
from forms.definition.text import Itext, read_itext
from forms.errors import FormError, shorten
from forms.graph import Graph
from forms.xml import Element
from forms.xpath.lookup import DataSource

NEWEST_ENTITIES = [2025, 1]
Found = tuple[Element, Control | None, Control | None]


class Loader:
    """Makes one form of one document."""

    def __init__(
        self, document: FormDocument, media: Mapping[str, bytes | str], expressions: Expressions
    ) -> None:
        self.document = document
        self.media = media
        self.expressions = expressions
        self.warnings: list[str] = []
        self.bindings: list[Binding] = []

    def load(self) -> Form:
        parse = self.expressions.parse
        parts = Parts(self.document.html)
        itext = read_itext(parts.itext, parse) if parts.itext is not None else Itext()
        binds = parts.model.all("bind")
        ids = {b.get("id").strip(): b.get("nodeset").strip() for b in binds if b.get("id").strip()}
        body = BodyReader(parse, ids).read(parts.body) if parts.body is not None else Body()
        repeats = {local_path(c.ref) for c in body.controls if c.kind == "repeat"}
        primary = self.primary = Primary(parts.tree, repeats)
        BindReader(primary, self.expressions, self.bindings, self.warnings).read(binds)
        primary.ensure_instance_id()
        placer = Placer(primary, self.expressions, self.bindings)
        placer.place(body)
        actions = self.actions(parts.model, body, ids)
        primary.make_attributes(self.expressions.attribute_names())
        primary.number()
        placer.order(body)
        placer.texts(body, itext)
        graph = Graph(primary.root)
        graph.build(self.bindings)
        form = self.form(parts, itext, body)
        form.order = graph.order
        form.actions = actions
        return form

    def form(self, parts: Parts, itext: Itext, body: Body) -> Form:
        form = Form()
        tree, model = parts.tree, parts.model
        form.title = parts.title
        form.form_id = tree.get("id") or parts.instance.get("id")
        form.version = tree.get("version") or tree.get("orx:version")
        form.root = self.primary.root
        form.by_path = self.primary.by_path
        form.element = tree
        form.templates = self.primary.templates
        form.itext = itext
        form.languages = list(itext.languages)
        form.default_language = itext.default
        form.sources, form.external = self.sources()
        form.warnings = self.warnings
        submission = model.first("submission")
        form.submission = dict(submission.attrs) if submission is not None else {}
        if "base64RsaPublicKey" in form.submission:
            self.warnings.append(
                "the form asks for ODK encryption (public_key), which is not used: submissions are "
                "sealed to your own organisation anyway"
            )
        form.appearance = body.appearance
        form.entities_version = entities_version(model)
        form.namespaces = self.document.namespaces
        form.media = dict(self.media)
        form.controls = body.controls
        return form

    def actions(self, model: Element, body: Body, ids: Mapping[str, str]) -> list[acts.Action]:
        """The actions of the model, then those of the body."""
        found: list[Found] = [(e, None, None) for e in model.elements if e.name in acts.NAMES]
        return [
            self.action(element, control, repeat, ids) for element, control, repeat in [*found, *body.actions]
        ]

    def action(
        self, element: Element, control: Control | None, repeat: Control | None, ids: Mapping[str, str]
    ) -> acts.Action:
        source = control.node if control is not None else None
        around = repeat.node if repeat is not None else None
        ref = element.get("ref").strip() or ids.get(element.get("bind").strip(), "")
        if not ref.startswith("/"):
            ref = resolve((source or around or self.primary.root).path, ref)
        target = self.primary.find(without_predicates(ref))
        if target is None:
            raise FormError(
                "action.unknown_node",
                f"line {element.line}, <{element.name}>",
                f"the form has no node {shorten(ref)}",
                "Correct the path, or add the node",
            )
        events = acts.event_names(element.get("event") or element.get("ev:event"))
        if not events:
            raise FormError(
                "action.no_event",
                f"line {element.line}",
                f"a <{element.name}> without event",
                'Say when it happens, e.g. event="odk-instance-first-load"',
            )
        action = acts.Action(element.name, events, target, self.primary.root)
        if element.name == "setvalue" and element.get("value").strip():
            action.expr = self.expressions.parse(element.get("value"), element)
        else:
            action.text = element.text.strip() if element.name == "setvalue" else ""
        action.source, action.repeat = source, around
        if "[" in ref:
            action.selection = self.expressions.parse(ref, element)
        if control is not None:
            control.actions.append(action)
        return action

    def sources(self) -> tuple[dict[str, DataSource], dict[str, str]]:
        """Every secondary instance by id, and what the external ones point to."""
        found: dict[str, DataSource] = {}
        external: dict[str, str] = {}
        for element, document in self.document.data:
            name, src = element.get("id"), element.get("src").strip()
            if src:
                external[name] = src
                file = file_name(src)
                data = self.media.get(file, self.media.get(src))
                if data is not None:
                    found[name] = DataSource(name, read_source(file, data))
                    continue
                if src != "jr://instance/last-saved":
                    place = f"line {element.line}"
                    self.warnings.append(
                        f"{place}: instance “{shorten(name)}” needs the file {shorten(file)}"
                    )
            found.setdefault(name, DataSource(name, document))
        return found, external


def entities_version(model: Element) -> str:
    """The version of the entities specification; FormError for one newer than 2025.1, as it demands."""
    text = model.get("entities:entities-version").strip()
    parts = [
        int(part) if part.isascii() and part.isdigit() and len(part) < 9 else 0
        for part in text.split(".")[:2]
    ]
    if parts > NEWEST_ENTITIES:
        raise FormError(
            "form.entities_version",
            f"line {model.line}, <model>",
            f"the form uses version {shorten(text)} of the entities specification",
            "Convert it with an older pyxform, or update this application",
        )
    return text


def load_xform(source: bytes | str, media: Mapping[str, bytes | str] | None = None) -> Form:
    """The form of an ODK XForm document and the files beside it (by name). Raises FormError, nothing else."""
    with Paused():
        form = Loader(read_document(source), media or {}, Expressions()).load()
    form.source = source
    return form
