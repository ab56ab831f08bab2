"""The little of a TrueType font that a PDF needs: glyph numbers, widths and its metrics.

Specification: OpenType 1.9, tables `cmap` (format 4), `head`, `hhea`, `hmtx`.
"""

import struct
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TrueType:
    """A font file, and for each character its glyph and its width in thousandths of the size."""

    data: bytes
    glyphs: dict[int, int]
    widths: tuple[int, ...]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int

    def glyph(self, character: str) -> int:
        """Glyph 0, the empty box, for what the font lacks."""
        return self.glyphs.get(ord(character), 0)

    def width(self, text: str, size: float) -> float:
        """The text's width in points."""
        return sum(self.widths[self.glyph(character)] for character in text) * size / 1000


def read_font(path: Path) -> TrueType:
    """Raises ValueError for a font without a format 4 character map."""
    data = path.read_bytes()
    tables = _tables(data)
    units = _numbers(data, tables["head"] + 18, "H")[0]
    box = _numbers(data, tables["head"] + 36, "4h")
    ascent, descent = _numbers(data, tables["hhea"] + 4, "2h")
    measured = _numbers(data, tables["hhea"] + 34, "H")[0]
    count = _numbers(data, tables["maxp"] + 4, "H")[0]
    advances = [_numbers(data, tables["hmtx"] + 4 * n, "H")[0] for n in range(measured)]
    advances += [advances[-1]] * (count - measured)
    left, low, right, high, ascent, descent = (
        round(value * 1000 / units) for value in (*box, ascent, descent)
    )
    return TrueType(
        data=data,
        glyphs=_character_map(data, tables["cmap"]),
        widths=tuple(round(advance * 1000 / units) for advance in advances),
        box=(left, low, right, high),
        ascent=ascent,
        descent=descent,
    )


def _numbers(data: bytes, place: int, shape: str) -> tuple[int, ...]:
    """Big-endian integers of a struct shape."""
    return struct.unpack_from(f">{shape}", data, place)


def _tables(data: bytes) -> dict[str, int]:
    count = _numbers(data, 4, "H")[0]
    entries = (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in entries}


def _character_map(data: bytes, start: int) -> dict[int, int]:
    count = _numbers(data, start + 2, "H")[0]
    for n in range(count):
        offset = start + _numbers(data, start + 4 + 8 * n, "HHI")[2]
        if _numbers(data, offset, "H")[0] == 4:
            return _segments(data, offset)
    raise ValueError("no character map of format 4")


def _segments(data: bytes, start: int) -> dict[int, int]:
    segments = _numbers(data, start + 6, "H")[0] // 2
    row = f"{segments}H"
    ends = _numbers(data, start + 14, row)
    begins = _numbers(data, start + 16 + 2 * segments, row)
    deltas = _numbers(data, start + 16 + 4 * segments, row)
    ranges_at = start + 16 + 6 * segments
    offsets = _numbers(data, ranges_at, row)
    glyphs: dict[int, int] = {}
    for n, (first, last, delta, offset) in enumerate(zip(begins, ends, deltas, offsets, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                glyph = _numbers(data, ranges_at + 2 * n + offset + 2 * (code - first), "H")[0]
            if glyph or not offset:
                glyphs[code] = (glyph + delta) & 0xFFFF
    return glyphs
