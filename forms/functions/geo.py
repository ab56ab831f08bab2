"""Geographic functions: area, distance, geofence, intersects.

Points are texts "latitude longitude [altitude [accuracy]]", shapes are points joined by ";". The earth is a
sphere of its equatorial radius; altitude does not count. Metres and square metres, to two decimals.
Spec: https://getodk.github.io/xforms-spec/#fn:Geographic-Functions
"""

from itertools import pairwise
from math import acos, cos, floor, nan, radians, sin

from forms.functions.registry import function

_RADIUS = 6_378_100.0
Point = tuple[float, float]


def parse_point(text: str) -> Point | None:
    """Latitude and longitude in degrees; None unless the text has two to four numbers within range."""
    parts = text.split()
    if not 2 <= len(parts) <= 4:
        return None
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def parse_points(texts: list[str]) -> list[Point] | None:
    """The points of all the texts in turn; None where one of them is broken."""
    points: list[Point] = []
    for text in texts:
        for part in text.strip().split(";"):
            if part.strip() == "" and points:
                continue  # a trailing semicolon
            point = parse_point(part)
            if point is None:
                return None
            points.append(point)
    return points


def _cents(metres: float) -> float:
    return floor(abs(metres) * 100 + 0.5) / 100


@function("area", "strings")
def area(texts: list[str]) -> float:
    """Square metres inside the outline; NaN for fewer than two points or a broken one."""
    points = parse_points(texts)
    if points is None or len(points) < 2:
        return nan
    if len(points) == 2:
        return 0.0
    total = 0.0
    for (latitude, longitude), (next_latitude, next_longitude) in pairwise([*points, points[0]]):
        width = radians(next_longitude - longitude)
        total += width * (2 + sin(radians(latitude)) + sin(radians(next_latitude)))
    return _cents(total * _RADIUS * _RADIUS / 2)


function("enclosed-area", "strings")(area)


@function("distance", rest="strings")
def distance(*texts: list[str]) -> float:
    """Metres along the points of all arguments; NaN for fewer than two points or a broken one."""
    points = parse_points([text for part in texts for text in part])
    if points is None or len(points) < 2:
        return nan
    return _cents(sum([_between(start, end) for start, end in pairwise(points)]))


def _between(start: Point, end: Point) -> float:
    """Spherical law of cosines, as the specification's clients compute it."""
    first, second = radians(start[0]), radians(end[0])
    cosine = sin(first) * sin(second) + cos(first) * cos(second) * cos(radians(start[1] - end[1]))
    return acos(max(-1.0, min(1.0, cosine))) * _RADIUS


@function("geofence", "string", "string")
def geofence(point_text: str, shape_text: str) -> bool:
    """Whether a point lies inside a geoshape (even-odd rule); false where either is missing or broken."""
    point = parse_point(point_text)
    outline = parse_points([shape_text]) if shape_text.strip() else None
    if point is None or outline is None or len(outline) < 3:
        return False
    latitude, longitude = point
    inside = False
    for (y1, x1), (y2, x2) in pairwise([*outline, outline[0]]):
        if (y1 > latitude) != (y2 > latitude) and longitude < (x1 - x2) * (latitude - y2) / (y1 - y2) + x2:
            inside = not inside
    return inside


@function("intersects", "string")
def intersects(shape_text: str) -> bool:
    """Whether a trace or the outline of a shape crosses itself; false for a broken or missing one."""
    points = parse_points([shape_text]) if shape_text.strip() else None
    if points is None:
        return False
    segments = [pair for pair in pairwise(points) if pair[0] != pair[1]]
    closed = len(points) > 2 and points[0] == points[-1]
    for number, first in enumerate(segments):
        for other in range(number + 1, len(segments)):
            neighbours = other == number + 1 or (closed and number == 0 and other == len(segments) - 1)
            if _meet(first, segments[other], neighbours):
                return True
    return False


def _meet(first: tuple[Point, Point], second: tuple[Point, Point], neighbours: bool) -> bool:
    """Whether two segments share a point; neighbours always share one, so for them it takes an overlap."""
    (a, b), (c, d) = first, second
    if neighbours:
        shared, one, two = (b, a, d) if b == c else (a, b, c)
        return _side(one, shared, two) == 0 and (_within(shared, one, two) or _within(shared, two, one))
    sides = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(side == 0 and _within(*end) for side, end in zip(sides, ends, strict=True))


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _within(a: Point, b: Point, c: Point) -> bool:
    """Whether c, known to be on the line through a and b, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
