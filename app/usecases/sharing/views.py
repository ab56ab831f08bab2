"""What screens and other use cases see of sharing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SharingJob:
    """A job just begun; `total` records are to be looked at for it."""

    id: str
    devices: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Sharing:
    """How far sealing again has come: `done` of `total` records, `left` still to be looked at.

    `id`, `why`, `devices` and `started` (ISO) say of which job; they are empty in a sum over all.
    """

    done: int
    total: int
    left: int
    id: str = ""
    why: str = ""
    devices: tuple[str, ...] = ()
    started: str = ""
