"""The server's answers about invitations, read strictly."""

from app.protocol.canonical import JsonError, parse_json
from app.protocol.enrolment import Enrolment, members
from app.protocol.errors import Problem


def read_enrolment(body: bytes) -> Enrolment:
    """One invitation. Raises Problem("server.malformed")."""
    try:
        return Enrolment.from_wire(parse_json(body))
    except JsonError as error:
        raise Problem("server.malformed", part="not JSON") from error


def read_enrolments(body: bytes) -> list[Enrolment]:
    """All open invitations of the organisation. Raises Problem("server.malformed")."""
    listed = members(body, {"enrolments"})["enrolments"]
    if not isinstance(listed, list):
        raise Problem("server.malformed", part="enrolments")
    return [Enrolment.from_wire(one) for one in listed]
