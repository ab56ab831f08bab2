"""A QR code as a picture: black on white with its quiet edge, in the dark theme too, because cameras want it so."""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

import flet as ft

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.theme import LINE, R_CARD, S2

QUIET: Final = 4  # modules of white around it, as ISO 18004 asks
MODULE_PX: Final = 10
Matrix = Sequence[Sequence[bool]]


def png(matrix: Matrix, module: int = MODULE_PX, quiet: int = QUIET) -> bytes:
    """The matrix (True is dark) as a one-bit grey PNG, `module` pixels to a module."""
    side = (len(matrix) + 2 * quiet) * module
    white = b"\x00" + b"\xff" * ((side + 7) // 8)
    lines = [white] * (quiet * module)
    for line in matrix:
        bits = "1" * (quiet * module) + "".join(("0" if dark else "1") * module for dark in line)
        bits = bits.ljust(side, "1").ljust((side + 7) // 8 * 8, "1")
        lines += [b"\x00" + int(bits, 2).to_bytes(len(bits) // 8, "big")] * module
    lines += [white] * (quiet * module)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def qr_picture(c: Ctx, identifier: str, matrix: Matrix, label: str, side: float) -> ft.Control:
    """The code `side` dp wide on a white card; `label` says to a screen reader what it is."""
    picture = ft.Image(
        src=png(matrix),
        width=side,
        height=side,
        fit=ft.BoxFit.CONTAIN,
        filter_quality=ft.FilterQuality.NONE,
        gapless_playback=True,
        exclude_from_semantics=True,
    )
    box = ft.Container(
        picture,
        bgcolor="#FFFFFF",
        border=ft.Border.all(1, LINE),
        border_radius=R_CARD,
        padding=S2,
        width=side + 2 * S2,
    )
    return tag(identifier, box, label, image=True)
