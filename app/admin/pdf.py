"""A small PDF 1.7 writer: pages of text in embedded TrueType fonts, and filled rectangles.

Just enough of ISO 32000-1 for a printed sheet: objects, a cross-reference table, Type 0 fonts with
Identity-H encoding and a ToUnicode map (so that text can be copied and searched), content streams.
"""

import zlib
from dataclasses import dataclass, field
from itertools import accumulate

from app.admin.truetype import TrueType

A4 = (595, 842)


@dataclass
class PageWriter:
    """One page's drawing operators. The origin is the lower left corner; units are points."""

    fonts: dict[str, TrueType]
    operators: list[str] = field(default_factory=list)
    used: set[tuple[str, str]] = field(default_factory=set)

    def text(self, x: float, y: float, text: str, font: str, size: float) -> None:
        """One line, its baseline at y."""
        glyphs = "".join(f"{self.fonts[font].glyph(character):04X}" for character in text)
        self.used |= {(font, character) for character in text}
        self.operators.append(f"BT /{font} {size:.2f} Tf {x:.2f} {y:.2f} Td <{glyphs}> Tj ET")

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle."""
        self.operators.append(f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re f")

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """The outline of a rectangle."""
        self.operators.append(f"1.2 w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")


def write_pdf(pages: list[PageWriter], fonts: dict[str, TrueType], title: str) -> bytes:
    """The whole file."""
    objects: list[bytes] = [b"", b""]  # the catalogue and the page tree, known only at the end
    names = {}
    for name, font in fonts.items():
        characters = sorted({character for page in pages for used, character in page.used if used == name})
        names[name] = _add_font(objects, name, font, characters)
    resources = "/Font << " + " ".join(f"/{name} {n} 0 R" for name, n in names.items()) + " >>"
    leaves = [_add_page(objects, page, resources) for page in pages]
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>"
    kids = " ".join(f"{n} 0 R" for n in leaves)
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(leaves)} >>".encode("ascii")
    objects.append(b"<< /Title <FEFF" + title.encode("utf-16-be").hex().encode("ascii") + b"> >>")
    return _assemble(objects)


def _add(objects: list[bytes], body: bytes) -> int:
    objects.append(body)
    return len(objects)


def _stream(objects: list[bytes], data: bytes, extra: str = "") -> int:
    packed = zlib.compress(data, 9)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {extra}>>\nstream\n".encode("ascii")
    return _add(objects, head + packed + b"\nendstream")


def _add_page(objects: list[bytes], page: PageWriter, resources: str) -> int:
    content = _stream(objects, "\n".join(page.operators).encode("ascii"))
    return _add(
        objects,
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] "
        f"/Resources << {resources} >> /Contents {content} 0 R >>".encode("ascii"),
    )


def _add_font(objects: list[bytes], name: str, font: TrueType, characters: list[str]) -> int:
    data = _stream(objects, font.data, f"/Length1 {len(font.data)} ")
    box = " ".join(map(str, font.box))
    descriptor = _add(
        objects,
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {font.ascent} /Descent {font.descent} /CapHeight 700 /StemV 80 "
        f"/FontFile2 {data} 0 R >>".encode("ascii"),
    )
    widths = " ".join(
        f"{font.glyph(character)} [{font.widths[font.glyph(character)]}]" for character in characters
    )
    descendant = _add(
        objects,
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} "
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity /DW 600 /W [{widths}] >>".encode("ascii"),
    )
    unicode_map = _stream(objects, _to_unicode(font, characters))
    return _add(
        objects,
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{descendant} 0 R] /ToUnicode {unicode_map} 0 R >>".encode("ascii"),
    )


def _to_unicode(font: TrueType, characters: list[str]) -> bytes:
    """The CMap that gives glyphs back their characters, at most 100 in a block as the format asks."""
    rows = [
        f"<{font.glyph(character):04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for character in characters
    ]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Doorstep def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _assemble(objects: list[bytes]) -> bytes:
    start = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    parts = [b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(objects, 1)]
    places = list(accumulate((len(part) for part in parts), initial=len(start)))
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places[:-1])
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        places[-1],
    )
    return start + b"".join(parts) + table + trailer
