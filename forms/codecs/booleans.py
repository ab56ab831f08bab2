"""boolean. Spec: https://www.w3.org/TR/xmlschema-2/#boolean."""

from typing import Any

from forms.codecs.base import PlainCodec

_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


class BooleanCodec(PlainCodec):
    name = "boolean"

    def read(self, text: str) -> bool:
        if text.strip() not in _TRUTHS:
            raise ValueError("true or false is wanted")
        return _TRUTHS[text.strip()]

    def write(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return super().write(value)
