"""Every colour, distance and size of the look, as tokens. Nothing visual is decided anywhere else.

Status colours ride in the `*_FIXED` roles of the scheme: no Material widget reads those, so they follow
light and dark by themselves and never leak into a default control. Contrast of every pair is at least AA on
paper and on card; `tests/ui/test_theme.py` measures it.
"""

from typing import Final, NamedTuple

import flet as ft

from app.ui.typography import FONTS, SCALE, style

__all__ = [
    "CARD",
    "DARK",
    "EDGE",
    "FONTS",
    "INK",
    "INK2",
    "LIGHT",
    "LINE",
    "PAPER",
    "SCALE",
    "SUNK",
    "TONES",
    "Tone",
    "style",
]

C = ft.Colors

LIGHT: Final[dict[str, str]] = {
    # paper and card, from deepest to highest
    "surface": "#F7F4EF", "surface_dim": "#EAE5DD", "surface_bright": "#FFFFFF",
    "surface_container_lowest": "#FFFFFF", "surface_container_low": "#F1EDE6", "surface_container": "#EDE8E0",
    "surface_container_high": "#E7E1D8", "surface_container_highest": "#DFD8CD",
    # ink and lines
    "on_surface": "#211D19", "on_surface_variant": "#5A534B",
    "outline": "#8A8178", "outline_variant": "#E2DBD1",
    # the door: whatever can be pressed or is chosen
    "primary": "#0C5A66", "on_primary": "#FFFFFF",
    "primary_container": "#DCECED", "on_primary_container": "#063E47",
    "secondary": "#5A534B", "on_secondary": "#FFFFFF",
    "secondary_container": "#DCECED", "on_secondary_container": "#063E47",
    # sent back
    "tertiary": "#95482B", "on_tertiary": "#FFFFFF",
    "tertiary_container": "#F8E6DC", "on_tertiary_container": "#6B2E17",
    # wrong, late
    "error": "#B3261E", "on_error": "#FFFFFF", "error_container": "#FBE7E4", "on_error_container": "#86160F",
    # good
    "secondary_fixed": "#E0F0E1", "on_secondary_fixed": "#1B5730", "secondary_fixed_dim": "#2B6E3F",
    # missing, changed
    "tertiary_fixed": "#FAECCF", "on_tertiary_fixed": "#6B4300", "tertiary_fixed_dim": "#8A5A00",
    # the last visit
    "primary_fixed": "#F4EFE7", "on_primary_fixed": "#5A534B", "primary_fixed_dim": "#C9C0B3",
    "inverse_surface": "#332E29", "on_inverse_surface": "#F7F4EF", "inverse_primary": "#86CFD8",
    "shadow": "#3A2E20", "scrim": "#1A1512", "surface_tint": "#00000000",
}  # fmt: skip

DARK: Final[dict[str, str]] = {
    "surface": "#171412", "surface_dim": "#120F0D", "surface_bright": "#3A342F",
    "surface_container_lowest": "#211D1A", "surface_container_low": "#1C1815", "surface_container": "#2A2521",
    "surface_container_high": "#342E29", "surface_container_highest": "#403933",
    "on_surface": "#F2EDE7", "on_surface_variant": "#BDB4A9",
    "outline": "#8F867B", "outline_variant": "#3A342E",
    "primary": "#86CFD8", "on_primary": "#00343B",
    "primary_container": "#15424A", "on_primary_container": "#CFEFF2",
    "secondary": "#BDB4A9", "on_secondary": "#2A2521",
    "secondary_container": "#15424A", "on_secondary_container": "#CFEFF2",
    "tertiary": "#F0B196", "on_tertiary": "#4A1C0A",
    "tertiary_container": "#4D2A1B", "on_tertiary_container": "#FBDACB",
    "error": "#FFB4A9", "on_error": "#5F0A05", "error_container": "#4F1C17", "on_error_container": "#FFDAD4",
    "secondary_fixed": "#1E3A27", "on_secondary_fixed": "#B9E7C2", "secondary_fixed_dim": "#8FD19E",
    "tertiary_fixed": "#42310F", "on_tertiary_fixed": "#F5D796", "tertiary_fixed_dim": "#E5BC66",
    "primary_fixed": "#292420", "on_primary_fixed": "#C9C0B5", "primary_fixed_dim": "#564D44",
    "inverse_surface": "#F2EDE7", "on_inverse_surface": "#211D19", "inverse_primary": "#0C5A66",
    "shadow": "#000000", "scrim": "#000000", "surface_tint": "#00000000",
}  # fmt: skip

PAPER, CARD, SUNK = C.SURFACE, C.SURFACE_CONTAINER_LOWEST, C.SURFACE_CONTAINER_LOW
INK, INK2 = C.ON_SURFACE, C.ON_SURFACE_VARIANT
LINE, EDGE, SOFT_EDGE = C.OUTLINE_VARIANT, C.OUTLINE, C.PRIMARY_FIXED_DIM
ACCENT, ON_ACCENT, TRACK = C.PRIMARY, C.ON_PRIMARY, C.SURFACE_CONTAINER_HIGH


class Tone(NamedTuple):
    """A meaning in three colours: a tinted ground, text on that ground, and a solid for paper and card."""

    ground: str
    on_ground: str
    solid: str


TONES: Final[dict[str, Tone]] = {
    "neutral": Tone(C.SURFACE_CONTAINER, C.ON_SURFACE_VARIANT, C.ON_SURFACE_VARIANT),
    "accent": Tone(C.PRIMARY_CONTAINER, C.ON_PRIMARY_CONTAINER, C.PRIMARY),
    "good": Tone(C.SECONDARY_FIXED, C.ON_SECONDARY_FIXED, C.SECONDARY_FIXED_DIM),
    "warn": Tone(C.TERTIARY_FIXED, C.ON_TERTIARY_FIXED, C.TERTIARY_FIXED_DIM),
    "bad": Tone(C.ERROR_CONTAINER, C.ON_ERROR_CONTAINER, C.ERROR),
    "clay": Tone(C.TERTIARY_CONTAINER, C.ON_TERTIARY_CONTAINER, C.TERTIARY),
    "last": Tone(C.PRIMARY_FIXED, C.ON_PRIMARY_FIXED, C.PRIMARY_FIXED_DIM),
}

# Distances in dp: S1 is one step of 4.
S1, S2, S3, S4, S5, S6, S8, S10, S12 = 4, 8, 12, 16, 20, 24, 32, 40, 48
R_SMALL, R_FIELD, R_CARD, R_SHEET, R_PILL = 8, 12, 16, 28, 999
TOUCH, BUTTON, FIELD = 48, 52, 56
SIDEBAR, RAIL, OUTLINE_W, MARGIN_W, FORM_W, PAGE_W, TABLE_W = 240, 88, 288, 184, 600, 1120, 1200
COMPACT_BELOW, EXPANDED_FROM = 600, 1000
FAST_MS, CALM_MS = 120, 220
