"""The recovery sheet as a PDF: three A4 pages, Romanian left and English right, QR codes as vectors."""

from collections.abc import Iterator
from pathlib import Path

import segno

from app.admin.pdf import A4, PageWriter, write_pdf
from app.admin.sheet import Page, Printable
from app.admin.sheet_text import WORDS_CAPTION
from app.admin.truetype import TrueType, read_font

_FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
_FILES = {"Regular": "Figtree-400.ttf", "Bold": "Figtree-600.ttf"}
_MARGIN = 51.0
_WIDTH = A4[0] - 2 * _MARGIN
_GAP = 20.0
_QR = 135.0
_QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks


def render_pdf(sheet: Printable) -> bytes:
    fonts = {name: read_font(_FONTS / file) for name, file in _FILES.items()}
    pages = [_draw(sheet, page, fonts) for page in sheet.pages()]
    return write_pdf(pages, fonts, sheet.name)


def _draw(sheet: Printable, page: Page, fonts: dict[str, TrueType]) -> PageWriter:
    paper = PageWriter(fonts)
    y = A4[1] - _MARGIN - 18
    paper.text(_MARGIN, y, page.title, "Bold", 18)
    paper.text(_MARGIN, y - 20, sheet.heading, "Regular", 10)
    paper.frame(_MARGIN, y - 58, _WIDTH, 24)
    paper.text(_MARGIN + 9, y - 50, page.warning, "Bold", 11)
    y -= 82
    _draw_qr(paper, _MARGIN, y - _QR, page.code.value)
    _draw_code(paper, _MARGIN + _QR + _GAP, y - 14, page)
    _draw_pairs(paper, y - _QR - 34, page)
    return paper


def _draw_qr(paper: PageWriter, x: float, y: float, value: str) -> None:
    matrix = segno.make(value, error="m", micro=False).matrix
    module = _QR / (len(matrix) + 2 * _QUIET)
    for row, cells in enumerate(matrix):
        top = y + _QR - (row + 1 + _QUIET) * module
        for start, length in _runs(cells):
            paper.box(x + (start + _QUIET) * module, top, length * module, module)


def _runs(cells: bytearray) -> Iterator[tuple[int, int]]:
    """(start, length) of every run of dark modules."""
    start = None
    for place, dark in enumerate([*cells, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None


def _draw_code(paper: PageWriter, x: float, y: float, page: Page) -> None:
    paper.text(x, y, page.code.caption, "Bold", 10.5)
    y -= 19
    for start in range(0, len(page.code.value), 24):
        row = page.code.value[start : start + 24]
        for place in range(0, len(row), 8):
            paper.text(x + place * 12, y, row[place : place + 8], "Regular", 12)
        y -= 17
    y -= 9
    paper.text(x, y, WORDS_CAPTION, "Bold", 10.5)
    words = page.code.words.split()
    paper.text(x, y - 18, " ".join(words[:3]), "Regular", 12)
    paper.text(x, y - 34, " ".join(words[3:]), "Regular", 12)


def _draw_pairs(paper: PageWriter, y: float, page: Page) -> None:
    column = (_WIDTH - _GAP) / 2
    for pair in page.paragraphs:
        heights = []
        for place, text in enumerate(pair):
            lines = list(_wrap(paper.fonts["Regular"], text, 10.5, column))
            for n, line in enumerate(lines):
                paper.text(_MARGIN + place * (column + _GAP), y - 15 * n, line, "Regular", 10.5)
            heights.append(15 * len(lines))
        y -= max(heights) + 10


def _wrap(font: TrueType, text: str, size: float, width: float) -> Iterator[str]:
    """Lines no wider than `width`; a word that is wider itself is broken."""
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if font.width(joined, size) <= width:
            line = joined
            continue
        if line:
            yield line
        while font.width(word, size) > width:
            fitting = max(n for n in range(1, len(word)) if font.width(word[:n], size) <= width)
            yield word[:fitting]
            word = word[fitting:]
        line = word
    yield line
