"""XML out and in again: drafts, submissions, corrections, earlier versions, attachments, entities."""

from typing import Any
from xml.etree import ElementTree

import pytest

import forms
from tests.unit.forms.making import bind, context, question, repeat, start, texts, xform

META = "<orx:meta><orx:instanceID/><orx:instanceName/></orx:meta>"


def tree(data: bytes) -> Any:
    return ElementTree.fromstring(data)


def test_a_draft_keeps_what_is_not_relevant_and_a_submission_does_not() -> None:
    instance = start(
        "<on>0</on><g><x>kept</x></g><y>&lt;&amp;&quot; ș\t</y>" + META,
        bind("g", relevant="/data/on = 1")
        + bind("orx:meta/orx:instanceName", calculate="concat('n', /data/on)"),
    )
    draft, done = instance.to_xml(), instance.finalise()
    assert b"<g><x>kept</x></g>" in draft and b"kept" not in done.xml and b"<g" not in done.xml
    assert done.instance_name == "n0"
    assert tree(done.xml).get("id") == "f" and tree(done.xml).get("version") == "1"
    assert tree(draft).find("y").text == '<&" ș\t'
    assert (
        tree(draft).find("{http://openrosa.org/xforms}meta/{http://openrosa.org/xforms}instanceID").text
        == "uuid:id-1"
    )


def test_namespaces_come_out_as_they_went_in() -> None:
    source = xform('<meta xmlns="http://openrosa.org/xforms"><instanceID/></meta><a/>').replace(
        '<data id="f"', '<data xmlns="http://example.org/own" id="f"'
    )
    root = tree(forms.load_xform(source).new(context()).to_xml())
    assert root.tag == "{http://example.org/own}data"
    assert root.find("{http://example.org/own}a") is not None
    orx = "{http://openrosa.org/xforms}"
    assert root.find(f"{orx}meta/{orx}instanceID").text == "uuid:id-1"


def test_a_form_without_meta_still_gets_an_instance_id() -> None:
    assert texts(start("<a/>"), "meta/instanceID") == ["uuid:id-1"]


def test_writing_and_reading_again_is_the_identity() -> None:
    form = forms.load_xform(
        xform(
            '<a>1</a><r><x>1</x><in><k/></in></r><r><x/></r><e kind="q">t</e>' + META,
            bind("a", relevant="false()") + bind("r/x", type="int"),
            '<repeat nodeset="/data/r"><input ref="/data/r/x"/><repeat nodeset="/data/r/in"><input ref="/data/r/in/k"/>'
            "</repeat></repeat>",
        )
    )
    instance = form.new(context())
    instance.add_repeat("/data/r")
    instance.add_repeat("/data/r[2]/in")
    instance.at("/data/r[2]/in[1]/k").answer(" spaces \n kept ")
    instance.at("/data/r[3]/x").answer("not a number")
    first = instance.to_xml()
    again = form.open(first, context())
    assert again.to_xml() == first
    assert again.at("/data/r[3]/x").validity.condition == "type", "a wrong text is kept and shown"
    assert texts(again, "r[2]/in[1]/k") == [" spaces \n kept "]


def test_characters_xml_cannot_hold_are_left_out() -> None:
    instance = start("<a/>", "", question("a"))
    instance.at("/data/a").answer("a\x00b\x0bc\ud800d\uffffe")
    assert tree(instance.to_xml()).find("a").text == "abcde"


def test_a_correction_has_a_new_id_and_names_the_old_one() -> None:
    form = forms.load_xform(xform("<a/>" + META, "", question("a")))
    done = form.new(context()).finalise().xml
    ids = iter(["second", "third"])
    corrected = form.open(done, context(new_id=lambda: next(ids)), edit=True)
    root = tree(corrected.finalise().xml)
    orx = "{http://openrosa.org/xforms}"
    assert root.find(f"{orx}meta/{orx}instanceID").text == "uuid:second"
    assert root.find(f"{orx}meta/{orx}deprecatedID").text == "uuid:id-1"
    again = form.open(corrected.finalise().xml, context(new_id=lambda: next(ids)), edit=True)
    assert tree(again.to_xml()).find(f"{orx}meta/{orx}deprecatedID").text == "uuid:second"
    assert len(tree(again.to_xml()).findall(f"{orx}meta/{orx}deprecatedID")) == 1


def test_an_earlier_version_opens_with_a_report_and_loses_nothing() -> None:
    old = forms.load_xform(xform("<a/><gone/><g><x/></g>" + META, "", question("a") + question("gone")))
    new = forms.load_xform(xform("<a/><g><x/><fresh>default</fresh></g>" + META, "", question("a")))
    draft = old.new(context())
    draft.at("/data/a").answer("1")
    draft.at("/data/gone").answer("precious")
    opened = new.open(draft.to_xml(), context())
    assert opened.migration.unknown == ["/data/gone"]
    assert opened.migration.added == ["/data/g/fresh"]
    assert texts(opened, "a", "g/fresh") == ["1", "default"]
    assert b"<gone>precious</gone>" in opened.to_xml()
    assert new.open(opened.to_xml(), context()).to_xml() == opened.to_xml()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"<other/>", "instance.other_form"),
        (b'<data id="else"/>', "instance.other_form"),
        (b"<data", "xml.malformed"),
        (b"<!DOCTYPE d><data/>", "xml.doctype"),
        (b"<data>" + b"<a>" * 300, "xml.depth"),
    ],
)
def test_what_is_not_a_submission_of_this_form_is_refused(source: bytes, code: str) -> None:
    with pytest.raises(forms.FormError) as caught:
        forms.load_xform(xform("<a/>")).open(source, context())
    assert caught.value.code == code


