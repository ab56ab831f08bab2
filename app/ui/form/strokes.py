"""A drawn signature as a PNG: black round strokes on white, written with nothing but zlib."""

import struct
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

Stroke = Sequence[tuple[float, float]]


def png_of(strokes: Iterable[Stroke], width: int, height: int, pen: float = 1.6) -> bytes:
    """An 8-bit greyscale PNG of the strokes; coordinates in pixels from the top left corner."""
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for stroke in strokes:
        for x, y in _points(stroke):
            _dot(rows, x, y, pen)
    raw = b"".join(b"\x00" + bytes(row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(raw, 9))
        + _chunk(b"IEND", b"")
    )


def _points(stroke: Stroke) -> Iterable[tuple[float, float]]:
    """Points along the stroke, at most one pixel apart."""
    if len(stroke) == 1:
        yield stroke[0]
    for (x0, y0), (x1, y1) in pairwise(stroke):
        steps = max(1, int(max(abs(x1 - x0), abs(y1 - y0))))
        for step in range(steps + 1):
            yield x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps


def _dot(rows: list[bytearray], x: float, y: float, pen: float) -> None:
    for at_y in range(max(0, int(y - pen)), min(len(rows), int(y + pen) + 2)):
        for at_x in range(max(0, int(x - pen)), min(len(rows[0]), int(x + pen) + 2)):
            away = ((at_x - x) ** 2 + (at_y - y) ** 2) ** 0.5
            shade = int(255 * min(1.0, max(0.0, away - pen + 0.5)))
            rows[at_y][at_x] = min(rows[at_y][at_x], shade)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
