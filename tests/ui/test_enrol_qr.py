"""The QR picture on the screen is the one that a camera reads back."""

from app.ui.enrol.codes import grouped
from app.ui.enrol.qr import png
from app.usecases.enrolment import qr_matrix, read_qr
from tests.ui.enrolment_fakes import CODE


def test_what_is_drawn_is_read_back() -> None:
    assert read_qr(png(qr_matrix(CODE))) == CODE


def test_a_picture_has_its_quiet_edge() -> None:
    with_edge, bare = png(((True,),), module=1), png(((True,),), module=1, quiet=0)
    assert with_edge[16:24] == (9).to_bytes(4, "big") * 2
    assert bare[16:24] == (1).to_bytes(4, "big") * 2


def test_groups_keep_every_character() -> None:
    said = grouped(CODE)
    assert said.startswith("DOORSTEP-INVITE-1 ")
    assert "".join(said.split()) == CODE
    assert max(len(group) for group in said.split()[1:]) == 5
    assert grouped("no code") == "no code"