def test_attachments_are_those_still_relevant() -> None:
    instance = start(
        "<on>1</on><p/><r><p/></r><hidden>x.jpg</hidden>",
        bind("hidden", type="binary", relevant="/data/on = 2"),
        question("p", control="upload", attributes=' mediatype="image/*"')
        + repeat("r", '<upload ref="/data/r/p" mediatype="audio/*"/>'),
    )
    instance.at("/data/p").answer("one.jpg")
    instance.at("/data/r[1]/p").answer("two.m4a")
    assert instance.finalise().attachments == ["one.jpg", "two.m4a"]


ENTITY = '<meta><instanceID/><entity dataset="homes" id="" create="" update="" baseVersion=""><label/></entity></meta>'


def entity_form(create: str, update: str) -> forms.Form:
    return forms.load_xform(
        xform(
            "<id>h-1</id><name>Home</name><size/>" + ENTITY,
            '<instance id="homes" src="jr://file-csv/homes.csv"/>'
            + bind("name", entities__saveto="full_name")
            + bind("size", type="int", entities__saveto="size")
            + bind("meta/entity/@create", calculate=create)
            + bind("meta/entity/@update", calculate=update)
            + bind("meta/entity/@id", calculate="/data/id")
            + bind("meta/entity/label", calculate="/data/name")
            + bind(
                "meta/entity/@baseVersion", calculate="instance('homes')/root/item[name = /data/id]/__version"
            ),
        )
    )


@pytest.mark.parametrize(
    ("create", "update", "known", "operation"),
    [
        ("true()", "false()", False, "create"),
        ("1", "0", False, "create"),
        ("0", "1", True, "update"),
        ("false()", "true()", False, "update"),
        ("true()", "true()", False, "create"),
        ("1", "1", True, "update"),
        ("0", "false()", True, None),
        ("'yes'", "'no'", True, None),
    ],
)
def test_conditions_decide_what_happens_to_an_entity(
    create: str, update: str, known: bool, operation: str | None
) -> None:
    rows = [{"name": "h-1", "label": "Old", "__version": "4"}] if known else []
    done = entity_form(create, update).new(context(entities={"homes": rows})).finalise()
    if operation is None:
        assert done.entities == []
        return
    (entity,) = done.entities
    assert (entity.list_name, entity.entity_id, entity.operation, entity.label) == (
        "homes",
        "h-1",
        operation,
        "Home",
    )
    assert entity.properties == {"full_name": "Home", "size": ""}
    assert entity.base_version == ("4" if known else None)


def test_every_instance_of_a_repeat_makes_its_own_entity() -> None:
    inner = '<meta><entity dataset="people" id="" create="1"><label/></entity></meta>'
    instance = start(
        f"<n/><r><id/><x/>{inner}</r>" + ENTITY.replace('create=""', 'create="1"'),
        bind("r/id", calculate="once(uuid())")
        + bind("r/x", entities__saveto="first")
        + bind("r/meta/entity/@id", calculate="../../../id")
        + bind("r/meta/entity/label", calculate="../../../x")
        + bind("n", entities__saveto="total")
        + bind("meta/entity/@id", calculate="'h-9'")
        + bind("meta/entity/label", calculate="'L'"),
        repeat("r", '<input ref="/data/r/x"/>'),
    )
    instance.add_repeat("/data/r")
    for n, name in enumerate(("Ana", "Bo"), 1):
        instance.at(f"/data/r[{n}]/x").answer(name)
    done = instance.finalise()
    people = [e for e in done.entities if e.list_name == "people"]
    assert [(e.label, e.properties) for e in people] == [("Ana", {"first": "Ana"}), ("Bo", {"first": "Bo"})]
    assert len({e.entity_id for e in people}) == 2
    assert [e.properties for e in done.entities if e.list_name == "homes"] == [{"total": ""}]


def test_a_newer_entities_specification_is_refused() -> None:
    source = xform("<a/>").replace("<model>", '<model entities:entities-version="2031.1.0">')
    with pytest.raises(forms.FormError) as caught:
        forms.load_xform(source)
    assert caught.value.code == "form.entities_version"


def test_an_encrypted_form_says_that_its_key_is_not_used() -> None:
    form = forms.load_xform(
        xform("<a/>", '<submission action="https://example.org" base64RsaPublicKey="abc"/>')
    )
    assert form.submission["action"] == "https://example.org"
    assert any("public_key" in warning for warning in form.warnings)
