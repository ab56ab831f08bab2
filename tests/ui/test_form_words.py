"""The form screen's small decisions: widgets, written text, markdown, matching, units, identifiers, pictures."""

import struct
import zlib

import pytest

from app.ui.form.fields.amounts import stops
from app.ui.form.idents import choice_id, question_id
from app.ui.form.marked import Run, paragraphs, plain
from app.ui.form.matching import matches
from app.ui.form.strokes import png_of
from app.ui.form.units import unit_of
from app.ui.form.widgets import Widget, columns, widget_of
from app.ui.form.written import join_moment, split_moment, to_form, to_screen
from tests.ui.form_fake import FakeInstance, Spec, ask, many, note, one


def node_of(spec: Spec):
    return FakeInstance(spec).at(f"/data/{spec.name}")


FEW = (("a", "A"), ("b", "B"))
LONG = tuple((str(n), f"Nr. {n}") for n in range(30))


@pytest.mark.parametrize(
    ("spec", "widget"),
    [
        (ask("q"), Widget.TEXT),
        (ask("q", appearance="multiline"), Widget.MULTILINE),
        (ask("q", "int"), Widget.INTEGER),
        (ask("q", "decimal"), Widget.DECIMAL),
        (ask("q", "date"), Widget.DATE),
        (ask("q", "date", appearance="month-year"), Widget.MONTH),
        (ask("q", "date", appearance="year"), Widget.YEAR),
        (ask("q", "time"), Widget.TIME),
        (ask("q", "dateTime"), Widget.DATETIME),
        (ask("q", "geopoint"), Widget.GEOPOINT),
        (ask("q", "geotrace"), Widget.UNSUPPORTED),
        (one("q", "Q", *FEW), Widget.ONE),
        (one("q", "Q", *FEW, appearance="quick"), Widget.ONE),
        (one("q", "Q", *FEW, appearance="minimal"), Widget.ONE_SEARCH),
        (one("q", "Q", *LONG), Widget.ONE_SEARCH),
        (many("q", "Q", *FEW), Widget.MANY),
        (many("q", "Q", *FEW, appearance="minimal autocomplete"), Widget.MANY_SEARCH),
        (Spec("q", control="rank", choices=FEW), Widget.RANK),
        (Spec("q", control="range", type="int"), Widget.RANGE),
        (Spec("q", control="trigger"), Widget.ACKNOWLEDGE),
        (Spec("q", control="upload", mediatype="image/*"), Widget.IMAGE),
        (Spec("q", control="upload", mediatype="image/*", appearance="signature"), Widget.SIGNATURE),
        (Spec("q", control="upload", mediatype="audio/*"), Widget.UNSUPPORTED),
        (Spec("q", control=None), Widget.HIDDEN),
        (note("q", "Read this"), Widget.NOTE),
    ],
)
def test_a_question_gets_the_widget_of_its_control_type_and_appearance(spec: Spec, widget: Widget) -> None:
    assert widget_of(node_of(spec)) is widget


@pytest.mark.parametrize(
    ("appearance", "compact", "labels", "expected"),
    [
        ("", False, ["Un răspuns lung, pe un rând"] * 4, 2),
        ("", True, ["Un răspuns lung, pe un rând"] * 4, 1),
        ("", False, ["Da", "Nu", "Nu știu"], 3),
        ("", True, ["Da", "Nu"], 2),
        ("", True, ["Da", "Nu", "Nu știu"], 2),
        ("", True, ["A", "B", "C", "D"], 1),
        ("columns", False, ["A", "B", "C", "D"], 2),
        ("columns-1", False, ["A", "B", "C", "D"], 1),
        ("columns-3", False, ["A", "B", "C", "D"], 3),
        ("columns-5", False, ["Un răspuns lung, pe un rând"] * 4, 2),
        ("likert", False, ["A", "B", "C"], 1),
    ],
)
def test_choice_cards_stand_beside_each_other_where_the_width_allows(
    appearance: str, compact: bool, labels: list[str], expected: int
) -> None:
    assert columns(node_of(many("q", "Q", *FEW, appearance=appearance)), compact, labels) == expected


