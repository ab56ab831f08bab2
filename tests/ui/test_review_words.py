"""The review screens speak whole Romanian, and English ids that carry a remark are said without it."""

import pytest
from babel.messages.pofile import read_po

from app.ui.i18n import LANGUAGES, Words
from app.ui.locale.build import missing, po_path
from app.ui.locale.extract import wanted


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_review_is_translated_completely(language: str) -> None:
    with po_path(language, "review").open("rb") as stream:
        catalog = read_po(stream, locale=language, domain="review")
    assert missing(catalog) == []
    known = {one.id[0] if isinstance(one.id, tuple | list) else one.id for one in catalog}
    assert set(wanted()["review"]) <= known


@pytest.mark.parametrize("words", ["Approved (filter)", "Rejected (filter)", "Sent back (filter)"])
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
