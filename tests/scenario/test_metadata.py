"""Metadata and preloads: who, where, when; instance id and name; audit and background audio declared."""

import re

from tests.scenario.dsl import Scenario, xform

META = """
    | survey |
    |        | type        | name  | label |
    |        | start       | start |       |
    |        | end         | end   |       |
    |        | today       | today |       |
    |        | deviceid    | dev   |       |
    |        | username    | user  |       |
    |        | phonenumber | phone |       |
    |        | email       | email |       |
    |        | audit       |       |       |
    |        | text        | t     | T     |
    | settings |
    |        | instance_name        |
    |        | concat('Visit ', ${t}) |
"""
UUID = re.compile(r"^uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def form() -> Scenario:
    return Scenario.from_md(
        META, device_id="tablet-4", username="ana", phone="+40 700", email="ana@example.org"
    )


def test_device_and_user() -> None:
    s = form()
    assert [s.answer_of(n) for n in ("dev", "user", "phone", "email")] == [
        "tablet-4",
        "ana",
        "+40 700",
        "ana@example.org",
    ]


def test_start_stays_and_end_is_the_moment_of_finishing() -> None:
    s = form()
    assert s.answer_of("start") == "2025-03-04T12:30:15.250-07:00" and s.answer_of("today") == "2025-03-04"
    s.wait(hours=30).save_and_reload().answer("t", "x")
    sent = s.sent()
    assert "<start>2025-03-04T12:30:15.250-07:00</start>" in sent and "<today>2025-03-04</today>" in sent
    assert "<end>2025-03-05T18:30:15.250-07:00</end>" in sent


def test_instance_id_is_kept_over_drafts_and_renewed_by_a_correction() -> None:
    s = form()
    first = s.answer_of("meta/instanceID")
    assert UUID.match(first)
    assert s.save_and_reload().answer_of("meta/instanceID") == first
    s.save_and_reload(edit=True)
    second = s.answer_of("meta/instanceID")
    assert UUID.match(second) and second != first
    assert f"deprecatedID>{first}<" in s.sent()


def test_instance_name_follows_the_answers() -> None:
    s = form().answer("t", "Pata")
    assert s.finalise().instance_name == "Visit Pata"


def test_version_and_device_functions() -> None:
    s = Scenario.from_md(
        """
        | survey   |
        |          | type      | name | label | calculation          |
        |          | note      | n    | N     |                      |
        |          | calculate | v    |       | version()            |
        |          | calculate | u    |       | property('username') |
        | settings |
        |          | version | form_id | form_title |
        |          | 2025-11 | visit   | A visit    |
    """,
        username="ana",
    )
    assert (s.answer_of("v"), s.answer_of("u")) == ("2025-11", "ana")
    assert (s.form.form_id, s.form.version, s.form.title) == ("visit", "2025-11", "A visit")
    assert 'id="visit"' in s.sent() and 'version="2025-11"' in s.sent()


def test_background_audio_and_audit_are_declared() -> None:
    s = Scenario.from_md("""
        | survey |
        |        | type             | name | label |
        |        | background-audio | rec  |       |
        |        | audit            |      |       |
        |        | text             | t    | T     |
    """).answer("t", "x")
    assert s.problems() == [] and s.answer_of("rec") == ""


def test_preloads_of_an_xform_in_every_spelling() -> None:
    binds = "".join(
        f'<bind nodeset="/data/{name}" jr:preload="{preload}" jr:preloadParams="{params}"/>'
        for name, preload, params in [
            ("a", "property", "phone number"),
            ("b", "property", "phonenumber"),
            ("c", "date", "today"),
            ("d", "timestamp", "start"),
            ("e", "uid", ""),
            ("f", "property", "simserial"),
            ("g", "property", "DeviceID"),
        ]
    )
    s = Scenario.from_xml(
        xform("<a/><b/><c/><d/><e/><f/><g/><t/>", binds, '<input ref="/data/t"/>'),
        phone="+40",
        device_id="d4",
    )
    assert [s.answer_of(name) for name in "abcfg"] == ["+40", "+40", "2025-03-04", "", "d4"]
    assert s.answer_of("d").startswith("2025-03-04T12:30") and UUID.match(s.answer_of("e"))
