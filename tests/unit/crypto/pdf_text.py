"""Reads back the text of the PDFs that app.admin writes."""

import re
import zlib


def pdf_text(data: bytes) -> str:
    """All text of a sheet, glyphs turned back to characters by the fonts' own maps."""
    assert data.startswith(b"%PDF-1.7") and data.endswith(b"%%EOF\n")
    start = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    rows = data[start:].split(b"\n")[2:]
    for number, row in enumerate(rows[1 : rows.index(b"trailer")], 1):
        assert data[int(row[:10]) :].startswith(b"%d 0 obj" % number)
    streams = [zlib.decompress(found) for found in re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)]
    characters: dict[bytes, str] = {}
    for stream in streams:
        if b"begincmap" in stream:
            for glyph, unicode in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", stream):
                characters[glyph] = bytes.fromhex(unicode.decode()).decode("utf-16-be")
    shown = [
        line for stream in streams if b" Tj" in stream for line in re.findall(rb"<([0-9A-F]*)> Tj", stream)
    ]
    return " ".join("".join(characters[line[n : n + 4]] for n in range(0, len(line), 4)) for line in shown)


def pdf_code(data: bytes, start: str) -> str:
    """The printed Bech32 key that begins with `start`, put together from its groups of eight."""
    found = re.search(re.escape(start) + "[02-9AC-HJ-NP-Z]+", pdf_text(data).replace(" ", ""))
    assert found, f"no {start} on the sheet"
    return found[0]


def pdf_words(data: bytes) -> str:
    """The numbered words of a share sheet, in the order of their numbers."""
    found: dict[int, str] = {}
    for number, word in re.findall(r"\b(\d{1,2}) ([a-z]{4,8})\b", pdf_text(data)):
        if int(number) == len(found) + 1:  # numbers in the instructions stand in no such row
            found[int(number)] = word
    return " ".join(found.values())
