"""The tokens keep their promises: AA contrast in light and dark, text that grows, fonts that hold every letter."""

from itertools import product
from pathlib import Path

import flet as ft
import pytest
from fontTools.ttLib import TTFont

from app.ui.ctx import Ctx
from app.ui.ids import tag
from app.ui.material import build_theme
from app.ui.theme import DARK, FONTS, LIGHT, TONES
from app.ui.typography import SCALE, style

ROOT = Path(__file__).resolve().parents[2]
TEXT, MARK = 4.5, 3.0


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def token(color: str) -> str:
    """The name of the token behind a colour of Flet's scheme."""
    return ft.Colors(color).name.lower()


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_have_contrast(tokens: dict[str, str]) -> None:
    grounds = [tokens[name] for name in ("surface", "surface_container_lowest", "surface_container_low")]
    for ground, ink in product(grounds, ("on_surface", "on_surface_variant", "primary", "error", "tertiary")):
        assert contrast(ground, tokens[ink]) >= TEXT, (ground, ink)
    for ground in grounds[:2]:
        assert contrast(ground, tokens["outline"]) >= MARK
    for name, tone in TONES.items():
        solid, on_ground = tokens[token(tone.ground)], tokens[token(tone.on_ground)]
        assert contrast(solid, on_ground) >= TEXT, name
    assert contrast(tokens["primary"], tokens["on_primary"]) >= TEXT


def test_light_and_dark_have_the_same_tokens() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert build_theme(DARK, 1.0).scaffold_bgcolor == DARK["surface"]


@pytest.mark.parametrize("role", SCALE)
def test_text_grows_and_names_its_fallbacks(role: str) -> None:
    small, big = style(role, 1.0), style(role, 2.0)
    assert small.size and big.size and big.size > small.size
    assert small.font_family in FONTS
    assert small.font_family_fallback and all(name in FONTS for name in small.font_family_fallback)


@pytest.mark.parametrize(
    ("family", "letters"),
    [
        ("Door", "ăâîșțĂÂÎȘȚ„”–…éèêç"),
        ("DoorMedium", "ăâîșțĂÂÎȘȚ"),
        ("DoorSemi", "ăâîșțĂÂÎȘȚ„”"),
        ("DoorArabic", "ابتثجحخدزیےگپٹ،؟"),
        ("DoorArabicBold", "ابتثجحخدزیے"),
        ("DoorBengali", "কখগঘবাংলা।"),
        ("DoorBengaliBold", "কখগঘ"),
        ("DoorDevanagari", "नेपालीकखग।"),
        ("DoorDevanagariBold", "नेपाली"),
    ],
)
def test_fonts_hold_the_letters(family: str, letters: str) -> None:
    path = ROOT / "assets" / FONTS[family].lstrip("/")
    known = TTFont(path).getBestCmap()
    assert [letter for letter in letters if ord(letter) not in known] == []
    assert path.stat().st_size < 200_000


def test_licences_lie_beside_the_fonts() -> None:
    for family in ("Figtree", "Noto"):
        licence = (ROOT / "assets" / "fonts" / f"OFL-{family}.txt").read_text("utf-8")
        assert "SIL Open Font License, Version 1.1" in licence.replace(
            "OPEN FONT LICENSE", "Open Font License"
        )


@pytest.mark.parametrize(
    ("width", "scale", "room"),
    [
        (390, 1, "compact"),
        (600, 1, "medium"),
        (999, 1, "medium"),
        (1000, 1, "expanded"),
        (1280, 2, "medium"),
        (800, 2, "compact"),
    ],
)
def test_room_is_width_by_text_size(width: float, scale: float, room: str) -> None:
    assert Ctx(width, 800, scale).room == room


def test_padding_and_edges_mirror() -> None:
    ltr, rtl = Ctx(800, 600), Ctx(800, 600, rtl=True)
    assert (ltr.pad(start=1, end=2).left, rtl.pad(start=1, end=2).left) == (1, 2)
    assert ltr.edge(3, "red").left and rtl.edge(3, "red").right
    assert rtl.ltr("12 lei") != ltr.ltr("12 lei") == "12 lei"


def test_identifiers_carry_no_content() -> None:
    assert tag("today.sync", ft.Text("x")).identifier == "today.sync"
    with pytest.raises(ValueError):
        tag("Familia Exemplu", ft.Text("x"))
