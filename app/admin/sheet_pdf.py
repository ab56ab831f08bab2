"""The recovery sheet as a PDF: three A4 pages, Romanian left and English right, QR codes as vectors."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import segno

from app.admin.pdf import A4, PageWriter, write_pdf
from app.admin.sheet import Page, Printable
from app.admin.sheet_text import WORDS_CAPTION
from app.admin.truetype import TrueType, read_font

_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "fonts"
FONTS = {"Regular": _FOLDER / "Figtree-400.ttf", "Bold": _FOLDER / "Figtree-600.ttf"}
MARGIN = 51.0
GAP = 20.0
QR = 135.0
_WIDTH = A4[0] - 2 * MARGIN
_QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks


def render_pdf(sheet: Printable) -> bytes:
    fonts = {name: read_font(file) for name, file in FONTS.items()}
    pages = [_draw(sheet, page, fonts) for page in sheet.pages()]
    return write_pdf(pages, fonts, sheet.name)


def _draw(sheet: Printable, page: Page, fonts: dict[str, TrueType]) -> PageWriter:
    paper = PageWriter(fonts)
    y = draw_heading(paper, page.title, sheet.heading, page.warning)
    draw_qr(paper, MARGIN, y - QR, page.code.value)
    _draw_code(paper, MARGIN + QR + GAP, y - 14, page)
    draw_pairs(paper, y - QR - 34, page.paragraphs)
    return paper


def draw_heading(paper: PageWriter, title: str, heading: str, warning: str) -> float:
    """Title, whose sheet it is, and the framed warning; gives the height below them."""
    y = A4[1] - MARGIN - 18
    paper.text(MARGIN, y, title, "Bold", 18)
    paper.text(MARGIN, y - 20, heading, "Regular", 10)
    paper.frame(MARGIN, y - 58, _WIDTH, 24)
    paper.text(MARGIN + 9, y - 50, warning, "Bold", 11)
    return y - 82


def draw_qr(paper: PageWriter, x: float, y: float, value: str) -> None:
    matrix = segno.make(value, error="m", micro=False).matrix
    module = QR / (len(matrix) + 2 * _QUIET)
    for row, cells in enumerate(matrix):
        top = y + QR - (row + 1 + _QUIET) * module
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


def draw_pairs(paper: PageWriter, y: float, pairs: Iterable[tuple[str, str]]) -> None:
    """Romanian left, English right, each pair below the last."""
    column = (_WIDTH - GAP) / 2
    for pair in pairs:
        heights = []
        for place, text in enumerate(pair):
            lines = list(_wrap(paper.fonts["Regular"], text, 10.5, column))
            for n, line in enumerate(lines):
                paper.text(MARGIN + place * (column + GAP), y - 15 * n, line, "Regular", 10.5)
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
