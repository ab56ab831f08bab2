"""Types whose value is their text: string, binary (a file name), barcode, intent, and everything unknown.

Spec: https://getodk.github.io/xforms-spec/#data-types — an unknown type counts as string.
"""

from typing import Any

from forms.codecs.base import PlainCodec


class TextCodec(PlainCodec):
    """Any text. Control characters that XML 1.0 cannot carry are refused when they are typed."""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, text: str) -> str:
        for character in text:
            if character < " " and character not in "\t\r\n":
                raise ValueError("it holds a control character that cannot be stored")
        return text

    def write(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        return super().write(value)


class FileCodec(TextCodec):
    """The name of an attached file, without folders."""

    def read(self, text: str) -> str:
        if "\0" in text or text in (".", "..") or "/" in text or "\\" in text:
            raise ValueError("a file name without folders is wanted")
        return super().read(text)
