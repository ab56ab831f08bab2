"""One codec per data type: text to Python value and back.

Spec: https://getodk.github.io/xforms-spec/#data-types
"""

from collections.abc import Mapping
from types import MappingProxyType

from forms.codecs.base import Codec
from forms.codecs.booleans import BooleanCodec
from forms.codecs.dates import DateCodec, DateTimeCodec, TimeCodec
from forms.codecs.geo import GeoLineCodec, GeoPoint, GeopointCodec
from forms.codecs.numbers import DecimalCodec, IntCodec
from forms.codecs.selects import SelectCodec, SelectOneCodec
from forms.codecs.text import FileCodec, TextCodec

__all__ = ["CODECS", "Codec", "GeoPoint", "codec_for"]

_STRING = TextCodec("string")
CODECS: Mapping[str, Codec] = MappingProxyType(
    {
        "string": _STRING,
        "int": IntCodec("int", bits=32),
        "long": IntCodec("long", bits=64),
        "decimal": DecimalCodec(),
        "boolean": BooleanCodec(),
        "date": DateCodec(),
        "time": TimeCodec(),
        "dateTime": DateTimeCodec(),
        "geopoint": GeopointCodec(),
        "geotrace": GeoLineCodec("geotrace", closed=False),
        "geoshape": GeoLineCodec("geoshape", closed=True),
        "select1": SelectOneCodec(),
        "select": SelectCodec("select"),
        "rank": SelectCodec("rank"),
        "binary": FileCodec("binary"),
        "barcode": TextCodec("barcode"),
        "intent": TextCodec("intent"),
    }
)
_ALIASES = {
    "integer": "int",
    "short": "int",
    "double": "decimal",
    "float": "decimal",
    "datetime": "dateTime",
    "text": "string",
    "selectone": "select1",
    "selectmultiple": "select",
    "base64binary": "binary",
    "anyuri": "binary",
}


def codec_for(type_name: str) -> Codec:
    """The codec of a bind type, with or without prefix ("xsd:int", "odk:rank"); unknown types are strings."""
    name = type_name.rpartition(":")[2]
    codec = CODECS.get(name)
    return codec if codec is not None else CODECS.get(_ALIASES.get(name.lower(), ""), _STRING)
