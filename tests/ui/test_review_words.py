"""The review screens speak whole Romanian, and English ids that carry a remark are said without it."""

import pytest
from babel.messages.pofile import read_po

from app.ui.ctx import Ctx
from app.ui.i18n import LANGUAGES, Words
from app.ui.locale.build import missing, po_path
from app.ui.locale.extract import wanted
from app.ui.review.side import signal_words
from app.usecases.views import Signal


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_review_is_translated_completely(language: str) -> None:
    with po_path(language, "review").open("rb") as stream:
        catalog = read_po(stream, locale=language, domain="review")
    assert missing(catalog) == []
    known = {one.id[0] if isinstance(one.id, tuple | list) else one.id for one in catalog}
    assert set(wanted()["review"]) <= known


@pytest.mark.parametrize(
    "words", ["Approved (filter)", "Rejected (filter)", "Sent back (filter)", "Two versions (filter)"]
)
def test_remarks_for_translators_are_not_shown(words: str) -> None:
    assert "(" not in Words("en").text(words) and "(" not in Words("ro").text(words)


def test_comments_are_counted_as_romanian_counts() -> None:
    one, many = "Send back with {n} comment", "Send back with {n} comments"
    said = [Words("ro").plural(one, many, n) for n in (1, 2, 20)]
    assert said == [
        "Trimite înapoi cu 1 comentariu",
        "Trimite înapoi cu 2 comentarii",
        "Trimite înapoi cu 20 de comentarii",
    ]


def test_an_entity_that_two_records_describe_differently_is_named() -> None:
    said = signal_words(
        Ctx(1280, 800, language="ro"), Signal("entities", "warn", {"count": "1", "names": "EX1-01"})
    )
    assert said[0] == "Scris și în altă parte" and "EX1-01" in said[1]
