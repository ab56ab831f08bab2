"""Places, their addresses, and what leaving one does."""

import pytest

from app.ui.nav import BUILDERS, Nav, Place, builder, parse_path


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/today", Place("today")),
        ("/household/h12", Place("household", {"household": "h12"})),
        ("/form/d1?x=1", Place("form", {"draft": "d1"})),
        ("/submission/r1", Place("submission", {"record": "r1"})),
        ("/household", None),
        ("/nowhere/x", None),
        ("", None),
    ],
)
def test_paths_round_trip(path: str, place: Place | None) -> None:
    found = parse_path(path)
    assert found == place
    if found is not None:
        assert parse_path(found.path) == found


def test_back_closes_one_place_and_stops_at_the_first() -> None:
    left: list[str] = []
    nav = Nav(Place("today"), lambda place: left.append(place.name))
    nav.go("household", household="h1")
    nav.go("form", carry=object(), draft="d1")
    assert nav.back() and nav.place.name == "household"
    assert nav.back() and nav.place.name == "today"
    assert not nav.back()
    assert left == ["form", "household"]


def test_a_screen_may_use_the_back_gesture_first() -> None:
    nav = Nav(Place("today"))
    nav.go("form", draft="d1")
    sheets = ["open"]
    nav.hold_back(lambda: bool(sheets and sheets.pop()))
    assert nav.back() and nav.place.name == "form", "the sheet was closed"
    assert nav.back() and nav.place.name == "today"
    nav.go("household", household="h1")
    assert nav.back(), "the holder was dropped with its place"


def test_switching_leaves_everything_above() -> None:
    left: list[str] = []
    nav = Nav(Place("today"), lambda place: left.append(place.name))
    nav.go("household", household="h1")
    nav.switch("sent")
    assert nav.root.name == "sent" and nav.depth == 1
    assert left == ["today", "household"]


def test_every_screen_has_its_builder() -> None:
    for name in BUILDERS:
        assert callable(builder(name))
