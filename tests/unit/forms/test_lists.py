"""Secondary instances: where they come from, and that a look-up finds what a search would."""

from random import Random
from typing import Any

import pytest

import forms
from forms.definition.sources import read_source
from forms.xpath.lookup import DataSource
from tests.unit.forms.making import bind, context, question, start, texts, xform

ROWS = "name,label,area\na1,Ana,north\nb2,Bo,south\nc3,Ce,north\n"
EXTERNAL = '<instance id="people" src="jr://file-csv/people.csv"/>'
ASK = bind("area") + bind("found", calculate="instance('people')/root/item[area = /data/area]/label")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", ROWS),
        ("people.csv", "\ufeff" + ROWS),
        ("people.csv", ROWS.replace(",", ";")),
        ("people.csv", ROWS.replace(",", "\t")),
        ("people.csv", ROWS.replace("\n", "\r\n")),
        (
            "people.xml",
            "<root>"
            + "".join(
                f"<item><name>{n}</name><label>{t}</label><area>{a}</area></item>"
                for n, t, a in (line.split(",") for line in ROWS.splitlines()[1:])
            )
            + "</root>",
        ),
        (
            "people.geojson",
            '{"type": "FeatureCollection", "features": ['
            '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [24, 45]}, '
            '"properties": {"name": "a1", "label": "Ana", "area": "north"}},'
            '{"type": "Feature", "geometry": null, "properties": {"name": "b2", "label": "Bo", "area": "south"}},'
            '{"type": "Feature", "geometry": null, "properties": {"name": "c3", "label": "Ce", "area": "north"}}]}',
        ),
    ],
)
def test_every_kind_of_file_gives_the_same_list(name: str, content: str) -> None:
    source = DataSource("people", read_source(name, content.encode()))
    items = source.items(("root", "item"))
    assert [(item.field("name"), item.field("label"), item.field("area")) for item in items] == [
        ("a1", "Ana", "north"),
        ("b2", "Bo", "south"),
        ("c3", "Ce", "north"),
    ]
    assert [i.field("name") for i in source.equal_text(("root", "item"), "area", "north")] == ["a1", "c3"]


def test_geojson_geometry_is_in_odk_notation() -> None:
    row = read_source(
        "g.geojson",
        b'{"features": [{"id": 7, "geometry": {"type": "LineString", '
        b'"coordinates": [[24.5, 45], [25, 46.25]]}, "properties": {"n": 1.5, "t": true}}]}',
    )
    item = row.kids[0].kids[0]
    assert item.field("geometry") == "45 24.5 0 0; 46.25 25 0 0"
    assert (item.field("id"), item.field("n"), item.field("t")) == ("7", "1.5", "true")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.geojson", b"{", "media.geojson"),
        ("x.geojson", b"[]", "media.geojson"),
        ("x.geojson", b'{"features": [1]}', "media.geojson"),
        ("x.geojson", b'{"features": [{"geometry": {"type": "Blob"}}]}', "media.geojson"),
        (
            "x.geojson",
            b'{"features": [{"geometry": {"type": "Point", "coordinates": [1]}}]}',
            "media.geojson",
        ),
        ("x.xml", b"<a", "xml.malformed"),
        ("x.csv", b"\xff\xfe\x00", "media.encoding"),
    ],
)
def test_a_broken_list_is_a_form_error(name: str, content: bytes, code: str) -> None:
    with pytest.raises(forms.FormError) as caught:
        forms.load_xform(xform("<a/>", f'<instance id="x" src="jr://file/{name}"/>'), media={name: content})
    assert caught.value.code == code


def test_an_entity_list_of_the_context_wins_over_a_file() -> None:
    form = forms.load_xform(xform("<area/><found/>", EXTERNAL + ASK), media={"people.csv": ROWS.encode()})
    entities = {"people": [{"name": "z9", "label": "Zoe", "area": "south"}]}
    with_list, without = form.new(context(entities=entities)), form.new(context())
    for instance in (with_list, without):
        instance.at("/data/area").answer("south")
    assert texts(with_list, "found") == ["Zoe"]
    assert texts(without, "found") == ["Bo"]


def test_a_missing_file_is_a_warning_and_an_empty_list() -> None:
    form = forms.load_xform(xform("<area/><found/>", EXTERNAL + ASK))
    assert any("people.csv" in warning for warning in form.warnings)
    assert texts(form.new(context()), "found") == [""]


@pytest.mark.parametrize(
    "predicate",
    [
        "area = /data/area",
        "/data/area = area",
        "area = /data/area and size > 2",
        "size = /data/size",
        "size = 3",
        "area = concat(/data/area, '')",
        "area = /data/area and position() = 1",
        "area = /data/area or size = 1",
        "area = /data/none",
        "size = 1 and area = /data/area and size = 1",
        "area = current()/../area",
        "area != /data/area",
        "area = 'x' and name = 'i3'",
        "size = /data/size + 0",
    ],
)
def test_a_look_up_finds_what_a_search_finds(predicate: str) -> None:
    """The same predicate after `[true()]` cannot be looked up, so it is searched for."""
    chance = Random(3)
    rows = "".join(
        f"<item><name>i{i}</name><area>{chance.choice('xyz')}</area><size>{chance.randint(1, 5)}</size></item>"
        for i in range(60)
    )
    path = "join(' ', instance('l')/root/item{}/name)"
    instance = start(
        "<area>x</area><size>3</size><quick/><slow/>",
        f'<instance id="l"><root>{rows}</root></instance>'
        + bind("quick", calculate=path.format(f"[{predicate}]"))
        + bind("slow", calculate=path.format(f"[true()][{predicate}]")),
    )
    for area, size in [("x", "3"), ("y", "1"), ("", ""), ("z", "3.0")]:
        instance.at("/data/area").answer(area)
        instance.at("/data/size").answer(size)
        quick, slow = texts(instance, "quick", "slow")
        assert quick == slow


