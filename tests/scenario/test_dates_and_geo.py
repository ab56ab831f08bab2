"""Dates and places in whole forms: arithmetic, comparisons, zones, areas and fences."""

# ruff: noqa: E501 - the tables are wide

from zoneinfo import ZoneInfo

from tests.scenario.dsl import Scenario, utc


def test_ages_and_intervals() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name  | label | calculation                                          | constraint |
        |        | date      | born  | Born  |                                                      | . <= today() |
        |        | calculate | years |       | int((decimal-date-time(today()) - decimal-date-time(${born})) div 365.25) | |
        |        | calculate | due   |       | format-date(date(decimal-date-time(${born}) + 30), '%Y-%m-%d') | |
    """).answer("born", "2000-03-03")
    assert (s.answer_of("years"), s.answer_of("due")) == ("25", "2000-04-02")
    assert s.answer("born", "2030-01-01").validity("born")[0] == "constraint"


def test_dates_compare_as_dates() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name  | label | calculation                     |
        |        | date      | a     | A     |                                 |
        |        | date      | b     | B     |                                 |
        |        | calculate | later |       | if(${b} > ${a}, 'yes', 'no')    |
        |        | calculate | gap   |       | ${b} - ${a}                     |
    """).answers(a="2025-09-30", b="2025-10-02")
    assert (s.answer_of("later"), s.answer_of("gap")) == ("yes", "2")


def test_today_is_the_local_day() -> None:
    form = """
        | survey |
        |        | type      | name | label | calculation |
        |        | note      | n    | N     |             |
        |        | calculate | t    |       | string(today()) |
    """
    late = utc("2025-06-30T22:30:00")
    assert Scenario.from_md(form, now=late, zone=ZoneInfo("Europe/Bucharest")).answer_of("t") == "2025-07-01"
    assert Scenario.from_md(form, now=late, zone=ZoneInfo("America/Phoenix")).answer_of("t") == "2025-06-30"


def test_places() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type      | name | label | calculation                          |
        |        | geoshape  | plot | Plot  |                                      |
        |        | geopoint  | door | Door  |                                      |
        |        | calculate | m2   |       | area(${plot})                        |
        |        | calculate | m    |       | distance(${plot})                    |
        |        | calculate | in   |       | geofence(${door}, ${plot})           |
    """).answers(plot="0 0 0 0;0 0.001 0 0;0.001 0.001 0 0;0.001 0 0 0;0 0 0 0", door="0.0005 0.0005 0 0")
    assert 12_000 < float(s.answer_of("m2")) < 12_700 and 440 < float(s.answer_of("m")) < 450
    assert s.answer_of("in") == "true"
    assert s.answer("door", "0.5 0.5 0 0").answer_of("in") == "false"


def test_a_distance_over_a_repeat() -> None:
    s = (
        Scenario.from_md("""
        | survey |
        |        | type         | name | label | calculation   |
        |        | begin_repeat | stop | Stop  |               |
        |        | geopoint     | p    | P     |               |
        |        | end_repeat   |      |       |               |
        |        | calculate    | m    |       | distance(${p}) |
    """)
        .add_repeat("stop")
        .answer("stop[1]/p", "0 0 0 0")
        .answer("stop[2]/p", "0 90 0 0")
    )
    assert s.answer_of("m") == "10018696.05"


def test_a_moment_fills_date_time_and_date_time_questions() -> None:
    s = Scenario.from_md(
        """
        | survey |
        |        | type     | name | label | default |
        |        | date     | d    | D     | now()   |
        |        | time     | t    | T     | now()   |
        |        | dateTime | dt   | DT    | now()   |
    """
    )
    assert [s.answer_of(name) for name in ("d", "t", "dt")] == [
        "2025-03-04",
        "12:30:15.250-07:00",
        "2025-03-04T12:30:15.250-07:00",
    ]
    assert s.problems() == [] and s.value_of("t").hour == 12
