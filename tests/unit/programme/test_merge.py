"""Field by field: who changed what against the common past, and nothing answered is dropped without a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.programme.answers import AnswersError, read_answers
from app.programme.merge import OURS, THEIRS, MergeProposal, proposal, written
from app.programme.merge_tree import read_tree, write_tree

REPEATS, KEYS = {"/data/people/person", "/data/repair"}, {"/data/people/person": "id"}


def person(key: str, name: str, age: str = "") -> str:
    return f"<person><id>{key}</id><name>{name}</name><age>{age}</age></person>"


def xml(rent: str = "300", inside: str = "", people: str = "") -> bytes:
    meta = "<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta>"
    space = 'xmlns:orx="http://openrosa.org/xforms" id="visit" version="1"'
    return f"<data {space}><rent>{rent}</rent>{inside}<people>{people}</people>{meta}</data>".encode()


def merged(
    base: bytes | list[bytes] | None,
    ours: bytes,
    theirs: bytes,
    derived: tuple[str, ...] = (),
    **choices: str,
) -> MergeProposal:
    chosen = {f"/data/{name.replace('__', '/')}": choice for name, choice in choices.items()}
    return proposal(base, ours, theirs, repeats=REPEATS, keys=KEYS, derived=derived, choices=chosen)


def answers(found: MergeProposal | bytes) -> dict[str, str]:
    data = found if isinstance(found, bytes) else found.xml
    return {ref: text for ref, text in read_answers(data, REPEATS).texts.items() if text}


def test_one_sided_changes_are_taken() -> None:
    found = merged(xml(), xml("310"), xml(inside="<heat>yes</heat>"))
    assert answers(found) == {"/data/rent": "310", "/data/heat": "yes"}
    assert [(one.ref, one.side) for one in found.taken] == [("/data/rent", OURS), ("/data/heat", THEIRS)]
    assert not found.conflicts


def test_both_the_same_is_no_conflict() -> None:
    found = merged(xml(), xml("310"), xml("310", "<heat>yes</heat>"))
    assert [(one.ref, one.side) for one in found.taken] == [("/data/rent", "both"), ("/data/heat", THEIRS)]
    assert answers(found)["/data/rent"] == "310"


@pytest.mark.parametrize(
    ("choice", "text"), [(OURS, "310"), (THEIRS, "320"), (written("315 & <so>"), "315 & <so>")]
)
def test_both_different_waits_for_a_person(choice: str, text: str) -> None:
    (conflict,) = merged(xml(), xml("310"), xml("320")).conflicts
    assert (conflict.base, conflict.ours, conflict.theirs, conflict.side) == ("300", "310", "320", "")
    decided = merged(xml(), xml("310"), xml("320"), rent=choice)
    assert answers(decided)["/data/rent"] == text and not decided.undecided


def test_an_answer_taken_away_against_one_changed_is_a_conflict() -> None:
    found = merged(xml(inside="<g><why>a</why></g>"), xml(), xml(inside="<g><why>b</why></g>"))
    assert [(one.ref, one.ours, one.theirs) for one in found.conflicts] == [("/data/g/why", "", "b")]
    kept = merged(xml(inside="<g><why>a</why></g>"), xml(), xml(inside="<g><why>b</why></g>"), g__why=THEIRS)
    assert answers(kept)["/data/g/why"] == "b"
    unchanged = merged(xml(inside="<g><why>a</why></g>"), xml(), xml("9", "<g><why>a</why></g>"))
    assert "/data/g/why" not in answers(unchanged) and not unchanged.conflicts


def test_without_a_common_past_every_difference_is_a_conflict() -> None:
    found = merged(None, xml("310"), xml(inside="<heat>yes</heat>"))
    assert [one.ref for one in found.conflicts] == ["/data/rent", "/data/heat"]


def test_cards_are_matched_by_their_identity_not_their_place() -> None:
    base = xml(people=person("a", "Ana") + person("b", "Ion"))
    ours = xml(people=person("b", "Ion", "7") + person("c", "Nou"))
    theirs = xml(people=person("a", "Ana") + person("b", "Ioan") + person("d", "Alta"))
    found = merged(base, ours, theirs)
    assert not found.conflicts
    assert answers(found) == answers(
        xml(people=person("b", "Ioan", "7") + person("c", "Nou") + person("d", "Alta"))
    )
    cards = {one.ref: one.side for one in found.taken if one.kind == "card"}
    assert cards == {
        "/data/people/person[a]": OURS,
        "/data/people/person[c]": OURS,
        "/data/people/person[d]": THEIRS,
    }
    (name,) = [one for one in found.taken if one.ref == "/data/people/person[b]/name"]
    assert (name.ours_ref, name.theirs_ref) == ("/data/people/person[1]/name", "/data/people/person[2]/name")


@pytest.mark.parametrize(("choice", "there"), [(OURS, False), (THEIRS, True)])
def test_a_card_taken_away_here_and_changed_there_is_a_conflict(choice: str, there: bool) -> None:
    base, ours = xml(people=person("a", "Ana")), xml(people="")
    theirs = xml(people=person("a", "Ana", "8"))
    (conflict,) = merged(base, ours, theirs).conflicts
    assert (conflict.kind, conflict.ours, conflict.theirs) == ("card", None, "a · Ana · 8")
    decided = proposal(
        base, ours, theirs, repeats=REPEATS, keys=KEYS, choices={"/data/people/person[a]": choice}
    )
    assert ("/data/people/person[1]/age" in answers(decided)) is there


def test_cards_without_an_identity_are_one_answer() -> None:
    """Ours takes the first away, theirs changes the second: by place, the wrong one would be changed."""
    one, two, new = (f"<repair><what>{name}</what></repair>" for name in ("roof", "door", "new door"))
    found = merged(xml(inside=one + two), xml(inside=two), xml(inside=one + new))
    (conflict,) = found.conflicts
    assert (conflict.ref, conflict.kind, conflict.ours, conflict.theirs) == (
        "/data/repair", "repeat", "door", "roof\nnew door",
    )  # fmt: skip
    assert answers(
        merged(xml(inside=one + two), xml(inside=two), xml(inside=one + new), repair=THEIRS)
    ) == answers(xml(inside=one + new))
    alone = merged(xml(inside=one), xml("1", one), xml(inside=one + new))
    assert not alone.conflicts and answers(alone)["/data/repair[2]/what"] == "new door"


def test_two_cards_with_one_identity_are_not_told_apart() -> None:
    twice = person("a", "Ana") + person("a", "Alta")
    (conflict,) = merged(xml(), xml(people=twice), xml(people=person("a", "Ana"))).conflicts
    assert conflict.kind == "repeat"


def test_entity_ids_tell_cards_apart() -> None:
    def step(key: str, label: str) -> str:
        entity = f'<orx:meta><entity dataset="steps" id="{key}"/></orx:meta>'
        return f"<repair><what>{label}</what>{entity}</repair>"

    base = xml(inside=step("x", "roof") + step("y", "door"))
    found = merged(base, xml(inside=step("y", "door")), xml(inside=step("x", "roof") + step("y", "red door")))
    assert not found.conflicts and answers(found) == {"/data/rent": "300", "/data/repair[1]/what": "red door"}
    assert b'id="y"' in found.xml and b'id="x"' not in found.xml


def test_what_the_form_calculates_is_no_conflict() -> None:
    found = merged(xml(), xml("310"), xml("320"), derived=("/data/rent",))
    assert not found.conflicts and [one.ref for one in found.calculated] == ["/data/rent"]


def test_several_ancestors_count_only_where_they_agree() -> None:
    """Two merges of the same heads that decided differently: neither decision is silently undone."""
    a, b = xml("310", "<heat>yes</heat>"), xml("320", "<heat>yes</heat>")
    found = merged([a, b], xml("310", "<heat>no</heat>"), b)
    assert [one.ref for one in found.conflicts] == ["/data/rent"]
    assert answers(found)["/data/heat"] == "no"


@pytest.mark.parametrize("bad", [b"<data", b"<!DOCTYPE d><data/>", b"<a>" * 200 + b"</a>" * 200])
def test_what_is_no_submission_is_refused(bad: bytes) -> None:
    with pytest.raises(AnswersError):
        proposal(None, xml(), bad)


# Generated submissions: plain answers, a group that may be missing, people by id, repairs without.
TEXTS = st.sampled_from(["", "1", "2", "a & b", "<z>", "ă"])


@st.composite
def submissions(draw: st.DrawFn) -> bytes:
    def leaf(name: str) -> str:
        text = draw(TEXTS).replace("&", "&amp;").replace("<", "&lt;")
        return f"<{name}>{text}</{name}>"

    keys = draw(st.permutations(["p", "q", "r"]))[: draw(st.integers(0, 3))]
    people = "".join(f"<person><id>{key}</id>{leaf('name')}</person>" for key in keys)
    group = f"<g>{leaf('h')}{leaf('i')}</g>" if draw(st.booleans()) else ""
    repairs = "".join(f"<repair>{leaf('what')}</repair>" for _ in range(draw(st.integers(0, 2))))
    return f"<data>{leaf('rent')}{group}<people>{people}</people>{repairs}</data>".encode()


def by_key(found: bytes | MergeProposal) -> dict[str, str]:
    """Answers, people's with their id in place of the number."""
    texts = answers(found)
    ids = {ref.removesuffix("/id"): text for ref, text in texts.items() if ref.endswith("/id")}
    keyed = {}
    for ref, text in texts.items():
        card, _, name = ref.rpartition("/")
        keyed[f"/data/people/person[{ids[card]}]/{name}" if card in ids else ref] = text
    return keyed


