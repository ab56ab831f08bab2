"""received → hasIssues → edited → approved, from revisions and reviews alone."""

import pytest

from app.programme.records import opened, submissions
from app.programme.review_state import review_state, review_states
from tests.unit.programme.made import review, submission

FIRST = submission(record="r", index=1)
SECOND = {**submission(record="r", index=4), "revision": "r2", "parents": ["r"]}
OTHER = {**submission(record="r", index=5), "revision": "r3", "parents": ["r"]}
ASKED = review(FIRST, "hasIssues", ("/data/a", "610 or 310?"), index=2, author_device="desk")


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([FIRST], "received"),
        ([FIRST, ASKED], "hasIssues"),
        ([FIRST, SECOND], "edited"),
        ([FIRST, ASKED, SECOND], "edited"),
        ([FIRST, ASKED, SECOND, review(SECOND, "approved", index=6)], "approved"),
        ([FIRST, review(FIRST, "approved", index=2), ASKED | {"index": 3}], "hasIssues"),
        ([FIRST, review(FIRST, "rejected", index=3)], "rejected"),
        # A supervisor without a connection reviewed the old revision while the correction was on its way.
        ([FIRST, SECOND, review(FIRST, "approved", index=9)], "edited"),
        ([FIRST, review(FIRST, "an invented word", index=3)], "received"),
    ],
)
def test_state(records: list[dict[str, object]], state: str) -> None:
    found = review_state(records, "r")
    assert found is not None and found.state == state
    assert review_states(reversed(records))["r"] == found


def test_comments_stand_by_question_and_close_with_the_correction() -> None:
    before, after = review_state([FIRST, ASKED], "r"), review_state([FIRST, ASKED, SECOND], "r")
    assert before is not None and after is not None
    (comment,) = before.by_ref(only_open=True)["/data/a"]
    assert (comment.text, comment.by, comment.revision) == ("610 or 310?", "desk", "r")
    assert after.by_ref(only_open=True) == {}
    assert [one.text for one in after.by_ref()["/data/a"]] == ["610 or 310?"]


def test_a_note_is_a_comment_on_the_whole() -> None:
    found = review_state([FIRST, review(FIRST, "hasIssues", note="Please call me", index=2)], "r")
    assert found is not None and [one.text for one in found.by_ref()[""]] == ["Please call me"]


def test_two_corrections_lie_side_by_side() -> None:
    found = review_state([FIRST, SECOND, OTHER], "r")
    assert found is not None
    assert (found.heads, found.revision, found.revisions) == (("r2", "r3"), "r3", 3)


def test_an_unknown_record_has_no_state() -> None:
    assert review_state([FIRST], "else") is None


def test_two_heads_are_in_conflict_whatever_was_said_about_one() -> None:
    approved = review(SECOND, "approved", index=6)
    found = review_state([FIRST, SECOND, OTHER, approved], "r")
    assert found is not None and found.in_conflict
    assert dict(found.head_states) == {"r2": "approved", "r3": "edited"}
    merged = {**submission(record="r", index=7), "revision": "r4", "parents": ["r2", "r3"]}
    after = review_state([FIRST, SECOND, OTHER, approved, merged], "r")
    assert after is not None and (after.state, after.heads) == ("edited", ("r4",))


def test_rejecting_every_head_ends_the_conflict_rejecting_one_does_not() -> None:
    one, other = review(SECOND, "rejected", index=6), review(OTHER, "rejected", index=7)
    states = [review_state([FIRST, SECOND, OTHER, *said], "r") for said in ([one], [one, other])]
    assert [found.state for found in states if found] == ["inConflict", "rejected"]


def test_the_nearest_common_ancestors_and_whom_to_ask() -> None:
    first = {**FIRST, "author_device": "ana"}
    twins = [
        {**submission(record="r", index=n), "revision": f"m{n}", "parents": ["r2", "r3"]} for n in (7, 8)
    ]
    found = submissions(opened([first, SECOND, OTHER, *twins]))["r"]
    assert [one.revision for one in found.common("r2", "r3")] == ["r"]
    assert [one.revision for one in found.common("m7", "m8")] == ["r2", "r3"]
    assert found.responsible == "ana"


def test_parents_in_a_circle_end() -> None:
    one = {**submission(record="r", index=1), "revision": "a", "parents": ["b"]}
    other = {**submission(record="r", index=2), "revision": "b", "parents": ["a"]}
    found = submissions(opened([one, other]))["r"]
    assert found.newest.revision == "b" and found.ancestors("a") == {"a", "b"}
