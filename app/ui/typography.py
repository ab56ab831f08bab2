"""Type: one family a weight (boldness is never synthesised), the scale, styles that grow with text size.

Figtree carries Latin; Noto carries Arabic, Bengali and Devanagari. Fallbacks are named in every style,
because a theme-wide family does not reach them.
"""

from typing import Final, NamedTuple

import flet as ft

FONTS: Final[dict[str, str]] = {
    "Door": "/fonts/Figtree-400.ttf",
    "DoorMedium": "/fonts/Figtree-500.ttf",
    "DoorSemi": "/fonts/Figtree-600.ttf",
    "DoorArabic": "/fonts/NotoSansArabic-Regular.ttf",
    "DoorArabicBold": "/fonts/NotoSansArabic-Bold.ttf",
    "DoorBengali": "/fonts/NotoSansBengali-Regular.ttf",
    "DoorBengaliBold": "/fonts/NotoSansBengali-Bold.ttf",
    "DoorDevanagari": "/fonts/NotoSansDevanagari-Regular.ttf",
    "DoorDevanagariBold": "/fonts/NotoSansDevanagari-Bold.ttf",
}
FALLBACK: Final = ["DoorArabic", "DoorBengali", "DoorDevanagari"]
FALLBACK_BOLD: Final = ["DoorArabicBold", "DoorBengaliBold", "DoorDevanagariBold"]


class Role(NamedTuple):
    """Size and line height in px at 100 %, family, letter spacing in px."""

    size: float
    line: float
    family: str
    spacing: float = 0


SCALE: Final[dict[str, Role]] = {
    "display": Role(34, 42, "DoorSemi", -0.6),
    "stat": Role(32, 38, "DoorSemi", -0.8),
    "headline": Role(26, 34, "DoorSemi", -0.4),
    "title": Role(20, 28, "DoorSemi", -0.2),
    "subtitle": Role(17, 24, "DoorSemi", -0.1),
    "answer": Role(17, 24, "Door"),
    "answer_strong": Role(17, 24, "DoorMedium"),
    "body": Role(15, 22, "Door"),
    "strong": Role(15, 22, "DoorSemi"),
    "label": Role(15, 20, "DoorSemi"),
    "meta": Role(13, 18, "Door"),
    "meta_strong": Role(13, 18, "DoorSemi"),
    "over": Role(12, 16, "DoorSemi", 0.2),
}
OVER_STOPS_AT: Final = 1.2  # navigation labels and over-lines stop growing here: their place is fixed


def style(role: str, scale: float = 1.0, color: str | None = None) -> ft.TextStyle:
    """The text style of `role` at text size `scale` (1.0 to 2.0)."""
    kind = SCALE[role]
    grown = min(scale, OVER_STOPS_AT) if role == "over" else scale
    return ft.TextStyle(
        size=kind.size * grown,
        height=kind.line / kind.size,
        font_family=kind.family,
        font_family_fallback=FALLBACK if kind.family == "Door" else FALLBACK_BOLD,
        letter_spacing=kind.spacing * grown,
        weight=ft.FontWeight.W_400,
        color=color,
    )


def text_theme(scale: float) -> ft.TextTheme:
    """Material's own roles on our scale, for the controls that read the theme."""
    roles = {
        "display_large": "display", "display_medium": "display", "display_small": "headline",
        "headline_large": "headline", "headline_medium": "headline", "headline_small": "title",
        "title_large": "title", "title_medium": "subtitle", "title_small": "strong",
        "body_large": "answer", "body_medium": "body", "body_small": "meta",
        "label_large": "label", "label_medium": "meta_strong", "label_small": "over",
    }  # fmt: skip
    return ft.TextTheme(**{name: style(role, scale) for name, role in roles.items()})
