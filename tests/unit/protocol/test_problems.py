"""Problem documents: complete sentences, whatever detail there is."""

import re

import pytest

from app.protocol.errors import Problem, catalogue, filled


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_no_problem_ever_shows_a_field_instead_of_a_value(code):
    entry = catalogue()[code]
    texts = f"{entry.title}{entry.happened}"
    for detail in ({}, {name: 7 for name in re.findall(r"\{(\w+)\}", texts)}):
        document = Problem(code, **detail).to_wire()
        for words in (document["title"], document["detail"]):
            assert "{" not in words and "}" not in words
            assert "()" not in words and words == words.strip() and words


def test_values_are_filled_in_and_kept_beside():
    document = Problem("server.malformed", part="query").to_wire()
    assert document["detail"] == "A message is not written as it must be (query)."
    assert document["part"] == "query"


def test_an_aside_without_its_value_is_left_out_and_a_number_is_a_dash():
    assert Problem("server.malformed").to_wire()["detail"] == "A message is not written as it must be."
    assert "–" in Problem("server.sequence_gap").to_wire()["detail"]


def test_what_is_not_plain_stays_inside():
    document = Problem("server.malformed", part=object(), rows=[1]).to_wire()
    assert set(document) == {"type", "title", "status", "detail", "code"}


def test_detail_never_takes_the_place_of_a_member():
    document = Problem("server.malformed", status=200, code="server.fine", title="All is well").to_wire()
    assert (document["status"], document["code"]) == (400, "server.malformed")
    assert document["title"] == "The message is not understood"


def test_a_value_is_never_read_as_a_field():
    assert filled("{a} {b}", {"a": "{b}", "b": "{a}"}) == "{b} {a}"
