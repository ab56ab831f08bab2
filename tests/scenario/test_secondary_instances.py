"""Lists from outside: CSV, XML, GeoJSON, entity lists, the last record; pulldata() and search()."""

# ruff: noqa: E501 - the tables are wide

import json

import pytest

from forms.errors import FormError
from tests.scenario.dsl import Scenario

CSV = 'name,label,county,rent\nturda,Turda,cj,"1,5"\ndej,"Dej ""vechi""",cj,2\nzalau,Zalău,sj,3\n'


def test_select_one_from_csv() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type                           | name   | label  | choice_filter      | calculation |
        |        | text                           | county | County |                    |             |
        |        | select_one_from_file towns.csv | town   | Town   | county = ${county} |             |
        |        | calculate                      | rent   |        |                    | instance('towns')/root/item[name = ${town}]/rent |
    """,
        {"towns.csv": CSV},
    ).answer("county", "cj")
    assert s.choices_of("town") == ["turda", "dej"] and s.choice_labels("town") == ["Turda", 'Dej "vechi"']
    assert s.answer("town", "turda").answer_of("rent") == "1,5"


def test_pulldata() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type      | name  | label | calculation                                   |
        |        | text      | key   | Key   |                                               |
        |        | calculate | town  |       | pulldata('towns', 'label', 'name', ${key})    |
        |        | calculate | again |       | pulldata('towns', 'county', 'label', ${town}) |
    """,
        {"towns.csv": CSV},
    ).answer("key", "zalau")
    assert (s.answer_of("town"), s.answer_of("again")) == ("Zalău", "sj")
    assert s.answer("key", "nowhere").answer_of("town") == ""


def test_csv_external_with_a_count() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type         | name  | label | calculation                                           |
        |        | csv-external | towns |       |                                                       |
        |        | note         | n     | N     |                                                       |
        |        | calculate    | many  |       | count(instance('towns')/root/item[county = 'cj'])     |
        |        | calculate    | total |       | sum(instance('towns')/root/item[rent >= 2]/rent)      |
    """,
        {"towns.csv": CSV},
    )
    assert (s.answer_of("many"), s.answer_of("total")) == ("2", "5")


def test_semicolons_byte_order_marks_and_odd_headings() -> None:
    text = '\ufeffname;label;my col\r\na;Ay;1\r\nb;"B;e\ne";2\r\n\r\n'
    s = Scenario.from_md(
        """
        | survey |
        |        | type                       | name | label |
        |        | select_one_from_file l.csv | a    | A     |
    """,
        {"l.csv": text},
    )
    assert s.choices_of("a") == ["a", "b"] and s.choice_labels("a") == ["Ay", "B;e\ne"]


def test_xml_external() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type         | name | label | calculation                                      |
        |        | xml-external | h    |       |                                                  |
        |        | text         | k    | K     |                                                  |
        |        | calculate    | v    |       | instance('h')/root/house[@id = ${k}]/street      |
    """,
        {"h.xml": '<root><house id="7"><street>Lunga</street></house></root>'},
    ).answer("k", "7")
    assert s.answer_of("v") == "Lunga"


def test_geojson() -> None:
    features = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "f1",
                "properties": {"name": "Well", "id": "w1", "depth": 12},
                "geometry": {"type": "Point", "coordinates": [23.6, 46.77]},
            },
            {
                "type": "Feature",
                "properties": {"name": "Road", "id": "w2"},
                "geometry": {"type": "LineString", "coordinates": [[23.6, 46.7], [23.7, 46.8]]},
            },
        ],
    }
    s = Scenario.from_md(
        """
        | survey |
        |        | type                             | name | label | calculation | parameters |
        |        | select_one_from_file wells.geojson | w  | W     |             | value=id, label=name |
        |        | calculate                        | deep |       | instance('wells')/root/item[id = ${w}]/depth | |
        |        | calculate                        | geo  |       | instance('wells')/root/item[id = ${w}]/geometry | |
    """,
        {"wells.geojson": json.dumps(features)},
    )
    assert s.choices_of("w") == ["w1", "w2"] and s.choice_labels("w") == ["Well", "Road"]
    s.answer("w", "w1")
    assert s.answer_of("deep") == "12" and s.answer_of("geo").split()[:2] == ["46.77", "23.6"]
    assert s.answer("w", "w2").answer_of("geo").split(";")[1].split()[:2] == ["46.8", "23.7"]


