"""The recovery sheet as one HTML file that needs nothing from outside: print it from any browser."""

from html import escape

import segno

from app.admin.sheet import Page, Printable
from app.admin.sheet_text import WORDS_CAPTION

_STYLE = """
@page { size: A4; margin: 18mm }
body { font: 11pt/1.45 Figtree, Arial, sans-serif; color: #1c1b19; max-width: 46em; margin: 0 auto }
section { break-after: page } section:last-child { break-after: auto }
h1 { font-size: 19pt; margin: 0 0 2mm } .of { color: #55524c; margin: 0 0 6mm }
.warning { border: 1.5pt solid; padding: 2mm 3mm; font-weight: 600 }
.code { display: flex; gap: 8mm; align-items: center; margin: 7mm 0 }
.code svg { flex: none; width: 46mm; height: 46mm }
.code code { display: block; font: 12pt/1.6 monospace; overflow-wrap: anywhere }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 7mm; margin: 0 0 4mm } .pair p { margin: 0 }
.pair p { overflow-wrap: anywhere }
"""


def render_html(sheet: Printable) -> str:
    pages = "\n".join(_page(sheet, page) for page in sheet.pages())
    return (
        '<!doctype html>\n<html lang="ro"><head><meta charset="utf-8">'
        f"<title>{escape(sheet.name)}</title><style>{_STYLE}</style></head>\n<body>\n{pages}\n</body></html>\n"
    )


def _page(sheet: Printable, page: Page) -> str:
    pairs = "\n".join(
        f'<div class="pair"><p lang="ro">{escape(romanian)}</p><p lang="en">{escape(english)}</p></div>'
        for romanian, english in page.paragraphs
    )
    code = segno.make(page.code.value, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True)
    return (
        f'<section>\n<h1>{escape(page.title)}</h1><p class="of">{escape(sheet.heading)}</p>\n'
        f'<p class="warning">{escape(page.warning)}</p>\n'
        f'<div class="code">{code}<div><b>{escape(page.code.caption)}</b>'
        f"<code>{_grouped(page.code.value)}</code>"
        f"<b>{escape(WORDS_CAPTION)}</b><code>{escape(page.code.words)}</code></div></div>\n"
        f"{pairs}\n</section>"
    )


def _grouped(text: str) -> str:
    """Breaks a key after every eighth character for the eye; copying it gives the key unbroken."""
    return "<wbr>".join(escape(text[start : start + 8]) for start in range(0, len(text), 8))
