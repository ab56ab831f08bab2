"""QR codes of the enrolment codes: made everywhere, read from pictures where a reader is installed."""

from io import BytesIO
from types import ModuleType

import segno

from app.protocol.enrolment_codes import code_kind
from app.protocol.errors import Problem

LARGEST_PICTURE = 40_000_000  # pixels: more is an attack on this device's memory, not a photo of a code


def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of the code, True is dark, without the quiet edge (four modules)."""
    return tuple(tuple(bool(cell) for cell in row) for row in segno.make_qr(text, error="m").matrix)


def read_qr(image: bytes) -> str | None:
    """The text of the QR code in a picture (PNG, JPEG …), None where none is seen; of several, one of ours.

    Raises Problem("enrol.no_reader") where nothing on this device can read pictures.
    """
    zxingcpp, pillow = _readers()
    try:
        with pillow.open(BytesIO(image)) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                return None
            grey = picture.convert("L")
    except (OSError, ValueError, SyntaxError, pillow.DecompressionBombError):
        return None  # no picture at all
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)
    texts = [str(one.text) for one in found if one.text]
    return next((one for one in texts if code_kind(one)), texts[0] if texts else None)


def _readers() -> tuple[ModuleType, ModuleType]:
    # Tablets have neither of the two: there the camera view reads codes by itself, or text is pasted.
    try:
        import zxingcpp
        from PIL import Image
    except ImportError as error:
        raise Problem("enrol.no_reader") from error
    return zxingcpp, Image