@pytest.mark.parametrize(
    ("widget", "written", "kept", "shown"),
    [
        (Widget.INTEGER, "12 400", "12400", "12400"),
        (Widget.INTEGER, "doi", "doi", "doi"),
        (Widget.DECIMAL, "12,5", "12.5", "12.5"),
        (Widget.DATE, "3.11.2026", "2026-11-03", "03.11.2026"),
        (Widget.DATE, "03/11/2026", "2026-11-03", "03.11.2026"),
        (Widget.DATE, "03112026", "2026-11-03", "03.11.2026"),
        (Widget.DATE, "2026-11-03", "2026-11-03", "03.11.2026"),
        (Widget.DATE, "31.02.2026", "31.02.2026", "31.02.2026"),
        (Widget.MONTH, "11.2026", "2026-11-01", "11.2026"),
        (Widget.YEAR, "1987", "1987-01-01", "1987"),
        (Widget.TIME, "930", "09:30:00.000", "09:30"),
        (Widget.TIME, "9:75", "9:75", "9:75"),
        (Widget.GEOPOINT, "46.77012, 23.62345", "46.77012 23.62345 0 0", "46.77012, 23.62345"),
        (Widget.GEOPOINT, "acasă", "acasă", "acasă"),
        (Widget.TEXT, "  Țepeș ", "  Țepeș ", "  Țepeș "),
    ],
)
def test_what_is_written_is_kept_as_the_form_wants_it_and_shown_as_people_write_it(
    widget: Widget, written: str, kept: str, shown: str
) -> None:
    assert to_form(widget, written) == kept
    assert to_screen(widget, kept) == shown


def test_a_moment_is_written_in_two_halves() -> None:
    kept = join_moment("3.11.2026", "9:05", "+02:00")
    assert kept == "2026-11-03T09:05:00.000+02:00"
    assert split_moment(kept) == ("03.11.2026", "09:05")
    assert join_moment("", "", "+02:00") == ""
    assert split_moment(join_moment("3.11", "", "+02:00")) == ("3.11", "")


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("How much is owed, in lei?", "lei"),
        ("Cât se datorează la chirie, în lei?", "lei"),
        ("Rent or other payment for the home a month (RON; 0 = none)", "lei"),
        ("Curent: lei", "lei"),
        ("Curent: luni", ""),
        ("How many rooms?", ""),
        ("Cât de sigură este locuirea?", ""),
    ],
)
def test_the_unit_comes_from_the_question(label: str, unit: str) -> None:
    assert unit_of(label) == unit


def test_markdown_subset() -> None:
    (line,) = paragraphs("Rugați să vedeți **ultima** chitanță, *dacă* e [aici](https://example.org)")
    assert [run.kind for run in line.runs] == ["plain", "strong", "plain", "soft", "plain", "link"]
    assert line.runs[-1] == Run("aici", "link", "https://example.org")
    heading, text = paragraphs("## Titlu\n\nText")
    assert (heading.heading, heading.text, text.heading) == (2, "Titlu", 0)
    assert plain("snake_case_name stays, 2 * 3 * 4 too") == "snake_case_name stays, 2 * 3 * 4 too"
    assert plain('<span style="color:red">Atenție</span>') == "Atenție"


def test_searching_choices_ignores_accents_and_word_order() -> None:
    choices = [("c1", "Școala nr. 12 Cluj"), ("c2", "Liceul Teoretic Cluj"), ("c3", "Grădinița Țepeș")]
    assert [value for value, _ in matches(choices, "cluj scoala")[0]] == ["c1"]
    assert [value for value, _ in matches(choices, "tepes")[0]] == ["c3"]
    shown, more = matches([(str(n), f"Nr. {n}") for n in range(500)], "")
    assert (len(shown), more) == (60, 440)


def test_identifiers_follow_one_rule() -> None:
    assert question_id("/data/people[2]/age") == "q__data_people_2__age"
    assert choice_id("/data/paid", "part") == "q__data_paid__part"
    assert choice_id("/data/paid", "a+b c") == "q__data_paid__a_b_c"


def test_a_range_runs_down_as_well_as_up() -> None:
    from decimal import Decimal

    assert stops(Decimal(0), Decimal(1), Decimal("0.25")) == ["0.00", "0.25", "0.50", "0.75", "1.00"]
    assert stops(Decimal(5), Decimal(1), Decimal(2)) == ["5", "3", "1"]


def test_a_signature_becomes_a_picture() -> None:
    data = png_of([[(10, 10), (40, 10)], [(20, 30)]], 60, 40)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    assert (width, height, depth, colour) == (60, 40, 8, 0)
    at = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[at - 4 : at])
    rows = zlib.decompress(data[at + 4 : at + 4 + length])
    line = rows[10 * 61 + 1 : 11 * 61]
    assert line[25] == 0, "ink along the stroke"
    assert line[55] == 255, "paper beyond it"