def test_entity_lists_come_from_the_context() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type                                | name | label | calculation |
        |        | select_one_from_file households.csv | h    | H     |             |
        |        | calculate                           | who  |       | instance('households')/root/item[name = ${h}]/head |
    """,
        entities={
            "households": [
                {"name": "u1", "label": "Familia Exemplu 1", "head": "Ana"},
                {"name": "u2", "label": "Familia Exemplu 2", "head": "Ion"},
            ]
        },
    )
    assert s.choice_labels("h") == ["Familia Exemplu 1", "Familia Exemplu 2"]
    assert s.answer("h", "u2").answer_of("who") == "Ion"


def test_a_missing_list_is_empty_and_reported() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type                           | name | label |
        |        | select_one_from_file towns.csv | t    | T     |
    """
    )
    assert s.choices_of("t") == [] and any("towns.csv" in warning for warning in s.form.warnings)


@pytest.mark.parametrize(
    ("name", "content"), [("h.xml", "<root><a></root>"), ("h.xml", "plain"), ("h.xml", "")]
)
def test_a_broken_list_says_which(name: str, content: str) -> None:
    with pytest.raises(FormError) as caught:
        Scenario.from_md(
            """
            | survey |
            |        | type         | name | label | calculation                |
            |        | xml-external | h    |       |                            |
            |        | text         | k    | K     |                            |
            |        | calculate    | v    |       | instance('h')/root/a/b     |
        """,
            {name: content},
        ).answer_of("v")
    assert name in str(caught.value)


def test_the_last_saved_record() -> None:
    form = """
        | survey |
        |        | type | name   | label  | default               |
        |        | text | street | Street | ${last-saved#street}  |
    """
    first = Scenario.from_md(form)
    assert first.answer_of("street") == ""
    sent = first.answer("street", "Pata").sent()
    assert Scenario.from_md(form, last_saved=sent).answer_of("street") == "Pata"


def test_search_appearance_reads_a_csv() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type             | name | label | appearance      |
        |        | select_one towns | t    | T     | search('towns') |
        | choices |
        |        | list_name | name | label |
        |        | towns     | name | label |
    """,
        {"towns.csv": CSV},
    )
    assert s.choices_of("t") == ["turda", "dej", "zalau"] and s.choice_labels("t")[2] == "Zalău"


def test_search_appearance_with_a_condition() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type             | name | label | appearance                                      |
        |        | text             | c    | C     |                                                 |
        |        | select_one towns | t    | T     | minimal search('towns', 'matches', 'county', ${c}) |
        | choices |
        |        | list_name | name | label |
        |        | towns     | name | label |
    """,
        {"towns.csv": CSV},
    ).answer("c", "sj")
    assert s.choices_of("t") == ["zalau"]


def test_a_list_of_many_rows_is_looked_up_not_walked() -> None:
    rows = "name,label,county\n" + "".join(f"t{n},Town {n},c{n % 500}\n" for n in range(20_000))
    s = Scenario.from_md(
        """
        | survey |
        |        | type                       | name | label | choice_filter |
        |        | text                       | c    | C     |               |
        |        | select_one_from_file t.csv | t    | T     | county = ${c} |
    """,
        {"t.csv": rows},
    )
    for n in range(300):
        assert s.answer("c", f"c{n}").choices_of("t")[0] == f"t{n}"
    assert len(s.choices_of("t")) == 40
