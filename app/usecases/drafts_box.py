"""A box of drafts: the sealed drafts file and the sealed photos that the drafts name, as one zip.

It travels as the file of a `drafts` record. What is in it stays sealed: the drafts to whoever may read them, each
photo to an identity that stands in its draft.
"""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from app.protocol.errors import Problem

DRAFTS = "drafts.age"
LARGEST = 512 * 1024 * 1024  # bytes of all photos


@dataclass(frozen=True)
class Box:
    """`photos`: SHA-256 of the sealed file → its bytes."""

    drafts: bytes
    photos: Mapping[str, bytes] = field(default_factory=dict)


def packed_box(drafts: bytes, photos: Mapping[str, Path | bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(DRAFTS, drafts)
        for sha256, photo in sorted(photos.items()):
            archive.writestr(f"media/{sha256}.age", photo if isinstance(photo, bytes) else photo.read_bytes())
    return target.getvalue()


def opened_box(data: bytes) -> Box:
    """Raises Problem("safety.bad_box") for anything but a whole box."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
            if sum(one.file_size for one in infos) > LARGEST:
                raise Problem("safety.bad_box")
            found = {one.filename: archive.read(one) for one in infos}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Problem("safety.bad_box") from error
    if DRAFTS not in found:
        raise Problem("safety.bad_box")
    photos = {hashlib.sha256(one).hexdigest(): one for name, one in found.items() if name != DRAFTS}
    return Box(found[DRAFTS], photos)
