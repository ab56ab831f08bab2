"""The markdown that ODK allows in labels, hints and notes, as runs of text.

Subset: `#`–`######` headings, `**strong**`/`__strong__`, `*emphasis*`/`_emphasis_`, `[words](address)`, line breaks;
`<span …>`/`<p>` tags are read past. See https://docs.getodk.org/form-styling/#styling-text-with-markdown.
"""

import re
from dataclasses import dataclass

_RUNS = re.compile(
    r"(?P<strong>\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w))"
    r"|(?P<soft>(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w))"
    r"|(?P<link>\[([^\]]+)\]\(([^)\s]+)\))"
)
_TAGS = re.compile(r"</?(?:span|p|div|b|i|u|br)\b[^>]*/?>", re.IGNORECASE)
_HEADING = re.compile(r"^(#{1,6})\s*(.+?)\s*#*$")


@dataclass(frozen=True)
class Run:
    """A stretch of text of one kind: plain, strong, soft or link."""

    text: str
    kind: str = "plain"
    address: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A line of the text. `heading` is 1 to 6, 0 for ordinary text."""

    runs: tuple[Run, ...]
    heading: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def paragraphs(source: str) -> list[Paragraph]:
    """The text's lines with their runs; blank lines separate and are dropped."""
    found = []
    for line in _TAGS.sub("", source).splitlines():
        if not line.strip():
            continue
        heading = _HEADING.match(line.strip())
        found.append(
            Paragraph(_runs(heading[2]), len(heading[1])) if heading else Paragraph(_runs(line.strip()))
        )
    return found


def plain(source: str) -> str:
    """The text without its marks, for screen readers and card titles."""
    return " ".join(paragraph.text for paragraph in paragraphs(source))


def _runs(line: str) -> tuple[Run, ...]:
    runs, at = [], 0
    for match in _RUNS.finditer(line):
        if match.start() > at:
            runs.append(Run(_unescaped(line[at : match.start()])))
        runs.append(_run(match))
        at = match.end()
    if at < len(line):
        runs.append(Run(_unescaped(line[at:])))
    return tuple(runs)


def _run(match: re.Match[str]) -> Run:
    if match["strong"]:
        return Run(match[2] or match[3], "strong")
    if match["soft"]:
        return Run(match[5] or match[6], "soft")
    return Run(match[8], "link", match[9])


def _unescaped(text: str) -> str:
    return re.sub(r"\\([*_#\[\]()])", r"\1", text)
