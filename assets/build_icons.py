"""Draws our sign, a door with its knob, as PNG files for the app and the browser: `python assets/build_icons.py`.

Drawn point by point from its geometry, so that nothing but Python is needed.
"""

import struct
import zlib
from pathlib import Path

HERE = Path(__file__).parent
PAPER, DOOR, KNOB = (247, 244, 239), (12, 90, 102), (255, 255, 255)
FILES = {"icon.png": 512, "favicon.png": 64, "icons/icon-192.png": 192}
SAMPLES = 4  # points per pixel and direction, for smooth edges


def colour(x: float, y: float) -> tuple[int, int, int]:
    """The colour at a point; both go from 0 to 1, downwards."""
    left, right, top, bottom = 0.29, 0.71, 0.2, 0.8
    radius = (right - left) / 2
    middle, shoulder = (left + right) / 2, top + radius
    if (x - 0.605) ** 2 + (y - 0.56) ** 2 <= 0.035**2:
        return KNOB
    arch = (x - middle) ** 2 + (y - shoulder) ** 2 <= radius**2
    return DOOR if arch or (left <= x <= right and shoulder <= y <= bottom) else PAPER


def pixel(column: int, row: int, size: int) -> bytes:
    steps = [(step + 0.5) / SAMPLES for step in range(SAMPLES)]
    points = [colour((column + dx) / size, (row + dy) / size) for dy in steps for dx in steps]
    return bytes(sum(point[channel] for point in points) // len(points) for channel in range(3))


def png(size: int) -> bytes:
    """A square picture in 24-bit colour."""
    rows = b"".join(b"\0" + b"".join(pixel(x, y, size) for x in range(size)) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> None:
    for name, size in FILES.items():
        path = HERE / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(png(size))
        print(f"{name:22} {path.stat().st_size // 1024 + 1} KB")


if __name__ == "__main__":
    main()