@given(submissions(), submissions())
def test_a_version_merged_with_itself_is_itself(base: bytes, one: bytes) -> None:
    again = write_tree(read_tree(one))
    for found in (merged(base, one, one), merged(None, one, again)):
        assert found.xml == one and not found.conflicts


@given(submissions(), submissions())
def test_one_sided_changes_always_win(base: bytes, one: bytes) -> None:
    for found in (merged(base, one, base), merged(base, base, one)):
        assert not found.conflicts and answers(found) == answers(one)


@given(submissions(), submissions(), submissions())
def test_sides_may_be_exchanged(base: bytes, one: bytes, other: bytes) -> None:
    here, there = merged(base, one, other), merged(base, other, one)
    assert {(c.ref, c.ours, c.theirs) for c in here.conflicts} == {
        (c.ref, c.theirs, c.ours) for c in there.conflicts
    }
    chosen = {c.ref: OURS for c in here.conflicts}
    other_way = {c.ref: THEIRS for c in there.conflicts}
    decided, mirrored = (
        proposal(base, left, right, repeats=REPEATS, keys=KEYS, choices=choices)
        for left, right, choices in ((one, other, chosen), (other, one, other_way))
    )
    assert by_key(decided) == by_key(mirrored)


@given(submissions(), submissions(), submissions(), st.booleans())
def test_nothing_answered_is_dropped_without_a_name(
    base: bytes, one: bytes, other: bytes, two_way: bool
) -> None:
    found = merged(None if two_way else base, one, other)
    stands = by_key(found)
    named = {field.ref for field in (*found.taken, *found.conflicts)}
    for side in (one, other):
        for ref, text in by_key(side).items():
            said = any(ref == name or ref.startswith((f"{name}/", f"{name}[")) for name in named)
            assert stands.get(ref) == text or said, (ref, text)
