"""One person's sheet of a shared recovery key: 33 numbered words, a QR code of them, and what to do."""

from dataclasses import dataclass, field

from app.admin.pdf import PageWriter, write_pdf
from app.admin.share_text import STEPS, TITLE, WORDS_CAPTION
from app.admin.sheet_pdf import FONTS, GAP, MARGIN, QR, draw_heading, draw_pairs, draw_qr
from app.admin.sheet_text import PRIVATE_NOTE
from app.admin.slip39 import SHARES, WORDS
from app.admin.truetype import read_font

_COLUMNS = 3
_ROWS = -(-WORDS // _COLUMNS)
_COLUMN, _LINE = 108.0, 14.0  # points


@dataclass(frozen=True)
class ShareSheet:
    """`number` counts from 1; `made` is the day, for telling sheets of two splittings apart; `recipient` is the
    public recovery key that the shares give back."""

    name: str
    made: str
    number: int
    recipient: str
    mnemonic: str = field(repr=False)

    @property
    def heading(self) -> str:
        return f"{self.name} · {self.made} · {self.number} / {SHARES}"


def render_share(sheet: ShareSheet) -> bytes:
    """The sheet as a PDF of one A4 page."""
    fonts = {name: read_font(file) for name, file in FONTS.items()}
    paper = PageWriter(fonts)
    y = draw_heading(paper, TITLE, sheet.heading, PRIVATE_NOTE)
    draw_qr(paper, MARGIN, y - QR, sheet.mnemonic.upper())
    _draw_words(paper, MARGIN + QR + GAP, y - 14, sheet.mnemonic.split())
    draw_pairs(paper, y - 19 - _LINE * _ROWS - 26, (*STEPS, (sheet.recipient, sheet.recipient)))
    return write_pdf([paper], fonts, f"{sheet.name} {sheet.number}/{SHARES}")


def _draw_words(paper: PageWriter, x: float, y: float, words: list[str]) -> None:
    """Down the first column, then the next, as the numbers say."""
    paper.text(x, y, WORDS_CAPTION, "Bold", 10.5)
    for place, word in enumerate(words):
        column, row = divmod(place, _ROWS)
        paper.text(x + column * _COLUMN, y - 19 - row * _LINE, f"{place + 1}", "Regular", 8.5)
        paper.text(x + column * _COLUMN + 15, y - 19 - row * _LINE, word, "Regular", 12)
