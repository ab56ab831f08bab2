"""geopoint, geotrace and geoshape.

A point is "latitude longitude altitude accuracy"; lines and shapes join points by ";".
Spec: https://getodk.github.io/xforms-spec/#data-types
"""

from math import isfinite
from typing import Any, NamedTuple

from forms.codecs.base import PlainCodec
from forms.codecs.numbers import decimal_of
from forms.functions.values import number_text


class GeoPoint(NamedTuple):
    """Degrees north and east; metres of altitude and accuracy, 0 where they were not measured."""

    latitude: float
    longitude: float
    altitude: float = 0.0
    accuracy: float = 0.0

    @property
    def text(self) -> str:
        return " ".join([number_text(number) for number in self])


def point_of(text: str) -> GeoPoint:
    """The point of a text; ValueError for other than two to four numbers, or degrees out of range."""
    parts = text.split()
    if not 2 <= len(parts) <= 4:
        raise ValueError("a point is latitude, longitude, altitude and accuracy")
    return _checked(GeoPoint(*[decimal_of(part) for part in parts]))


def _checked(point: GeoPoint) -> GeoPoint:
    if (
        not all(isfinite(number) for number in point)
        or abs(point.latitude) > 90
        or abs(point.longitude) > 180
    ):
        raise ValueError("latitude goes from -90 to 90, longitude from -180 to 180")
    return point


class GeopointCodec(PlainCodec):
    name = "geopoint"

    def read(self, text: str) -> GeoPoint:
        return point_of(text)

    def write(self, value: Any) -> str:
        if isinstance(value, tuple | list) and 2 <= len(value) <= 4:
            return _checked(GeoPoint(*[float(part) for part in value])).text
        return super().write(value)


class GeoLineCodec(PlainCodec):
    """A trace of at least two points, or a shape of at least three whose last is its first again."""

    def __init__(self, name: str, closed: bool) -> None:
        self.name = name
        self.closed = closed

    def read(self, text: str) -> tuple[GeoPoint, ...]:
        parts = text.strip().removesuffix(";").split(";")
        return self._line(tuple([point_of(part) for part in parts]))

    def _line(self, points: tuple[GeoPoint, ...]) -> tuple[GeoPoint, ...]:
        if not self.closed and len(points) < 2:
            raise ValueError("a line needs at least two points")
        if self.closed and (len(points) < 4 or points[0][:2] != points[-1][:2]):
            raise ValueError("a shape needs at least three points and ends where it began")
        return points

    def write(self, value: Any) -> str:
        if not isinstance(value, tuple | list):
            return super().write(value)
        points = tuple([_checked(GeoPoint(*[float(part) for part in point])) for point in value])
        return ";".join([point.text for point in self._line(points)])
