"""Records and rules for the tests of app.programme, as short as a test wants to read them."""

from typing import Any

from app.programme.config import ProgrammeConfig
from forms.library import programme

TOML = programme("pata_cluj").toml
CONFIG = ProgrammeConfig.parse(TOML)

XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:body>
<group ref="/data/b_people"><repeat nodeset="/data/b_people/person"/></group>
<group ref="/data/i_steps"><repeat nodeset="/data/i_steps/step"/></group>
<group ref="/data/d_home"><repeat nodeset="/data/d_home/repair"/></group>
</h:body></h:html>"""


def record(kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An inner record with its log index; `record` and `revision` default to each other."""
    revision = more.pop("revision", more.get("record", kind))
    return {
        "kind": kind,
        "form": "",
        "form_version": "1",
        "record": revision,
        "revision": revision,
        "parents": [],
        "author_device": "tablet",
        "created": "2026-11-01T10:00:00Z",
        "index": 0,
        "body": body,
        **more,
    }


def published(index: int = 0, entities: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    form = {"id": "post_relocation_visit", "version": "1", "xml": XFORM, "media": {}}
    body = {"name": "pata_cluj", "version": "1", "toml": TOML, "forms": [form], "lists": {}}
    return record("programme", {**body, "entities": entities or []}, revision="programme", index=index)


def operation(
    action: str,
    list_name: str,
    entity_id: str,
    label: str | None = None,
    base: str | None = None,
    /,
    **properties: str,
) -> dict[str, Any]:
    return {
        "list_name": list_name,
        "entity_id": entity_id,
        "operation": action,
        "label": label,
        "properties": properties,
        "base_version": base,
    }


def submission(
    *operations: dict[str, Any], xml: str = "<data/>", household: str = "", **more: Any
) -> dict[str, Any]:
    body = {"xml": xml, "entities": list(operations), "household": household, **more.pop("body", {})}
    return record("submission", body, **more)


def review(of: dict[str, Any], state: str, *comments: tuple[str, str], **more: Any) -> dict[str, Any]:
    body = {
        "submission": of["record"],
        "revision": of["revision"],
        "state": state,
        "comments": [{"ref": ref, "text": text} for ref, text in comments],
        "note": more.pop("note", ""),
    }
    return record("review", body, **{"revision": f"review-{of['revision']}-{state}", **more})


def visit_xml(kind: str = "m1", on: str = "2026-11-12", outcome: str = "met", inside: str = "") -> str:
    start = f"<visit_on>{on}</visit_on><visit_kind>{kind}</visit_kind><outcome>{outcome}</outcome>"
    return (
        f"<data><a_start><tenancy>t1</tenancy>{start}<visit_mode>home</visit_mode></a_start>{inside}</data>"
    )


def visit(record_id: str, xml: str, index: int, **more: Any) -> dict[str, Any]:
    body = {"tenancy": "t1", **more.pop("body", {})}
    return submission(
        xml=xml,
        household="h1",
        form="post_relocation_visit",
        record=record_id,
        index=index,
        body=body,
        **more,
    )