def test_pulldata_reads_columns_and_attributes() -> None:
    instance = start(
        "<k>b2</k><a/><b/><c/>",
        '<instance id="people" src="jr://file-csv/people.csv"/>'
        '<instance id="s"><root><item code="b2"><value>Texas</value></item></root></instance>'
        + bind("a", calculate="pulldata('people', 'label', 'name', /data/k)")
        + bind("b", calculate="pulldata('s', 'value', '@code', /data/k)")
        + bind("c", calculate="pulldata('nowhere', 'value', 'x', /data/k)"),
        media={"people.csv": ROWS},
    )
    assert texts(instance, "a", "b", "c") == ["Bo", "Texas", ""]


def test_last_saved_answers_can_be_defaults() -> None:
    form = forms.load_xform(
        xform(
            "<name/>",
            '<instance id="__last-saved" src="jr://instance/last-saved"/>'
            '<setvalue event="odk-instance-first-load" ref="/data/name" '
            "value=\"instance('__last-saved')/data/name\"/>",
            question("name"),
        )
    )
    assert texts(form.new(context(last_saved='<data id="f"><name>Ana</name></data>')), "name") == ["Ana"]
    assert texts(form.new(context()), "name") == [""]


def choices(instance: Any, ref: str) -> list[tuple[str, str]]:
    return [(choice.value, choice.label) for choice in instance.at(ref).choices]


CASCADE = question(
    "area",
    "<item><label>North</label><value>north</value></item>"
    "<item><label>South</label><value>south</value></item>",
    "select1",
) + question(
    "who",
    "<itemset nodeset=\"instance('people')/root/item[area = /data/area]\">"
    '<value ref="name"/><label ref="label"/></itemset>',
    "select1",
)


def test_choices_follow_their_filter_and_drop_what_is_gone() -> None:
    instance = start("<area/><who/>", EXTERNAL, CASCADE, media={"people.csv": ROWS})
    assert choices(instance, "/data/who") == []
    changed: list[str] = []
    instance.subscribe(lambda nodes: changed.extend(node.ref for node in nodes))
    instance.at("/data/area").answer("north")
    assert choices(instance, "/data/who") == [("a1", "Ana"), ("c3", "Ce")]
    assert "/data/who" in changed
    instance.at("/data/who").answer("c3")
    instance.at("/data/area").answer("south")
    assert texts(instance, "who") == [""]


def test_an_answer_that_is_not_offered_is_kept_and_shown() -> None:
    instance = start("<area>north</area><who/>", EXTERNAL, CASCADE, media={"people.csv": ROWS})
    instance.at("/data/who").answer("b2")
    assert instance.at("/data/who").text == "b2"
    assert instance.at("/data/who").validity.condition == "type"
    instance.at("/data/who").answer("a1")
    assert instance.at("/data/who").validity.ok


def test_choices_can_come_from_a_repeat() -> None:
    instance = start(
        "<p><n>Ana</n></p><p><n>Bo</n></p><head/>",
        "",
        '<repeat nodeset="/data/p"><input ref="/data/p/n"/></repeat>'
        + question(
            "head",
            '<itemset nodeset="/data/p[n != \'\']"><value ref="n"/><label ref="n"/></itemset>',
            "select1",
        ),
    )
    assert choices(instance, "/data/head") == [("Ana", "Ana"), ("Bo", "Bo")]
    instance.at("/data/p[2]/n").answer("Ion")
    instance.add_repeat("/data/p")
    assert choices(instance, "/data/head") == [("Ana", "Ana"), ("Ion", "Ion")]


def test_choices_from_a_repeat_follow_its_answers_without_a_filter() -> None:
    instance = start(
        "<p><n>Ana</n><t>A</t></p><head/>",
        "",
        '<repeat nodeset="/data/p"><input ref="/data/p/n"/></repeat>'
        + question(
            "head", '<itemset nodeset="/data/p"><value ref="n"/><label ref="t"/></itemset>', "select1"
        ),
    )
    assert choices(instance, "/data/head") == [("Ana", "A")]
    heard: list[str] = []
    instance.subscribe(lambda nodes: heard.extend(node.ref for node in nodes))
    instance.at("/data/p[1]/t").answer("B")
    assert "/data/head" in heard
    instance.at("/data/head").answer("Ana")
    instance.at("/data/p[1]/n").answer("Ion")
    assert choices(instance, "/data/head") == [("Ion", "B")]
    assert texts(instance, "head") == [""]


def test_search_appearance_reads_columns_named_by_the_items() -> None:
    instance = start(
        "<area>north</area><who/>",
        "",
        question(
            "who",
            "<item><label>label</label><value>name</value></item>"
            "<item><label>None of them</label><value>none</value></item>",
            "select1",
            " appearance=\"minimal search('people', 'matches', 'area', /data/area)\"",
        ),
        media={"people.csv": ROWS},
    )
    assert choices(instance, "/data/who") == [("a1", "Ana"), ("c3", "Ce"), ("none", "None of them")]
