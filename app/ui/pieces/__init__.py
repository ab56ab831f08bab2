"""The kit: pure functions from data to Flet controls, the same in every screen.

Every piece takes the context `c` first. Pieces that a person can press or type into take a semantics
identifier second and wrap their handlers with `c.on`, so a failing handler becomes a notice. None of them
holds state.
"""

from app.ui.pieces.buttons import button, chip, icon_button
from app.ui.pieces.cards import banner, card, group, list_row, section
from app.ui.pieces.fields import field_border, text_field
from app.ui.pieces.frames import page_head, scroller, top_bar
from app.ui.pieces.layout import centred, col, gap, grow, hairline, row, spacer, wrap
from app.ui.pieces.marks import avatar, brand, icon, numeral, tile
from app.ui.pieces.notices import empty, message, note, problem_banner, problem_card
from app.ui.pieces.overlays import dialog, sheet
from app.ui.pieces.pills import due_pill, pill, review_pill, state_pill, synthetic_pill
from app.ui.pieces.progress import journey, progress_bar, spinner
from app.ui.pieces.text import dim, text

__all__ = [
    "avatar",
    "banner",
    "brand",
    "button",
    "card",
    "centred",
    "chip",
    "col",
    "dialog",
    "dim",
    "due_pill",
    "empty",
    "field_border",
    "gap",
    "group",
    "grow",
    "hairline",
    "icon",
    "icon_button",
    "journey",
    "list_row",
    "message",
    "note",
    "numeral",
    "page_head",
    "pill",
    "problem_banner",
    "problem_card",
    "progress_bar",
    "review_pill",
    "row",
    "scroller",
    "section",
    "sheet",
    "spacer",
    "spinner",
    "state_pill",
    "synthetic_pill",
    "text",
    "text_field",
    "tile",
    "top_bar",
    "wrap",
]
